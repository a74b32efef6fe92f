/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_CONNECTIONS_DIALOG (imp_connections_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpConnectionsDialog, imp_connections_dialog, IMP, CONNECTIONS_DIALOG,
                      AdwWindow)

GtkWidget *imp_connections_dialog_new (ImpSession *session);

G_END_DECLS
