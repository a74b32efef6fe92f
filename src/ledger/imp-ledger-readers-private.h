/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-db-private.h"

G_BEGIN_DECLS

/* Connections for readers, each lent to one thread at a time. */
typedef struct _ImpLedgerReaders ImpLedgerReaders;

ImpLedgerReaders *imp_ledger_readers_new  (const char        *path);
void              imp_ledger_readers_free (ImpLedgerReaders  *self);
ImpLedgerDb      *imp_ledger_readers_take (ImpLedgerReaders  *self,
                                           GCancellable      *cancellable,
                                           GError           **error);
void              imp_ledger_readers_give (ImpLedgerReaders  *self,
                                           ImpLedgerDb       *db);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerReaders, imp_ledger_readers_free)

G_END_DECLS
