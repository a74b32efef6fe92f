/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sqlite3.h>
#include <string.h>

#include "ledger-fixture.h"

#define N_UPDATES 25

/* The author's registration, then V_1 to V_25 of Class_1, then one of another class. */
static void
set_up (LedgerFixture *fixture,
        gconstpointer  data)
{
  g_autoptr(ImpReceipt) receipt = NULL;

  ledger_set_up (fixture, data);
  ledger_publish (fixture, 1, N_UPDATES);
  receipt = ledger_try_publish (fixture, "Röhre 100%_\"x\"", "2.0.0-rc.1", 1, NULL);
  g_assert_nonnull (receipt);
}

static void
check_sequences (GPtrArray *page,
                 guint64    first,
                 guint      n)
{
  g_assert_cmpuint (page->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (imp_transaction_get_sequence (page->pdata[i]), ==, first - i);
}

static void
test_pages (LedgerFixture *fixture,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) all = ledger_list (fixture, (ImpLedgerQuery) { 0 });
  g_autoptr(GPtrArray) first = ledger_list (fixture, (ImpLedgerQuery) { .limit = 20 });
  g_autoptr(GPtrArray) second = ledger_list (fixture, (ImpLedgerQuery) { .limit = 20, .before = 7 });
  g_autoptr(GPtrArray) beyond = ledger_list (fixture, (ImpLedgerQuery) { .before = G_MAXUINT64 });

  check_sequences (all, N_UPDATES + 1, N_UPDATES + 2);
  check_sequences (first, N_UPDATES + 1, 20);
  check_sequences (second, 6, 7);
  check_sequences (beyond, N_UPDATES + 1, N_UPDATES + 2);
}

static void
test_shows_what_leaves_say (LedgerFixture *fixture,
                            gconstpointer  data)
{
  g_autoptr(GPtrArray) page = ledger_list (fixture, (ImpLedgerQuery) { 0 });

  for (guint i = 0; i < page->len; i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpTransaction) whole = NULL;
      g_autoptr(JsonNode) listed = imp_transaction_to_json (page->pdata[i], TRUE);
      g_autoptr(JsonNode) found = NULL;

      imp_ledger_get_transaction_async (fixture->ledger, imp_transaction_get_id (page->pdata[i]), NULL,
                                        ledger_keep_result, &result);
      whole = imp_ledger_get_transaction_finish (fixture->ledger, ledger_wait (&result), &error);
      g_assert_no_error (error);

      found = imp_transaction_to_json (whole, FALSE);
      g_assert_true (json_node_equal (listed, found));
      g_assert_null (imp_transaction_get_leaf (page->pdata[i]));
    }
}

static void
test_filters (LedgerFixture *fixture,
              gconstpointer  data)
{
  const char *author = imp_key_get_fingerprint (fixture->author);
  g_autoptr(GPtrArray) classes = ledger_list (fixture, (ImpLedgerQuery) { .class_id = "Class_1" });
  g_autoptr(GPtrArray) version = ledger_list (fixture, (ImpLedgerQuery) { .version = "V_7" });
  g_autoptr(GPtrArray) authors = ledger_list (fixture, (ImpLedgerQuery) { .author = author });
  g_autoptr(GPtrArray) stranger = ledger_list (fixture, (ImpLedgerQuery) { .author = "x" });
  g_autoptr(GPtrArray) contract = ledger_list (fixture, (ImpLedgerQuery) { .contract = "RegisterAuthor" });
  g_autoptr(GPtrArray) function = ledger_list (fixture, (ImpLedgerQuery) { .function = "createAuthor" });
  g_autoptr(GPtrArray) cid = NULL;
  g_autoptr(GPtrArray) both = NULL;
  g_autoptr(GPtrArray) neither = NULL;

  check_sequences (classes, N_UPDATES, N_UPDATES);
  check_sequences (version, 7, 1);
  check_sequences (authors, N_UPDATES + 1, N_UPDATES + 2);
  check_sequences (stranger, 0, 0);
  check_sequences (contract, 0, 1);
  check_sequences (function, 0, 1);

  cid = ledger_list (fixture, (ImpLedgerQuery) { .cid = imp_transaction_get_cid (version->pdata[0]) });
  check_sequences (cid, 7, 1);

  both = ledger_list (fixture, (ImpLedgerQuery) {
                                 .author = author,
                                 .class_id = "Class_1",
                                 .version = "V_7",
                                 .contract = "RegisterUpdate",
                                 .function = "createUpdate",
                                 .cid = imp_transaction_get_cid (version->pdata[0]),
                                 .text = "lass_1",
                               });
  check_sequences (both, 7, 1);

  neither = ledger_list (fixture, (ImpLedgerQuery) { .class_id = "Class_1", .version = "2.0.0-rc.1" });
  check_sequences (neither, 0, 0);
}

static gboolean
holds (GPtrArray *page,
       guint64    sequence)
{
  for (guint i = 0; i < page->len; i++)
    {
      if (imp_transaction_get_sequence (page->pdata[i]) == sequence)
        return TRUE;
    }

  return FALSE;
}

/* Every text is found before the index has it and after. */
static void
check_texts (LedgerFixture *fixture)
{
  g_autoptr(GPtrArray) any = ledger_list (fixture, (ImpLedgerQuery) { .text = "" });
  g_autoptr(GPtrArray) one = ledger_list (fixture, (ImpLedgerQuery) { .text = "V_25" });
  g_autoptr(GPtrArray) lower = ledger_list (fixture, (ImpLedgerQuery) { .text = "v_25" });
  g_autoptr(GPtrArray) some = ledger_list (fixture, (ImpLedgerQuery) { .text = "V_2", .before = 26 });
  g_autoptr(GPtrArray) few = ledger_list (fixture, (ImpLedgerQuery) { .text = "V_2", .limit = 2 });
  g_autoptr(GPtrArray) signs = ledger_list (fixture, (ImpLedgerQuery) { .text = "100%_\"" });
  g_autoptr(GPtrArray) umlaut = ledger_list (fixture, (ImpLedgerQuery) { .text = "Röh" });
  g_autoptr(GPtrArray) pair = ledger_list (fixture, (ImpLedgerQuery) { .text = "-R", .limit = 2 });
  g_autoptr(GPtrArray) sign = ledger_list (fixture, (ImpLedgerQuery) { .text = "%" });
  g_autoptr(GPtrArray) absent = ledger_list (fixture, (ImpLedgerQuery) { .text = "~" });
  g_autoptr(GPtrArray) two = ledger_list (fixture, (ImpLedgerQuery) { .text = "öh" });
  g_autoptr(GPtrArray) wild = ledger_list (fixture, (ImpLedgerQuery) { .text = "V%5" });
  g_autoptr(GPtrArray) escape = ledger_list (fixture, (ImpLedgerQuery) { .text = "\\" });
  g_autoptr(GPtrArray) quote = ledger_list (fixture, (ImpLedgerQuery) { .text = "\" OR 1=1 --" });
  g_autoptr(GPtrArray) across = ledger_list (fixture, (ImpLedgerQuery) { .text = "Class_1\nV_1" });
  const char *id = imp_transaction_get_id (one->pdata[0]);
  g_autofree char *part = g_strndup (id + 20, 30);
  g_autofree char *longest = g_strnfill (100 * 1000, 'x');
  g_autoptr(GPtrArray) by_id = ledger_list (fixture, (ImpLedgerQuery) { .text = id });
  g_autoptr(GPtrArray) by_part = ledger_list (fixture, (ImpLedgerQuery) { .text = part });
  g_autoptr(GPtrArray) by_cid = ledger_list (fixture, (ImpLedgerQuery) {
                                                        .text = imp_transaction_get_cid (one->pdata[0]) + 10,
                                                      });
  g_autoptr(GPtrArray) by_author = ledger_list (fixture, (ImpLedgerQuery) {
                                                           .text = imp_key_get_fingerprint (fixture->author) + 5,
                                                         });
  g_autoptr(GPtrArray) no_utf8 = ledger_list (fixture, (ImpLedgerQuery) { .text = "V_\xff" });
  const char *cid = imp_transaction_get_cid (one->pdata[0]);
  g_autoptr(GPtrArray) ends = ledger_list (fixture, (ImpLedgerQuery) { .text = cid + strlen (cid) - 2, .limit = 1000 });
  g_autoptr(GPtrArray) too_long = ledger_list (fixture, (ImpLedgerQuery) { .text = longest });

  g_assert_cmpuint (any->len, ==, N_UPDATES + 2);
  check_sequences (one, 25, 1);
  check_sequences (lower, 25, 1);
  g_assert_cmpuint (some->len, ==, 7);
  check_sequences (few, 25, 2);
  check_sequences (signs, N_UPDATES + 1, 1);
  check_sequences (umlaut, N_UPDATES + 1, 1);
  check_sequences (pair, N_UPDATES + 1, 1);
  check_sequences (sign, N_UPDATES + 1, 1);
  g_assert_cmpuint (absent->len, ==, 0);
  check_sequences (two, N_UPDATES + 1, 1);
  g_assert_cmpuint (wild->len, ==, 0);
  g_assert_cmpuint (escape->len, ==, 0);
  g_assert_cmpuint (quote->len, ==, 0);
  g_assert_cmpuint (across->len, ==, 0);
  check_sequences (by_id, 25, 1);
  check_sequences (by_part, 25, 1);
  check_sequences (by_cid, 25, 1);
  g_assert_cmpuint (by_author->len, ==, N_UPDATES + 2);
  g_assert_true (holds (ends, 25));
  g_assert_cmpuint (no_utf8->len, ==, 0);
  g_assert_cmpuint (too_long->len, ==, 0);
}

static void
test_searches (LedgerFixture *fixture,
               gconstpointer  data)
{
  g_autoptr(GPtrArray) both = NULL;

  check_texts (fixture);

  /* The writer indexes when it has been idle for a while. */
  g_usleep (400 * 1000);
  check_texts (fixture);

  /* One that is not indexed yet, followed by those that are. */
  ledger_publish (fixture, N_UPDATES + 1, 1);
  both = ledger_list (fixture, (ImpLedgerQuery) { .text = "V_2" });
  g_assert_cmpuint (both->len, ==, 8);
  g_assert_cmpstr (imp_transaction_get_version (both->pdata[0]), ==, "V_26");
  g_assert_cmpstr (imp_transaction_get_version (both->pdata[1]), ==, "V_25");
}

/* How many updates there were since @since, and whether V_25 of Class_1 and V_24 are the newest. */
static guint64
count (LedgerFixture *fixture,
       gint64         since)
{
  ImpClassVersion versions[] = { { "Class_1", "V_25" }, { "Class_1", "V_24" }, { "none", "V_25" } };
  ImpStatisticsQuery query = { since, versions, G_N_ELEMENTS (versions) };
  g_autoptr(ImpStatistics) statistics = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  guint64 n = 0;

  imp_ledger_read_statistics_async (fixture->ledger, &query, NULL, ledger_keep_result, &result);
  statistics = imp_ledger_read_statistics_finish (fixture->ledger, ledger_wait (&result), &error);
  g_assert_no_error (error);

  g_assert_cmpuint (statistics->newest->len, ==, 3);
  g_assert_true (g_array_index (statistics->newest, gboolean, 0));
  g_assert_false (g_array_index (statistics->newest, gboolean, 1));
  g_assert_false (g_array_index (statistics->newest, gboolean, 2));
  for (guint i = 0; i < statistics->hours->len; i++)
    n += g_array_index (statistics->hours, ImpHourCount, i).count;
  return n;
}

static void
test_counts (LedgerFixture *fixture,
             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (count (fixture, 0), ==, N_UPDATES + 1);
  g_assert_cmpuint (count (fixture, G_GINT64_CONSTANT (4102444800000)), ==, 0);
  g_assert_true (ledger_verify (fixture, &error));
}

/* A ledger of a program that did not count yet. */
static void
test_counts_older_ledger (LedgerFixture *fixture,
                          gconstpointer  data)
{
  g_autofree char *path = ledger_path (fixture, "ledger.db");
  g_autoptr(GError) error = NULL;
  sqlite3 *db;

  ledger_close (fixture);
  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "DROP TRIGGER update_counted; DROP TABLE published;"
                                     "DROP TABLE newest", NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);

  ledger_open (fixture);
  g_assert_cmpuint (count (fixture, 0), ==, N_UPDATES + 1);
  g_assert_true (ledger_verify (fixture, &error));
}

#define add(path, func) g_test_add ("/ledger-list/" path, LedgerFixture, NULL, set_up, func, ledger_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("pages", test_pages);
  add ("shows-what-leaves-say", test_shows_what_leaves_say);
  add ("filters", test_filters);
  add ("searches", test_searches);
  add ("counts", test_counts);
  add ("counts-older-ledger", test_counts_older_ledger);

  return g_test_run ();
}
