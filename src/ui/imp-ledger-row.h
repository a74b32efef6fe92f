/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-columns.h"

G_BEGIN_DECLS

/* A row of the ledger’s table. */
#define IMP_TYPE_LEDGER_ROW (imp_ledger_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerRow, imp_ledger_row, IMP, LEDGER_ROW, GtkWidget)

GtkWidget *imp_ledger_row_new       (ImpLedgerColumns *columns);

void       imp_ledger_row_set_entry (ImpLedgerRow     *self,
                                     ImpLedgerEntry   *entry);
gboolean   imp_ledger_row_reveal    (ImpLedgerRow     *self);

G_END_DECLS
