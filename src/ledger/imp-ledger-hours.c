/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-rows-private.h"

#include "imp-error.h"
#include "imp-ledger-schema-private.h"

/* Where in the ledger the transactions of a time stand. Sequences and times grow together as long as
 * nobody sets a clock back, and an index of times could not say what lies between two of them
 * without reading all of it; the first and the last sequence of every hour can, whatever clocks did.
 */

/* Notes under the hour of @time, in milliseconds since 1970, that @sequence was written then. */
gboolean
imp_ledger_hours_note (ImpLedgerDb  *db,
                       gint64        time,
                       guint64       sequence,
                       GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (db, "INSERT INTO hours VALUES (?1, ?2, ?2)"
                                         " ON CONFLICT (hour) DO UPDATE SET last = ?2", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, time / IMP_LEDGER_HOUR);
  sqlite3_bind_int64 (statement, 2, sequence);
  return imp_ledger_db_run (db, statement, error);
}

/* Narrows [@from, @before) to the hours that [@since, @until) touches; 0 is no bound. */
gboolean
imp_ledger_hours_get_range (ImpLedgerDb  *db,
                            gint64        since,
                            gint64        until,
                            guint64      *from,
                            guint64      *before,
                            GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  if (since == 0 && until == 0)
    return TRUE;

  statement = imp_ledger_db_prepare (db, "SELECT ifnull (min (first), 0), ifnull (max (last) + 1, 0)"
                                         " FROM hours WHERE hour >= ? AND hour <= ?", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, since / IMP_LEDGER_HOUR);
  sqlite3_bind_int64 (statement, 2, until != 0 ? until / IMP_LEDGER_HOUR : G_MAXINT64);
  if (!imp_ledger_db_next (db, statement, &found, error))
    return FALSE;

  *from = MAX (*from, (guint64) sqlite3_column_int64 (statement, 0));
  *before = MIN (*before, (guint64) sqlite3_column_int64 (statement, 1));
  return TRUE;
}

/* Whether a transaction would be found by its time. */
gboolean
imp_ledger_hours_check (ImpLedgerDb  *db,
                        gint64        time,
                        guint64       sequence,
                        GError      **error)
{
  guint64 from = 0;
  guint64 before = G_MAXINT64;

  if (!imp_ledger_hours_get_range (db, time, time, &from, &before, error))
    return FALSE;

  if (from <= sequence && sequence < before)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_CORRUPT, "“hours” does not count it to the hour of its time");
}
