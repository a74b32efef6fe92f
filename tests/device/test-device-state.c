/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "device-fixture.h"
#include "imp-device-offer.h"
#include "imp-error.h"
#include "imp-json.h"

/* One thing that is wrong with what a device has written. */
typedef struct
{
  const char *path;
  const char *member;  /* that is replaced, */
  const char *value;   /* by this JSON; NULL: taken out */
} Wrong;

static const Wrong wrongs[] = {
  { "no-id", "id", NULL },
  { "empty-id", "id", "\"\"" },
  { "slash-id", "id", "\"a/b\"" },
  { "control-id", "id", "\"a\\nb\"" },
  { "dots-id", "id", "\"..\"" },
  { "number-id", "id", "7" },
  { "no-class", "class", NULL },
  { "empty-class", "class", "\"\"" },
  { "vendor-type", "vendor", "{}" },
  { "no-author", "author", NULL },
  { "author-is-no-key", "author", "\"-----BEGIN PUBLIC KEY-----\"" },
  { "no-slot-size", "slotSize", NULL },
  { "slot-size-type", "slotSize", "1000" },
  { "slot-size-zero", "slotSize", "\"0\"" },
  { "slot-size-text", "slotSize", "\"1e3\"" },
  { "no-slot", "runningSlot", NULL },
  { "other-slot", "runningSlot", "\"c\"" },
  { "long-slot", "runningSlot", "\"ab\"" },
  { "no-sequence", "sequence", NULL },
  { "huge-sequence", "sequence", "\"9223372036854775808\"" },
  { "version-type", "version", "[]" },
  { "digest-short", "digest", "\"abcd\"" },
  { "negative-size", "size", "\"-1\"" },
  { "no-components", "components", NULL },
  { "components-type", "components", "\"Radio:V_1\"" },
  { "component-type", "components", "[\"Radio:V_1\", null]" },
  { "checkpoint-type", "checkpoint", "false" },
  { "no-checkpoint-time", "checkpointTime", NULL },
  { "checks-off-type", "checksOff", "\"8\"" },
  { "checks-off-first", "checksOff", "[1]" },
  { "checks-off-unknown", "checksOff", "[8, 11]" },
  { "checks-off-negative", "checksOff", "[-3]" },
  { "checks-off-text", "checksOff", "[\"8\"]" },
  { "before-type", "before", "[]" },
  { "before-empty", "before", "{}" },
  { "before-slot", "before", "{\"slot\": \"c\", \"sequence\": \"1\", \"size\": \"1\"}" },
  { "before-digest", "before", "{\"slot\": \"a\", \"sequence\": \"1\", \"size\": \"1\", \"digest\": \"x\"}" },
  { "before-version", "before", "{\"slot\": \"a\", \"sequence\": \"1\", \"size\": \"1\", \"version\": \"a/b\"}" },
};

static char *
read_state (DeviceFixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->directory, "device.json", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
assert_corrupt (DeviceFixture *fixture,
                const char    *text)
{
  g_autofree char *path = g_build_filename (fixture->directory, "device.json", NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_null (imp_device_open (fixture->directory, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_CORRUPT);
  g_assert_nonnull (strstr (error->message, fixture->directory));
}

static void
test_refuses (DeviceFixture *fixture,
              gconstpointer  data)
{
  const Wrong *wrong = data;
  g_autofree char *text = read_state (fixture);
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, IMP_DEVICE_STATE_MAX_SIZE, NULL);
  JsonObject *object = json_node_get_object (node);
  g_autofree char *changed = NULL;

  if (wrong->value != NULL)
    json_object_set_member (object, wrong->member, json_from_string (wrong->value, NULL));
  else
    json_object_remove_member (object, wrong->member);

  changed = json_to_string (node, TRUE);
  g_assert_cmpstr (changed, !=, text);
  assert_corrupt (fixture, changed);
}

static void
test_refuses_anything_else (DeviceFixture *fixture,
                            gconstpointer  data)
{
  static const char *const texts[] = { "", "null", "[]", "\"device\"", "{", "{}", "\xff" };
  g_autofree char *whole = read_state (fixture);
  g_autofree char *long_text = g_strnfill (IMP_DEVICE_STATE_MAX_SIZE + 1, ' ');

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    assert_corrupt (fixture, texts[i]);
  assert_corrupt (fixture, long_text);

  for (gsize length = 0; length < strlen (whole); length += 7)
    {
      g_autofree char *part = g_strndup (whole, length);

      assert_corrupt (fixture, part);
    }
}

static void
test_keeps_everything (DeviceFixture *fixture,
                       gconstpointer  data)
{
  g_autofree char *log_key = imp_note_verifier_key ("log.example", fixture->agent.log_key);
  ImpDeviceConfig config = {
    .id = "Küche 1",
    .vendor_id = VENDOR_ID,
    .class_id = CLASS_ID,
    .author = fixture->author,
    .log_key = log_key,
    .version = "V_7",
    .sequence = G_MAXINT64,
    .slot_size = 12345,
  };
  g_autofree char *directory = g_build_filename (fixture->directory, "inner", NULL);
  g_autofree char *file = g_build_filename (directory, "device.json", NULL);
  g_autoptr(ImpDevice) made = NULL;
  g_autoptr(ImpDevice) opened = NULL;
  g_autoptr(GError) error = NULL;

  made = imp_device_create (directory, &config, &error);
  g_assert_no_error (error);
  g_assert_null (imp_device_create (directory, &config, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);

  opened = imp_device_open (directory, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_device_get_id (opened), ==, "Küche 1");
  g_assert_cmpstr (imp_device_get_vendor_id (opened), ==, VENDOR_ID);
  g_assert_cmpstr (imp_device_get_class_id (opened), ==, CLASS_ID);
  g_assert_cmpstr (imp_device_get_version (opened), ==, "V_7");
  g_assert_cmpint (imp_device_get_sequence (opened), ==, G_MAXINT64);
  g_assert_cmpint (imp_device_get_running_slot (opened), ==, 'a');
  g_assert_cmpstr (imp_key_get_fingerprint (imp_device_get_author (opened)), ==,
                   imp_key_get_fingerprint (fixture->author));
  g_assert_cmpstr (imp_device_get_directory (opened), ==, directory);

  g_assert_cmpint (unlink (file), ==, 0);
  g_assert_cmpint (rmdir (directory), ==, 0);
}

static void
test_names_itself (DeviceFixture *fixture,
                   gconstpointer  data)
{
  ImpDeviceConfig config = { .class_id = CLASS_ID, .author = fixture->author, .sequence = -1 };
  g_autoptr(ImpDeviceState) state = imp_device_state_new (&config, NULL);

  g_assert_true (g_regex_match_simple ("^device-[0-9a-f]{6}$", state->id, 0, 0));
  g_assert_cmpuint (state->slot_size, ==, IMP_DEVICE_DEFAULT_SLOT_SIZE);
}

static void
test_needs_a_folder (DeviceFixture *fixture,
                     gconstpointer  data)
{
  g_autofree char *file = g_build_filename (fixture->directory, "device.json", NULL);
  g_autofree char *nowhere = g_build_filename (fixture->directory, "nowhere", NULL);
  ImpDeviceConfig config = { .class_id = CLASS_ID, .author = fixture->author, .sequence = -1 };
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_device_open (nowhere, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (imp_device_create (file, &config, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);

  config.class_id = "";
  g_assert_null (imp_device_create (nowhere, &config, &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (nowhere, G_FILE_TEST_EXISTS));
}

/* One thing that is wrong with what an agent answers. */
static const char *const offers[] = {
  "null", "[]", "{}", "{\"update\": 1}", "{\"update\": {}}",
  "{\"update\": {\"manifest\": {}, \"authorSign\": \"\", \"authorManifestSign\": \"\"}}",
};

static void
test_refuses_offer (gconstpointer data)
{
  g_autoptr(JsonNode) node = json_from_string (data, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_device_offer_parse (node, &error));
  g_assert_true (error->domain == IMP_ERROR);
}

#define add(path, data, func) \
  g_test_add (path, DeviceFixture, data, device_set_up, func, device_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/device-state/keeps-everything", NULL, test_keeps_everything);
  add ("/device-state/names-itself", NULL, test_names_itself);
  add ("/device-state/needs-a-folder", NULL, test_needs_a_folder);
  add ("/device-state/refuses-anything-else", NULL, test_refuses_anything_else);
  for (guint i = 0; i < G_N_ELEMENTS (wrongs); i++)
    {
      g_autofree char *path = g_strconcat ("/device-state/refuses/", wrongs[i].path, NULL);

      add (path, &wrongs[i], test_refuses);
    }
  for (guint i = 0; i < G_N_ELEMENTS (offers); i++)
    {
      g_autofree char *path = g_strdup_printf ("/device-state/refuses-offer/%u", i);

      g_test_add_data_func (path, offers[i], test_refuses_offer);
    }

  return g_test_run ();
}
