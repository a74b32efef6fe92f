/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-digest.h"
#include "imp-draft.h"
#include "imp-error.h"

#define BIDI     "\342\200\256"
#define CONTROL  "\001"
#define N_LONG   (64 * 1024 + 1)

/* A way to write a field wrong; @repeat stands for a text that is too long to be written here. */
typedef struct
{
  const char *name;
  const char *key;
  const char *text;
  guint       repeat;
  const char *complaint;
} Wrong;

static const Wrong wrong[] = {
  { "vendor-long", IMP_MANIFEST_VENDOR_ID, "v", 256, "longer than 255 bytes" },
  { "vendor-bidi", IMP_MANIFEST_VENDOR_ID, "a" BIDI "b", 1, "cannot be seen" },
  { "vendor-control", IMP_MANIFEST_VENDOR_ID, "a" CONTROL, 1, "cannot be seen" },
  { "vendor-newline", IMP_MANIFEST_VENDOR_ID, "a\nb", 1, "has U+000A as character 2" },
  { "class-long", IMP_MANIFEST_CLASS_ID, "c", 256, "longer than 255 bytes" },
  { "class-slash", IMP_MANIFEST_CLASS_ID, "a/b", 1, "contains “/”" },
  { "class-dots", IMP_MANIFEST_CLASS_ID, "..", 1, "stands for a folder" },
  { "class-bidi", IMP_MANIFEST_CLASS_ID, BIDI "class", 1, "cannot be seen" },
  { "class-control", IMP_MANIFEST_CLASS_ID, "a\tb", 1, "cannot be seen" },
  { "class-spaces", IMP_MANIFEST_CLASS_ID, " a", 1, "begins or ends with a space" },
  { "class-not-utf8", IMP_MANIFEST_CLASS_ID, "a\377", 1, "not UTF-8" },
  { "storage-long", IMP_MANIFEST_STORAGE_LOCATION, "s", 4097, "longer than 4096 bytes" },
  { "storage-bidi", IMP_MANIFEST_STORAGE_LOCATION, "./" BIDI, 1, "cannot be seen" },
  { "format-long", IMP_MANIFEST_PAYLOAD_FORMAT, "f", 256, "longer than 255 bytes" },
  { "format-control", IMP_MANIFEST_PAYLOAD_FORMAT, "raw\n", 1, "cannot be seen" },
  { "processing-long", IMP_MANIFEST_PAYLOAD_PROCESSING, "p", N_LONG, "longer than 65536 bytes" },
  { "processing-bidi", IMP_MANIFEST_PAYLOAD_PROCESSING, BIDI, 1, "cannot be seen" },
  { "wrapper-long", IMP_MANIFEST_ENCRYPTION_WRAPPER, "w", N_LONG, "longer than 65536 bytes" },
  { "wrapper-control", IMP_MANIFEST_ENCRYPTION_WRAPPER, CONTROL, 1, "cannot be seen" },
  { "instructions-long", IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, "i", N_LONG, "longer than" },
  { "instructions-bidi", IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, "a" BIDI, 1, "cannot be seen" },
  { "version-long", IMP_MANIFEST_VERSION_ID, "1", 256, "longer than 255 bytes" },
  { "version-slash", IMP_MANIFEST_VERSION_ID, "1/2", 1, "contains “/”" },
  { "version-bidi", IMP_MANIFEST_VERSION_ID, "1" BIDI "2", 1, "cannot be seen" },
  { "sequence-letters", IMP_MANIFEST_SEQUENCE, "12a", 1, "neither a positive integer" },
  { "sequence-negative", IMP_MANIFEST_SEQUENCE, "-1", 1, "neither a positive integer" },
  { "sequence-large", IMP_MANIFEST_SEQUENCE, "9223372036854775808", 1, "neither a positive" },
  { "sequence-fraction", IMP_MANIFEST_SEQUENCE, "1.5", 1, "neither a positive integer" },
  { "sequence-other-digits", IMP_MANIFEST_SEQUENCE, "\331\241\331\242", 1, "neither a positive" },
  { "expiry-words", IMP_MANIFEST_EXPIRATION_TIME, "tomorrow", 1, "not a time such as" },
  { "expiry-no-such-day", IMP_MANIFEST_EXPIRATION_TIME, "2031-02-30", 1, "not a time such as" },
  { "expiry-passed", IMP_MANIFEST_EXPIRATION_TIME, "2001-01-01", 1, "has passed" },
  { "expiry-long", IMP_MANIFEST_EXPIRATION_TIME, "2", 5000, "not a time such as" },
  { "dependency-slash", IMP_MANIFEST_DEPENDENCIES, "a/b", 1, "contains “/”" },
  { "dependency-empty", IMP_MANIFEST_DEPENDENCIES, "a\n\nb", 1, "is empty" },
  { "dependency-bidi", IMP_MANIFEST_DEPENDENCIES, "a:1\nb" BIDI ":2", 1, "cannot be seen" },
  { "dependency-long", IMP_MANIFEST_DEPENDENCIES, "d", 600, "longer than 511 bytes" },
};

static void
test_wrong (gconstpointer data)
{
  const Wrong *test = data;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *field = g_strdup_printf ("“%s”", test->key);

  for (guint i = 0; i < test->repeat; i++)
    g_string_append (text, test->text);

  g_assert_false (imp_draft_check_field (test->key, text->str, &error));
  g_assert_nonnull (strstr (error->message, test->complaint));
  g_assert_true (g_str_has_prefix (error->message, field));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 300);
}

typedef struct
{
  const char *name;
  const char *key;
  const char *text;
} Right;

static const Right right[] = {
  { "uuid", IMP_MANIFEST_CLASS_ID, "0f1ee3ac-7a5c-4a44-9c3a-2b7a6d3a8a11" },
  { "unicode", IMP_MANIFEST_CLASS_ID, "センサー" },
  { "sequence-number", IMP_MANIFEST_SEQUENCE, "9223372036854775807" },
  { "sequence-time", IMP_MANIFEST_SEQUENCE, "2023-02-01T14:04:19.353Z" },
  { "day", IMP_MANIFEST_EXPIRATION_TIME, "2999-12-31" },
  { "moment", IMP_MANIFEST_EXPIRATION_TIME, "2999-12-31T12:00:00Z" },
  { "dependencies", IMP_MANIFEST_DEPENDENCIES, "1.0\nclass:2.0" },
};

static void
test_right (gconstpointer data)
{
  const Right *test = data;
  g_autoptr(GError) error = NULL;

  imp_draft_check_field (test->key, test->text, &error);
  g_assert_no_error (error);
}

static ImpManifest *
end (ImpManifestBuilder *builder)
{
  g_autofree char *digest = g_strnfill (IMP_SHA384_HEX_LENGTH, 'a');
  g_autoptr(GError) error = NULL;
  ImpManifest *manifest;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, 5);
  manifest = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);

  return manifest;
}

static ImpDraft *
make_full (void)
{
  ImpDraft *draft = imp_draft_new ();
  g_autoptr(JsonNode) texts = json_from_string ("{\"en\":\"Mends\"}", NULL);

  imp_draft_set (draft, IMP_MANIFEST_CLASS_ID, "class");
  imp_draft_set (draft, IMP_MANIFEST_VERSION_ID, "2");
  imp_draft_set (draft, IMP_MANIFEST_PAYLOAD_FORMAT, "raw");
  imp_draft_set (draft, IMP_MANIFEST_STORAGE_LOCATION, "./updates");
  imp_draft_set (draft, IMP_MANIFEST_SEQUENCE, "12");
  imp_draft_set (draft, IMP_MANIFEST_DEPENDENCIES, "1\nother:3");
  imp_draft_set (draft, IMP_MANIFEST_EXPIRATION_TIME, "2999-12-31");
  imp_draft_set (draft, IMP_MANIFEST_ENCRYPTION_WRAPPER, "A128GCM");
  imp_draft_set_other (draft, IMP_MANIFEST_TEXT, texts);
  return draft;
}

/* Everything that a form can say comes back from the manifest that it makes. */
static void
test_manifest_and_back (void)
{
  g_autoptr(ImpDraft) draft = make_full ();
  g_autoptr(ImpManifestBuilder) builder = imp_draft_make_builder (draft);
  g_autoptr(ImpManifest) manifest = end (builder);
  g_autoptr(ImpDraft) again = imp_draft_new_from_manifest (manifest);
  g_autofree char *text = imp_manifest_canonicalize (manifest);

  g_assert_cmpint (imp_manifest_get_sequence (manifest), ==, 12);
  g_assert_cmpstr (imp_manifest_get_dependencies (manifest)[1], ==, "other:3");
  g_assert_nonnull (strstr (text, "\"expirationTime\":\"2999-12-31T23:59:59.999Z\""));
  g_assert_nonnull (strstr (text, "\"manifestText\":{\"en\":\"Mends\"}"));
  g_assert_true (imp_draft_equal (draft, again));
}

static void
test_text_and_back (void)
{
  g_autoptr(ImpDraft) draft = make_full ();
  g_autoptr(ImpDraft) again = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  g_auto(GStrv) others = NULL;

  imp_draft_set (draft, IMP_DRAFT_FILE, "file:///tmp/a%20b.bin");
  imp_draft_set (draft, IMP_MANIFEST_VERSION_ID, "wrong/" BIDI "\001");
  text = imp_draft_to_text (draft);
  again = imp_draft_new_from_text (text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (imp_draft_equal (draft, again));
  g_assert_cmpstr (imp_draft_get (again, IMP_DRAFT_FILE), ==, "file:///tmp/a%20b.bin");
  g_assert_cmpstr (imp_draft_get (again, "no such key"), ==, "");

  others = imp_draft_list_others (again);
  g_assert_cmpstr (others[0], ==, IMP_MANIFEST_TEXT);
  g_assert_null (others[1]);
  imp_draft_set_other (again, IMP_MANIFEST_TEXT, NULL);
  g_assert_null (imp_draft_get_other (again, IMP_MANIFEST_TEXT));
  g_assert_false (imp_draft_equal (draft, again));
}

static void
test_damaged (gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_draft_new_from_text (data, -1, &error));
  g_assert_nonnull (error);
}

static const char *const damaged[] = {
  "", "[]", "{", "{\"fields\":{}}", "{\"fields\":[],\"others\":{}}", "{\"fields\":{},\"others\":7}",
  "\377\376",
};

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strconcat ("/draft/wrong/", wrong[i].name, NULL);

      g_test_add_data_func (path, &wrong[i], test_wrong);
    }
  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    {
      g_autofree char *path = g_strconcat ("/draft/right/", right[i].name, NULL);

      g_test_add_data_func (path, &right[i], test_right);
    }
  for (guint i = 0; i < G_N_ELEMENTS (damaged); i++)
    {
      g_autofree char *path = g_strdup_printf ("/draft/damaged/%u", i);

      g_test_add_data_func (path, damaged[i], test_damaged);
    }
  g_test_add_func ("/draft/manifest-and-back", test_manifest_and_back);
  g_test_add_func ("/draft/text-and-back", test_text_and_back);

  return g_test_run ();
}
