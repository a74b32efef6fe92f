/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "backend-fixture.h"
#include "imp-device-log.h"
#include "imp-device-rehearsal.h"
#include "imp-error.h"
#include "imp-rehearsal.h"
#include "imp-time.h"

#define PAYLOAD_SIZE 300001

/* Every attack, over a real network, on a real device, against the real agents. */
typedef struct
{
  ImpAgentClient      *client;     /* (nullable): there are no agents to test with */
  ImpKey              *key;
  char                *class_id;
  char                *folder;
  ImpDevice           *device;
  ImpRehearsalResults *results;
  ImpRehearsal        *rehearsal;
} Fixture;

static char *home;
static ImpConnection *connection;

static void
publish (Fixture    *fixture,
         const char *class_id,
         const char *version,
         gsize       size)
{
  g_autofree char *path = test_write_pattern (home, version, size);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  ImpManifestBuilder *builder = test_new_manifest (class_id, version);
  g_autofree char *expiry = imp_time_format (imp_time_now () + G_GINT64_CONSTANT (10) * 24 * 3600 * 1000);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_EXPIRATION_TIME, expiry);
  publication = imp_publication_new (fixture->client, fixture->key, file, builder, NULL);
  imp_publication_run_async (publication, NULL, test_keep_result, &result);
  imp_publication_run_finish (publication, test_wait (&result), &error);
  g_assert_no_error (error);
}

static void
look_honestly (Fixture    *fixture,
               const char *version)
{
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;
  TEST_RESULT (result);

  imp_device_update_async (fixture->device, imp_connection_get_url (connection, "retrieval"), NULL,
                           test_keep_result, &result);
  imp_device_update_finish (fixture->device, test_wait (&result), &outcome, NULL, &reason, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reason, ==, NULL);
  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, version);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  static guint count;
  g_autoptr(GError) error = NULL;
  ImpDeviceConfig config = { .id = "victim", .sequence = -1, };

  if (!test_have_agents ())
    return;

  if (home == NULL)
    {
      home = test_make_home ();
      connection = test_open_agents (home);
    }

  fixture->client = imp_agent_client_new (connection);
  fixture->key = imp_key_generate (IMP_KEY_EC_P256, &error);
  g_assert_no_error (error);
  fixture->class_id = g_strdup_printf ("Class %u", ++count);
  fixture->folder = g_strdup_printf ("%s/victim-%u", home, count);

  config.class_id = fixture->class_id;
  config.author = fixture->key;
  fixture->device = imp_device_create (fixture->folder, &config, &error);
  g_assert_no_error (error);
  fixture->results = imp_rehearsal_results_new (fixture->folder);
  fixture->rehearsal = imp_rehearsal_new (fixture->results);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->client == NULL)
    return;

  test_assert_finalizes (fixture->rehearsal);
  test_assert_finalizes (fixture->results);
  test_assert_finalizes (fixture->device);
  test_assert_finalizes (fixture->client);
  test_assert_finalizes (fixture->key);
  g_free (fixture->class_id);
  g_free (fixture->folder);
}

/* The device runs the first of two versions, and there is an update for another class. */
static void
publish_all (Fixture *fixture)
{
  publish (fixture, fixture->class_id, "1.0.0", PAYLOAD_SIZE);
  look_honestly (fixture, "1.0.0");
  publish (fixture, fixture->class_id, "1.1.0", PAYLOAD_SIZE + 7);
  publish (fixture, "Another class", "7.0.0", 1000);
}

static GPtrArray *
run (Fixture   *fixture,
     GPtrArray *attacks)
{
  ImpDeviceLog *log = imp_device_log_get (fixture->device);
  g_autoptr(GError) error = NULL;
  GPtrArray *results;
  TEST_RESULT (result);

  imp_rehearsal_run_async (fixture->rehearsal, fixture->client, fixture->device, attacks, NULL,
                           test_keep_result, &result);
  results = imp_rehearsal_run_finish (fixture->rehearsal, test_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (results->len, ==, attacks->len);
  g_assert_cmpuint (imp_rehearsal_get_total (fixture->rehearsal), ==, 0);
  g_assert_false (imp_device_get_rehearsing (fixture->device));
  g_assert_cmpint (imp_device_log_get_status (log), !=, IMP_DEVICE_STATUS_BUSY);

  return results;
}

static ImpAttackResult *
run_one (Fixture    *fixture,
         const char *id)
{
  g_autoptr(GPtrArray) attacks = g_ptr_array_new ();
  g_autoptr(GPtrArray) results = NULL;

  g_ptr_array_add (attacks, (gpointer) imp_attack_find (id));
  results = run (fixture, attacks);

  return g_object_ref (g_ptr_array_index (results, 0));
}

static void
change (Fixture         *fixture,
        ImpDeviceChange  kind,
        guint            checks_off)
{
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_device_change_async (fixture->device, kind, checks_off, test_keep_result, &result);
  imp_device_change_finish (fixture->device, test_wait (&result), &error);
  g_assert_no_error (error);
}

static GPtrArray *
list_attacks (void)
{
  GPtrArray *attacks = g_ptr_array_new ();

  for (guint i = 0; i < imp_attack_count (); i++)
    g_ptr_array_add (attacks, (gpointer) imp_attack_get (i));

  return attacks;
}

static void
assert_stopped (ImpAttackResult *result)
{
  g_autofree char *sentence = imp_attack_result_dup_sentence (result);

  g_test_message ("%s: %s (%.0f ms, %" G_GUINT64_FORMAT " bytes)", result->attack->id, sentence, result->ms,
                  result->bytes);
  g_assert_cmpint (result->verdict, ==, IMP_VERDICT_STOPPED);
  g_assert_cmpint (result->check, ==, result->attack->check);
  g_assert_nonnull (result->reason);
  g_assert_true (result->unchanged);
  g_assert_cmpuint (result->tampers->len, >, 0);
}

/* One line of the table an attack: the very check that must stop it does, and the old firmware still runs. */
static void
test_stops (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(ImpAttackResult) result = NULL;

  if (fixture->client == NULL)
    return;

  publish_all (fixture);
  result = run_one (fixture, data);
  if (g_str_equal (data, "old-head") && result->verdict == IMP_VERDICT_NOT_TRIED)
    {
      /* The head of before is known now, and has been seen to be an old one. */
      look_honestly (fixture, "1.1.0");
      g_clear_object (&result);
      result = run_one (fixture, data);
    }
  assert_stopped (result);

  look_honestly (fixture, "1.1.0");
}

/* With the check off that must stop it, and those behind that one, it gets in. */
static void
test_gets_in (Fixture       *fixture,
              gconstpointer  data)
{
  const ImpAttack *attack = imp_attack_find (data);
  const guint off = IMP_CHECK_BIT (attack->check) | attack->behind;
  g_autoptr(ImpAttackResult) result = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (restored);

  if (fixture->client == NULL)
    return;

  publish_all (fixture);
  if (attack->needs & IMP_NEEDS_OLD_HEAD)
    {
      result = run_one (fixture, data);
      look_honestly (fixture, "1.1.0");
      g_clear_object (&result);
    }
  change (fixture, IMP_DEVICE_SET_CHECKS, off);
  result = run_one (fixture, data);
  g_test_message ("%s: %s", (const char *) data, result->reason != NULL ? result->reason : "in");
  g_assert_true (imp_attack_result_got_in (result));
  g_assert_cmpuint (result->checks_off, ==, off);
  if (result->verdict == IMP_VERDICT_INSTALLED)
    {
      g_assert_false (result->unchanged);
      g_assert_true (imp_device_is_breached (fixture->device));
    }

  imp_rehearsal_restore_async (fixture->rehearsal, fixture->client, fixture->device, NULL,
                               test_keep_result, &restored);
  imp_rehearsal_restore_finish (fixture->rehearsal, test_wait (&restored), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (imp_device_get_checks_off (fixture->device), ==, 0);
  g_assert_false (imp_device_is_breached (fixture->device));
  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, "1.1.0");
}

/* With that check off and those behind it on, each of them stops it. */
static void
test_is_stopped_behind (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(ImpAttackResult) result = NULL;

  if (fixture->client == NULL)
    return;

  publish_all (fixture);
  change (fixture, IMP_DEVICE_SET_CHECKS, IMP_CHECK_BIT (IMP_CHECK_MANIFEST));
  result = run_one (fixture, "foreign-update");
  g_assert_cmpint (result->verdict, ==, IMP_VERDICT_ELSEWHERE);
  g_assert_cmpint (result->check, ==, IMP_CHECK_PAYLOAD);
  g_assert_true (result->unchanged);

  g_clear_object (&result);
  change (fixture, IMP_DEVICE_SET_CHECKS,
          IMP_CHECK_BIT (IMP_CHECK_MANIFEST) | IMP_CHECK_BIT (IMP_CHECK_PAYLOAD));
  result = run_one (fixture, "foreign-update");
  g_assert_cmpint (result->verdict, ==, IMP_VERDICT_ELSEWHERE);
  g_assert_cmpint (result->check, ==, IMP_CHECK_LEDGER);
}

/* All of them in one run, on a device that is up to date and on one that is not; the device has its version at the
 * end, and what was rehearsed is known after a restart.
 */
static void
test_runs_all (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GPtrArray) attacks = list_attacks ();
  g_autoptr(GPtrArray) results = NULL;
  g_autoptr(ImpRehearsalResults) again = NULL;
  g_autofree char *json = NULL;
  g_autofree char *csv = NULL;
  g_autofree char *csv_again = NULL;
  g_autoptr(GPtrArray) kept = NULL;
  g_autoptr(GPtrArray) read = NULL;
  g_autoptr(GError) error = NULL;
  guint n_tried = 0;
  gint64 deadline;

  if (fixture->client == NULL)
    return;

  publish_all (fixture);
  if (data != NULL)
    look_honestly (fixture, "1.1.0");

  results = run (fixture, attacks);
  for (guint i = 0; i < results->len; i++)
    {
      ImpAttackResult *result = g_ptr_array_index (results, i);

      if (result->verdict == IMP_VERDICT_NOT_TRIED)
        g_test_message ("%s: not tried, %s", result->attack->id, result->reason);
      else
        {
          assert_stopped (result);
          n_tried++;
        }
    }
  g_assert_cmpuint (n_tried, >=, attacks->len - (data != NULL ? 2 : 0));
  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, "1.1.0");

  kept = imp_rehearsal_results_dup_all (fixture->results);
  json = imp_attack_results_to_json (kept);
  csv = imp_attack_results_to_csv (kept);
  g_assert_nonnull (strstr (csv, "\"flip-payload\",8,\"\",\"stopped\",8,"));

  /* Written a moment after the last change. */
  deadline = g_get_monotonic_time () + 5 * G_TIME_SPAN_SECOND;
  do
    {
      TEST_RESULT (loaded);

      g_clear_object (&again);
      g_clear_pointer (&read, g_ptr_array_unref);
      again = imp_rehearsal_results_new (fixture->folder);
      imp_rehearsal_results_load_async (again, test_keep_result, &loaded);
      imp_rehearsal_results_load_finish (again, test_wait (&loaded), &error);
      g_assert_no_error (error);
      read = imp_rehearsal_results_dup_all (again);
    }
  while (read->len < kept->len && g_get_monotonic_time () < deadline);
  csv_again = imp_attack_results_to_csv (read);
  g_assert_cmpstr (csv_again, ==, csv);
}

/* What it needs is not there: that is said, and nothing is made up. */
static void
test_says_what_is_missing (Fixture       *fixture,
                           gconstpointer  data)
{
  static const char *const ids[] = { "replay", "wrong-class", "other-payload" };
  g_autoptr(ImpAttackResult) nothing = NULL;

  if (fixture->client == NULL)
    return;

  nothing = run_one (fixture, "flip-payload");
  g_assert_cmpint (nothing->verdict, ==, IMP_VERDICT_NOT_TRIED);
  g_assert_nonnull (strstr (nothing->reason, "registered nothing"));

  publish (fixture, fixture->class_id, "1.0.0", 1000);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(ImpAttackResult) result = run_one (fixture, ids[i]);

      g_assert_cmpint (result->verdict, ==, IMP_VERDICT_NOT_TRIED);
      g_assert_nonnull (result->reason);
    }
  g_assert_cmpint (run_one (fixture, "flip-payload")->verdict, ==, IMP_VERDICT_STOPPED);
}

static void
cancel_cb (ImpRehearsal *rehearsal,
           gpointer      user_data)
{
  if (imp_rehearsal_get_done (rehearsal) == 3)
    g_cancellable_cancel (user_data);
}

static void
test_is_cancelled (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(GPtrArray) attacks = list_attacks ();
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  if (fixture->client == NULL)
    return;

  publish_all (fixture);
  g_signal_connect (fixture->rehearsal, "changed", G_CALLBACK (cancel_cb), cancellable);
  imp_rehearsal_run_async (fixture->rehearsal, fixture->client, fixture->device, attacks, cancellable,
                           test_keep_result, &result);
  g_assert_null (imp_rehearsal_run_finish (fixture->rehearsal, test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (fixture->results)), ==, 3);
  g_assert_false (imp_device_get_rehearsing (fixture->device));
  look_honestly (fixture, "1.1.0");
}

#define add(path, data, func) \
  g_test_add (path, Fixture, data, set_up, func, tear_down)

static void
add_lines (void)
{
  for (guint i = 0; i < imp_attack_count (); i++)
    {
      const ImpAttack *attack = imp_attack_get (i);
      g_autofree char *stops = g_strdup_printf ("/rehearsal/stops/%s", attack->id);
      g_autofree char *gets_in = g_strdup_printf ("/rehearsal/gets-in/%s", attack->id);

      add (stops, attack->id, test_stops);
      if (attack->check > IMP_CHECK_FORMAT)
        add (gets_in, attack->id, test_gets_in);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);

  add_lines ();
  add ("/rehearsal/is-stopped-behind", NULL, test_is_stopped_behind);
  add ("/rehearsal/runs-all", NULL, test_runs_all);
  add ("/rehearsal/runs-all-up-to-date", "", test_runs_all);
  add ("/rehearsal/says-what-is-missing", NULL, test_says_what_is_missing);
  add ("/rehearsal/is-cancelled", NULL, test_is_cancelled);

  status = g_test_run ();
  if (connection != NULL)
    test_close_agents (connection);
  if (home != NULL)
    test_remove_home (home);

  return status;
}
