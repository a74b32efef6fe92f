/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-check-private.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-ledger-rows-private.h"
#include "imp-ledger-schema-private.h"

/* Whether what stands beside a leaf is what the leaf says. */

static gboolean
check_column (ImpLedgerStatement  *statement,
              int                  column,
              const char          *expected,
              GError             **error)
{
  if (g_strcmp0 ((const char *) sqlite3_column_text (statement, column), expected) == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT,
                        "column “%s” of its row in “transactions” is not what the leaf says",
                        sqlite3_column_name (statement, column));
}

static gboolean
compare_row (ImpLedgerStatement  *statement,
             ImpTransaction      *transaction,
             GError             **error)
{
  g_autofree char *time = g_strdup_printf ("%" G_GINT64_FORMAT,
                                           imp_transaction_get_time (transaction));

  return check_column (statement, 1, imp_transaction_get_id (transaction), error) &&
         check_column (statement, 2, time, error) &&
         check_column (statement, 3, imp_transaction_get_contract (transaction), error) &&
         check_column (statement, 4, imp_transaction_get_function (transaction), error) &&
         check_column (statement, 5, imp_transaction_get_creator (transaction), error) &&
         check_column (statement, 6, imp_transaction_get_author (transaction), error) &&
         check_column (statement, 7, imp_transaction_get_class_id (transaction), error) &&
         check_column (statement, 8, imp_transaction_get_version (transaction), error) &&
         check_column (statement, 9, imp_transaction_get_cid (transaction), error);
}

static gboolean
check_row (ImpLedgerDb     *db,
           ImpTransaction  *transaction,
           GError         **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT " IMP_LEDGER_ROW_COLUMNS " FROM transactions"
                                         " WHERE sequence = ?", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, imp_transaction_get_sequence (transaction));
  if (!imp_ledger_db_next (db, statement, &found, error))
    return FALSE;

  if (!found)
    return imp_error_set (error, IMP_ERROR_CORRUPT, "its row in “transactions” is missing");

  return compare_row (statement, transaction, error);
}

static gboolean
check_value (ImpLedgerStatement  *statement,
             JsonObject          *write,
             GError             **error)
{
  const char *key = (const char *) sqlite3_column_text (statement, 1);
  const char *value = (const char *) sqlite3_column_text (statement, 2);
  const char *expected = json_object_get_string_member (write, "key");
  g_autofree char *digest = NULL;

  if (g_strcmp0 (key, expected) != 0)
    return imp_error_set (error, IMP_ERROR_CORRUPT,
                          "state “%s” stands in the place of “%s”", key, expected);

  digest = imp_digest_hex (IMP_DIGEST_SHA256, value, sqlite3_column_bytes (statement, 2));
  if (g_str_equal (digest, json_object_get_string_member (write, "digest")))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT,
                        "the value of state “%s” is not the one that was recorded", key);
}

/* Every value of the leaf and no other, in the order in which they were written. */
static gboolean
compare_state (ImpLedgerDb         *db,
               ImpLedgerStatement  *statement,
               guint64              first_place,
               JsonArray           *writes,
               GError             **error)
{
  guint n_writes = json_array_get_length (writes);
  guint n_found = 0;
  gboolean found;

  while (imp_ledger_db_next (db, statement, &found, error))
    {
      gboolean fits = found && n_found < n_writes &&
                      (guint64) sqlite3_column_int64 (statement, 0) == first_place + n_found;

      if (!found && n_found == n_writes)
        return TRUE;

      if (!fits)
        return imp_error_set (error, IMP_ERROR_CORRUPT,
                              "state has a value %s after value %u of %u",
                              found ? "too many" : "too few", n_found, n_writes);

      if (!check_value (statement, json_array_get_object_element (writes, n_found), error))
        return FALSE;

      n_found++;
    }

  return FALSE;
}

static gboolean
check_state (ImpLedgerDb  *db,
             guint64       sequence,
             JsonArray    *writes,
             GError      **error)
{
  guint64 place = sequence << IMP_LEDGER_WRITE_BITS;
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (db, "SELECT place, key, value FROM state"
                                         " WHERE place >= ? AND place < ? ORDER BY place", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, place);
  sqlite3_bind_int64 (statement, 2, place + IMP_LEDGER_MAX_WRITES);
  return compare_state (db, statement, place, writes, error);
}

static gboolean
check_rows (ImpLedgerDb  *db,
            guint64       sequence,
            const char   *leaf,
            GError      **error)
{
  g_autoptr(ImpTransaction) transaction = imp_transaction_new_from_leaf (sequence, leaf, error);
  g_autoptr(JsonNode) root = NULL;

  if (transaction == NULL ||
      !(root = imp_json_parse (leaf, -1, IMP_TRANSACTION_MAX_LEAF, error)))
    return FALSE;

  return check_row (db, transaction, error) &&
         imp_ledger_hours_check (db, imp_transaction_get_time (transaction), sequence, error) &&
         check_state (db, sequence,
                      json_object_get_array_member (json_node_get_object (root), "writes"), error);
}

/* Compares a leaf with its hash in the tree, its row and its values. The error names the leaf. */
gboolean
imp_ledger_check_leaf (ImpLedgerDb  *db,
                       guint64       sequence,
                       const char   *leaf,
                       GError      **error)
{
  g_autoptr(GError) local_error = NULL;
  ImpHash expected, hash;

  if (!imp_ledger_node_read (0, sequence, &expected, db, error))
    return FALSE;

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);
  if (memcmp (&hash, &expected, sizeof hash) != 0)
    return imp_error_set (error, IMP_ERROR_CORRUPT,
                          "leaf %" G_GUINT64_FORMAT ": its bytes do not have the hash that stands in the tree",
                          sequence);

  if (check_rows (db, sequence, leaf, &local_error))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT, "leaf %" G_GUINT64_FORMAT ": %s",
                        sequence, local_error->message);
}
