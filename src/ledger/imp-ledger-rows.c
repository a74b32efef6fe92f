/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-rows-private.h"

#include "imp-error.h"
#include "imp-time.h"

/* The rows that stand for a leaf: the leaf itself, and what it is found and shown by. */

static gboolean
insert_leaf (ImpLedgerDb     *db,
             ImpTransaction  *transaction,
             GError         **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (db, "INSERT INTO leaves VALUES (?, ?)", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, imp_transaction_get_sequence (transaction));
  imp_ledger_statement_bind_text (statement, 2, imp_transaction_get_leaf (transaction));
  return imp_ledger_db_run (db, statement, error);
}

static gboolean
insert_transaction (ImpLedgerDb     *db,
                    ImpTransaction  *transaction,
                    GError         **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (db, "INSERT INTO transactions (" IMP_LEDGER_ROW_COLUMNS ")"
                                         " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, imp_transaction_get_sequence (transaction));
  imp_ledger_statement_bind_text (statement, 2, imp_transaction_get_id (transaction));
  sqlite3_bind_int64 (statement, 3, imp_transaction_get_time (transaction));
  imp_ledger_statement_bind_text (statement, 4, imp_transaction_get_contract (transaction));
  imp_ledger_statement_bind_text (statement, 5, imp_transaction_get_function (transaction));
  imp_ledger_statement_bind_text (statement, 6, imp_transaction_get_creator (transaction));
  imp_ledger_statement_bind_text (statement, 7, imp_transaction_get_author (transaction));
  imp_ledger_statement_bind_text (statement, 8, imp_transaction_get_class_id (transaction));
  imp_ledger_statement_bind_text (statement, 9, imp_transaction_get_version (transaction));
  imp_ledger_statement_bind_text (statement, 10, imp_transaction_get_cid (transaction));
  return imp_ledger_db_run (db, statement, error);
}

/* Writes a transaction: its leaf, the row that is searched in, and its hour. The transaction of SQLite
 * is the caller's.
 */
gboolean
imp_ledger_row_insert (ImpLedgerDb     *db,
                       ImpTransaction  *transaction,
                       GError         **error)
{
  return insert_leaf (db, transaction, error) &&
         insert_transaction (db, transaction, error) &&
         imp_ledger_hours_note (db, imp_transaction_get_time (transaction),
                                imp_transaction_get_sequence (transaction), error);
}

static void
set_member (JsonObject         *object,
            const char         *name,
            ImpLedgerStatement *statement,
            int                 column)
{
  const char *text = (const char *) sqlite3_column_text (statement, column);

  if (text != NULL)
    json_object_set_string_member (object, name, text);
}

/* Makes a transaction without its leaf from a row of IMP_LEDGER_ROW_COLUMNS. */
ImpTransaction *
imp_ledger_row_read (ImpLedgerStatement  *statement,
                     GError             **error)
{
  static const char *const names[] = {
    "transaction", NULL, "contract", "function", "creator", "author", "class", "version", "cid",
  };
  g_autofree char *time = imp_time_format (sqlite3_column_int64 (statement, 2));
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_node_take_object (node, object);
  json_object_set_int_member (object, "sequence", sqlite3_column_int64 (statement, 0));
  json_object_set_string_member (object, "time", time);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      if (names[i] != NULL)
        set_member (object, names[i], statement, i + 1);
    }

  return imp_transaction_new_from_json (node, error);
}

/* Finds a transaction by its name, with its leaf. */
ImpTransaction *
imp_ledger_rows_find (ImpLedgerDb  *db,
                      const char   *id,
                      GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT sequence, leaf FROM transactions JOIN leaves"
                                         " USING (sequence) WHERE id = ?", error);
  if (statement == NULL)
    return NULL;

  imp_ledger_statement_bind_text (statement, 1, id);
  if (!imp_ledger_db_next (db, statement, &found, error))
    return NULL;

  if (!found)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                   "the ledger has no transaction “%.64s”", id);
      return NULL;
    }

  return imp_transaction_new_from_leaf (sqlite3_column_int64 (statement, 0),
                                        (const char *) sqlite3_column_text (statement, 1), error);
}

/* Reads up to @limit leaves from the sequence @from on, in order: strings that the caller frees with
 * the array. Fewer come only at the end of the ledger.
 */
GPtrArray *
imp_ledger_rows_get_leaves (ImpLedgerDb  *db,
                            guint64       from,
                            guint         limit,
                            GError      **error)
{
  g_autoptr(GPtrArray) leaves = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT leaf FROM leaves WHERE sequence >= ?"
                                         " ORDER BY sequence LIMIT ?", error);
  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, MIN (from, G_MAXINT64));
  sqlite3_bind_int64 (statement, 2, limit);
  while (imp_ledger_db_next (db, statement, &found, error))
    {
      if (!found)
        return g_steal_pointer (&leaves);

      g_ptr_array_add (leaves, g_strdup ((const char *) sqlite3_column_text (statement, 0)));
    }

  return NULL;
}
