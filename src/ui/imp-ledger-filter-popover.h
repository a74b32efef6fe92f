/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-ledger-filter.h"

G_BEGIN_DECLS

/* Where a filter of the ledger is filled in. */
#define IMP_TYPE_LEDGER_FILTER_POPOVER (imp_ledger_filter_popover_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerFilterPopover, imp_ledger_filter_popover, IMP, LEDGER_FILTER_POPOVER, GtkPopover)

void imp_ledger_filter_popover_set_authors (ImpLedgerFilterPopover *self,
                                            GListModel             *authors);
void imp_ledger_filter_popover_set_filter  (ImpLedgerFilterPopover *self,
                                            const ImpLedgerFilter  *filter);
void imp_ledger_filter_popover_fill_filter (ImpLedgerFilterPopover *self,
                                            ImpLedgerFilter        *filter);

void imp_ledger_filter_popover_clear       (ImpLedgerFilterPopover *self);

G_END_DECLS
