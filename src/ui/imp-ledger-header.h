/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-columns.h"

G_BEGIN_DECLS

/* The titles above the ledger’s table. */
#define IMP_TYPE_LEDGER_HEADER (imp_ledger_header_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerHeader, imp_ledger_header, IMP, LEDGER_HEADER, GtkWidget)

GtkWidget *imp_ledger_header_new              (ImpLedgerColumns *columns);

void       imp_ledger_header_set_oldest_first (ImpLedgerHeader  *self,
                                               gboolean          oldest_first);

G_END_DECLS
