/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sqlite3.h>
#include <string.h>

#include "ledger-fixture.h"

#define N_UPDATES 30
#define HOUR      G_GINT64_CONSTANT (3600000)

/* The author's registration, then V_1 to V_30 of Class_1. */
static void
set_up (LedgerFixture *fixture,
        gconstpointer  data)
{
  ledger_set_up (fixture, data);
  ledger_publish (fixture, 1, N_UPDATES);
}

static void
execute (LedgerFixture *fixture,
         const char    *sql)
{
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  sqlite3 *handle;

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  sqlite3_busy_timeout (handle, 5000);
  g_assert_cmpint (sqlite3_exec (handle, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (handle);
}

static GPtrArray *
list (LedgerFixture        *fixture,
      const ImpLedgerQuery *query,
      guint64              *next)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *page;

  imp_ledger_list_transactions_async (fixture->ledger, query, NULL, ledger_keep_result, &result);
  page = imp_ledger_list_transactions_finish (fixture->ledger, ledger_wait (&result), next, &error);
  g_assert_no_error (error);

  return page;
}

/* All pages, one after the other, as the sequences that they have. */
static char *
list_all (LedgerFixture  *fixture,
          ImpLedgerQuery  query)
{
  g_autoptr(GString) sequences = g_string_new (NULL);
  guint64 next;

  do
    {
      g_autoptr(GPtrArray) page = list (fixture, &query, &next);

      for (guint i = 0; i < page->len; i++)
        g_string_append_printf (sequences, "%" G_GUINT64_FORMAT " ",
                                imp_transaction_get_sequence (page->pdata[i]));
      if (query.oldest_first)
        query.from = next;
      else
        query.before = next;
    }
  while (next != 0);

  return g_string_free (g_steal_pointer (&sequences), FALSE);
}

static void
assert_lists (LedgerFixture  *fixture,
              ImpLedgerQuery  query,
              const char     *expected)
{
  g_autofree char *found = list_all (fixture, query);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_order (LedgerFixture *fixture,
            gconstpointer  data)
{
  assert_lists (fixture, (ImpLedgerQuery) { .limit = 3, .from = 25 }, "30 29 28 27 26 25 ");
  assert_lists (fixture, (ImpLedgerQuery) { .limit = 3, .from = 25, .before = 29 }, "28 27 26 25 ");
  assert_lists (fixture, (ImpLedgerQuery) { .limit = 2, .oldest_first = TRUE, .before = 5 }, "0 1 2 3 4 ");
  assert_lists (fixture, (ImpLedgerQuery) { .limit = 1, .oldest_first = TRUE, .before = 3 }, "0 1 2 ");
  assert_lists (fixture,
                (ImpLedgerQuery) { .oldest_first = TRUE, .class_id = "Class_1", .from = 27, .limit = 3 },
                "27 28 29 30 ");
  assert_lists (fixture, (ImpLedgerQuery) { .oldest_first = TRUE, .from = 31 }, "");
  assert_lists (fixture, (ImpLedgerQuery) { .from = 9, .before = 9 }, "");
}

/* What the index of texts has, and what it does not have yet, in both orders. */
static void
test_text_order (LedgerFixture *fixture,
                 gconstpointer  data)
{
  g_usleep (400 * 1000);
  ledger_publish (fixture, N_UPDATES + 1, 2);

  assert_lists (fixture, (ImpLedgerQuery) { .text = "V_3", .limit = 2 }, "32 31 30 3 ");
  assert_lists (fixture, (ImpLedgerQuery) { .text = "V_3", .limit = 2, .oldest_first = TRUE },
                "3 30 31 32 ");
  assert_lists (fixture, (ImpLedgerQuery) { .text = "V_3", .limit = 1, .from = 4, .before = 32 },
                "31 30 ");
  assert_lists (fixture, (ImpLedgerQuery) { .text = "nowhere", .limit = 1 }, "");
}

/* An hour a transaction, except that the clock was set back for a while. */
static void
set_times (LedgerFixture *fixture)
{
  execute (fixture, "UPDATE transactions SET time = 1700000000000 / 3600000 * 3600000 +"
                    " iif (sequence BETWEEN 20 AND 22, sequence - 15, sequence) * 3600000;"
                    "DELETE FROM hours;"
                    "INSERT INTO hours SELECT time / 3600000, min (sequence), max (sequence)"
                    " FROM transactions GROUP BY 1");
}

static void
test_dates (LedgerFixture *fixture,
            gconstpointer  data)
{
  const gint64 start = G_GINT64_CONSTANT (1700000000000) / HOUR * HOUR;

  set_times (fixture);
  assert_lists (fixture, (ImpLedgerQuery) { .since = start + 27 * HOUR }, "30 29 28 27 ");
  assert_lists (fixture, (ImpLedgerQuery) { .since = start + 27 * HOUR + 1 }, "30 29 28 ");
  assert_lists (fixture, (ImpLedgerQuery) { .until = start + 3 * HOUR }, "2 1 0 ");
  assert_lists (fixture, (ImpLedgerQuery) { .until = start + 3 * HOUR + 1, .limit = 1 }, "3 2 1 0 ");
  assert_lists (fixture, (ImpLedgerQuery) { .since = start + 10 * HOUR, .until = start + 12 * HOUR },
                "11 10 ");
  assert_lists (fixture, (ImpLedgerQuery) { .until = start }, "");
  assert_lists (fixture, (ImpLedgerQuery) { .since = start + 1000 * HOUR }, "");

  /* 5, 6 and 7 o'clock came twice. */
  assert_lists (fixture, (ImpLedgerQuery) { .since = start + 5 * HOUR, .until = start + 8 * HOUR },
                "22 21 20 7 6 5 ");
  assert_lists (fixture,
                (ImpLedgerQuery) { .since = start + 5 * HOUR, .until = start + 8 * HOUR, .limit = 2,
                                   .class_id = "Class_1", .oldest_first = TRUE },
                "5 6 7 20 21 22 ");
}

/* Every statement that readers run, as SQLite was given it. */
static GMutex lock;
static GHashTable *seen;   /* (owned) of SQL */
static gboolean listening;

static int
trace_cb (unsigned  event,
          void     *user_data,
          void     *statement,
          void     *sql)
{
  g_mutex_lock (&lock);
  if (listening)
    g_hash_table_add (seen, g_strdup (sqlite3_sql (statement)));
  g_mutex_unlock (&lock);
  return 0;
}

static int
opened_cb (sqlite3                     *handle,
           char                       **message,
           const sqlite3_api_routines  *api)
{
  return sqlite3_trace_v2 (handle, SQLITE_TRACE_STMT, trace_cb, NULL);
}

/* A scan is allowed of a virtual table only, where that uses its own index; and the classes that have
 * a version of one name are sorted, which are few in any piece of the ledger.
 */
static void
assert_uses_index (sqlite3    *handle,
                   const char *sql)
{
  g_autofree char *explain = g_strconcat ("EXPLAIN QUERY PLAN ", sql, NULL);
  sqlite3_stmt *statement;

  g_assert_cmpint (sqlite3_prepare_v2 (handle, explain, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      const char *step = (const char *) sqlite3_column_text (statement, 3);
      gboolean by_itself = strstr (step, "VIRTUAL TABLE INDEX") != NULL;

      g_test_message ("%s", step);
      if ((g_str_has_prefix (step, "SCAN") && !by_itself) ||
          (strstr (step, "TEMP B-TREE") != NULL && strstr (sql, "transactions_version") == NULL))
        g_error ("%s: %s", sql, step);
    }
  sqlite3_finalize (statement);
}

/* Any filters together, in both orders and with dates and a text or without. */
static void
ask_everything (LedgerFixture *fixture)
{
  for (guint set = 0; set < 1 << 9; set++)
    {
      ImpLedgerQuery query = {
        .limit = 2,
        .before = 20,
        .contract = set & 1 ? "RegisterUpdate" : NULL,
        .function = set & 2 ? "createUpdate" : NULL,
        .author = set & 4 ? imp_key_get_fingerprint (fixture->author) : NULL,
        .class_id = set & 8 ? "Class_1" : NULL,
        .version = set & 16 ? "V_7" : NULL,
        .cid = set & 32 ? "QmX" : NULL,
        .text = set & 64 ? "V_1" : NULL,
        .since = set & 128 ? 1 : 0,
        .until = set & 128 ? G_GINT64_CONSTANT (4102444800000) : 0,
        .oldest_first = (set & 256) != 0,
      };
      g_autoptr(GPtrArray) page = list (fixture, &query, NULL);

      g_assert_cmpuint (page->len, <=, 2);
    }
}

static void
test_never_scans (LedgerFixture *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  g_autofree char *vocabulary = NULL;
  GHashTableIter iter;
  const char *sql;
  sqlite3 *handle;
  guint n = 0;

  /* Readers that are opened from now on are listened to. */
  ledger_close (fixture);
  seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_auto_extension ((void (*) (void)) opened_cb);
  ledger_open (fixture);
  g_usleep (400 * 1000);
  listening = TRUE;
  ask_everything (fixture);
  listening = FALSE;
  sqlite3_reset_auto_extension ();

  g_assert_cmpint (sqlite3_open (path, &handle), ==, SQLITE_OK);
  g_hash_table_iter_init (&iter, seen);
  while (g_hash_table_iter_next (&iter, (gpointer *) &sql, NULL))
    {
      /* How the index of texts reads its own tables is SQLite's affair. */
      if (!g_str_has_prefix (sql, "SELECT") || strstr (sql, "'main'.") != NULL)
        continue;
      assert_uses_index (handle, sql);
      n++;
    }
  sqlite3_close (handle);

  /* Each of those questions is a statement of its own, with the index of texts or without. */
  g_assert_cmpuint (n, >=, 1 << 9);
  g_clear_pointer (&seen, g_hash_table_unref);
}

/* A ledger from before there were hours. */
static void
test_upgrades (LedgerFixture *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  ledger_close (fixture);
  execute (fixture, "DROP TABLE hours; PRAGMA user_version = 1");
  ledger_open (fixture);
  ledger_publish (fixture, N_UPDATES + 1, 1);

  g_assert_true (ledger_verify (fixture, &error));
  g_assert_no_error (error);
  assert_lists (fixture, (ImpLedgerQuery) { .since = 1, .from = 29 }, "31 30 29 ");
}

#define add(path, func) g_test_add ("/ledger-query/" path, LedgerFixture, NULL, set_up, func, ledger_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("order", test_order);
  add ("text-order", test_text_order);
  add ("dates", test_dates);
  add ("never-scans", test_never_scans);
  add ("upgrades", test_upgrades);

  return g_test_run ();
}
