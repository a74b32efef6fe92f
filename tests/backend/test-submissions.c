/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "backend-fixture.h"
#include "imp-submissions.h"

/* Against real agents. The program starts itself again to be killed in the middle of a submission. */
#define ENV_VICTIM "IMP_TEST_VICTIM"

static char *home;
static ImpConnection *connection;

/* The records are read in a thread. */
static ImpSubmissions *
open_list (const char *directory)
{
  ImpSubmissions *list = imp_submissions_new (directory);

  while (!imp_submissions_get_loaded (list))
    g_main_context_iteration (NULL, TRUE);

  return list;
}

static ImpKey *
make_key (void)
{
  g_autoptr(GError) error = NULL;
  ImpKey *key = imp_key_generate (IMP_KEY_EC_P256, &error);

  g_assert_no_error (error);
  return key;
}

static ImpPublication *
new_publication (ImpAgentClient *client,
                 ImpKey         *key,
                 const char     *path,
                 const char     *version)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);

  return imp_publication_new (client, key, file, test_new_manifest ("Class_1", version), NULL);
}

static void
wait_for_end (ImpSubmissions *list)
{
  while (imp_submissions_get_in_flight (list) > 0)
    g_main_context_iteration (NULL, TRUE);
}

/* What the ledger settled is written down behind. */
static void
wait_for_record (const char *directory,
                 const char *state)
{
  gboolean written = FALSE;

  while (!written)
    {
      g_autoptr(ImpSubmissions) list = open_list (directory);
      g_autoptr(ImpSubmission) first = g_list_model_get_item (G_LIST_MODEL (list), 0);

      written = first != NULL && g_str_equal (imp_submission_get_state (first), state);
      g_main_context_iteration (NULL, FALSE);
    }
}

static gboolean
have_connection (void)
{
  if (!test_have_agents ())
    return FALSE;

  if (connection == NULL)
    connection = test_open_agents (home);
  return TRUE;
}

static void
notify_cb (GObject    *object,
           GParamSpec *pspec,
           guint      *count)
{
  (*count)++;
}

static void
assert_same (ImpSubmission *a,
             ImpSubmission *b)
{
  g_assert_cmpstr (imp_submission_get_id (a), ==, imp_submission_get_id (b));
  g_assert_cmpstr (imp_submission_get_author (a), ==, imp_submission_get_author (b));
  g_assert_cmpstr (imp_submission_get_file_name (a), ==, imp_submission_get_file_name (b));
  g_assert_cmpstr (imp_submission_get_class_id (a), ==, imp_submission_get_class_id (b));
  g_assert_cmpstr (imp_submission_get_version (a), ==, imp_submission_get_version (b));
  g_assert_cmpstr (imp_submission_get_connection (a), ==, imp_submission_get_connection (b));
  g_assert_cmpstr (imp_submission_get_state (a), ==, imp_submission_get_state (b));
  g_assert_cmpstr (imp_submission_get_detail (a), ==, imp_submission_get_detail (b));
  g_assert_cmpstr (imp_submission_get_transaction (a), ==, imp_submission_get_transaction (b));
  g_assert_cmpstr (imp_submission_get_cid (a), ==, imp_submission_get_cid (b));
  g_assert_cmpstr (imp_submission_get_reply (a), ==, imp_submission_get_reply (b));
  g_assert_cmpint (imp_submission_get_time (a), ==, imp_submission_get_time (b));
  g_assert_cmpuint (imp_submission_get_size (a), ==, imp_submission_get_size (b));
  for (guint i = 0; i < IMP_N_STEPS; i++)
    g_assert_cmpfloat_with_epsilon (imp_submission_get_step_ms (a, i),
                                    imp_submission_get_step_ms (b, i), 0.001);
}

/* One that is recorded, one that is refused, and what a later start reads of them. */
static void
test_remembers (void)
{
  g_autofree char *directory = g_build_filename (home, "remembers", NULL);
  g_autofree char *path = NULL;
  g_autoptr(ImpSubmissions) list = NULL;
  g_autoptr(ImpSubmissions) again = NULL;
  g_autoptr(ImpAgentClient) client = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(ImpPublication) first = NULL;
  g_autoptr(ImpPublication) second = NULL;
  g_autoptr(ImpSubmission) good = NULL;
  g_autoptr(ImpSubmission) bad = NULL;
  g_autoptr(ImpSubmission) good_again = NULL;
  g_autoptr(ImpSubmission) bad_again = NULL;
  g_autoptr(ImpDraft) draft = NULL;
  guint n_notified = 0;

  if (!have_connection ())
    return;

  path = test_write_pattern (home, "firm “ware”.bin", 50 * 1000);
  list = open_list (directory);
  client = imp_agent_client_new (connection);
  key = make_key ();

  first = new_publication (client, key, path, "V_1");
  g_signal_connect (list, "notify::in-flight", G_CALLBACK (notify_cb), &n_notified);
  good = imp_submissions_start (list, first, NULL, NULL, NULL);
  g_assert_cmpstr (imp_submission_get_state (good), ==, "running");
  g_assert_cmpuint (imp_submissions_get_in_flight (list), ==, 1);
  g_assert_true (imp_submission_get_publication (good) == first);
  wait_for_end (list);
  g_assert_cmpstr (imp_submission_get_state (good), ==, "recorded");
  g_assert_cmpuint (imp_submissions_get_in_flight (list), ==, 0);
  g_assert_cmpuint (n_notified, ==, 2);
  g_assert_null (imp_submission_get_publication (good));
  g_assert_cmpstr (imp_submission_get_transaction (good), ==,
                   imp_publication_get_transaction (first));

  g_usleep (2000);
  second = new_publication (client, key, path, "V_1");
  draft = imp_draft_new ();
  imp_draft_set (draft, IMP_MANIFEST_CLASS_ID, "Class_1");
  bad = imp_submissions_start (list, second, draft, good, NULL);
  wait_for_end (list);
  g_assert_cmpstr (imp_submission_get_state (bad), ==, "failed");
  g_assert_nonnull (imp_submission_get_detail (bad));
  g_assert_null (imp_submission_get_transaction (bad));

  again = open_list (directory);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 2);
  bad_again = g_list_model_get_item (G_LIST_MODEL (again), 0);
  good_again = g_list_model_get_item (G_LIST_MODEL (again), 1);
  assert_same (bad, bad_again);
  assert_same (good, good_again);
  g_assert_null (imp_submission_get_draft (good_again));
  g_assert_true (imp_draft_equal (imp_submission_get_draft (bad_again), draft));
  g_assert_cmpuint (imp_submission_get_attempt (good_again), ==, 1);
  g_assert_cmpuint (imp_submission_get_attempt (bad_again), ==, 2);
}

/* Whoever asks the ledger before the records are there gets an answer all the same, and what was
 * started meanwhile is there once.
 */
static void
test_before_loaded (void)
{
  g_autofree char *directory = g_build_filename (home, "before-loaded", NULL);
  g_autofree char *path = NULL;
  g_autoptr(ImpSubmissions) list = NULL;
  g_autoptr(ImpAgentClient) client = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(ImpSubmission) submission = NULL;
  g_autoptr(ImpSubmission) found = NULL;

  if (!have_connection ())
    return;

  path = test_write_pattern (home, "firmware.bin", 1000);
  client = imp_agent_client_new (connection);
  key = make_key ();
  list = imp_submissions_new (directory);
  g_assert_false (imp_submissions_get_loaded (list));
  publication = new_publication (client, key, path, "V_1");
  submission = imp_submissions_start (list, publication, NULL, NULL, NULL);
  imp_submissions_reconcile (list, client);
  wait_for_end (list);
  while (!imp_submissions_get_loaded (list))
    g_main_context_iteration (NULL, TRUE);

  g_assert_cmpstr (imp_submission_get_state (submission), ==, "recorded");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  found = imp_submissions_find (list, imp_submission_get_id (submission));
  g_assert_true (found == submission);
  g_assert_null (imp_submissions_find (list, "no such submission"));
}

static void
test_unreadable (void)
{
  g_autofree char *directory = test_write_file (home, "not-a-folder", "", 0);
  g_autoptr(ImpSubmissions) list = open_list (directory);

  g_assert_error (imp_submissions_get_error (list), G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
  g_unlink (directory);
  imp_submissions_load (list);
  while (!imp_submissions_get_loaded (list))
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (imp_submissions_get_error (list));
}

static void
test_cancels (void)
{
  g_autofree char *directory = g_build_filename (home, "cancels", NULL);
  g_autofree char *path = NULL;
  g_autoptr(ImpSubmissions) list = NULL;
  g_autoptr(ImpAgentClient) client = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(ImpSubmission) submission = NULL;

  if (!have_connection ())
    return;

  path = test_write_pattern (home, "firmware.bin", 1000);
  list = open_list (directory);
  client = imp_agent_client_new (connection);
  key = make_key ();
  publication = new_publication (client, key, path, "V_1");
  submission = imp_submissions_start (list, publication, NULL, NULL, NULL);
  imp_submission_cancel (submission);
  wait_for_end (list);
  g_assert_cmpstr (imp_submission_get_state (submission), ==, "cancelled");
  imp_submission_cancel (submission);
}

/* The moment it begins, or the ledger has it: the record says that it runs. */
static void
changed_cb (ImpPublication *publication,
            const char     *mode)
{
  if (g_str_equal (mode, "early") ||
      imp_publication_get_step_state (publication, IMP_STEP_RECORD) == IMP_STEP_DONE)
    kill (getpid (), SIGKILL);
}

/* The victim: publishes, and ends when it has begun or when the ledger has the update. */
static int
run_victim (const char *mode)
{
  g_autofree char *data_dir = g_strdup (g_getenv ("IMP_TEST_DATA_DIR"));
  g_autofree char *path = g_strdup (g_getenv ("IMP_TEST_FILE"));
  g_autoptr(ImpConnection) agents = imp_connection_new_embedded (data_dir);
  g_autoptr(ImpSubmissions) list = open_list (g_getenv ("IMP_TEST_DIRECTORY"));
  g_autoptr(ImpAgentClient) client = NULL;
  g_autoptr(ImpKey) key = make_key ();
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(ImpSubmission) submission = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_connection_open_async (agents, NULL, test_keep_result, &result);
  imp_connection_open_finish (agents, test_wait (&result), &error);
  g_assert_no_error (error);
  client = imp_agent_client_new (agents);
  publication = new_publication (client, key, path, "V_1");
  g_signal_connect (publication, "changed", G_CALLBACK (changed_cb), (gpointer) mode);
  submission = imp_submissions_start (list, publication, NULL, NULL, NULL);
  wait_for_end (list);
  return 1;
}

static void
spawn_victim (const char *mode,
              const char *directory,
              const char *path)
{
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr(GSubprocess) victim = NULL;
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autoptr(GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, ENV_VICTIM, mode, TRUE);
  g_subprocess_launcher_setenv (launcher, "IMP_TEST_DATA_DIR",
                                imp_connection_get_data_dir (connection), TRUE);
  g_subprocess_launcher_setenv (launcher, "IMP_TEST_DIRECTORY", directory, TRUE);
  g_subprocess_launcher_setenv (launcher, "IMP_TEST_FILE", path, TRUE);
  victim = g_subprocess_launcher_spawn (launcher, &error, program, NULL);
  g_assert_no_error (error);
  g_subprocess_wait (victim, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_signaled (victim));
  g_assert_cmpint (g_subprocess_get_term_sig (victim), ==, SIGKILL);
}

static void
test_killed (gconstpointer data)
{
  const char *mode = data;
  gboolean early = g_str_equal (mode, "early");
  g_autofree char *directory = g_build_filename (home, mode, NULL);
  g_autofree char *path = NULL;
  g_autoptr(ImpSubmissions) list = NULL;
  g_autoptr(ImpSubmissions) again = NULL;
  g_autoptr(ImpSubmission) submission = NULL;
  g_autoptr(ImpSubmission) kept = NULL;
  g_autoptr(ImpAgentClient) client = NULL;
  g_autoptr(ImpAgentClient) elsewhere = NULL;
  g_autoptr(ImpConnection) other = NULL;
  g_autoptr(GError) error = NULL;

  if (!have_connection ())
    return;

  path = test_write_pattern (home, "firmware.bin", 30 * 1000);
  spawn_victim (mode, directory, path);

  list = open_list (directory);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  submission = g_list_model_get_item (G_LIST_MODEL (list), 0);
  g_assert_cmpstr (imp_submission_get_state (submission), ==, "running");
  g_assert_null (imp_submission_get_publication (submission));

  /* Another ledger is not asked: it would not know. */
  other = imp_connection_new_remote ("Other", NULL, NULL, "http://127.0.0.1:1", NULL, &error);
  g_assert_no_error (error);
  elsewhere = imp_agent_client_new (other);
  imp_submissions_reconcile (list, elsewhere);
  g_assert_cmpstr (imp_submission_get_state (submission), ==, "running");

  client = imp_agent_client_new (connection);
  imp_submissions_reconcile (list, client);
  wait_for_record (directory, early ? "interrupted" : "recorded");
  g_assert_cmpstr (imp_submission_get_state (submission), ==, early ? "interrupted" : "recorded");
  g_assert_true ((imp_submission_get_transaction (submission) != NULL) == !early);

  again = open_list (directory);
  kept = g_list_model_get_item (G_LIST_MODEL (again), 0);
  assert_same (submission, kept);
}

/* One that runs in another process is left alone. */
static void
test_left_alone (void)
{
  g_autofree char *directory = g_build_filename (home, "alone", NULL);
  g_autofree char *path = NULL;
  g_autoptr(ImpSubmissions) list = NULL;
  g_autoptr(ImpSubmissions) other = NULL;
  g_autoptr(ImpAgentClient) client = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(ImpSubmission) submission = NULL;
  g_autoptr(ImpSubmission) seen = NULL;

  if (!have_connection ())
    return;

  path = test_write_pattern (home, "firmware.bin", 1000);
  client = imp_agent_client_new (connection);
  key = make_key ();
  list = open_list (directory);
  publication = new_publication (client, key, path, "V_1");
  submission = imp_submissions_start (list, publication, NULL, NULL, NULL);
  wait_for_record (directory, "running");

  other = open_list (directory);
  seen = g_list_model_get_item (G_LIST_MODEL (other), 0);
  imp_submissions_reconcile (other, client);
  wait_for_end (list);
  g_assert_cmpstr (imp_submission_get_state (submission), ==, "recorded");
  g_assert_cmpstr (imp_submission_get_state (seen), ==, "running");
}

static void
test_damaged (gconstpointer data)
{
  g_autofree char *directory = g_build_filename (home, "damaged", NULL);
  g_autofree char *path = NULL;
  g_autofree char *after = NULL;
  g_autoptr(ImpSubmissions) list = NULL;

  g_mkdir_with_parents (directory, 0700);
  path = test_write_file (directory, "one.json", data, strlen (data));
  g_test_expect_message ("Imprimatur-backend", G_LOG_LEVEL_WARNING, "*passed over*");
  list = open_list (directory);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 0);

  g_file_get_contents (path, &after, NULL, NULL);
  g_assert_cmpstr (after, ==, data);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const damaged[] = {
    "", "{", "[]", "{}", "{\"author\": 1}",
    "{\"author\":\"a\",\"file\":\"f\",\"connection\":\"c\",\"identity\":\"i\",\"state\":\"failed\","
    "\"time\":\"now\",\"size\":1,\"sequence\":1}",
  };
  const char *victim = g_getenv (ENV_VICTIM);
  int status;

  if (victim != NULL)
    return run_victim (victim);

  home = test_make_home ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/submissions/before-loaded", test_before_loaded);
  g_test_add_func ("/submissions/unreadable", test_unreadable);
  g_test_add_func ("/submissions/remembers", test_remembers);
  g_test_add_func ("/submissions/cancels", test_cancels);
  g_test_add_data_func ("/submissions/killed/early", "early", test_killed);
  g_test_add_data_func ("/submissions/killed/late", "late", test_killed);
  g_test_add_func ("/submissions/left-alone", test_left_alone);
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strdup_printf ("/submissions/damaged/%u", i);

      g_test_add_data_func (path, damaged[i], test_damaged);
    }

  status = g_test_run ();
  if (connection != NULL)
    test_close_agents (connection);
  test_remove_home (home);
  return status;
}
