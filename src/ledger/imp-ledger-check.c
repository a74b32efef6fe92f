/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-check-private.h"

#include <string.h>

#include "imp-error.h"
#include "imp-ledger-counts-private.h"
#include "imp-ledger-schema-private.h"

/* How many of the newest leaves are looked at whenever the ledger is opened: what was written last
 * is what a crash or a failing disk may have spoiled.
 */
#define NEWEST_LEAVES 256

#define PROGRESS_STEP 256

static ImpCheckpoint *
read_checkpoint (ImpLedgerDb  *db,
                 const char   *log_key,
                 GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean found;
  gint64 time;

  statement = imp_ledger_db_prepare (db, "SELECT note, size FROM checkpoints ORDER BY size DESC LIMIT 1",
                                     error);
  if (statement == NULL || !imp_ledger_db_next (db, statement, &found, error))
    return NULL;

  if (!found)
    {
      imp_error_set (error, IMP_ERROR_CORRUPT, "the signed head is missing");
      return NULL;
    }

  checkpoint = imp_checkpoint_new_from_text ((const char *) sqlite3_column_text (statement, 0), -1,
                                             &local_error);
  if (checkpoint == NULL || !imp_checkpoint_verify (checkpoint, log_key, &time, &local_error))
    {
      imp_error_set (error, IMP_ERROR_CORRUPT, "the signed head: %s", local_error->message);
      return NULL;
    }

  if ((gint64) imp_checkpoint_get_size (checkpoint) != sqlite3_column_int64 (statement, 1))
    {
      imp_error_set (error, IMP_ERROR_CORRUPT, "the signed head is not the one of size %" G_GINT64_FORMAT,
                     (gint64) sqlite3_column_int64 (statement, 1));
      return NULL;
    }

  return g_steal_pointer (&checkpoint);
}

/* Leaf and head are written together, so there is no leaf after the head, and none is missing. */
static gboolean
check_last_leaf (ImpLedgerDb  *db,
                 guint64       size,
                 GError      **error)
{
  gint64 count;

  if (!imp_ledger_db_get_number (db, "SELECT max (sequence) + 1 FROM leaves", &count, error))
    return FALSE;

  if ((guint64) count == size)
    return TRUE;

  if ((guint64) count < size)
    return imp_error_set (error, IMP_ERROR_CORRUPT,
                          "leaf %" G_GINT64_FORMAT " is missing, the signed head has %" G_GUINT64_FORMAT,
                          count, size);

  return imp_error_set (error, IMP_ERROR_CORRUPT, "leaf %" G_GUINT64_FORMAT " was never signed for", size);
}

static gboolean
check_root (const ImpLedgerTree  *tree,
            ImpCheckpoint        *checkpoint,
            GError              **error)
{
  ImpHash root;

  imp_ledger_tree_get_root (tree, &root);
  if (memcmp (&root, imp_checkpoint_get_root (checkpoint), sizeof root) == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT,
                        "the tree of %" G_GUINT64_FORMAT " leaves has not the root that the head signs for",
                        tree->size);
}

typedef gboolean (*LeafFunc) (guint64      sequence,
                              const char  *leaf,
                              gpointer     user_data,
                              GError     **error);

/* Reads the leaves of [from, to), and fails where one is missing. */
static gboolean
foreach_leaf (ImpLedgerDb  *db,
              guint64       from,
              guint64       to,
              LeafFunc      func,
              gpointer      user_data,
              GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT sequence, leaf FROM leaves WHERE sequence >= ?"
                                         " ORDER BY sequence", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, from);
  for (guint64 sequence = from; sequence < to; sequence++)
    {
      if (!imp_ledger_db_next (db, statement, &found, error))
        {
          g_prefix_error (error, "leaf %" G_GUINT64_FORMAT ": ", sequence);
          return FALSE;
        }

      if (!found || (guint64) sqlite3_column_int64 (statement, 0) != sequence)
        return imp_error_set (error, IMP_ERROR_CORRUPT, "leaf %" G_GUINT64_FORMAT " is missing", sequence);

      if (!func (sequence, (const char *) sqlite3_column_text (statement, 1), user_data, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
check_leaf_cb (guint64      sequence,
               const char  *leaf,
               gpointer     user_data,
               GError     **error)
{
  return imp_ledger_check_leaf (user_data, sequence, leaf, error);
}

/* What opening the ledger looks at: the head's signature, that the stored nodes have its root, and
 * the newest leaves. @tree is loaded on the way. A damaged leaf is named before the root is, since
 * that says more.
 */
ImpCheckpoint *
imp_ledger_check_head (ImpLedgerDb    *db,
                       const char     *log_key,
                       ImpLedgerTree  *tree,
                       GError        **error)
{
  g_autoptr(ImpCheckpoint) checkpoint = read_checkpoint (db, log_key, error);
  guint64 size;

  if (checkpoint == NULL)
    return NULL;

  size = imp_checkpoint_get_size (checkpoint);
  if (!check_last_leaf (db, size, error) ||
      !imp_ledger_tree_load (tree, db, size, error) ||
      !foreach_leaf (db, size - MIN (size, NEWEST_LEAVES), size, check_leaf_cb, db, error) ||
      !check_root (tree, checkpoint, error))
    return NULL;

  return g_steal_pointer (&checkpoint);
}

typedef struct
{
  ImpLedgerDb           *db;
  ImpLedgerTree          tree;
  guint64                size;
  ImpLedgerProgressFunc  progress;
  gpointer               user_data;
  GCancellable          *cancellable;
} Audit;

static gboolean
compare_node_cb (guint           level,
                 guint64         number,
                 const ImpHash  *hash,
                 gpointer        user_data,
                 GError        **error)
{
  Audit *audit = user_data;
  ImpHash stored;

  if (!imp_ledger_node_read (level, number, &stored, audit->db, error))
    return FALSE;

  if (memcmp (&stored, hash, sizeof stored) == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT,
                        "leaf %" G_GUINT64_FORMAT ": node %" G_GUINT64_FORMAT
                        " of level %u over it does not follow from the leaves",
                        audit->tree.size, number, level);
}

static gboolean
audit_leaf_cb (guint64      sequence,
               const char  *leaf,
               gpointer     user_data,
               GError     **error)
{
  Audit *audit = user_data;
  ImpHash hash;

  if (sequence % PROGRESS_STEP == 0)
    {
      if (g_cancellable_set_error_if_cancelled (audit->cancellable, error))
        return FALSE;

      if (audit->progress != NULL)
        audit->progress (sequence, audit->size, audit->user_data);
    }

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);

  return imp_ledger_check_leaf (audit->db, sequence, leaf, error) &&
         imp_ledger_tree_append (&audit->tree, &hash, compare_node_cb, audit, error);
}

static gboolean
check_count (ImpLedgerDb  *db,
             const char   *sql,
             const char   *what,
             guint64       expected,
             GError      **error)
{
  gint64 count;

  if (!imp_ledger_db_get_number (db, sql, &count, error))
    return FALSE;

  if ((guint64) count == expected)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT,
                        "there are %" G_GINT64_FORMAT " %s where %" G_GUINT64_FORMAT " belong",
                        count, what, expected);
}

/* What no leaf accounts for: each leaf has found its own. */
static gboolean
check_nothing_else (ImpLedgerDb  *db,
                    guint64       size,
                    GError      **error)
{
  guint64 n_nodes = 0;
  gint64 first_place, last_place;

  for (guint level = 0; level < 64; level++)
    n_nodes += size >> level;

  if (!imp_ledger_db_get_number (db, "SELECT min (place) FROM state", &first_place, error) ||
      !imp_ledger_db_get_number (db, "SELECT max (place) FROM state", &last_place, error))
    return FALSE;

  if (first_place < 0)
    return imp_error_set (error, IMP_ERROR_CORRUPT,
                          "state has a value at place %" G_GINT64_FORMAT ", which no leaf has", first_place);

  if ((guint64) last_place >> IMP_LEDGER_WRITE_BITS >= MAX (size, 1))
    return imp_error_set (error, IMP_ERROR_CORRUPT,
                          "state has a value of leaf %" G_GINT64_FORMAT ", which there is not",
                          last_place >> IMP_LEDGER_WRITE_BITS);

  return check_count (db, "SELECT count (*) FROM leaves", "leaves", size, error) &&
         check_count (db, "SELECT count (*) FROM nodes", "nodes", n_nodes, error) &&
         check_count (db, "SELECT count (*) FROM transactions", "rows in “transactions”", size, error);
}

/* The leaves have vouched for the tables; that SQLite's indexes say the same is for SQLite to tell. */
static gboolean
check_file (ImpLedgerDb  *db,
            GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  const char *answer;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "PRAGMA integrity_check (1)", error);
  if (statement == NULL || !imp_ledger_db_next (db, statement, &found, error))
    return FALSE;

  answer = found ? (const char *) sqlite3_column_text (statement, 0) : "no answer";
  if (g_strcmp0 (answer, "ok") == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT, "“ledger.db” is damaged: %s", answer);
}

/* Everything, from the first leaf: the error names the first leaf that does not fit. */
gboolean
imp_ledger_check_all (ImpLedgerDb            *db,
                      const char             *log_key,
                      ImpLedgerProgressFunc   progress,
                      gpointer                user_data,
                      GCancellable           *cancellable,
                      GError                **error)
{
  g_autoptr(ImpCheckpoint) checkpoint = read_checkpoint (db, log_key, error);
  Audit audit = {
    .db = db,
    .progress = progress,
    .user_data = user_data,
    .cancellable = cancellable,
  };

  if (checkpoint == NULL)
    return FALSE;

  audit.size = imp_checkpoint_get_size (checkpoint);
  if (!foreach_leaf (db, 0, audit.size, audit_leaf_cb, &audit, error) ||
      !check_last_leaf (db, audit.size, error) ||
      !check_root (&audit.tree, checkpoint, error) ||
      !check_nothing_else (db, audit.size, error) ||
      !imp_ledger_counts_check (db, error) ||
      !check_file (db, error))
    return FALSE;

  if (progress != NULL)
    progress (audit.size, audit.size, user_data);

  return TRUE;
}
