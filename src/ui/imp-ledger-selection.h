/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Selected lines of a list of any length. */
#define IMP_TYPE_LEDGER_SELECTION (imp_ledger_selection_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerSelection, imp_ledger_selection, IMP, LEDGER_SELECTION, GObject)

ImpLedgerSelection *imp_ledger_selection_new      (GListModel         *model);

G_END_DECLS
