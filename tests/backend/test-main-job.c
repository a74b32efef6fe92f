/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>

#include "backend-fixture.h"
#include "imp-error.h"
#include "imp-fleet.h"
#include "imp-keyring.h"
#include "imp-submissions.h"
#include "imp-trust.h"

/* The main job as a person does it, against the real agents: key, publication, what the ledger
 * proves, download, device.
 */
typedef struct
{
  ImpAgentClient *client;  /* (nullable): there are no agents to test with */
  ImpKey         *key;
} Fixture;

/* Agents make their keys when they first start, which takes longer than most tests, so all tests
 * share them; each has an author of its own.
 */
static char *home;
static ImpConnection *connection;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

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
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->client == NULL)
    return;

  test_assert_finalizes (fixture->client);
  test_assert_finalizes (fixture->key);
}

static void
test_publishes (Fixture       *fixture,
                gconstpointer  data)
{
  gsize size = GPOINTER_TO_SIZE (data);
  g_autofree char *path = NULL;
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;

  if (fixture->client == NULL)
    return;

  path = test_write_pattern (home, "firmware.bin", size);
  publication = test_publish (fixture->client, fixture->key, path, "Class_1", "V_1", &error);
  g_assert_no_error (error);

  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      g_assert_cmpint (imp_publication_get_step_state (publication, i), ==, IMP_STEP_DONE);
      g_assert_cmpfloat (imp_publication_get_step_ms (publication, i), >=, 0);
    }
  g_assert_cmpuint (imp_publication_get_total (publication), ==, size);
  g_assert_cmpuint (imp_publication_get_sent (publication), ==, size);
  g_assert_cmpuint (strlen (imp_publication_get_transaction (publication)), ==, 64);
  g_assert_true (g_str_has_prefix (imp_publication_get_cid (publication), "Qm"));
  g_assert_nonnull (imp_publication_get_update (publication));
  g_assert_nonnull (strstr (imp_publication_get_reply (publication),
                            imp_publication_get_transaction (publication)));
}

/* Signatures of every kind of key fit into the length that was promised for them. */
static void
test_publishes_with (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(ImpPublication) publication = NULL;
  g_autofree char *path = NULL;
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;

  if (fixture->client == NULL)
    return;

  key = imp_key_generate (GPOINTER_TO_INT (data), &error);
  g_assert_no_error (error);
  path = test_write_pattern (home, "firmware.bin", 1000);

  for (guint i = 1; i <= 8; i++)
    {
      g_autofree char *version = g_strdup_printf ("V_%u", i);

      g_clear_object (&publication);
      publication = test_publish (fixture->client, key, path, "Class_1", version, &error);
      g_assert_no_error (error);
    }
}

static void
test_refuses_second (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(ImpPublication) first = NULL;
  g_autoptr(ImpPublication) second = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  if (fixture->client == NULL)
    return;

  path = test_write_pattern (home, "firmware.bin", 100 * 1000);
  first = test_publish (fixture->client, fixture->key, path, "Class_1", "V_1", &error);
  g_assert_no_error (error);
  second = test_publish (fixture->client, fixture->key, path, "Class_1", "V_1", &error);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_UPDATE_ALREADY_EXISTS);
  g_assert_cmpint (imp_publication_get_step_state (second, IMP_STEP_VERIFY), ==, IMP_STEP_FAILED);
  g_assert_null (imp_publication_get_transaction (second));
  g_assert_nonnull (strstr (imp_publication_get_reply (second), "ERR_UPDATE_ALREADY_EXISTS"));
}

static void
assert_all_pass (GPtrArray  *verdicts,
                 const char *last)
{
  for (guint i = 0; i < verdicts->len; i++)
    {
      ImpVerdict *verdict = g_ptr_array_index (verdicts, i);

      g_test_message ("%s: %s", verdict->id, verdict->detail);
      g_assert_true (verdict->passed);
      g_assert_nonnull (verdict->detail);
    }

  g_assert_cmpstr (((ImpVerdict *) g_ptr_array_index (verdicts, verdicts->len - 1))->id, ==, last);
}

static void
count_cb (goffset  done,
          goffset  total,
          gpointer user_data)
{
  goffset *last = user_data;

  g_assert_cmpint (done, >=, *last);
  g_assert_cmpint (done, <=, total);
  *last = done;
}

static void
verify (ImpTrust       *trust,
        ImpAgentClient *client,
        const char     *transaction)
{
  g_autoptr(GPtrArray) verdicts = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_trust_verify_update_async (trust, client, transaction, TRUE, NULL, test_keep_result, &result);
  verdicts = imp_trust_verify_update_finish (trust, test_wait (&result), &error);
  g_assert_no_error (error);
  assert_all_pass (verdicts, "payload");
  g_assert_cmpuint (verdicts->len, ==, 8);
}

static void
audit (ImpTrust       *trust,
       ImpAgentClient *client)
{
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;
  goffset done = 0;
  TEST_RESULT (result);

  imp_trust_audit_async (trust, client, NULL, count_cb, &done, test_keep_result, &result);
  sentence = imp_trust_audit_finish (trust, test_wait (&result), &error);
  g_assert_no_error (error);
  g_test_message ("%s", sentence);
  g_assert_cmpint (done, >=, 2);
}

static void
download (ImpAgentClient *client,
          const char     *cid,
          const char     *original,
          const char     *copy)
{
  g_autoptr(GFile) file = g_file_new_for_path (copy);
  g_autofree char *expected = NULL;
  g_autofree char *found = NULL;
  g_autoptr(GError) error = NULL;
  gsize expected_size;
  gsize found_size;
  goffset done = 0;
  TEST_RESULT (result);

  imp_agent_client_download_async (client, cid, file, NULL, count_cb, &done, test_keep_result,
                                   &result);
  imp_agent_client_download_finish (client, test_wait (&result), &error);
  g_assert_no_error (error);

  g_file_get_contents (original, &expected, &expected_size, &error);
  g_assert_no_error (error);
  g_file_get_contents (copy, &found, &found_size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (expected, expected_size, found, found_size);
  g_assert_cmpint (done, ==, expected_size);
}

static void
update_device (ImpDevice  *device,
               const char *version)
{
  ImpDeviceOutcome outcome;
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_device_update_async (device, imp_connection_get_url (connection, "retrieval"), NULL,
                           test_keep_result, &result);
  imp_device_update_finish (device, test_wait (&result), &outcome, NULL, &reason, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reason, ==, NULL);
  g_assert_cmpint (outcome, ==, IMP_DEVICE_INSTALLED);
  g_assert_cmpstr (imp_device_get_version (device), ==, version);
}

static ImpFleet *
add_device (Fixture *fixture)
{
  const ImpDeviceConfig config = {
    .id = "board", .class_id = "Class_1", .author = fixture->key, .sequence = -1,
  };
  ImpFleet *fleet = imp_fleet_new (NULL);
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_fleet_add_async (fleet, &config, 1, NULL, NULL, NULL, test_keep_result, &result);
  imp_fleet_add_finish (fleet, test_wait (&result), &error);
  g_assert_no_error (error);

  return fleet;
}

static void
test_whole_way (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(ImpTrust) trust = NULL;
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(ImpFleet) fleet = NULL;
  g_autoptr(ImpDevice) device = NULL;
  g_autofree char *path = NULL;
  g_autofree char *copy = NULL;
  g_autoptr(GError) error = NULL;

  if (fixture->client == NULL)
    return;

  path = test_write_pattern (home, "firmware.bin", 700 * 1000);
  copy = g_build_filename (home, "copy.bin", NULL);
  publication = test_publish (fixture->client, fixture->key, path, "Class_1", "V_1", &error);
  g_assert_no_error (error);

  trust = imp_trust_new (NULL);
  verify (trust, fixture->client, imp_publication_get_transaction (publication));
  audit (trust, fixture->client);
  download (fixture->client, imp_publication_get_cid (publication), path, copy);

  fleet = add_device (fixture);
  device = imp_fleet_find (fleet, "board", &error);
  g_assert_no_error (error);
  update_device (device, "V_1");
}

#define N_POLLING 200

static guint
count_status (ImpFleet        *fleet,
              ImpDeviceStatus  status)
{
  guint n_devices = g_list_model_get_n_items (G_LIST_MODEL (fleet));
  guint n = 0;

  for (guint i = 0; i < n_devices; i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (G_LIST_MODEL (fleet), i);

      n += imp_device_log_get_status (imp_device_log_get (device)) == status;
    }

  return n;
}

static guint
count_version (ImpFleet   *fleet,
               const char *version)
{
  guint n_devices = g_list_model_get_n_items (G_LIST_MODEL (fleet));
  guint n = 0;

  for (guint i = 0; i < n_devices; i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (G_LIST_MODEL (fleet), i);

      n += g_strcmp0 (imp_device_get_version (device), version) == 0;
    }

  return n;
}

static void
wait_for_version (ImpFleet   *fleet,
                  const char *version)
{
  while (count_version (fleet, version) < N_POLLING)
    g_main_context_iteration (NULL, TRUE);
}

static void
wait_for_status (ImpFleet        *fleet,
                 ImpDeviceStatus  status)
{
  while (count_status (fleet, status) < N_POLLING)
    g_main_context_iteration (NULL, TRUE);
}

/* A fleet that polls installs what is published, says when nobody answers, and recovers by itself. */
static void
test_polls (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *directory = g_build_filename (home, "fleet", NULL);
  g_autoptr(ImpFleet) fleet = imp_fleet_new (directory);
  g_autoptr(ImpPublication) first = NULL;
  g_autoptr(ImpPublication) second = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  ImpDeviceConfig config = {
    .id = "lamp", .class_id = "Class_polls", .author = fixture->key, .sequence = -1,
    .poll_interval = 1, .poll_jitter = 50, .polling = TRUE,
  };
  TEST_RESULT (result);

  if (fixture->client == NULL)
    return;

  path = test_write_pattern (home, "polled.bin", 5000);
  first = test_publish (fixture->client, fixture->key, path, "Class_polls", "V_1", &error);
  g_assert_no_error (error);
  imp_fleet_add_async (fleet, &config, N_POLLING, NULL, NULL, NULL, test_keep_result, &result);
  imp_fleet_add_finish (fleet, test_wait (&result), &error);
  g_assert_no_error (error);

  imp_fleet_set_retrieval (fleet, imp_connection_get_url (connection, "retrieval"));
  wait_for_version (fleet, "V_1");
  wait_for_status (fleet, IMP_DEVICE_STATUS_CURRENT);
  second = test_publish (fixture->client, fixture->key, path, "Class_polls", "V_2", &error);
  g_assert_no_error (error);
  wait_for_version (fleet, "V_2");

  /* Nobody listens there. */
  imp_fleet_set_retrieval (fleet, "http://127.0.0.1:9");
  wait_for_status (fleet, IMP_DEVICE_STATUS_UNREACHABLE);
  imp_fleet_set_retrieval (fleet, imp_connection_get_url (connection, "retrieval"));
  wait_for_status (fleet, IMP_DEVICE_STATUS_CURRENT);
}

static ImpPage *
list_transactions (ImpAgentClient     *client,
                   const ImpPageQuery *query)
{
  g_autoptr(GError) error = NULL;
  ImpPage *page;
  TEST_RESULT (result);

  imp_agent_client_list_transactions_async (client, query, NULL, test_keep_result, &result);
  page = imp_agent_client_list_transactions_finish (client, test_wait (&result), &error);
  g_assert_no_error (error);

  return page;
}

static ImpPage *
list_updates (ImpAgentClient     *client,
              const ImpPageQuery *query)
{
  g_autoptr(GError) error = NULL;
  ImpPage *page;
  TEST_RESULT (result);

  imp_agent_client_list_updates_async (client, query, NULL, test_keep_result, &result);
  page = imp_agent_client_list_updates_finish (client, test_wait (&result), &error);
  g_assert_no_error (error);

  return page;
}

static void
test_lists (Fixture       *fixture,
            gconstpointer  data)
{
  ImpPageQuery all = { 0 };
  ImpPageQuery first = { .limit = 1 };
  ImpPageQuery odd = { .class_id = "Class & 1+2?=ü" };
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(ImpPage) page = NULL;
  g_autoptr(ImpPage) next = NULL;
  g_autoptr(ImpPage) updates = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  ImpPageQuery rest = { 0 };

  if (fixture->client == NULL)
    return;

  all.author = first.author = odd.author = rest.author = imp_key_get_fingerprint (fixture->key);
  path = test_write_pattern (home, "firmware.bin", 1);
  publication = test_publish (fixture->client, fixture->key, path, "Class & 1+2?=ü", "V_1", &error);
  g_assert_no_error (error);

  page = list_transactions (fixture->client, &first);
  g_assert_cmpuint (page->items->len, ==, 1);
  g_assert_cmpstr (imp_transaction_get_function (page->items->pdata[0]), ==, "createUpdate");
  rest.before = page->next;
  next = list_transactions (fixture->client, &rest);
  g_assert_cmpuint (next->items->len, ==, 1);
  g_assert_cmpstr (imp_transaction_get_function (next->items->pdata[0]), ==, "createAuthor");
  g_assert_cmpuint (next->next, ==, 0);

  updates = list_updates (fixture->client, &odd);
  g_assert_cmpuint (updates->items->len, ==, 1);
  g_assert_cmpstr (imp_transaction_get_class_id (updates->items->pdata[0]), ==, "Class & 1+2?=ü");
  g_assert_cmpstr (imp_transaction_get_cid (updates->items->pdata[0]), ==,
                   imp_publication_get_cid (publication));
  g_clear_pointer (&updates, imp_page_free);
  updates = list_updates (fixture->client, &all);
  g_assert_cmpuint (updates->items->len, ==, 1);
}

static void
test_author_status (Fixture       *fixture,
                    gconstpointer  data)
{
  ImpAuthorStatus status;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (before);
  TEST_RESULT (registration);

  if (fixture->client == NULL)
    return;

  imp_agent_client_get_author_async (fixture->client, imp_key_get_fingerprint (fixture->key), NULL,
                                     test_keep_result, &before);
  imp_agent_client_get_author_finish (fixture->client, test_wait (&before), &status, &error);
  g_assert_no_error (error);
  g_assert_false (status.registered);
  g_assert_cmpint (status.token_expires, ==, -1);

  imp_agent_client_register_author_async (fixture->client, fixture->key, NULL, test_keep_result,
                                          &registration);
  imp_agent_client_register_author_finish (fixture->client, test_wait (&registration), &status,
                                           &error);
  g_assert_no_error (error);
  g_assert_true (status.registered);
  g_assert_cmpint (status.token_expires, >, g_get_real_time () / 1000 + 20 * 60 * 1000);
}

static void
event_cb (ImpAgentClient *client,
          const char     *name,
          JsonObject     *data,
          GHashTable     *seen)
{
  if (g_str_equal (name, "registration"))
    g_hash_table_add (seen, g_strdup (json_object_get_string_member (data, "step")));
  else
    g_hash_table_add (seen, g_strdup (name));
}

static void
test_hears_events (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char *const wanted[] = { "receive", "store", "verify", "record", "transaction" };
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(ImpPublication) publication = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  guint n_seen = 0;

  if (fixture->client == NULL)
    return;

  g_signal_connect (fixture->client, "event", G_CALLBACK (event_cb), seen);
  imp_agent_client_follow (fixture->client);
  path = test_write_pattern (home, "firmware.bin", 1000);
  publication = test_publish (fixture->client, fixture->key, path, "Class_1", "V_1", &error);
  g_assert_no_error (error);

  while (n_seen < G_N_ELEMENTS (wanted))
    {
      g_main_context_iteration (NULL, TRUE);
      n_seen = 0;
      for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
        n_seen += g_hash_table_contains (seen, wanted[i]);
    }
  g_signal_handlers_disconnect_by_data (fixture->client, seen);
}

#define add(path, data, func) \
  g_test_add ("/main-job/" path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);

  add ("whole-way", NULL, test_whole_way);
  add ("publishes/0", GSIZE_TO_POINTER (0), test_publishes);
  add ("publishes/1", GSIZE_TO_POINTER (1), test_publishes);
  add ("publishes/256k+1", GSIZE_TO_POINTER (256 * 1024 + 1), test_publishes);
  add ("publishes/5M", GSIZE_TO_POINTER (5 * 1024 * 1024), test_publishes);
  add ("publishes/rsa", GINT_TO_POINTER (IMP_KEY_RSA_2048), test_publishes_with);
  add ("publishes/p384", GINT_TO_POINTER (IMP_KEY_EC_P384), test_publishes_with);
  add ("publishes/ed25519", GINT_TO_POINTER (IMP_KEY_ED25519), test_publishes_with);
  add ("refuses/second", NULL, test_refuses_second);
  add ("lists", NULL, test_lists);
  add ("polls", NULL, test_polls);
  add ("author-status", NULL, test_author_status);
  add ("events", NULL, test_hears_events);

  status = g_test_run ();

  if (home != NULL)
    {
      test_close_agents (connection);
      test_remove_home (home);
    }
  return status;
}
