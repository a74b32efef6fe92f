/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "device-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "device-agent.h"
#include "imp-cid.h"
#include "imp-digest.h"
#include "imp-time.h"
#include "imp-transaction.h"

/* For tests that wait for the end of a device's patience. */
static const ImpDevicePace impatient = {
  .answer_seconds = 1,
  .idle_seconds = 1,
  .window_ms = 500,
  .window_bytes = 1000,
};

static ImpKey *
make_key (void)
{
  g_autoptr(GError) error = NULL;
  ImpKey *key = imp_key_generate (IMP_KEY_EC_P256, &error);

  g_assert_no_error (error);
  return key;
}

void
device_set_up (DeviceFixture *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->directory = g_dir_make_tmp ("imprimatur-device-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->author = make_key ();
  fixture->stranger = make_key ();
  fixture->checks = g_string_new (NULL);
  fixture->trace = g_string_new (NULL);
  agent_start (&fixture->agent);
  device_make (fixture, NULL, 0);
}

static void
remove_files (DeviceFixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->directory, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
}

void
device_tear_down (DeviceFixture *fixture,
                  gconstpointer  data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->device));
  agent_stop (&fixture->agent);
  remove_files (fixture);
  g_rmdir (fixture->directory);
  g_free (fixture->directory);
  g_clear_object (&fixture->author);
  g_clear_object (&fixture->stranger);
  g_string_free (fixture->checks, TRUE);
  g_string_free (fixture->trace, TRUE);
}

static void
check_cb (ImpDevice     *device,
          int            check,
          gboolean       passed,
          const char    *reason,
          DeviceFixture *fixture)
{
  g_string_append_printf (fixture->checks, "%s%s%d", fixture->checks->len > 0 ? " " : "", passed ? "" : "-", check);
  g_assert_true (passed || reason != NULL);
}

static void
exchange_cb (ImpDevice     *device,
             const char    *request,
             const char    *answer,
             guint64        bytes,
             double         ms,
             DeviceFixture *fixture)
{
  g_string_append_printf (fixture->trace, "%s: %s, %" G_GUINT64_FORMAT "\n", request, answer, bytes);
  g_assert_cmpfloat (ms, >=, 0);
}

static void
use_device (DeviceFixture *fixture,
            ImpDevice     *device)
{
  fixture->device = device;
  g_signal_connect (device, "check", G_CALLBACK (check_cb), fixture);
  g_signal_connect (device, "exchange", G_CALLBACK (exchange_cb), fixture);
}

static void
make_device (DeviceFixture *fixture,
             const char    *vendor_id,
             guint64        slot_size,
             const char    *log_key)
{
  ImpDeviceConfig config = {
    .id = "device one",
    .vendor_id = vendor_id,
    .class_id = CLASS_ID,
    .author = fixture->author,
    .log_key = log_key,
    .sequence = -1,
    .slot_size = slot_size,
  };
  g_autoptr(GError) error = NULL;
  ImpDevice *device;

  if (fixture->device != NULL)
    g_assert_finalize_object (g_steal_pointer (&fixture->device));
  remove_files (fixture);
  device = imp_device_create (fixture->directory, &config, &error);
  g_assert_no_error (error);
  use_device (fixture, device);
}

void
device_make (DeviceFixture *fixture,
             const char    *vendor_id,
             guint64        slot_size)
{
  g_autofree char *log_key = imp_note_verifier_key ("log.example", fixture->agent.log_key);

  make_device (fixture, vendor_id, slot_size, log_key);
}

void
device_make_unpinned (DeviceFixture *fixture)
{
  make_device (fixture, NULL, 0, NULL);
}

void
device_hurry (DeviceFixture *fixture)
{
  imp_device_set_pace (fixture->device, &impatient);
}

void
device_reopen (DeviceFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  ImpDevice *device;

  g_assert_finalize_object (g_steal_pointer (&fixture->device));
  device = imp_device_open (fixture->directory, &error);
  g_assert_no_error (error);
  use_device (fixture, device);
}

GBytes *
make_payload (gsize size,
              guint seed)
{
  guint8 *data = g_malloc (size + 1);
  guint32 x = 2463534242u + seed;

  for (gsize i = 0; i < size; i++)
    {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
      data[i] = x;
    }

  return g_bytes_new_take (data, size);
}

static char *
digest_payload (GBytes   *payload,
                gboolean  base64)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (payload, &size);
  g_autofree char *text = g_base64_encode (data, size);

  return base64 ? imp_digest_hex (IMP_DIGEST_SHA384, text, strlen (text)) :
         imp_digest_hex (IMP_DIGEST_SHA384, data, size);
}

ImpManifest *
make_manifest (const char       *version,
               gint64            sequence,
               GBytes           *payload,
               const Difference *difference)
{
  static const Difference none = { NULL, };
  const Difference *d = difference != NULL ? difference : &none;
  g_autoptr(ImpManifestBuilder) builder = imp_manifest_builder_new ();
  g_autofree char *digest = digest_payload (payload, d->base64);
  g_autoptr(GError) error = NULL;
  ImpManifest *manifest;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, version);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, sequence);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VENDOR_ID, d->vendor_id);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, d->class_id != NULL ? d->class_id : CLASS_ID);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "raw");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION,
                                   d->location != NULL ? d->location : "./updates");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE,
                                d->size != 0 ? d->size : (gint64) g_bytes_get_size (payload));
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_EXPIRATION_TIME, d->expiry);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PRECURSOR_DIGEST, d->precursor);
  if (d->dependencies != NULL)
    imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, d->dependencies);
  if (d->required != NULL)
    imp_manifest_builder_set_strv (builder, IMP_MANIFEST_REQUIRED_VERSIONS, d->required);

  manifest = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);
  return manifest;
}

static char *
make_leaf (DeviceFixture *fixture,
           ImpUpdate     *update,
           const char    *cid)
{
  ImpManifest *manifest = imp_update_get_manifest (update);
  const char *fingerprint = imp_key_get_fingerprint (fixture->author);
  g_autofree char *text = imp_manifest_canonicalize (manifest);
  g_autofree char *id = imp_digest_hex (IMP_DIGEST_SHA256, text, strlen (text));
  g_autofree char *token = g_strconcat ("sha256:", id, NULL);
  g_autofree char *key = imp_state_key ("update", fingerprint, imp_manifest_get_class_id (manifest),
                                        imp_manifest_get_version (manifest), NULL);
  const char *arguments[] = {
    token, text, imp_update_get_author_sign (update), imp_update_get_author_manifest_sign (update), cid, NULL
  };
  g_autoptr(JsonArray) writes = json_array_new ();
  JsonObject *write = json_object_new ();

  json_object_set_string_member (write, "key", key);
  json_object_set_string_member (write, "digest", id);
  json_array_add_object_element (writes, write);

  return imp_transaction_make_leaf (id, imp_time_now (), fingerprint,
                                    "RegisterUpdate", "createUpdate", arguments, writes);
}

Registered *
publish (DeviceFixture    *fixture,
         const char       *version,
         gint64            sequence,
         GBytes           *payload,
         const Difference *difference)
{
  g_autoptr(ImpManifest) manifest = make_manifest (version, sequence, payload, difference);
  ImpKey *signer = difference != NULL && difference->signer != NULL ? difference->signer : fixture->author;
  Registered *registered = g_new0 (Registered, 1);
  guint8 sha256[IMP_SHA256_SIZE];
  g_autoptr(ImpCid) cid = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (payload, &size);

  imp_digest_compute (IMP_DIGEST_SHA256, data, size, sha256);
  cid = imp_cid_new (1, IMP_CODEC_RAW, sha256);

  registered->update = imp_update_sign (manifest, signer, &error);
  g_assert_no_error (error);
  registered->payload = g_bytes_ref (payload);
  registered->cid = g_strdup (imp_cid_get_string (cid));
  registered->leaf = fixture->agent.leaves->len;
  g_ptr_array_add (fixture->agent.leaves, make_leaf (fixture, registered->update, registered->cid));
  g_ptr_array_add (fixture->agent.updates, registered);

  return registered;
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  g_assert_null (*kept);
  *kept = g_object_ref (result);
}

gboolean
update (DeviceFixture     *fixture,
        const char        *url,
        GCancellable      *cancellable,
        ImpDeviceOutcome  *outcome,
        ImpCheck          *check,
        char             **reason,
        GError           **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  g_string_truncate (fixture->checks, 0);
  g_string_truncate (fixture->trace, 0);
  imp_device_update_async (fixture->device, url != NULL ? url : fixture->agent.url, cancellable,
                           keep_result_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpstr (imp_device_get_state (fixture->device), ==, "idle");

  return imp_device_update_finish (fixture->device, result, outcome, check, reason, error);
}

static const char *
get_last_report (DeviceFixture *fixture)
{
  g_assert_cmpuint (fixture->agent.reports->len, >, 0);
  return g_ptr_array_index (fixture->agent.reports, fixture->agent.reports->len - 1);
}

static Registered *
get_newest (DeviceFixture *fixture)
{
  return g_ptr_array_index (fixture->agent.updates, fixture->agent.updates->len - 1);
}

void
assert_installs (DeviceFixture *fixture)
{
  Registered *newest = get_newest (fixture);
  const char *version = imp_manifest_get_version (imp_update_get_manifest (newest->update));
  g_autofree char *expected_report = g_strdup_printf ("%s installed 0", version);
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;
  char slot = imp_device_get_running_slot (fixture->device);

  update (fixture, NULL, NULL, &outcome, NULL, &reason, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reason, ==, NULL);
  g_assert_cmpint (outcome, ==, IMP_DEVICE_INSTALLED);
  g_assert_cmpstr (fixture->checks->str, ==, "1 2 3 4 5 6 7 8 9 10");
  g_assert_cmpint (imp_device_get_running_slot (fixture->device), ==, slot == 'a' ? 'b' : 'a');
  g_assert_cmpstr (get_last_report (fixture), ==, expected_report);
  assert_runs (fixture, version, newest->payload);
}

void
assert_runs (DeviceFixture *fixture,
             const char    *version,
             GBytes        *payload)
{
  g_autofree char *path = imp_device_dup_slot_path (fixture->device, imp_device_get_running_slot (fixture->device));
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, version);
  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (contents, size, g_bytes_get_data (payload, NULL), g_bytes_get_size (payload));
}

void
assert_idle_is_gone (DeviceFixture *fixture)
{
  char slot = imp_device_get_running_slot (fixture->device) == 'a' ? 'b' : 'a';
  g_autofree char *path = imp_device_dup_slot_path (fixture->device, slot);

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

void
assert_refuses (DeviceFixture *fixture,
                ImpCheck       check,
                const char    *reason)
{
  g_autofree char *actual_reason = NULL;
  g_autofree char *failed = g_strdup_printf ("-%d", check);
  g_autofree char *report_end = g_strdup_printf (" refused %d", check);
  g_autofree char *version = g_strdup (imp_device_get_version (fixture->device));
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;
  ImpCheck actual;

  update (fixture, NULL, NULL, &outcome, &actual, &actual_reason, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, IMP_DEVICE_REFUSED);
  g_assert_cmpint (actual, ==, check);
  if (strstr (actual_reason, reason) == NULL)
    g_test_message ("“%s” is not in “%s”", reason, actual_reason);
  g_assert_nonnull (strstr (actual_reason, reason));
  g_assert_true (g_str_has_suffix (fixture->checks->str, failed));
  g_assert_true (g_str_has_suffix (get_last_report (fixture), report_end));
  g_assert_cmpstr (imp_device_get_version (fixture->device), ==, version);
}
