/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "device-fixture.h"
#include "imp-device-runs.h"
#include "imp-error.h"

#define PAYLOAD_SIZE 700001

static void
set_up_installed (DeviceFixture *fixture,
                  gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 1);

  device_set_up (fixture, data);
  publish (fixture, "V_1", 1, payload, NULL);
  assert_installs (fixture);
}

/* Whatever was tried, the device runs what it ran, and takes the next good one. */
static void
tear_down_installed (DeviceFixture *fixture,
                     gconstpointer  data)
{
  g_autoptr(GBytes) first = make_payload (PAYLOAD_SIZE, 1);
  g_autoptr(GBytes) next = make_payload (PAYLOAD_SIZE, 9);

  assert_runs (fixture, "V_1", first);
  assert_idle_is_gone (fixture);
  device_reopen (fixture);
  assert_runs (fixture, "V_1", first);

  fixture->agent.twist = NULL;
  fixture->agent.mode = PAYLOAD_WHOLE;
  fixture->agent.answer = ANSWER_WELL;
  fixture->agent.age = 0;
  fixture->agent.tree_size = 0;
  g_clear_object (&fixture->agent.forger);
  publish (fixture, "V_9", 9, next, NULL);
  assert_installs (fixture);

  device_tear_down (fixture, data);
}

static void
test_installs (DeviceFixture *fixture,
               gconstpointer  data)
{
  static const gsize sizes[] = { 0, 1, 262143, 262144, 262145, PAYLOAD_SIZE, 9500000 };

  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) payload = make_payload (sizes[i], i);
      g_autofree char *version = g_strdup_printf ("V_%u", i + 1);

      publish (fixture, version, i + 1, payload, NULL);
      assert_installs (fixture);
      device_reopen (fixture);
      assert_runs (fixture, version, payload);
      g_assert_cmpint (imp_device_get_sequence (fixture->device), ==, i + 1);
    }
}

static void
append (const char *directory,
        const char *text)
{
  g_autofree char *path = g_build_filename (directory, "runs.jsonl", NULL);
  FILE *file = g_fopen (path, "a");

  g_assert_nonnull (file);
  fputs (text, file);
  fclose (file);
}

/* What was installed is remembered with its times; what was not, is not. */
static void
test_writes_times_down (DeviceFixture *fixture,
                        gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (9500000, 1);
  const char *directory = imp_device_get_directory (fixture->device);
  g_autoptr(GArray) runs = NULL;
  const ImpDeviceRun *run;

  publish (fixture, "V_1", 1, payload, NULL);
  assert_installs (fixture);
  append (directory, "{\"time\": 1\n\nnonsense\n{\"time\":1,\"class\":\"c\",\"version\":\"v\","
                     "\"size\":-1,\"ask\":1,\"fetch\":1,\"verify\":1,\"install\":1}\n");
  publish (fixture, "V_2", 2, payload, NULL);
  assert_installs (fixture);

  runs = imp_device_runs_read (directory);
  g_assert_cmpuint (runs->len, ==, 2);
  run = &g_array_index (runs, ImpDeviceRun, 1);
  g_assert_cmpstr (run->version, ==, "V_2");
  g_assert_cmpstr (run->class_id, ==, imp_device_get_class_id (fixture->device));
  g_assert_cmpuint (run->size, ==, 9500000);
  for (guint i = 0; i < IMP_N_DEVICE_STEPS; i++)
    g_assert_cmpfloat (run->steps[i], >, 0);
}

static void
test_shrinks_the_slot (DeviceFixture *fixture,
                       gconstpointer  data)
{
  static const gsize sizes[] = { PAYLOAD_SIZE, PAYLOAD_SIZE, 100, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) payload = make_payload (sizes[i], i);
      g_autofree char *version = g_strdup_printf ("V_%u", i + 1);

      publish (fixture, version, i + 1, payload, NULL);
      assert_installs (fixture);
    }
}

/* As the reference implementation signs a file. */
static void
test_takes_base64_digest (DeviceFixture *fixture,
                          gconstpointer  data)
{
  static const Difference difference = { .base64 = TRUE };
  static const gsize sizes[] = { 1, 2, 3, 196608, 196609, PAYLOAD_SIZE };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr(GBytes) payload = make_payload (sizes[i], i);
      g_autofree char *version = g_strdup_printf ("V_%u", i + 1);

      publish (fixture, version, i + 1, payload, &difference);
      assert_installs (fixture);
      device_reopen (fixture);
    }
}

static void
assert_current (DeviceFixture *fixture,
                const char    *checks)
{
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  update (fixture, NULL, NULL, &outcome, NULL, &reason, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reason, ==, NULL);
  g_assert_cmpint (outcome, ==, IMP_DEVICE_CURRENT);
  g_assert_cmpstr (fixture->checks->str, ==, checks);
}

static void
test_is_current (DeviceFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 1);
  guint n;

  assert_current (fixture, "");
  publish (fixture, "V_1", 1, payload, NULL);
  assert_installs (fixture);
  n = fixture->agent.n_payloads;
  assert_current (fixture, "1 2 3 10");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, n);
  g_assert_cmpstr (g_ptr_array_index (fixture->agent.reports, 2), ==, "V_1 current 0");
}

static void
test_goes_on_where_versions_have_digits (DeviceFixture *fixture,
                                         gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (10, 1);

  publish (fixture, "V_9", 9, payload, NULL);
  assert_installs (fixture);
  publish (fixture, "V_10", 10, payload, NULL);
  assert_installs (fixture);
}

static void
count_cb (GObject    *object,
          GParamSpec *pspec,
          gpointer    user_data)
{
  GString *states = user_data;

  g_string_append_printf (states, "%s ", imp_device_get_state (IMP_DEVICE (object)));
}

static void
test_tells_what_it_does (DeviceFixture *fixture,
                         gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 1);
  g_autoptr(GString) states = g_string_new (NULL);

  publish (fixture, "V_1", 1, payload, NULL);
  g_signal_connect (fixture->device, "notify::state", G_CALLBACK (count_cb), states);
  assert_installs (fixture);
  g_assert_cmpstr (states->str, ==, "asking downloading installing idle ");
  g_assert_cmpfloat (imp_device_get_progress (fixture->device), ==, 1.0);
  g_assert_nonnull (strstr (fixture->trace->str, "POST /v1/devices/device%20one/latest: 200 OK"));
  g_assert_nonnull (strstr (fixture->trace->str, "GET /v1/payloads/"));
  g_assert_nonnull (strstr (fixture->trace->str, "POST /v1/devices/device%20one/reports: 201 Created"));
  g_assert_null (strstr (fixture->trace->str, "OK, 0\n"));
}

static void
test_is_updated_once_at_a_time (DeviceFixture *fixture,
                                gconstpointer  data)
{
  g_autoptr(ImpDevice) same = imp_device_open (fixture->directory, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  fixture->agent.answer = ANSWER_NOTHING;
  imp_device_update_async (same, fixture->agent.url, cancellable, NULL, NULL);
  while (g_str_equal (imp_device_get_state (same), "idle"))
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (update (fixture, NULL, NULL, &outcome, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PENDING);

  g_cancellable_cancel (cancellable);
  while (!g_str_equal (imp_device_get_state (same), "idle"))
    g_main_context_iteration (NULL, TRUE);
  fixture->agent.answer = ANSWER_WELL;
  assert_current (fixture, "");
}

/* --- Hostile agents, one each. --- */

static GBytes *
flip (GBytes *bytes,
      gsize   offset)
{
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  guint8 *copy = g_memdup2 (data, size);

  copy[offset] ^= 1;
  return g_bytes_new_take (copy, size);
}

static void
test_flipped_payload (DeviceFixture *fixture,
                      gconstpointer  data)
{
  static const gsize offsets[] = { 0, 300000, PAYLOAD_SIZE - 1 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
      Registered *registered = publish (fixture, "V_2", 2, payload, NULL);

      g_bytes_unref (registered->payload);
      registered->payload = flip (payload, offsets[i]);
      assert_refuses (fixture, IMP_CHECK_PAYLOAD, "digest");
      g_assert_cmpstr (fixture->checks->str, ==, "1 2 3 4 5 6 7 -8");
      assert_idle_is_gone (fixture);
    }
}

static JsonObject *
get_manifest (JsonObject *reply)
{
  return json_object_get_object_member (json_object_get_object_member (reply, "update"), "manifest");
}

static void
flip_version (JsonObject *reply,
              gpointer    agent)
{
  json_object_set_string_member (get_manifest (reply), "versionID", "V_3");
}

static void
test_flipped_manifest (DeviceFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.twist = flip_version;
  assert_refuses (fixture, IMP_CHECK_MANIFEST, "manifest");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

static void
swap_payload_sign (JsonObject *reply,
                   gpointer    agent)
{
  JsonObject *object = json_object_get_object_member (reply, "update");
  g_autofree char *other = g_strdup (json_object_get_string_member (object, "authorManifestSign"));

  json_object_set_string_member (object, "authorSign", other);
}

static void
test_flipped_payload_sign (DeviceFixture *fixture,
                           gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.twist = swap_payload_sign;
  assert_refuses (fixture, IMP_CHECK_PAYLOAD, "");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

static void
test_other_author (DeviceFixture *fixture,
                   gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  Difference difference = { .signer = fixture->stranger };

  publish (fixture, "V_2", 2, payload, &difference);
  assert_refuses (fixture, IMP_CHECK_MANIFEST, "");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

static void
test_older_version (DeviceFixture *fixture,
                    gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_0", 0, payload, NULL);
  assert_refuses (fixture, IMP_CHECK_NEWER, "sequence number 0 is not above the installed 1");
  publish (fixture, "V_0", 2, payload, NULL);
  assert_refuses (fixture, IMP_CHECK_NEWER, "version “V_0” is not newer than the installed “V_1”");
}

static void
test_equal_sequence (DeviceFixture *fixture,
                     gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 1, payload, NULL);
  assert_refuses (fixture, IMP_CHECK_NEWER, "sequence number 1 is not above the installed 1");
}

static void
test_wrong_class (DeviceFixture *fixture,
                  gconstpointer  data)
{
  static const Difference difference = { .class_id = "Class_2" };
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, &difference);
  assert_refuses (fixture, IMP_CHECK_TARGET, "“Class_2”");

  /* Nor does a version of the same name say that this device is current. */
  publish (fixture, "V_1", 1, payload, &difference);
  assert_refuses (fixture, IMP_CHECK_TARGET, "“Class_2”");
}

static void
test_wrong_vendor (DeviceFixture *fixture,
                   gconstpointer  data)
{
  static const Difference other = { .vendor_id = "Vendor_2" };
  static const Difference own = { .vendor_id = VENDOR_ID };
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  device_make (fixture, VENDOR_ID, 0);
  publish (fixture, "V_2", 2, payload, &other);
  assert_refuses (fixture, IMP_CHECK_TARGET, "“Vendor_2”");
  publish (fixture, "V_3", 3, payload, NULL);
  assert_refuses (fixture, IMP_CHECK_TARGET, "vendor");
  publish (fixture, "V_4", 4, payload, &own);
  assert_installs (fixture);
}

static void
test_expired (DeviceFixture *fixture,
              gconstpointer  data)
{
  static const Difference difference = { .expiry = "2020-01-01T00:00:00.000Z" };
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, &difference);
  assert_refuses (fixture, IMP_CHECK_EXPIRY, "2020-01-01");
}

static void
test_missing_dependency (DeviceFixture *fixture,
                         gconstpointer  data)
{
  static const char *const dependencies[] = { "V_1", "Radio:V_3", NULL };
  static const Difference difference = { .dependencies = dependencies };
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, &difference);
  assert_refuses (fixture, IMP_CHECK_DEPENDENCIES, "“Radio:V_3”");
}

static void
test_too_large (DeviceFixture *fixture,
                gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  g_autoptr(GBytes) small = make_payload (1000, 2);

  device_make (fixture, NULL, 1000);
  publish (fixture, "V_2", 2, payload, NULL);
  assert_refuses (fixture, IMP_CHECK_SIZE, "700001 bytes");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 0);
  publish (fixture, "V_3", 3, small, NULL);
  assert_installs (fixture);
}

static void
test_other_length (DeviceFixture *fixture,
                   gconstpointer  data)
{
  static const Difference shorter = { .size = PAYLOAD_SIZE - 1 };
  static const Difference longer = { .size = PAYLOAD_SIZE + 1 };
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, &shorter);
  assert_refuses (fixture, IMP_CHECK_SIZE, "is announced with 700001 bytes, the manifest says 700000");
  publish (fixture, "V_2", 2, payload, &longer);
  assert_refuses (fixture, IMP_CHECK_SIZE, "is announced with 700001 bytes, the manifest says 700002");
}

static void
test_cut_stream (DeviceFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.mode = PAYLOAD_CUT;
  assert_refuses (fixture, IMP_CHECK_SIZE, "ended after 350000 bytes");
}

static void
test_endless_stream (DeviceFixture *fixture,
                     gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.mode = PAYLOAD_ENDLESS;
  assert_refuses (fixture, IMP_CHECK_SIZE, "goes on after 700001 bytes");
}

static void
assert_fails (DeviceFixture *fixture,
              GQuark         domain,
              int            code,
              const char    *text)
{
  guint n_reports = fixture->agent.reports->len;
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  g_assert_false (update (fixture, NULL, NULL, &outcome, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  if (strstr (error->message, text) == NULL)
    g_test_message ("“%s” is not in “%s”", text, error->message);
  g_assert_nonnull (strstr (error->message, text));
  g_assert_null (strchr (fixture->checks->str, '-'));
  g_assert_cmpuint (fixture->agent.reports->len, ==, n_reports);
}

static void
test_slow_stream (DeviceFixture *fixture,
                  gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.mode = PAYLOAD_DRIPPING;
  device_hurry (fixture);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "too slow");
}

static void
test_missing_payload (DeviceFixture *fixture,
                      gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.mode = PAYLOAD_MISSING;
  assert_fails (fixture, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE, "");
}

static void
test_location (DeviceFixture *fixture,
               gconstpointer  data)
{
  static const Difference difference = { .location = "updates/../../etc/passwd" };
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, &difference);
  assert_refuses (fixture, IMP_CHECK_LOCATION, "updates/../../etc/passwd");
  g_assert_cmpstr (fixture->checks->str, ==, "1 2 3 4 5 6 -9");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

static void
test_stale_checkpoint (DeviceFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  /* To a new device, which has seen no other. */
  device_make (fixture, NULL, 0);
  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.age = 25 * G_GINT64_CONSTANT (3600000);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "stale");
  fixture->agent.age = -25 * G_GINT64_CONSTANT (3600000);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "from the future");
  fixture->agent.age = 23 * G_GINT64_CONSTANT (3600000);
  assert_installs (fixture);
}

static void
test_older_checkpoint (DeviceFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.age = 3600000;
  assert_refuses (fixture, IMP_CHECK_LEDGER, "older than the last one seen");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

/* The same head for ever says that the device is current, and is believed no longer than a day. */
static void
test_frozen_head (DeviceFixture *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->directory, "device.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GRegex) regex = g_regex_new ("\"checkpointTime\" : \"[0-9]+\"", 0, 0, NULL);
  g_autofree char *past = NULL;

  /* As if it had been seen two days ago. */
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  past = g_regex_replace_literal (regex, text, -1, 0, "\"checkpointTime\" : \"1\"", 0, NULL);
  g_assert_cmpstr (past, !=, text);
  g_assert_true (g_file_set_contents (path, past, -1, NULL));

  fixture->agent.age = 48 * G_GINT64_CONSTANT (3600000);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "stale");
  g_assert_cmpstr (fixture->checks->str, ==, "1 2 3 -10");
}

static void
test_forged_log (DeviceFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.forger = imp_key_generate (IMP_KEY_ED25519, NULL);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "");
  g_assert_cmpstr (fixture->checks->str, ==, "1 2 3 4 5 6 -10");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

static void
use_other_leaf (JsonObject *reply,
                gpointer    user_data)
{
  Agent *agent = user_data;
  JsonObject *transaction = json_object_get_object_member (reply, "transaction");

  json_object_set_string_member (transaction, "leaf", g_ptr_array_index (agent->leaves, 0));
}

/* The proof of another transaction, as it is and for a leaf of another. */
static void
test_other_leaf (DeviceFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  Registered *registered = publish (fixture, "V_2", 2, payload, NULL);

  fixture->agent.twist = use_other_leaf;
  assert_refuses (fixture, IMP_CHECK_LEDGER, "");
  registered->leaf = 0;
  assert_refuses (fixture, IMP_CHECK_LEDGER, "another manifest, of version “V_1”");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

static void
use_other_cid (JsonObject *reply,
               gpointer    user_data)
{
  Agent *agent = user_data;
  Registered *first = g_ptr_array_index (agent->updates, 0);

  json_object_set_string_member (reply, "cid", first->cid);
}

static void
test_other_cid (DeviceFixture *fixture,
                gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.twist = use_other_cid;
  assert_refuses (fixture, IMP_CHECK_LEDGER, "registers payload");
}

static void
shift_leaf (JsonObject *reply,
            gpointer    agent)
{
  json_object_set_int_member (json_object_get_object_member (reply, "inclusion"), "leaf", 0);
}

static void
grow_size (JsonObject *reply,
           gpointer    agent)
{
  json_object_set_int_member (json_object_get_object_member (reply, "inclusion"), "size", 4);
}

static void
lengthen_path (JsonObject *reply,
               gpointer    agent)
{
  JsonArray *path = json_object_get_array_member (json_object_get_object_member (reply, "inclusion"), "path");

  json_array_add_string_element (path, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
}

static void
empty_path (JsonObject *reply,
            gpointer    agent)
{
  json_object_set_array_member (json_object_get_object_member (reply, "inclusion"), "path", json_array_new ());
}

static void
test_twisted_proof (DeviceFixture *fixture,
                    gconstpointer  twist)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.twist = (void (*) (JsonObject *, gpointer)) twist;
  assert_refuses (fixture, IMP_CHECK_LEDGER, "");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);
}

static void
test_smaller_tree (DeviceFixture *fixture,
                   gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  Registered *first = g_ptr_array_index (fixture->agent.updates, 0);
  guint i;

  /* The device has seen a tree of four. */
  for (i = 0; i < 3; i++)
    g_ptr_array_add (fixture->agent.leaves, g_strdup (g_ptr_array_index (fixture->agent.leaves, first->leaf)));
  assert_current (fixture, "1 2 3 10");

  g_ptr_array_set_size (fixture->agent.leaves, 1);
  publish (fixture, "V_2", 2, payload, NULL);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "has 2 transactions, it had 4 before");

  /* The same size with another history, then more. */
  for (i = 0; i < 2; i++)
    g_ptr_array_add (fixture->agent.leaves, g_strdup (g_ptr_array_index (fixture->agent.leaves, 1)));
  assert_refuses (fixture, IMP_CHECK_LEDGER, "");
  g_ptr_array_add (fixture->agent.leaves, g_strdup (g_ptr_array_index (fixture->agent.leaves, 1)));
  assert_refuses (fixture, IMP_CHECK_LEDGER, "consistency");
  g_assert_cmpuint (fixture->agent.n_payloads, ==, 1);

  /* What the device has seen cannot be taken back, so nothing but that log will do again. */
  g_ptr_array_set_size (fixture->agent.leaves, 1);
  g_ptr_array_set_size (fixture->agent.updates, 1);
  for (i = 0; i < 3; i++)
    g_ptr_array_add (fixture->agent.leaves, g_strdup (g_ptr_array_index (fixture->agent.leaves, first->leaf)));
}

static void
test_log_grows (DeviceFixture *fixture,
                gconstpointer  data)
{
  for (guint i = 2; i < 9; i++)
    {
      g_autoptr(GBytes) payload = make_payload (10, i);
      g_autofree char *version = g_strdup_printf ("V_%u", i);

      publish (fixture, version, i, payload, NULL);
      assert_installs (fixture);
      g_assert_nonnull (strstr (fixture->trace->str, "GET /v1/ledger/consistency?from="));
    }
}

static void
test_pins_the_log_key (DeviceFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (10, 1);

  device_make_unpinned (fixture);
  publish (fixture, "V_1", 1, payload, NULL);
  assert_installs (fixture);
  g_assert_nonnull (strstr (fixture->trace->str, "/v1/ledger/key"));

  /* Another log, whose key the agent would give. */
  g_clear_object (&fixture->agent.log_key);
  fixture->agent.log_key = imp_key_generate (IMP_KEY_ED25519, NULL);
  device_reopen (fixture);
  publish (fixture, "V_2", 2, payload, NULL);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "");
  g_assert_null (strstr (fixture->trace->str, "/v1/ledger/key"));
}

/* A key that does not fit its log is not pinned. */
static void
test_pins_nothing_wrong (DeviceFixture *fixture,
                         gconstpointer  data)
{
  g_autoptr(GBytes) payload = make_payload (10, 1);

  device_make_unpinned (fixture);
  publish (fixture, "V_1", 1, payload, NULL);
  fixture->agent.forger = imp_key_generate (IMP_KEY_ED25519, NULL);
  assert_refuses (fixture, IMP_CHECK_LEDGER, "");
  g_clear_object (&fixture->agent.forger);
  assert_installs (fixture);
}

static void
test_garbage (DeviceFixture *fixture,
              gconstpointer  data)
{
  fixture->agent.answer = ANSWER_GARBAGE;
  assert_fails (fixture, IMP_ERROR, IMP_ERROR_BAD_REPLY, "not JSON");
}

static void
test_unavailable (DeviceFixture *fixture,
                  gconstpointer  data)
{
  fixture->agent.answer = ANSWER_UNAVAILABLE;
  assert_fails (fixture, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE, "");
}

static void
test_denied_history (DeviceFixture *fixture,
                     gconstpointer  data)
{
  fixture->agent.answer = ANSWER_NONE_EXISTS;
  assert_refuses (fixture, IMP_CHECK_LEDGER, "");
}

static void
test_hang (DeviceFixture *fixture,
           gconstpointer  data)
{
  fixture->agent.answer = ANSWER_NOTHING;
  device_hurry (fixture);
  assert_fails (fixture, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
}

static void
test_no_agent (DeviceFixture *fixture,
               gconstpointer  data)
{
  static const char *const urls[] = { "http://127.0.0.1:1/", "http://localhost.invalid/", "gopher://x/", "not a URL" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr(GError) error = NULL;
      ImpDeviceOutcome outcome;

      g_assert_false (update (fixture, urls[i], NULL, &outcome, NULL, NULL, &error));
      g_assert_nonnull (error);
      g_test_message ("%s", error->message);
    }
}

/* Headers that never end, a byte at a time. */
static gpointer
drip_headers (gpointer data)
{
  g_autoptr(GSocketConnection) connection = g_socket_listener_accept (data, NULL, NULL, NULL);
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_output_stream_write_all (stream, "HTTP/1.1 200 OK\r\nX: ", 20, NULL, NULL, NULL);
  while (g_output_stream_write_all (stream, "x", 1, NULL, NULL, NULL))
    g_usleep (20000);

  return NULL;
}

static void
test_dripping_headers (DeviceFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GSocketListener) listener = g_socket_listener_new ();
  guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u/", port);
  GThread *thread = g_thread_new ("drip", drip_headers, listener);
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  device_hurry (fixture);
  g_assert_false (update (fixture, url, NULL, &outcome, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_nonnull (strstr (error->message, "no answer within 1 s"));
  g_thread_join (thread);
}

typedef struct
{
  const char   *state;
  GCancellable *cancellable;
} Cancel;

static void
cancel_cb (ImpDevice  *device,
           GParamSpec *pspec,
           Cancel     *cancel)
{
  if (g_str_equal (imp_device_get_state (device), cancel->state))
    g_cancellable_cancel (cancel->cancellable);
}

static void
test_cancelled (DeviceFixture *fixture,
                gconstpointer  state)
{
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Cancel cancel = { state, cancellable };
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;
  gulong handler;

  publish (fixture, "V_2", 2, payload, NULL);
  fixture->agent.mode = PAYLOAD_DRIPPING;
  handler = g_signal_connect (fixture->device, "notify::state", G_CALLBACK (cancel_cb), &cancel);
  g_assert_false (update (fixture, NULL, cancellable, &outcome, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (g_cancellable_is_cancelled (cancellable));
  g_signal_handler_disconnect (fixture->device, handler);
}

static void
test_full_disk (DeviceFixture *fixture,
                gconstpointer  data)
{
  static const rlim_t limits[] = { 0, 300000, PAYLOAD_SIZE - 1 };
  g_autoptr(GBytes) payload = make_payload (PAYLOAD_SIZE, 2);
  struct rlimit old;

  publish (fixture, "V_2", 2, payload, NULL);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  signal (SIGXFSZ, SIG_IGN);

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      struct rlimit small = { limits[i], old.rlim_max };
      g_autoptr(GError) error = NULL;
      ImpDeviceOutcome outcome;

      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
      update (fixture, NULL, NULL, &outcome, NULL, NULL, &error);
      g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
      assert_idle_is_gone (fixture);
    }
}

#define add(path, func) \
  g_test_add ("/device/" path, DeviceFixture, NULL, device_set_up, func, device_tear_down)
#define add_hostile(path, data, func) \
  g_test_add ("/device/" path, DeviceFixture, data, set_up_installed, func, tear_down_installed)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("installs", test_installs);
  add ("writes-times-down", test_writes_times_down);
  add ("shrinks-the-slot", test_shrinks_the_slot);
  add ("takes-base64-digest", test_takes_base64_digest);
  add ("is-current", test_is_current);
  add ("goes-on-where-versions-have-digits", test_goes_on_where_versions_have_digits);
  add ("tells-what-it-does", test_tells_what_it_does);
  add ("is-updated-once-at-a-time", test_is_updated_once_at_a_time);
  add ("pins-the-log-key", test_pins_the_log_key);
  add ("pins-nothing-wrong", test_pins_nothing_wrong);
  add ("wrong-vendor", test_wrong_vendor);
  add ("too-large", test_too_large);
  add ("stale-checkpoint", test_stale_checkpoint);
  g_test_add ("/device/log-grows", DeviceFixture, NULL, set_up_installed, test_log_grows, device_tear_down);

  add_hostile ("flipped-payload", NULL, test_flipped_payload);
  add_hostile ("flipped-manifest", NULL, test_flipped_manifest);
  add_hostile ("flipped-payload-sign", NULL, test_flipped_payload_sign);
  add_hostile ("other-author", NULL, test_other_author);
  add_hostile ("older-version", NULL, test_older_version);
  add_hostile ("equal-sequence", NULL, test_equal_sequence);
  add_hostile ("wrong-class", NULL, test_wrong_class);
  add_hostile ("expired", NULL, test_expired);
  add_hostile ("missing-dependency", NULL, test_missing_dependency);
  add_hostile ("other-length", NULL, test_other_length);
  add_hostile ("cut-stream", NULL, test_cut_stream);
  add_hostile ("endless-stream", NULL, test_endless_stream);
  add_hostile ("slow-stream", NULL, test_slow_stream);
  add_hostile ("missing-payload", NULL, test_missing_payload);
  add_hostile ("location", NULL, test_location);
  add_hostile ("older-checkpoint", NULL, test_older_checkpoint);
  add_hostile ("frozen-head", NULL, test_frozen_head);
  add_hostile ("forged-log", NULL, test_forged_log);
  add_hostile ("other-leaf", NULL, test_other_leaf);
  add_hostile ("other-cid", NULL, test_other_cid);
  add_hostile ("proof/leaf", shift_leaf, test_twisted_proof);
  add_hostile ("proof/size", grow_size, test_twisted_proof);
  add_hostile ("proof/longer", lengthen_path, test_twisted_proof);
  add_hostile ("proof/empty", empty_path, test_twisted_proof);
  add_hostile ("smaller-tree", NULL, test_smaller_tree);
  add_hostile ("garbage", NULL, test_garbage);
  add_hostile ("unavailable", NULL, test_unavailable);
  add_hostile ("denied-history", NULL, test_denied_history);
  add_hostile ("hang", NULL, test_hang);
  add_hostile ("no-agent", NULL, test_no_agent);
  add_hostile ("dripping-headers", NULL, test_dripping_headers);
  add_hostile ("cancelled/asking", "asking", test_cancelled);
  add_hostile ("cancelled/downloading", "downloading", test_cancelled);
  add_hostile ("full-disk", NULL, test_full_disk);

  return g_test_run ();
}
