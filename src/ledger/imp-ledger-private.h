/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger.h"

G_BEGIN_DECLS

ImpLedgerQuery *imp_ledger_query_copy (const ImpLedgerQuery *self);
void            imp_ledger_query_free (ImpLedgerQuery       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerQuery, imp_ledger_query_free)

G_END_DECLS
