/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-counts-private.h"

#include "imp-contracts.h"
#include "imp-error.h"

/* What is counted while it is recorded, since counting a million rows takes too long for whoever
 * looks. It follows from the transactions, so that it can be made again; SQLite keeps it up to date
 * in the same transaction as the rows, whichever program writes them.
 *
 * published  updates by the hour since 1970
 * newest     the version that each author registered last of each class
 */
#define IS_UPDATE "contract = '" IMP_CONTRACT_REGISTER_UPDATE "'"
#define HOUR_OF(row) row "time / 3600000"

static const char tables[] =
  "CREATE TABLE published (hour INTEGER PRIMARY KEY, updates INTEGER NOT NULL) STRICT;"
  "CREATE TABLE newest (class TEXT NOT NULL, author TEXT NOT NULL, version TEXT NOT NULL,"
  " PRIMARY KEY (class, author)) STRICT, WITHOUT ROWID;"
  "CREATE TRIGGER update_counted AFTER INSERT ON transactions WHEN new." IS_UPDATE
  " AND new.class IS NOT NULL AND new.author IS NOT NULL AND new.version IS NOT NULL BEGIN"
  "  INSERT INTO published VALUES (" HOUR_OF ("new.") ", 1)"
  "   ON CONFLICT (hour) DO UPDATE SET updates = updates + 1;"
  "  INSERT INTO newest VALUES (new.class, new.author, new.version)"
  "   ON CONFLICT (class, author) DO UPDATE SET version = excluded.version;"
  " END;";

#define COUNT_PUBLISHED \
  "SELECT " HOUR_OF ("") " AS hour, count (*) AS updates FROM transactions WHERE " IS_UPDATE \
  " GROUP BY hour"
/* The other columns are those of the row that has the highest sequence (SQLite's max()). */
#define FIND_NEWEST \
  "SELECT class, author, version FROM (SELECT class, author, version, max (sequence)" \
  " FROM transactions WHERE " IS_UPDATE " GROUP BY class, author)"

static const char fill[] =
  "INSERT INTO published " COUNT_PUBLISHED ";"
  "INSERT INTO newest " FIND_NEWEST ";";

/* Begins to count in a ledger that was made before there was any counting. */
gboolean
imp_ledger_counts_prepare (ImpLedgerDb  *db,
                           GError      **error)
{
  gint64 n_tables;

  if (!imp_ledger_db_get_number (db, "SELECT count (*) FROM sqlite_schema WHERE name = 'published'",
                                 &n_tables, error))
    return FALSE;
  if (n_tables > 0)
    return TRUE;

  if (imp_ledger_db_execute (db, "BEGIN IMMEDIATE", error) &&
      imp_ledger_db_execute (db, tables, error) &&
      imp_ledger_db_execute (db, fill, error) &&
      imp_ledger_db_execute (db, "COMMIT", error))
    return TRUE;

  imp_ledger_db_roll_back (db);
  return FALSE;
}

static gboolean
check_same (ImpLedgerDb  *db,
            const char   *table,
            const char   *sql,
            GError      **error)
{
  gint64 n_wrong;

  if (!imp_ledger_db_get_number (db, sql, &n_wrong, error))
    return FALSE;
  if (n_wrong == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT,
                        "“%s” does not say what the transactions say", table);
}

/* The counts are what the transactions, which have been checked, come to. */
gboolean
imp_ledger_counts_check (ImpLedgerDb  *db,
                         GError      **error)
{
  return check_same (db, "published", "SELECT count (*) FROM (SELECT * FROM (" COUNT_PUBLISHED ")"
                                      " EXCEPT SELECT * FROM published)", error) &&
         check_same (db, "published", "SELECT count (*) FROM (SELECT * FROM published EXCEPT "
                                      "SELECT * FROM (" COUNT_PUBLISHED "))", error) &&
         check_same (db, "newest", "SELECT count (*) FROM (" FIND_NEWEST
                                   " EXCEPT SELECT * FROM newest)", error) &&
         check_same (db, "newest", "SELECT count (*) FROM (SELECT * FROM newest EXCEPT "
                                   FIND_NEWEST ")", error);
}

static gboolean
read_hours (ImpLedgerDb    *db,
            gint64          since,
            ImpStatistics  *statistics,
            GError        **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT hour, updates FROM published WHERE hour >= ?"
                                         " ORDER BY hour", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, since / IMP_HOUR);
  while (imp_ledger_db_next (db, statement, &found, error))
    {
      ImpHourCount hour;

      if (!found)
        return TRUE;

      hour.time = sqlite3_column_int64 (statement, 0) * IMP_HOUR;
      hour.count = sqlite3_column_int64 (statement, 1);
      g_array_append_val (statistics->hours, hour);
    }

  return FALSE;
}

static gboolean
read_newest (ImpLedgerDb               *db,
             const ImpStatisticsQuery  *query,
             ImpStatistics             *statistics,
             GError                   **error)
{
  for (guint i = 0; i < query->n_versions; i++)
    {
      g_autoptr(ImpLedgerStatement) statement = NULL;
      gboolean found;

      statement = imp_ledger_db_prepare (db, "SELECT 1 FROM newest WHERE class = ? AND version = ?",
                                         error);
      if (statement == NULL)
        return FALSE;

      imp_ledger_statement_bind_text (statement, 1, query->versions[i].class_id);
      imp_ledger_statement_bind_text (statement, 2, query->versions[i].version);
      if (!imp_ledger_db_next (db, statement, &found, error))
        return FALSE;
      g_array_append_val (statistics->newest, found);
    }

  return TRUE;
}

/* Reads a row an hour and one a version, however many transactions there are. */
ImpStatistics *
imp_ledger_counts_read (ImpLedgerDb               *db,
                        const ImpStatisticsQuery  *query,
                        GError                   **error)
{
  g_autoptr(ImpStatistics) statistics = imp_statistics_new ();

  return read_hours (db, query->since, statistics, error) &&
         read_newest (db, query, statistics, error) ? g_steal_pointer (&statistics) : NULL;
}
