/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-db-private.h"
#include "imp-ledger-head-private.h"
#include "imp-ledger-tree-private.h"

G_BEGIN_DECLS

/* What opening a ledger gives. */
typedef struct
{
  int            lock;       /* -1 none */
  char          *path;       /* (owned) of ledger.db */
  ImpLedgerDb   *db;         /* (owned) that writes */
  ImpLedgerHead *head;       /* (owned) */
  ImpKey        *token_key;  /* (owned) */
  ImpLedgerTree  tree;
} ImpLedgerFiles;

#define IMP_LEDGER_FILES_INIT { .lock = -1 }

gboolean imp_ledger_files_open  (ImpLedgerFiles  *self,
                                 const char      *directory,
                                 const char      *origin,
                                 GError         **error);
void     imp_ledger_files_clear (ImpLedgerFiles  *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImpLedgerFiles, imp_ledger_files_clear)

G_END_DECLS
