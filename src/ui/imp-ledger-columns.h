/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void imp_ledger_columns_add         (GtkColumnView *view,
                                     GListModel    *authors);
void imp_ledger_columns_set_compact (GtkColumnView *view,
                                     gboolean       compact);

G_END_DECLS
