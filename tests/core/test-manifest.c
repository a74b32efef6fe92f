/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"

#define DIGEST "3" DIGEST_REST
#define DIGEST_REST \
  "8b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da" \
  "274edebfe76f65fbd51ad2f14898b95b"

static JsonNode *
parse (const char *text)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = imp_json_parse (text, -1, G_MAXSIZE, &error);

  g_assert_no_error (error);

  return node;
}

/* A good manifest, with the fields of @changes put in; those that are null there are taken out. */
static JsonNode *
make_json (const char *changes)
{
  JsonNode *manifest = parse ("{\"versionID\":\"V_1\",\"monotonicSequenceNumber\":7,"
                              "\"classID\":\"Class_1\",\"payloadFormat\":\"bin\","
                              "\"storageLocation\":\"./updates\",\"size\":0,"
                              "\"payloadDigest\":\"" DIGEST "\",\"manifestDigest\":\"" DIGEST "\","
                              "\"dependencies\":[],\"encryptionWrapper\":\"\"}");
  g_autoptr(JsonNode) changed = parse (changes);
  JsonObjectIter iter;
  const char *key;
  JsonNode *node;

  json_object_iter_init (&iter, json_node_get_object (changed));
  while (json_object_iter_next (&iter, &key, &node))
    {
      if (JSON_NODE_HOLDS_NULL (node))
        json_object_remove_member (json_node_get_object (manifest), key);
      else
        json_object_set_member (json_node_get_object (manifest), key, json_node_copy (node));
    }

  return manifest;
}

static ImpManifest *
make (const char  *changes,
      GError     **error)
{
  g_autoptr(JsonNode) node = make_json (changes);

  return imp_manifest_new_from_json (node, error);
}

static ImpManifest *
make_good (const char *changes)
{
  g_autoptr(GError) error = NULL;
  ImpManifest *manifest = make (changes, &error);

  g_assert_no_error (error);

  return manifest;
}

static void
test_reads (void)
{
  g_autoptr(ImpManifest) manifest =
    make_good ("{\"vendorID\":\"Vendor_1\",\"size\":\"00552\",\"dependencies\":[\"V_0\",\"C:V_9\"],"
               "\"expirationTime\":\"1970-01-01T00:00:01Z\",\"precursorImageDigest\":\"" DIGEST "\","
               "\"manifestText\":{\"en\":\"A\",\"zh-Hant\":\"\"},"
               "\"sbom\":{\"format\":\"spdx\",\"digest\":\"" DIGEST "\",\"cid\":\"Qm\"}}");

  g_assert_cmpstr (imp_manifest_get_version (manifest), ==, "V_1");
  g_assert_cmpint (imp_manifest_get_sequence (manifest), ==, 7);
  g_assert_cmpstr (imp_manifest_get_vendor_id (manifest), ==, "Vendor_1");
  g_assert_cmpstr (imp_manifest_get_class_id (manifest), ==, "Class_1");
  g_assert_cmpstr (imp_manifest_get_payload_format (manifest), ==, "bin");
  g_assert_cmpstr (imp_manifest_get_storage_location (manifest), ==, "./updates");
  g_assert_cmpstr (imp_manifest_get_payload_digest (manifest), ==, DIGEST);
  g_assert_cmpstr (imp_manifest_get_manifest_digest (manifest), ==, DIGEST);
  g_assert_cmpuint (imp_manifest_get_size (manifest), ==, 552);
  g_assert_cmpint (imp_manifest_get_expiration_time (manifest), ==, 1000);
  g_assert_cmpstr (imp_manifest_get_precursor_digest (manifest), ==, DIGEST);
  g_assert_cmpstr (imp_manifest_get_dependencies (manifest)[0], ==, "V_0");
  g_assert_cmpstr (imp_manifest_get_dependencies (manifest)[1], ==, "C:V_9");
  g_assert_null (imp_manifest_get_dependencies (manifest)[2]);
  g_assert_cmpstr (imp_manifest_get_string (manifest, IMP_MANIFEST_SIZE), ==, "00552");
  g_assert_null (imp_manifest_get_string (manifest, IMP_MANIFEST_SEQUENCE));
  g_assert_finalize_object (g_steal_pointer (&manifest));
}

static void
test_reads_least (void)
{
  g_autoptr(ImpManifest) manifest = make_good ("{}");

  g_assert_null (imp_manifest_get_vendor_id (manifest));
  g_assert_null (imp_manifest_get_precursor_digest (manifest));
  g_assert_cmpint (imp_manifest_get_expiration_time (manifest), ==, -1);
  g_assert_null (imp_manifest_get_dependencies (manifest)[0]);
}

/* What was signed is the text, so no value may change its form on the way. */
static void
test_keeps_forms (gconstpointer data)
{
  g_autoptr(ImpManifest) manifest = make_good (data);
  g_autoptr(JsonNode) source = make_json (data);
  g_autoptr(JsonNode) node = imp_manifest_to_json (manifest);
  g_autofree char *expected = imp_json_canonicalize (source);
  g_autofree char *canonical = imp_manifest_canonicalize (manifest);
  g_autofree char *printed = imp_json_canonicalize (node);

  g_assert_cmpstr (canonical, ==, expected);
  g_assert_cmpstr (printed, ==, expected);
}

static void
test_sequences (void)
{
  g_autoptr(ImpManifest) time =
    make_good ("{\"monotonicSequenceNumber\":\"2023-02-01T14:04:19.353Z\"}");
  g_autoptr(ImpManifest) digits =
    make_good ("{\"monotonicSequenceNumber\":\"9223372036854775807\"}");
  g_autoptr(ImpManifest) zero = make_good ("{\"monotonicSequenceNumber\":0}");

  g_assert_cmpint (imp_manifest_get_sequence (time), ==, 1675260259353);
  g_assert_cmpint (imp_manifest_get_sequence (digits), ==, G_MAXINT64);
  g_assert_cmpint (imp_manifest_get_sequence (zero), ==, 0);
}

typedef struct
{
  const char *name;
  const char *changes;
  const char *reason;
} Refusal;

static const Refusal refusals[] = {
  { "missing/versionID", "{\"versionID\":null}", "“versionID” is missing" },
  { "missing/monotonicSequenceNumber", "{\"monotonicSequenceNumber\":null}",
    "“monotonicSequenceNumber” is missing" },
  { "missing/classID", "{\"classID\":null}", "“classID” is missing" },
  { "missing/payloadFormat", "{\"payloadFormat\":null}", "“payloadFormat” is missing" },
  { "missing/storageLocation", "{\"storageLocation\":null}", "“storageLocation” is missing" },
  { "missing/payloadDigest", "{\"payloadDigest\":null}", "“payloadDigest” is missing" },
  { "missing/manifestDigest", "{\"manifestDigest\":null}", "“manifestDigest” is missing" },
  { "missing/size", "{\"size\":null}", "“size” is missing" },
  { "missing/dependencies", "{\"dependencies\":null}", "“dependencies” is missing" },
  { "missing/encryptionWrapper", "{\"encryptionWrapper\":null}", "“encryptionWrapper” is missing" },

  { "mistyped/versionID", "{\"versionID\":1}", "“versionID” is not a string" },
  { "mistyped/monotonicSequenceNumber", "{\"monotonicSequenceNumber\":true}",
    "“monotonicSequenceNumber” is neither" },
  { "mistyped/vendorID", "{\"vendorID\":[]}", "“vendorID” is not a string" },
  { "mistyped/classID", "{\"classID\":{}}", "“classID” is not a string" },
  { "mistyped/payloadFormat", "{\"payloadFormat\":0}", "“payloadFormat” is not a string" },
  { "mistyped/payloadProcessing", "{\"payloadProcessing\":false}",
    "“payloadProcessing” is not a string" },
  { "mistyped/storageLocation", "{\"storageLocation\":1.5}", "“storageLocation” is not a string" },
  { "mistyped/payloadIndicator", "{\"payloadIndicator\":1}", "“payloadIndicator” is not a string" },
  { "mistyped/payloadDigest", "{\"payloadDigest\":1}", "“payloadDigest” is not a string" },
  { "mistyped/manifestDigest", "{\"manifestDigest\":[]}", "“manifestDigest” is not a string" },
  { "mistyped/size", "{\"size\":[1]}", "“size” is not a whole number" },
  { "mistyped/aditionalInstructions", "{\"aditionalInstructions\":1}",
    "“aditionalInstructions” is not a string" },
  { "mistyped/dependencies", "{\"dependencies\":\"V_1\"}", "“dependencies” is not an array" },
  { "mistyped/dependency", "{\"dependencies\":[\"V_1\",2]}", "“dependencies” has an item 2" },
  { "mistyped/encryptionWrapper", "{\"encryptionWrapper\":{}}",
    "“encryptionWrapper” is not a string" },
  { "mistyped/payload", "{\"payload\":1}", "“payload” is not a string" },
  { "mistyped/expirationTime", "{\"expirationTime\":1}", "“expirationTime” is not a string" },
  { "mistyped/componentIdentifier", "{\"componentIdentifier\":[]}",
    "“componentIdentifier” is not a string" },
  { "mistyped/requiredImageVersionList", "{\"requiredImageVersionList\":{}}",
    "“requiredImageVersionList” is not an array" },
  { "mistyped/precursorImageDigest", "{\"precursorImageDigest\":1}",
    "“precursorImageDigest” is not a string" },
  { "mistyped/manifestText", "{\"manifestText\":\"A\"}", "“manifestText” is not an object" },
  { "mistyped/text", "{\"manifestText\":{\"en\":1}}", "“manifestText” has a text for “en”" },
  { "mistyped/sbom", "{\"sbom\":[]}", "“sbom” is not an object" },

  { "unknown", "{\"additionalInstructions\":\"\"}", "“additionalInstructions” is not a field" },
  { "unknown/case", "{\"versionId\":\"V_1\"}", "“versionId” is not a field" },
  { "unknown/empty", "{\"\":1}", "“” is not a field" },
  { "unknown/nul", "{\"size\\u0000\":1}", "is not a field" },
  { "unknown/sbom",
    "{\"sbom\":{\"format\":\"a\",\"digest\":\"" DIGEST "\",\"cid\":\"b\",\"x\":1}}",
    "“sbom”: “x” is not a field" },

  { "version/empty", "{\"versionID\":\"\"}", "“versionID” is empty" },
  { "version/slash", "{\"versionID\":\"V/1\"}", "“versionID” contains “/”" },
  { "version/nul", "{\"versionID\":\"V\\u00001\"}", "“versionID” contains U+0000" },
  { "version/newline", "{\"versionID\":\"V\\n1\"}", "“versionID” has U+000A as character 2" },
  { "class/empty", "{\"classID\":\"\"}", "“classID” is empty" },
  { "class/slash", "{\"classID\":\"../Class_1\"}", "“classID” contains “/”" },
  { "class/nul", "{\"classID\":\"Class_1\\u0000\"}", "“classID” contains U+0000" },
  { "class/newline", "{\"classID\":\"Class_1\\n\"}", "“classID” has U+000A as character 8" },
  { "class/delete", "{\"classID\":\"\\u007f\"}", "“classID” has U+007F as character 1" },
  { "class/next-line", "{\"classID\":\"a\\u0085b\"}", "“classID” has U+0085 as character 2" },
  { "class/space", "{\"classID\":\" \"}", "“classID” begins or ends with a space" },
  { "class/space-behind", "{\"classID\":\"a \"}", "“classID” begins or ends with a space" },
  { "class/parent", "{\"classID\":\"..\"}", "“classID” is a name that stands for a folder" },
  { "class/bidi", "{\"classID\":\"a\\u202eb\"}", "“classID” has U+202E as character 2" },
  { "class/line-separator", "{\"classID\":\"a\\u2028b\"}", "“classID” has U+2028 as character 2" },
  { "dependency/newline", "{\"dependencies\":[\"a\\nb\"]}",
    "item 1 of “dependencies” has U+000A as character 2" },
  { "dependency/empty", "{\"dependencies\":[\"V_1\",\"\"]}", "item 2 of “dependencies” is empty" },
  { "class/blank", "{\"classID\":\"\\u3164\"}", "“classID” has U+3164 as character 1" },
  { "class/no-break-space", "{\"classID\":\"a\\u00a0b\"}", "“classID” has U+00A0 as character 2" },
  { "class/decomposed", "{\"classID\":\"cafe\\u0301\"}", "“classID” has accents apart" },
  { "dependency/decomposed", "{\"dependencies\":[\"e\\u0301\"]}",
    "item 1 of “dependencies” has accents apart" },
  { "vendor/bidi", "{\"vendorID\":\"Ac\\u202eme\"}", "“vendorID” has U+202E as character 3" },
  { "vendor/zero-width", "{\"vendorID\":\"Acme\\u200b\"}", "“vendorID” has U+200B as character 5" },
  { "vendor/newline", "{\"vendorID\":\"Acme\\nBest\"}", "“vendorID” has U+000A as character 5" },
  { "vendor/space", "{\"vendorID\":\"Acme \"}", "“vendorID” begins or ends with a space" },
  { "format/escape", "{\"payloadFormat\":\"\\u001b[2J\"}", "“payloadFormat” has U+001B as character 1" },
  { "location/isolate", "{\"storageLocation\":\"./\\u2067\"}",
    "“storageLocation” has U+2067 as character 3" },
  { "indicator/mark", "{\"payloadIndicator\":\"\\u200f\"}", "“payloadIndicator” has U+200F" },
  { "component/soft-hyphen", "{\"componentIdentifier\":\"ra\\u00addio\"}",
    "“componentIdentifier” has U+00AD as character 3" },
  { "text/bidi", "{\"aditionalInstructions\":\"line\\n\\u202eline\"}",
    "“aditionalInstructions” has U+202E as character 6" },
  { "text/translation", "{\"manifestText\":{\"en\":\"\\u2066\"}}", "“manifestText” has U+2066" },
  { "text/nul", "{\"aditionalInstructions\":\"\\u0000\"}",
    "“aditionalInstructions” contains U+0000" },

  { "size/negative", "{\"size\":-1}", "“size”" },
  { "size/fraction", "{\"size\":0.5}", "“size”" },
  { "size/huge", "{\"size\":9007199254740992}", "“size”" },
  { "size/2^63", "{\"size\":9223372036854775808}", "“size”" },
  { "size/2^64-digits", "{\"size\":\"18446744073709551616\"}", "“size”" },
  { "size/huge-digits", "{\"size\":\"9007199254740992\"}", "“size”" },
  { "size/empty", "{\"size\":\"\"}", "“size”" },
  { "size/negative-digits", "{\"size\":\"-1\"}", "“size”" },
  { "size/plus-digits", "{\"size\":\"+1\"}", "“size”" },
  { "size/hex-digits", "{\"size\":\"0x10\"}", "“size”" },
  { "size/spaced-digits", "{\"size\":\" 1\"}", "“size”" },
  { "size/unit", "{\"size\":\"1 kB\"}", "“size”" },
  { "size/nul", "{\"size\":\"1\\u0000\"}", "“size”" },
  { "size/other-digits", "{\"size\":\"\\u0661\"}", "“size”" },

  { "sequence/negative", "{\"monotonicSequenceNumber\":-1}", "“monotonicSequenceNumber”" },
  { "sequence/fraction", "{\"monotonicSequenceNumber\":1.5}", "“monotonicSequenceNumber”" },
  { "sequence/2^63", "{\"monotonicSequenceNumber\":9223372036854775808}",
    "“monotonicSequenceNumber”" },
  { "sequence/2^63-digits", "{\"monotonicSequenceNumber\":\"9223372036854775808\"}",
    "“monotonicSequenceNumber”" },
  { "sequence/empty", "{\"monotonicSequenceNumber\":\"\"}", "“monotonicSequenceNumber”" },
  { "sequence/word", "{\"monotonicSequenceNumber\":\"next\"}", "“monotonicSequenceNumber”" },
  { "sequence/local-time", "{\"monotonicSequenceNumber\":\"2023-02-01T14:04:19\"}",
    "“monotonicSequenceNumber”" },
  { "sequence/before-1970", "{\"monotonicSequenceNumber\":\"1969-12-31T23:59:59Z\"}",
    "“monotonicSequenceNumber”" },

  { "digest/upper-case",
    "{\"payloadDigest\":\"A" DIGEST_REST "\"}",
    "“payloadDigest” is not 96" },
  { "digest/95",
    "{\"payloadDigest\":\"" DIGEST_REST "\"}",
    "“payloadDigest” is not 96" },
  { "digest/97", "{\"manifestDigest\":\"" DIGEST "0\"}", "“manifestDigest” is not 96" },
  { "digest/empty", "{\"precursorImageDigest\":\"\"}", "“precursorImageDigest” is not 96" },
  { "time/date", "{\"expirationTime\":\"2023-02-01\"}", "“expirationTime” is not a time" },
  { "language/empty", "{\"manifestText\":{\"\":\"A\"}}", "“manifestText” has a key" },
  { "language/spaces", "{\"manifestText\":{\"in English\":\"A\"}}", "“in English”" },
  { "sbom/format", "{\"sbom\":{\"digest\":\"" DIGEST "\",\"cid\":\"b\"}}",
    "“sbom”: “format” is missing" },
  { "sbom/digest", "{\"sbom\":{\"format\":\"a\",\"digest\":\"0\",\"cid\":\"b\"}}",
    "“sbom”: “digest” is not 96" },
  { "sbom/cid", "{\"sbom\":{\"format\":\"a\",\"digest\":\"" DIGEST "\"}}",
    "“sbom”: “cid” is missing" },
};

static void
assert_refusal (const GError *error,
                const char   *reason)
{
  g_assert_error (error, IMP_ERROR, IMP_ERROR_INCORRECT_MANIFEST_FORMAT);
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” does not say “%s”", error->message, reason);
}

static void
test_refuses (gconstpointer data)
{
  const Refusal *refusal = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (make (refusal->changes, &error));
  assert_refusal (error, refusal->reason);
}

typedef struct
{
  const char *key;
  gsize       max_size;
} Limit;

static const Limit limits[] = {
  { IMP_MANIFEST_VERSION_ID, 255 },
  { IMP_MANIFEST_CLASS_ID, 255 },
  { IMP_MANIFEST_VENDOR_ID, 255 },
  { IMP_MANIFEST_PAYLOAD_FORMAT, 255 },
  { IMP_MANIFEST_STORAGE_LOCATION, 4096 },
  { IMP_MANIFEST_ADDITIONAL_INSTRUCTIONS, 64 * 1024 },
};

static void
test_limit (gconstpointer data)
{
  const Limit *limit = data;
  g_autofree char *longest = g_strnfill (limit->max_size, 'x');
  g_autofree char *too_long = g_strnfill (limit->max_size + 1, 'x');
  g_autofree char *reason = g_strdup_printf ("“%s” is longer than", limit->key);
  g_autoptr(JsonNode) node = make_json ("{}");
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (json_node_get_object (node), limit->key, longest);
  manifest = imp_manifest_new_from_json (node, &error);
  g_assert_no_error (error);

  json_object_set_string_member (json_node_get_object (node), limit->key, too_long);
  g_assert_null (imp_manifest_new_from_json (node, &error));
  assert_refusal (error, reason);
}

static void
test_refuses_10_kb_class (void)
{
  g_autoptr(JsonNode) node = make_json ("{}");
  g_autofree char *class_id = g_strnfill (10 * 1024, 'c');
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (json_node_get_object (node), IMP_MANIFEST_CLASS_ID, class_id);
  g_assert_null (imp_manifest_new_from_json (node, &error));
  assert_refusal (error, "“classID” is longer than 255 bytes");
}

static void
test_refuses_10_mb (void)
{
  g_autofree char *text = g_strnfill (10 * 1024 * 1024, ' ');
  g_autoptr(JsonNode) node = make_json ("{}");
  g_autoptr(GError) error = NULL;

  memcpy (text, "{}", 2);
  g_assert_null (imp_manifest_new_from_text (text, -1, &error));
  assert_refusal (error, "JSON of 10485760 bytes");
  g_clear_error (&error);

  json_object_set_string_member (json_node_get_object (node), IMP_MANIFEST_PAYLOAD, text);
  g_assert_null (imp_manifest_new_from_json (node, &error));
  assert_refusal (error, "where at most 1048576");
}

static void
test_refuses_many_dependencies (void)
{
  g_autoptr(JsonNode) node = make_json ("{}");
  JsonArray *array = json_object_get_array_member (json_node_get_object (node),
                                                   IMP_MANIFEST_DEPENDENCIES);
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 257; i++)
    json_array_add_string_element (array, "V_1");

  g_assert_null (imp_manifest_new_from_json (node, &error));
  assert_refusal (error, "“dependencies” has more than 256");
}

static void
test_refuses_text (gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_manifest_new_from_text (data, -1, &error));
  assert_refusal (error, "the manifest");
}

static void
test_checks_one_field (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_true (imp_manifest_check_field (IMP_MANIFEST_CLASS_ID, "Class_1", &error));
  g_assert_true (imp_manifest_check_field (IMP_MANIFEST_VENDOR_ID, NULL, &error));
  g_assert_true (imp_manifest_check_field (IMP_MANIFEST_SIZE, "552", &error));
  g_assert_true (imp_manifest_check_field (IMP_MANIFEST_DEPENDENCIES, "C:V_9", &error));
  g_assert_true (imp_manifest_check_field (IMP_MANIFEST_TEXT, "A", &error));
  g_assert_no_error (error);
}

static const struct
{
  const char *key;
  const char *value;
  const char *reason;
} field_refusals[] = {
  { IMP_MANIFEST_CLASS_ID, NULL, "“classID” is missing" },
  { IMP_MANIFEST_CLASS_ID, "", "“classID” is empty" },
  { IMP_MANIFEST_CLASS_ID, "a/b", "“classID” contains “/”" },
  { IMP_MANIFEST_CLASS_ID, "a\xff", "“classID” is not UTF-8" },
  { IMP_MANIFEST_SIZE, "1.5", "“size” is not a whole number" },
  { IMP_MANIFEST_SEQUENCE, "soon", "“monotonicSequenceNumber” is neither" },
  { IMP_MANIFEST_PAYLOAD_DIGEST, "0", "“payloadDigest” is not 96" },
  { IMP_MANIFEST_EXPIRATION_TIME, "", "“expirationTime” is not a time" },
  { IMP_MANIFEST_DEPENDENCIES, "", "“dependencies” is empty" },
  { IMP_MANIFEST_SBOM, "{}", "“sbom” is not an object" },
  { "colour", "red", "“colour” is not a field" },
};

static void
test_refuses_one_field (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (field_refusals); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (imp_manifest_check_field (field_refusals[i].key, field_refusals[i].value,
                                                &error));
      assert_refusal (error, field_refusals[i].reason);
    }
}

static ImpManifestBuilder *
make_builder (void)
{
  ImpManifestBuilder *builder = imp_manifest_builder_new ();

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, "V_1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, "Class_1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "./updates");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, DIGEST);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, 552);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, 1678868980936);

  return builder;
}

static void
test_builds (void)
{
  g_autoptr(ImpManifestBuilder) builder = make_builder ();
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpManifest) manifest = imp_manifest_builder_end (builder, &error);
  g_autoptr(ImpManifest) second = NULL;
  g_autofree char *digest = NULL, *second_digest = NULL;

  g_assert_no_error (error);
  digest = imp_manifest_compute_digest (manifest);
  g_assert_cmpstr (digest, ==, imp_manifest_get_manifest_digest (manifest));
  g_assert_cmpuint (imp_manifest_get_size (manifest), ==, 552);

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, "V_2");
  second = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);
  second_digest = imp_manifest_compute_digest (second);
  g_assert_cmpstr (second_digest, ==, imp_manifest_get_manifest_digest (second));
  g_assert_cmpstr (second_digest, !=, digest);
  g_assert_cmpstr (imp_manifest_get_version (manifest), ==, "V_1");
}

static void
test_builds_from (void)
{
  g_autoptr(ImpManifest) base = make_good ("{\"size\":\"552\",\"vendorID\":\"Vendor_1\"}");
  g_autoptr(ImpManifestBuilder) builder = imp_manifest_builder_new_from (base);
  static const char *const dependencies[] = { "V_1", NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpManifest) manifest = NULL;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, "V_2");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VENDOR_ID, NULL);
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, dependencies);
  manifest = imp_manifest_builder_end (builder, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (imp_manifest_get_version (manifest), ==, "V_2");
  g_assert_null (imp_manifest_get_vendor_id (manifest));
  g_assert_cmpstr (imp_manifest_get_string (manifest, IMP_MANIFEST_SIZE), ==, "552");
  g_assert_cmpstr (imp_manifest_get_dependencies (manifest)[0], ==, "V_1");
  g_assert_cmpstr (imp_manifest_get_version (base), ==, "V_1");
}

static void
test_builder_refuses (void)
{
  g_autoptr(ImpManifestBuilder) builder = make_builder ();
  g_autoptr(GError) error = NULL;

  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, -1);
  g_assert_null (imp_manifest_builder_end (builder, &error));
  assert_refusal (error, "“size”");
  g_clear_error (&error);

  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, 1);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, "\xff");
  g_assert_null (imp_manifest_builder_end (builder, &error));
  assert_refusal (error, "not UTF-8");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/manifest/reads", test_reads);
  g_test_add_func ("/manifest/reads-least", test_reads_least);
  g_test_add_data_func ("/manifest/keeps-forms/numbers",
                        "{\"size\":5,\"monotonicSequenceNumber\":6}", test_keeps_forms);
  g_test_add_data_func ("/manifest/keeps-forms/digits",
                        "{\"size\":\"005\",\"monotonicSequenceNumber\":\"06\"}", test_keeps_forms);
  g_test_add_data_func ("/manifest/keeps-forms/time",
                        "{\"monotonicSequenceNumber\":\"2023-02-01T14:04:19Z\"}", test_keeps_forms);
  g_test_add_func ("/manifest/sequences", test_sequences);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/manifest/refuses/", refusals[i].name, NULL);

      g_test_add_data_func (path, &refusals[i], test_refuses);
    }
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *path = g_strconcat ("/manifest/limit/", limits[i].key, NULL);

      g_test_add_data_func (path, &limits[i], test_limit);
    }
  g_test_add_func ("/manifest/refuses/10-kb-class", test_refuses_10_kb_class);
  g_test_add_func ("/manifest/refuses/10-mb", test_refuses_10_mb);
  g_test_add_func ("/manifest/refuses/many-dependencies", test_refuses_many_dependencies);
  g_test_add_data_func ("/manifest/refuses/array", "[]", test_refuses_text);
  g_test_add_data_func ("/manifest/refuses/null", "null", test_refuses_text);
  g_test_add_data_func ("/manifest/refuses/nothing", "", test_refuses_text);
  g_test_add_data_func ("/manifest/refuses/duplicate-key", "{\"size\":1,\"size\":2}",
                        test_refuses_text);

  g_test_add_func ("/manifest/checks-one-field", test_checks_one_field);
  g_test_add_func ("/manifest/refuses-one-field", test_refuses_one_field);
  g_test_add_func ("/manifest/builds", test_builds);
  g_test_add_func ("/manifest/builds-from", test_builds_from);
  g_test_add_func ("/manifest/builder-refuses", test_builder_refuses);

  return g_test_run ();
}
