/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-activity-counts.h"

#define MAX_VERSIONS 1000

/* What is counted while it is written down, since an overview must not read everything that was
 * ever fetched. SQLite does it in the same transaction, by itself.
 *
 * fetch_hours  fetches by the hour, written as the beginning of an ISO 8601 time; it stays when the
 *              fetches themselves go
 * devices      what each device said last that it runs; '' where it never said
 * running      how many devices run a version
 */
#define HOUR "substr (new.\"time\", 1, 13)"

static const char tables[] =
  "BEGIN;"
  "CREATE TABLE fetch_hours (hour TEXT PRIMARY KEY, complete INTEGER NOT NULL, cut INTEGER NOT NULL,"
  "  failed INTEGER NOT NULL, bytes INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE devices (device TEXT PRIMARY KEY, class TEXT NOT NULL, version TEXT NOT NULL,"
  "  report INTEGER NOT NULL) WITHOUT ROWID;"
  "CREATE INDEX devices_report ON devices (report);"
  "CREATE TABLE running (class TEXT NOT NULL, version TEXT NOT NULL, devices INTEGER NOT NULL,"
  "  PRIMARY KEY (class, version)) WITHOUT ROWID;"

  "CREATE TRIGGER fetch_counted AFTER INSERT ON fetches BEGIN"
  "  INSERT INTO fetch_hours VALUES (" HOUR ", new.outcome = 'complete', new.outcome = 'cut',"
  "    new.outcome = 'failed', new.bytes)"
  "  ON CONFLICT (hour) DO UPDATE SET complete = complete + excluded.complete, cut = cut + excluded.cut,"
  "    failed = failed + excluded.failed, bytes = bytes + excluded.bytes;"
  "END;"

  /* A device that refuses a version goes on running what it ran. */
  "CREATE TRIGGER report_counted AFTER INSERT ON reports BEGIN"
  "  INSERT INTO devices VALUES (new.device, new.class,"
  "    CASE new.outcome WHEN 'refused' THEN '' ELSE coalesce (new.version, '') END, new.id)"
  "  ON CONFLICT (device) DO UPDATE SET class = excluded.class, report = excluded.report,"
  "    version = CASE new.outcome WHEN 'refused' THEN version ELSE excluded.version END;"
  "END;"

  "CREATE TRIGGER device_added AFTER INSERT ON devices BEGIN"
  "  INSERT INTO running VALUES (new.class, new.version, 1)"
  "  ON CONFLICT (class, version) DO UPDATE SET devices = devices + 1;"
  "END;"
  "CREATE TRIGGER device_changed AFTER UPDATE OF class, version ON devices"
  "  WHEN new.class <> old.class OR new.version <> old.version BEGIN"
  "  UPDATE running SET devices = devices - 1 WHERE class = old.class AND version = old.version;"
  "  DELETE FROM running WHERE class = old.class AND version = old.version AND devices <= 0;"
  "  INSERT INTO running VALUES (new.class, new.version, 1)"
  "  ON CONFLICT (class, version) DO UPDATE SET devices = devices + 1;"
  "END;"
  "CREATE TRIGGER device_removed AFTER DELETE ON devices BEGIN"
  "  UPDATE running SET devices = devices - 1 WHERE class = old.class AND version = old.version;"
  "  DELETE FROM running WHERE class = old.class AND version = old.version AND devices <= 0;"
  "END;"

  "INSERT INTO fetch_hours SELECT substr (\"time\", 1, 13) AS hour, sum (outcome = 'complete'),"
  "  sum (outcome = 'cut'), sum (outcome = 'failed'), sum (bytes) FROM fetches GROUP BY hour;"
  "INSERT INTO devices SELECT device, class, coalesce (version, ''), max (id) FROM reports"
  "  WHERE outcome <> 'refused' GROUP BY device;"
  "COMMIT;";

static int
count_tables_cb (void  *user_data,
                 int    n_columns,
                 char **values,
                 char **names)
{
  gboolean *found = user_data;

  *found = TRUE;
  return 0;
}

/**
 * imp_activity_counts_prepare:
 * @db: an activity log
 *
 * Begins to count in a log that has not been counted yet.
 *
 * Returns: what SQLite says
 */
int
imp_activity_counts_prepare (sqlite3 *db)
{
  gboolean found = FALSE;
  int code = sqlite3_exec (db, "SELECT 1 FROM sqlite_schema WHERE name = 'fetch_hours'",
                           count_tables_cb, &found, NULL);

  if (code != SQLITE_OK || found)
    return code;

  code = sqlite3_exec (db, tables, NULL, NULL, NULL);
  if (code != SQLITE_OK && !sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return code;
}

/**
 * imp_activity_counts_purge:
 * @db: an activity log
 * @keep: how many reports are kept
 *
 * Forgets devices that were silent for as many reports of others.
 *
 * Returns: whether it could be done
 */
gboolean
imp_activity_counts_purge (sqlite3 *db,
                           guint    keep)
{
  g_autofree char *sql = g_strdup_printf (
    "DELETE FROM devices WHERE report <= (SELECT max (id) FROM reports) - %u", keep);

  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

static void
add_hour (JsonArray    *hours,
          sqlite3_stmt *statement)
{
  JsonObject *hour = json_object_new ();
  g_autofree char *time = g_strdup_printf ("%s:00:00.000Z",
                                           (const char *) sqlite3_column_text (statement, 0));

  json_object_set_string_member (hour, "hour", time);
  json_object_set_int_member (hour, "complete", sqlite3_column_int64 (statement, 1));
  json_object_set_int_member (hour, "cut", sqlite3_column_int64 (statement, 2));
  json_object_set_int_member (hour, "failed", sqlite3_column_int64 (statement, 3));
  json_object_set_int_member (hour, "bytes", sqlite3_column_int64 (statement, 4));
  json_array_add_object_element (hours, hour);
}

static void
add_version (JsonArray    *versions,
             sqlite3_stmt *statement)
{
  JsonObject *version = json_object_new ();

  json_object_set_string_member (version, "class", (const char *) sqlite3_column_text (statement, 0));
  json_object_set_string_member (version, "version",
                                 (const char *) sqlite3_column_text (statement, 1));
  json_object_set_int_member (version, "devices", sqlite3_column_int64 (statement, 2));
  json_array_add_object_element (versions, version);
}

static JsonArray *
read_rows (sqlite3    *db,
           const char *sql,
           const char *parameter,
           void      (*add) (JsonArray *rows, sqlite3_stmt *statement))
{
  g_autoptr(JsonArray) rows = json_array_new ();
  sqlite3_stmt *statement;
  int code;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    return NULL;

  if (parameter != NULL)
    sqlite3_bind_text (statement, 1, parameter, -1, SQLITE_TRANSIENT);
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    add (rows, statement);
  sqlite3_finalize (statement);

  return code == SQLITE_DONE ? g_steal_pointer (&rows) : NULL;
}

/**
 * imp_activity_counts_read:
 * @db: an activity log
 * @since: an ISO 8601 time; the hour that it is in counts whole
 *
 * Reads the counts: a row an hour, and one a version that devices run.
 *
 * Returns: (transfer full) (nullable): `{fetches: […], devices: […]}`, %NULL where SQLite failed
 */
JsonObject *
imp_activity_counts_read (sqlite3    *db,
                          const char *since)
{
  static const char versions_sql[] =
    "SELECT class, version, devices FROM running ORDER BY devices DESC LIMIT " G_STRINGIFY (MAX_VERSIONS);
  g_autoptr(JsonObject) counts = json_object_new ();
  g_autofree char *hour = g_strndup (since, 13);
  JsonArray *hours;
  JsonArray *versions;

  hours = read_rows (db, "SELECT * FROM fetch_hours WHERE hour >= ? ORDER BY hour", hour, add_hour);
  if (hours == NULL)
    return NULL;
  json_object_set_array_member (counts, "fetches", hours);

  versions = read_rows (db, versions_sql, NULL, add_version);
  if (versions == NULL)
    return NULL;
  json_object_set_array_member (counts, "devices", versions);

  return g_steal_pointer (&counts);
}
