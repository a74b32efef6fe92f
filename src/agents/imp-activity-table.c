/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-activity-table.h"

/* The tables of the activity log: JSON objects in, JSON objects out, a column a member.
 *
 * Everything here blocks, and belongs to the thread that has the database.
 */

typedef struct
{
  const char *name;
  GType type;
} Column;

/* In the order of the table, after the id. */
typedef struct
{
  const char *name;
  const Column *columns;
  gsize n_columns;
} Table;

static const Column fetch_columns[] = {
  { "device", G_TYPE_STRING }, { "class", G_TYPE_STRING }, { "version", G_TYPE_STRING },
  { "cid", G_TYPE_STRING },    { "time", G_TYPE_STRING },  { "bytes", G_TYPE_INT64 },
  { "ms", G_TYPE_DOUBLE },     { "outcome", G_TYPE_STRING },
};

static const Column report_columns[] = {
  { "device", G_TYPE_STRING },  { "class", G_TYPE_STRING }, { "version", G_TYPE_STRING },
  { "outcome", G_TYPE_STRING }, { "check", G_TYPE_INT64 },  { "reason", G_TYPE_STRING },
  { "time", G_TYPE_STRING },
};

static const Table tables[] = {
  [IMP_ACTIVITY_FETCHES] = { "fetches", fetch_columns, G_N_ELEMENTS (fetch_columns) },
  [IMP_ACTIVITY_REPORTS] = { "reports", report_columns, G_N_ELEMENTS (report_columns) },
};

static const char schema[] =
  "PRAGMA journal_mode = WAL;"
  "PRAGMA synchronous = NORMAL;"
  "CREATE TABLE IF NOT EXISTS fetches (id INTEGER PRIMARY KEY AUTOINCREMENT, \"device\" TEXT NOT NULL,"
  "  \"class\" TEXT, \"version\" TEXT, \"cid\" TEXT NOT NULL, \"time\" TEXT NOT NULL,"
  "  \"bytes\" INTEGER NOT NULL, \"ms\" REAL NOT NULL, \"outcome\" TEXT NOT NULL);"
  "CREATE INDEX IF NOT EXISTS fetches_device ON fetches (\"device\", id);"
  "CREATE TABLE IF NOT EXISTS reports (id INTEGER PRIMARY KEY AUTOINCREMENT, \"device\" TEXT NOT NULL,"
  "  \"class\" TEXT NOT NULL, \"version\" TEXT, \"outcome\" TEXT NOT NULL, \"check\" INTEGER,"
  "  \"reason\" TEXT, \"time\" TEXT NOT NULL);"
  "CREATE INDEX IF NOT EXISTS reports_device ON reports (\"device\", id);";

static void
finalize_statement (sqlite3_stmt *statement)
{
  sqlite3_finalize (statement);
}

typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statement, finalize_statement)

/**
 * imp_activity_set_error:
 * @db: an activity log
 * @error: return location for an error
 *
 * Makes an error of what SQLite said last. A full disk is %G_IO_ERROR_NO_SPACE.
 */
void
imp_activity_set_error (sqlite3  *db,
                        GError  **error)
{
  g_set_error (error, G_IO_ERROR,
               sqlite3_errcode (db) == SQLITE_FULL ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
               "the activity log: %s", sqlite3_errmsg (db));
}

static Statement *
prepare (sqlite3     *db,
         const char  *sql,
         GError     **error)
{
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;

  imp_activity_set_error (db, error);
  return NULL;
}

static void
bind_member (Statement    *statement,
             int           index,
             const Column *column,
             JsonObject   *record)
{
  JsonNode *node = json_object_get_member (record, column->name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    sqlite3_bind_null (statement, index);
  else if (column->type == G_TYPE_STRING)
    sqlite3_bind_text (statement, index, json_node_get_string (node), -1, SQLITE_TRANSIENT);
  else if (column->type == G_TYPE_INT64)
    sqlite3_bind_int64 (statement, index, json_node_get_int (node));
  else
    sqlite3_bind_double (statement, index, json_node_get_double (node));
}

static void
read_member (Statement    *statement,
             int           index,
             const Column *column,
             JsonObject   *record)
{
  if (sqlite3_column_type (statement, index) == SQLITE_NULL)
    json_object_set_null_member (record, column->name);
  else if (column->type == G_TYPE_STRING)
    json_object_set_string_member (record, column->name,
                                   (const char *) sqlite3_column_text (statement, index));
  else if (column->type == G_TYPE_INT64)
    json_object_set_int_member (record, column->name, sqlite3_column_int64 (statement, index));
  else
    json_object_set_double_member (record, column->name, sqlite3_column_double (statement, index));
}

static char *
list_columns (const Table *table)
{
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < table->n_columns; i++)
    g_string_append_printf (names, "%s\"%s\"", i > 0 ? ", " : "", table->columns[i].name);

  return g_string_free (names, FALSE);
}

static char *
list_placeholders (const Table *table)
{
  GString *marks = g_string_new (NULL);

  for (gsize i = 0; i < table->n_columns; i++)
    g_string_append (marks, i > 0 ? ", ?" : "?");

  return g_string_free (marks, FALSE);
}

/**
 * imp_activity_tables_prepare:
 * @db: an activity log
 *
 * Makes the tables that are not there yet.
 *
 * Returns: SQLite’s code
 */
int
imp_activity_tables_prepare (sqlite3 *db)
{
  return sqlite3_exec (db, schema, NULL, NULL, NULL);
}

/**
 * imp_activity_tables_purge:
 * @db: an activity log
 * @keep: how many rows of each table stay
 *
 * Removes the oldest rows.
 *
 * Returns: whether it could; the database says why not
 */
gboolean
imp_activity_tables_purge (sqlite3 *db,
                           guint    keep)
{
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s WHERE id <= (SELECT max (id) FROM %s) - %u",
                                              tables[i].name, tables[i].name, keep);

      if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
        return FALSE;
    }

  return TRUE;
}

/**
 * imp_activity_table_add:
 * @db: an activity log
 * @activity: what it is
 * @record: a fetch or a report, without its id
 * @error: return location for an error
 *
 * Adds a row.
 *
 * Returns: its id, or 0 with @error set
 */
gint64
imp_activity_table_add (sqlite3      *db,
                        ImpActivity   activity,
                        JsonObject   *record,
                        GError      **error)
{
  const Table *table = &tables[activity];
  g_autofree char *names = list_columns (table);
  g_autofree char *marks = list_placeholders (table);
  g_autofree char *sql = g_strdup_printf ("INSERT INTO %s (%s) VALUES (%s)", table->name, names, marks);
  g_autoptr(Statement) statement = prepare (db, sql, error);

  if (statement == NULL)
    return 0;

  for (gsize i = 0; i < table->n_columns; i++)
    bind_member (statement, i + 1, &table->columns[i], record);

  if (sqlite3_step (statement) == SQLITE_DONE)
    return sqlite3_last_insert_rowid (db);

  imp_activity_set_error (db, error);
  return 0;
}

static Statement *
prepare_list (sqlite3      *db,
              const Table  *table,
              guint64       before,
              guint         limit,
              const char   *device,
              GError      **error)
{
  g_autofree char *names = list_columns (table);
  g_autofree char *sql = g_strdup_printf (
    "SELECT id, %s FROM %s WHERE id < ?1 %s ORDER BY id DESC LIMIT ?2", names, table->name,
    device != NULL ? "AND \"device\" = ?3" : "");
  Statement *statement = prepare (db, sql, error);

  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, before);
  sqlite3_bind_int (statement, 2, limit + 1);
  if (device != NULL)
    sqlite3_bind_text (statement, 3, device, -1, SQLITE_TRANSIENT);

  return statement;
}

static JsonObject *
read_record (Statement   *statement,
             const Table *table)
{
  JsonObject *record = json_object_new ();

  json_object_set_int_member (record, "id", sqlite3_column_int64 (statement, 0));
  for (gsize i = 0; i < table->n_columns; i++)
    read_member (statement, i + 1, &table->columns[i], record);

  return record;
}

/**
 * imp_activity_table_list:
 * @db: an activity log
 * @activity: what to list
 * @before: only rows with lower ids
 * @limit: how many at most
 * @device: (nullable): only this device’s
 * @error: return location for an error
 *
 * Reads a page, newest first. One row more than asked for is looked for, to know whether there is a
 * next page.
 *
 * Returns: (transfer full) (nullable): `{fetches | reports: […], next}`, or `NULL` with @error set
 */
JsonNode *
imp_activity_table_list (sqlite3      *db,
                         ImpActivity   activity,
                         guint64       before,
                         guint         limit,
                         const char   *device,
                         GError      **error)
{
  const Table *table = &tables[activity];
  g_autoptr(Statement) statement = prepare_list (db, table, before, limit, device, error);
  g_autoptr(JsonArray) records = json_array_new ();
  g_autoptr(JsonObject) page = json_object_new ();
  gint64 last = 0;
  int code = SQLITE_DONE;

  if (statement == NULL)
    return NULL;

  json_object_set_null_member (page, "next");
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (json_array_get_length (records) == limit)
        {
          json_object_set_int_member (page, "next", last);
          code = SQLITE_DONE;
          break;
        }

      last = sqlite3_column_int64 (statement, 0);
      json_array_add_object_element (records, read_record (statement, table));
    }

  if (code != SQLITE_DONE)
    {
      imp_activity_set_error (db, error);
      return NULL;
    }

  json_object_set_array_member (page, table->name, g_steal_pointer (&records));
  return json_node_init_object (json_node_alloc (), page);
}
