/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_AUDIT_DIALOG (imp_audit_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpAuditDialog, imp_audit_dialog, IMP, AUDIT_DIALOG, AdwWindow)

GtkWidget *imp_audit_dialog_new (GtkWindow  *parent,
                                 ImpSession *session);

G_END_DECLS
