/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-tree-private.h"

#include <string.h>

#include "imp-error.h"

/* Reads the right edge of the tree of @size leaves from the stored nodes. */
gboolean
imp_ledger_tree_load (ImpLedgerTree  *self,
                      ImpLedgerDb    *db,
                      guint64         size,
                      GError        **error)
{
  self->size = size;

  for (guint level = 0; level < 64; level++)
    {
      /* The full subtree of this level, if there is one, ends where the larger ones and it end. */
      if ((size >> level & 1) != 0 &&
          !imp_ledger_node_read (level, (size >> level) - 1, &self->edge[level], db, error))
        return FALSE;
    }

  return TRUE;
}

/* Adds a leaf. @func is given every node that becomes full, the leaf first. */
gboolean
imp_ledger_tree_append (ImpLedgerTree      *self,
                        const ImpHash      *leaf,
                        ImpLedgerNodeFunc   func,
                        gpointer            user_data,
                        GError            **error)
{
  ImpHash hash = *leaf;
  guint level = 0;

  if (!func (0, self->size, &hash, user_data, error))
    return FALSE;

  while ((self->size >> level & 1) != 0)
    {
      imp_merkle_hash_node (&self->edge[level], &hash, &hash);
      level++;
      if (!func (level, self->size >> level, &hash, user_data, error))
        return FALSE;
    }

  self->edge[level] = hash;
  self->size++;
  return TRUE;
}

/* The Merkle tree hash (RFC 9162, section 2.1.1) of the leaves so far, from the edge alone; of no leaf
 * it is the hash of nothing.
 */
void
imp_ledger_tree_get_root (const ImpLedgerTree *self,
                          ImpHash             *root)
{
  gboolean first = TRUE;

  imp_merkle_hash_empty (root);
  for (guint level = 0; level < 64; level++)
    {
      if ((self->size >> level & 1) == 0)
        continue;

      if (first)
        *root = self->edge[level];
      else
        imp_merkle_hash_node (&self->edge[level], root, root);
      first = FALSE;
    }
}

/* An ImpMerkleReadFunc over the connection that is its user data. */
gboolean
imp_ledger_node_read (guint      level,
                      guint64    number,
                      ImpHash   *hash,
                      gpointer   db,
                      GError   **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT hash FROM nodes WHERE level = ? AND number = ?", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int (statement, 1, level);
  sqlite3_bind_int64 (statement, 2, number);
  if (!imp_ledger_db_next (db, statement, &found, error))
    return FALSE;

  if (!found || sqlite3_column_bytes (statement, 0) != IMP_HASH_SIZE)
    return imp_error_set (error, IMP_ERROR_CORRUPT,
                          "leaf %" G_GUINT64_FORMAT ": node %" G_GUINT64_FORMAT " of level %u over it is missing",
                          number << level, number, level);

  memcpy (hash->bytes, sqlite3_column_blob (statement, 0), IMP_HASH_SIZE);
  return TRUE;
}

/* An ImpLedgerNodeFunc over the connection that is its user data. */
gboolean
imp_ledger_node_write (guint           level,
                       guint64         number,
                       const ImpHash  *hash,
                       gpointer        db,
                       GError        **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (db, "INSERT INTO nodes VALUES (?, ?, ?)", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int (statement, 1, level);
  sqlite3_bind_int64 (statement, 2, number);
  sqlite3_bind_blob (statement, 3, hash->bytes, IMP_HASH_SIZE, SQLITE_STATIC);
  return imp_ledger_db_run (db, statement, error);
}
