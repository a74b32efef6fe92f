/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_GO_TO_DIALOG (imp_go_to_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpGoToDialog, imp_go_to_dialog, IMP, GO_TO_DIALOG, AdwWindow)

GtkWidget *imp_go_to_dialog_new (GtkWindow  *parent,
                                 ImpSession *session,
                                 GSettings  *settings,
                                 GListModel *pages);

G_END_DECLS
