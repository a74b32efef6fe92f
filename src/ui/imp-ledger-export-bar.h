/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-ledger-export.h"

G_BEGIN_DECLS

/* How many lines are selected, and how far they are written to a file. */
#define IMP_TYPE_LEDGER_EXPORT_BAR (imp_ledger_export_bar_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerExportBar, imp_ledger_export_bar, IMP, LEDGER_EXPORT_BAR, AdwBin)

void     imp_ledger_export_bar_set_selected (ImpLedgerExportBar    *self,
                                             guint64                n);
void     imp_ledger_export_bar_choose       (ImpLedgerExportBar    *self,
                                             ImpAgentClient        *client,
                                             const ImpLedgerFilter *filter,
                                             GArray                *stretches);
void     imp_ledger_export_bar_close        (ImpLedgerExportBar    *self);

G_END_DECLS
