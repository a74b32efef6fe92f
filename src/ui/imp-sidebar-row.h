/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_SIDEBAR_ROW (imp_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpSidebarRow, imp_sidebar_row, IMP, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget  *imp_sidebar_row_new       (const char    *name,
                                       const char    *title,
                                       const char    *icon_name,
                                       guint          number);

const char *imp_sidebar_row_get_name  (ImpSidebarRow *self);
void        imp_sidebar_row_set_count (ImpSidebarRow *self,
                                       guint          count);

G_END_DECLS
