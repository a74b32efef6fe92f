/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* Asks the ledger for a text while it is being typed. */
#define IMP_TYPE_LEDGER_FINDER (imp_ledger_finder_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerFinder, imp_ledger_finder, IMP, LEDGER_FINDER, GObject)

ImpLedgerFinder *imp_ledger_finder_new      (void);

gboolean         imp_ledger_finder_get_busy (ImpLedgerFinder *self);
void             imp_ledger_finder_find     (ImpLedgerFinder *self,
                                             ImpAgentClient  *client,
                                             const char      *text);
void             imp_ledger_finder_stop     (ImpLedgerFinder *self);

G_END_DECLS
