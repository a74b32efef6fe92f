/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The ledger as a table. */
#define IMP_TYPE_LEDGER_TABLE (imp_ledger_table_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerTable, imp_ledger_table, IMP, LEDGER_TABLE, GtkWidget)

void imp_ledger_table_set_up           (ImpLedgerTable    *self,
                                        GtkSelectionModel *model,
                                        GListModel        *authors);
void imp_ledger_table_set_oldest_first (ImpLedgerTable    *self,
                                        gboolean           oldest_first);

void imp_ledger_table_set_old          (ImpLedgerTable    *self,
                                        gboolean           old);

G_END_DECLS
