/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-transaction.h"

G_BEGIN_DECLS

/* A line of the ledger that may still be on its way. */
#define IMP_TYPE_LEDGER_ENTRY (imp_ledger_entry_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerEntry, imp_ledger_entry, IMP, LEDGER_ENTRY, GObject)

ImpLedgerEntry *imp_ledger_entry_new             (gint64          sequence);

gint64          imp_ledger_entry_get_sequence    (ImpLedgerEntry *self);
ImpTransaction *imp_ledger_entry_get_transaction (ImpLedgerEntry *self);
void            imp_ledger_entry_set_transaction (ImpLedgerEntry *self,
                                                  ImpTransaction *transaction);

G_END_DECLS
