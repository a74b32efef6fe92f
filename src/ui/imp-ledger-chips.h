/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-ledger-filter.h"

G_BEGIN_DECLS

/* What a filter asks for, each with a button that takes it off. */
#define IMP_TYPE_LEDGER_CHIPS (imp_ledger_chips_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerChips, imp_ledger_chips, IMP, LEDGER_CHIPS, AdwBin)

void imp_ledger_chips_set_filter (ImpLedgerChips        *self,
                                  const ImpLedgerFilter *filter,
                                  GListModel            *authors);

G_END_DECLS
