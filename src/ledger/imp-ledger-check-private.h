/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-embedded-ledger.h"
#include "imp-ledger-db-private.h"
#include "imp-ledger-tree-private.h"

G_BEGIN_DECLS

gboolean       imp_ledger_check_leaf (ImpLedgerDb            *db,
                                      guint64                 sequence,
                                      const char             *leaf,
                                      GError                **error);
ImpCheckpoint *imp_ledger_check_head (ImpLedgerDb            *db,
                                      const char             *log_key,
                                      ImpLedgerTree          *tree,
                                      GError                **error);
gboolean       imp_ledger_check_all  (ImpLedgerDb            *db,
                                      const char             *log_key,
                                      ImpLedgerProgressFunc   progress,
                                      gpointer                user_data,
                                      GCancellable           *cancellable,
                                      GError                **error);

G_END_DECLS
