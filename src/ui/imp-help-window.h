/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_HELP_WINDOW (imp_help_window_get_type ())
G_DECLARE_FINAL_TYPE (ImpHelpWindow, imp_help_window, IMP, HELP_WINDOW, AdwWindow)

GtkWidget *imp_help_window_new  (GtkWindow     *parent);

void       imp_help_window_show (ImpHelpWindow *self,
                                 const char    *page);

G_END_DECLS
