/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "imp-error.h"
#include "imp-ledger-state-private.h"

typedef struct
{
  char        *directory;
  char        *path;
  ImpLedgerDb *db;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("imp-state-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->directory, "ledger.db", NULL);
  imp_ledger_db_create (fixture->path, "example.org/log", &error);
  g_assert_no_error (error);
  fixture->db = imp_ledger_db_open (fixture->path, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->db, imp_ledger_db_close);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0);
  g_free (fixture->path);
  g_free (fixture->directory);
}

static ImpWorldState *
begin (Fixture *fixture,
       guint64  sequence)
{
  g_autofree char *id = g_strdup_printf ("%064x", (guint) sequence);
  g_autofree char *sql = g_strdup_printf ("INSERT INTO transactions (sequence, id, time, contract, function,"
                                          " creator) VALUES (%u, '%s', %u, '', '', '')",
                                          (guint) sequence, id, 1000 + (guint) sequence);
  g_autoptr(GError) error = NULL;

  imp_ledger_db_execute (fixture->db, sql, &error);
  g_assert_no_error (error);

  return IMP_WORLD_STATE (imp_ledger_state_new (fixture->db, sequence, id, 1000 + sequence));
}

static void
put (ImpWorldState *state,
     const char    *key,
     const char    *value)
{
  g_autoptr(GError) error = NULL;

  imp_world_state_put (state, key, value, &error);
  g_assert_no_error (error);
}

static char *
list (ImpWorldState *state,
      const char    *start,
      const char    *end,
      guint          limit)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) entries = imp_world_state_range (state, start, end, limit, &error);
  g_autoptr(GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++)
    {
      ImpStateEntry *entry = entries->pdata[i];

      g_string_append_printf (text, "%s=%s ", entry->key, entry->value);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_gets_newest (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ImpWorldState) first = begin (fixture, 1);
  g_autoptr(ImpWorldState) second = begin (fixture, 2);
  g_autofree char *newest = NULL;
  g_autofree char *none = NULL;

  put (first, "a", "1");
  put (second, "a", "2");
  put (second, "a", "3");

  g_assert_true (imp_world_state_get (first, "a", &newest, NULL));
  g_assert_cmpstr (newest, ==, "3");
  g_assert_true (imp_world_state_get (first, "b", &none, NULL));
  g_assert_null (none);
  g_assert_cmpuint (json_array_get_length (imp_ledger_state_get_writes (IMP_LEDGER_STATE (second))), ==, 2);
}

/* Bytewise, and each key once, with its newest value. */
static void
test_ranges (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ImpWorldState) first = begin (fixture, 1);
  g_autoptr(ImpWorldState) second = begin (fixture, 2);
  g_autofree char *all = NULL;
  g_autofree char *some = NULL;
  g_autofree char *two = NULL;
  g_autofree char *none = NULL;

  put (first, "b", "1");
  put (first, "a", "2");
  put (first, "B", "3");
  put (first, "ä", "4");
  put (second, "b", "5");

  all = list (first, "", "\xf4\x8f\xbf\xbf", 0);
  some = list (first, "a", "b", 0);
  two = list (first, "", "c", 2);
  none = list (first, "c", "c", 0);
  g_assert_cmpstr (all, ==, "B=3 a=2 b=5 ä=4 ");
  g_assert_cmpstr (some, ==, "a=2 ");
  g_assert_cmpstr (two, ==, "B=3 a=2 ");
  g_assert_cmpstr (none, ==, "");
}

static void
test_remembers (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(ImpWorldState) first = begin (fixture, 1);
  g_autoptr(ImpWorldState) second = begin (fixture, 2);
  g_autoptr(GPtrArray) history = NULL;
  ImpStateVersion *newest;

  put (first, "a", "1");
  put (first, "b", "x");
  put (second, "a", "2");

  history = imp_world_state_history (first, "a", NULL);
  g_assert_cmpuint (history->len, ==, 2);
  newest = history->pdata[0];
  g_assert_cmpstr (newest->value, ==, "2");
  g_assert_cmpint (newest->time, ==, 1002);
  g_assert_true (g_str_has_suffix (newest->transaction, "0002"));
}

static void
test_refuses_too_many_writes (Fixture       *fixture,
                              gconstpointer  data)
{
  g_autoptr(ImpWorldState) state = begin (fixture, 1);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 256; i++)
    put (state, "a", "1");

  g_assert_false (imp_world_state_put (state, "a", "1", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_false (imp_ledger_state_get_failure (IMP_LEDGER_STATE (state), NULL));
}

static void
test_writes_nothing_in_a_query (Fixture       *fixture,
                                gconstpointer  data)
{
  g_autoptr(ImpWorldState) state = IMP_WORLD_STATE (imp_ledger_state_new_query (fixture->db, 5));
  g_autoptr(GError) error = NULL;

  g_assert_cmpstr (imp_world_state_get_transaction (state), ==, "");
  g_assert_cmpint (imp_world_state_get_time (state), ==, 5);
  g_assert_false (imp_world_state_put (state, "a", "1", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
}

/* What the file did wrong is told from what a contract refuses. */
static void
test_keeps_failures (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(ImpWorldState) state = begin (fixture, 1);
  g_autofree char *value = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GError) failure = NULL;

  imp_ledger_db_execute (fixture->db, "DROP TABLE state", &error);
  g_assert_no_error (error);

  g_assert_false (imp_world_state_get (state, "a", &value, &error));
  g_assert_true (imp_ledger_state_get_failure (IMP_LEDGER_STATE (state), &failure));
  g_assert_cmpstr (error->message, ==, failure->message);
}

#define add(path, func) g_test_add ("/ledger-state/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("gets-newest", test_gets_newest);
  add ("ranges", test_ranges);
  add ("remembers", test_remembers);
  add ("refuses-too-many-writes", test_refuses_too_many_writes);
  add ("writes-nothing-in-a-query", test_writes_nothing_in_a_query);
  add ("keeps-failures", test_keeps_failures);

  return g_test_run ();
}
