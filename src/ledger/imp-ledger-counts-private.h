/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-db-private.h"
#include "imp-ledger.h"

G_BEGIN_DECLS

gboolean       imp_ledger_counts_prepare   (ImpLedgerDb              *db,
                                            GError                  **error);
gboolean       imp_ledger_counts_check     (ImpLedgerDb              *db,
                                            GError                  **error);
ImpStatistics *imp_ledger_counts_read      (ImpLedgerDb              *db,
                                            const ImpStatisticsQuery *query,
                                            GError                  **error);

G_END_DECLS
