/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest-diff.h"

#include "imp-digest.h"

typedef struct
{
  const char    *name;
  const char    *key;
  const char    *before;  /* JSON, NULL where it is not there */
  const char    *after;
  ImpChangeKind  kind;
  const char    *shown_before;
  const char    *shown_after;
} Case;

static ImpManifest *
make (const char *key,
      const char *json)
{
  g_autoptr(ImpManifestBuilder) builder = imp_manifest_builder_new ();
  g_autofree char *digest = g_strnfill (IMP_SHA384_HEX_LENGTH, 'a');
  g_autoptr(JsonNode) value = json != NULL ? json_from_string (json, NULL) : NULL;
  g_autoptr(GError) error = NULL;
  ImpManifest *manifest;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, "1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, "class");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "raw");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "./updates");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, 1);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, 1);
  if (value != NULL)
    imp_manifest_builder_set_json (builder, key, value);
  manifest = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);

  return manifest;
}

static void
test_change (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(ImpManifest) before = make (test->key, test->before);
  g_autoptr(ImpManifest) after = make (test->key, test->after);
  g_autoptr(GPtrArray) changes = imp_manifest_diff (before, after);
  ImpManifestChange *change;

  g_assert_cmpuint (changes->len, ==, 1);
  change = g_ptr_array_index (changes, 0);
  g_assert_cmpstr (change->key, ==, test->key);
  g_assert_cmpint (change->kind, ==, test->kind);
  g_assert_cmpstr (change->before, ==, test->shown_before);
  g_assert_cmpstr (change->after, ==, test->shown_after);
}

static void
test_same (void)
{
  g_autoptr(ImpManifest) before = make (NULL, NULL);
  g_autoptr(ImpManifest) after = make (NULL, NULL);
  g_autoptr(GPtrArray) changes = imp_manifest_diff (before, after);

  g_assert_cmpuint (changes->len, ==, 0);
}

/* Fields come in the order in which they are signed. */
static void
test_order (void)
{
  g_autoptr(ImpManifest) before = make ("vendorID", "\"V\"");
  g_autoptr(ImpManifest) after = make ("expirationTime", "\"2030-01-01T00:00:00Z\"");
  g_autoptr(GPtrArray) changes = imp_manifest_diff (before, after);
  ImpManifestChange *first;
  ImpManifestChange *second;

  g_assert_cmpuint (changes->len, ==, 2);
  first = g_ptr_array_index (changes, 0);
  second = g_ptr_array_index (changes, 1);
  g_assert_cmpstr (first->key, ==, "expirationTime");
  g_assert_cmpint (first->kind, ==, IMP_CHANGE_ADDED);
  g_assert_cmpstr (second->key, ==, "vendorID");
  g_assert_cmpint (second->kind, ==, IMP_CHANGE_REMOVED);
}

static const Case cases[] = {
  { "added", "vendorID", NULL, "\"V\"", IMP_CHANGE_ADDED, NULL, "V" },
  { "removed", "vendorID", "\"V\"", NULL, IMP_CHANGE_REMOVED, "V", NULL },
  { "changed", "versionID", "\"1\"", "\"2\"", IMP_CHANGE_CHANGED, "1", "2" },
  { "number", "size", "1", "2", IMP_CHANGE_CHANGED, "1", "2" },
  { "number-as-text", "size", "1", "\"1\"", IMP_CHANGE_CHANGED, "1", "1" },
  { "array", "dependencies", "[]", "[\"a:1\",\"2\"]", IMP_CHANGE_CHANGED, "", "a:1, 2" },
  { "object", "manifestText", NULL, "{\"en\":\"A\"}", IMP_CHANGE_ADDED, NULL, "{\"en\":\"A\"}" },
  { "hostile", "payloadProcessing", "\"raw\"", "\"\\u200eraw\\n\"", IMP_CHANGE_CHANGED, "raw",
    "\\u{200e}raw\\u{a}" },
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/manifest-diff/change/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_change);
    }
  g_test_add_func ("/manifest-diff/same", test_same);
  g_test_add_func ("/manifest-diff/order", test_order);

  return g_test_run ();
}
