/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* memmem */

#include <string.h>

#include "failing-vfs.h"
#include "imp-contracts.h"
#include "imp-error.h"
#include "imp-time.h"
#include "ledger-fixture.h"

static void
test_records (LedgerFixture *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpReceipt) receipt = ledger_try_publish (fixture, "Class_1", "V_1", 1, &error);
  g_autofree char *version = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(ImpTransaction) found = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (imp_transaction_get_sequence (receipt->transaction), ==, 1);
  g_assert_cmpstr (imp_transaction_get_class_id (receipt->transaction), ==, "Class_1");
  g_assert_cmpstr (imp_transaction_get_creator (receipt->transaction), ==, "test");
  g_assert_cmpuint (imp_checkpoint_get_size (receipt->checkpoint), ==, 2);
  g_assert_cmpint (receipt->verify_time, >, 0);

  version = ledger_query_version (fixture, "Class_1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (version, ==, "V_1");

  imp_ledger_get_transaction_async (fixture->ledger, imp_transaction_get_id (receipt->transaction), NULL,
                                    ledger_keep_result, &result);
  found = imp_ledger_get_transaction_finish (fixture->ledger, ledger_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_transaction_get_leaf (found), ==, imp_transaction_get_leaf (receipt->transaction));

  ledger_verify (fixture, &error);
  g_assert_no_error (error);
}

static void
test_keeps_tokens_out (LedgerFixture *fixture,
                       gconstpointer  data)
{
  static const char *const names[] = { "ledger.db", "ledger.db-wal" };

  ledger_publish (fixture, 1, 3);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = ledger_path (fixture, names[i]);
      g_autofree char *contents = NULL;
      gsize size;

      g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
      /* A token's signature is what must not be known. */
      g_assert_null (memmem (contents, size, fixture->token + strlen (fixture->token) - 40, 40));
    }
}

static void
test_refuses (LedgerFixture *fixture,
              gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  guint64 height;

  ledger_publish (fixture, 5, 1);
  height = ledger_get_height (fixture);

  g_assert_null (ledger_try_publish (fixture, "Class_1", "V_5", 5, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_UPDATE_ALREADY_EXISTS);
  g_clear_error (&error);

  g_assert_null (ledger_try_publish (fixture, "Class_1", "V_4", 6, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_VERSION_NOT_NEWER);
  g_clear_error (&error);

  g_assert_cmpuint (ledger_get_height (fixture), ==, height);
  ledger_verify (fixture, &error);
  g_assert_no_error (error);
}

static void
test_refuses_query (LedgerFixture *fixture,
                    gconstpointer  data)
{
  const char *arguments[] = { imp_key_get_public_pem (fixture->author), "Class_1", NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  imp_ledger_submit_async (fixture->ledger, IMP_CONTRACT_RETRIEVE_UPDATE, "queryVersion", arguments, NULL,
                           ledger_keep_result, &result);
  g_assert_null (imp_ledger_submit_finish (fixture->ledger, ledger_wait (&result), &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

/* What writes cannot be asked as a query. */
static void
test_evaluates_nothing_that_writes (LedgerFixture *fixture,
                                    gconstpointer  data)
{
  g_auto(GStrv) arguments = test_make_petition (fixture->author, "another message");
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  imp_ledger_evaluate_async (fixture->ledger, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor",
                             (const char *const *) arguments, NULL, ledger_keep_result, &result);
  g_assert_null (imp_ledger_evaluate_finish (fixture->ledger, ledger_wait (&result), &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_cmpuint (ledger_get_height (fixture), ==, 1);
}

static void
test_misses (LedgerFixture *fixture,
             gconstpointer  data)
{
  static const char *const ids[] = { "", "x", "0000000000000000000000000000000000000000000000000000000000000000" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;

      imp_ledger_get_transaction_async (fixture->ledger, ids[i], NULL, ledger_keep_result, &result);
      g_assert_null (imp_ledger_get_transaction_finish (fixture->ledger, ledger_wait (&result), &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
    }
}

#define N_CONCURRENT 64

/* Many at once: all recorded, announced in order before they are answered, with few fsyncs. */
static void
test_commits_in_groups (LedgerFixture *fixture,
                        gconstpointer  data)
{
  LedgerCall *calls[N_CONCURRENT];
  guint n_syncs;

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_set_size (fixture->committed, 0);
  n_syncs = failing_vfs_get_n_syncs ();

  for (guint i = 0; i < N_CONCURRENT; i++)
    {
      g_autofree char *class_id = g_strdup_printf ("Class_%u", i);

      calls[i] = ledger_start (fixture, class_id, "V_1", 1, NULL);
    }

  for (guint i = 0; i < N_CONCURRENT; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpReceipt) receipt = ledger_finish (fixture, calls[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (imp_transaction_get_sequence (receipt->transaction), ==, i + 1);
      g_assert_cmpuint (imp_checkpoint_get_size (receipt->checkpoint), >, i + 1);
      g_assert_cmpuint (fixture->committed->len, >, i);
    }

  g_test_message ("%u registrations took %u fsyncs", N_CONCURRENT, failing_vfs_get_n_syncs () - n_syncs);
  g_assert_cmpuint (failing_vfs_get_n_syncs () - n_syncs, <, N_CONCURRENT / 2);

  g_assert_cmpuint (fixture->committed->len, ==, N_CONCURRENT);
  for (guint i = 0; i < N_CONCURRENT; i++)
    g_assert_cmpuint (imp_transaction_get_sequence (fixture->committed->pdata[i]), ==, i + 1);
}

/* Everyone publishes the same version: one wins, and the others are told so. */
static void
test_lets_one_win (LedgerFixture *fixture,
                   gconstpointer  data)
{
  LedgerCall *calls[N_CONCURRENT];
  guint n_won = 0;
  g_autoptr(GError) verify_error = NULL;

  for (guint i = 0; i < N_CONCURRENT; i++)
    calls[i] = ledger_start (fixture, "Class_1", "V_1", 1, NULL);

  for (guint i = 0; i < N_CONCURRENT; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpReceipt) receipt = ledger_finish (fixture, calls[i], &error);

      if (receipt != NULL)
        n_won++;
      else
        g_assert_true (g_error_matches (error, IMP_ERROR, IMP_ERROR_UPDATE_ALREADY_EXISTS) ||
                       g_error_matches (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE));
    }

  g_assert_cmpuint (n_won, ==, 1);
  g_assert_cmpuint (ledger_get_height (fixture), ==, 2);
  ledger_verify (fixture, &verify_error);
  g_assert_no_error (verify_error);
}

/* A refusal in the midst of a group takes nothing with it. */
static void
test_refuses_within_a_group (LedgerFixture *fixture,
                             gconstpointer  data)
{
  LedgerCall *calls[N_CONCURRENT];
  g_autoptr(GError) verify_error = NULL;

  for (guint i = 0; i < N_CONCURRENT; i++)
    {
      g_autofree char *class_id = g_strdup_printf ("Class_%u", i / 2);

      calls[i] = ledger_start (fixture, class_id, i % 2 == 0 ? "V_2" : "V_1", i + 1, NULL);
    }

  for (guint i = 0; i < N_CONCURRENT; i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpReceipt) receipt = ledger_finish (fixture, calls[i], &error);

      if (i % 2 == 0)
        g_assert_no_error (error);
      else
        g_assert_error (error, IMP_ERROR, IMP_ERROR_VERSION_NOT_NEWER);
    }

  g_assert_cmpuint (ledger_get_height (fixture), ==, 1 + N_CONCURRENT / 2);
  ledger_verify (fixture, &verify_error);
  g_assert_no_error (verify_error);
}

static void
test_cancels (LedgerFixture *fixture,
              gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  LedgerCall *call;

  g_cancellable_cancel (cancellable);
  call = ledger_start (fixture, "Class_1", "V_1", 1, cancellable);
  g_assert_null (ledger_finish (fixture, call, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_assert_cmpuint (ledger_get_height (fixture), ==, 1);
}

/* Whoever cancels too late is told what was recorded; nobody is told the wrong thing. */
static void
test_cancels_in_flight (LedgerFixture *fixture,
                        gconstpointer  data)
{
  guint n_recorded = 0;

  for (guint i = 1; i <= 40; i++)
    {
      g_autofree char *version = g_strdup_printf ("V_%u", i);
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      LedgerCall *call = ledger_start (fixture, "Class_1", version, i, cancellable);
      g_autoptr(ImpReceipt) receipt = NULL;
      g_autoptr(GError) error = NULL;

      g_usleep (i * 25);
      g_cancellable_cancel (cancellable);
      receipt = ledger_finish (fixture, call, &error);
      if (receipt != NULL)
        n_recorded++;
      else
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
    }

  g_assert_cmpuint (ledger_get_height (fixture), ==, 1 + n_recorded);
}

static void
test_cancels_reading (LedgerFixture *fixture,
                      gconstpointer  data)
{
  ImpLedgerQuery query = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  imp_ledger_list_transactions_async (fixture->ledger, &query, cancellable, ledger_keep_result, &result);
  g_assert_null (imp_ledger_list_transactions_finish (fixture->ledger, ledger_wait (&result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* The disk fails under a commit: whoever waits is told, reading goes on, nothing is left behind, and
 * when the disk is well again so is the ledger.
 */
static void
check_outage (LedgerFixture *fixture,
              void         (*set_failing) (gboolean),
              const char    *words)
{
  LedgerCall *calls[8];
  g_autofree char *version = NULL;
  g_autoptr(GError) verify_error = NULL;

  ledger_publish (fixture, 1, 3);

  set_failing (TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autofree char *class_id = g_strdup_printf ("Class_%u", 10 + i);

      calls[i] = ledger_start (fixture, class_id, "V_1", 1, NULL);
    }
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (ledger_finish (fixture, calls[i], &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE);
      g_assert_nonnull (strstr (error->message, words));
    }

  version = ledger_query_version (fixture, "Class_1", NULL);
  g_assert_cmpstr (version, ==, "V_3");
  g_assert_cmpuint (ledger_get_height (fixture), ==, 4);
  set_failing (FALSE);

  ledger_publish (fixture, 4, 3);
  g_assert_cmpuint (ledger_get_height (fixture), ==, 7);
  ledger_verify (fixture, &verify_error);
  g_assert_no_error (verify_error);

  ledger_close (fixture);
  ledger_open (fixture);
  g_assert_cmpuint (ledger_get_height (fixture), ==, 7);
  ledger_verify (fixture, &verify_error);
  g_assert_no_error (verify_error);
}

static void
test_survives_full_disk (LedgerFixture *fixture,
                         gconstpointer  data)
{
  check_outage (fixture, failing_vfs_fail_write, "disk is full");
}

static void
test_survives_failing_fsync (LedgerFixture *fixture,
                             gconstpointer  data)
{
  check_outage (fixture, failing_vfs_fail_sync, "disk I/O error");
}

static void
test_survives_failing_store (LedgerFixture *fixture,
                             gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  test_payloads_break (fixture->payloads, TRUE);
  g_assert_null (ledger_try_publish (fixture, "Class_1", "V_1", 1, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE);

  test_payloads_break (fixture->payloads, FALSE);
  ledger_publish (fixture, 1, 1);
}

static void
test_reopens (LedgerFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *log_key = imp_ledger_get_log_key (fixture->ledger, NULL);
  g_autofree char *same_log_key = NULL;
  g_autofree char *version = NULL;
  g_autoptr(GError) error = NULL;

  ledger_publish (fixture, 1, 20);
  ledger_close (fixture);
  ledger_open (fixture);

  same_log_key = imp_ledger_get_log_key (fixture->ledger, NULL);
  g_assert_cmpstr (log_key, ==, same_log_key);
  g_assert_cmpuint (ledger_get_height (fixture), ==, 21);
  version = ledger_query_version (fixture, "Class_1", &error);
  g_assert_cmpstr (version, ==, "V_20");

  ledger_publish (fixture, 21, 20);
  ledger_verify (fixture, &error);
  g_assert_no_error (error);
}

static void
count_progress (guint64  done,
                guint64  all,
                gpointer user_data)
{
  guint64 *last = user_data;

  g_assert_cmpuint (done, <=, all);
  *last = done;
}

static void
test_verifies_with_progress (LedgerFixture *fixture,
                             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  guint64 last = 0;

  ledger_publish (fixture, 1, 10);
  imp_embedded_ledger_verify (IMP_EMBEDDED_LEDGER (fixture->ledger), count_progress, &last, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (last, ==, 11);

  g_cancellable_cancel (cancellable);
  g_assert_false (imp_embedded_ledger_verify (IMP_EMBEDDED_LEDGER (fixture->ledger), NULL, NULL,
                                              cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define add(path, func) \
  g_test_add ("/embedded-ledger/" path, LedgerFixture, NULL, ledger_set_up, func, ledger_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  failing_vfs_install ();

  add ("records", test_records);
  add ("keeps-tokens-out", test_keeps_tokens_out);
  add ("refuses", test_refuses);
  add ("refuses-query", test_refuses_query);
  add ("evaluates-nothing-that-writes", test_evaluates_nothing_that_writes);
  add ("misses", test_misses);
  add ("commits-in-groups", test_commits_in_groups);
  add ("lets-one-win", test_lets_one_win);
  add ("refuses-within-a-group", test_refuses_within_a_group);
  add ("cancels", test_cancels);
  add ("cancels-in-flight", test_cancels_in_flight);
  add ("cancels-reading", test_cancels_reading);
  add ("survives/full-disk", test_survives_full_disk);
  add ("survives/failing-fsync", test_survives_failing_fsync);
  add ("survives/failing-store", test_survives_failing_store);
  add ("reopens", test_reopens);
  add ("verifies-with-progress", test_verifies_with_progress);

  return g_test_run ();
}
