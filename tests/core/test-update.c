/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-update.h"

/* The updates that the reference implementation’s libraries made and signed. */
typedef struct
{
  JsonNode  *root;
  JsonArray *updates;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "reference.json", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  fixture->root = imp_json_parse (text, size, G_MAXSIZE, &error);
  g_assert_no_error (error);
  fixture->updates = imp_json_get_array (json_node_get_object (fixture->root), "updates", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (json_array_get_length (fixture->updates), ==, 6);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  json_node_unref (fixture->root);
}

static JsonObject *
get_vector (Fixture *fixture,
            guint    i)
{
  return json_array_get_object_element (fixture->updates, i);
}

static ImpKey *
read_key (Fixture    *fixture,
          guint       i,
          const char *name)
{
  g_autoptr(GError) error = NULL;
  const char *pem = imp_json_get_string (get_vector (fixture, i), name, &error);
  ImpKey *key = imp_key_new_from_pem (pem, -1, NULL, &error);

  g_assert_no_error (error);

  return key;
}

static ImpUpdate *
read_update (Fixture *fixture,
             guint    i)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = json_object_get_member (get_vector (fixture, i), "update");
  ImpUpdate *update = imp_update_new_from_json (node, &error);

  g_assert_no_error (error);

  return update;
}

static void
test_manifest_digests (Fixture       *fixture,
                       gconstpointer  data)
{
  for (guint i = 0; i < json_array_get_length (fixture->updates); i++)
    {
      g_autoptr(ImpUpdate) update = read_update (fixture, i);
      ImpManifest *manifest = imp_update_get_manifest (update);
      g_autofree char *digest = imp_manifest_compute_digest (manifest);

      g_assert_cmpstr (digest, ==, imp_manifest_get_manifest_digest (manifest));
    }
}

static void
test_signatures (Fixture       *fixture,
                 gconstpointer  data)
{
  for (guint i = 0; i < json_array_get_length (fixture->updates); i++)
    {
      g_autoptr(ImpUpdate) update = read_update (fixture, i);
      g_autoptr(ImpKey) author = read_key (fixture, i, "publicKey");
      g_autoptr(GError) error = NULL;

      imp_update_verify_manifest (update, author, &error);
      g_assert_no_error (error);
      imp_update_verify_payload_sign (update, author, &error);
      g_assert_no_error (error);
    }
}

/* PKCS#1 block type 1 has no randomness: the same key gives the very same text. */
static void
test_signs_alike (Fixture       *fixture,
                  gconstpointer  data)
{
  for (guint i = 0; i < json_array_get_length (fixture->updates); i++)
    {
      g_autoptr(ImpUpdate) theirs = read_update (fixture, i);
      g_autoptr(ImpKey) author = read_key (fixture, i, "privateKey");
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpUpdate) ours = imp_update_sign (imp_update_get_manifest (theirs), author, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (imp_update_get_author_sign (ours), ==, imp_update_get_author_sign (theirs));
      g_assert_cmpstr (imp_update_get_author_manifest_sign (ours), ==,
                       imp_update_get_author_manifest_sign (theirs));
    }
}

static char *
compute_payload_digest (JsonObject *vector)
{
  JsonObject *payload = imp_json_get_object (vector, "payload", NULL);
  gint64 size = -1, seed = -1;
  g_autofree guint8 *bytes = NULL;
  g_autofree char *base64 = NULL;

  g_assert_true (imp_json_get_int (payload, "size", &size, NULL));
  g_assert_true (imp_json_get_int (payload, "seed", &seed, NULL));

  bytes = g_malloc (size + 1);
  for (gint64 i = 0; i < size; i++)
    bytes[i] = (i * i + 7 * i + seed) % 251;

  if (g_str_equal (imp_json_get_string (vector, "digestOver", NULL), "raw payload bytes"))
    return imp_digest_hex (IMP_DIGEST_SHA384, bytes, size);

  base64 = g_base64_encode (bytes, size);

  return imp_digest_hex (IMP_DIGEST_SHA384, base64, strlen (base64));
}

static void
test_payload_digests (Fixture       *fixture,
                      gconstpointer  data)
{
  guint n_raw = 0;

  for (guint i = 0; i < json_array_get_length (fixture->updates); i++)
    {
      JsonObject *vector = get_vector (fixture, i);
      g_autoptr(ImpUpdate) update = read_update (fixture, i);
      g_autofree char *digest = compute_payload_digest (vector);
      gint64 size = -1;

      g_assert_cmpstr (digest, ==,
                       imp_manifest_get_payload_digest (imp_update_get_manifest (update)));
      imp_json_get_int (imp_json_get_object (vector, "payload", NULL), "size", &size, NULL);
      g_assert_cmpuint (imp_manifest_get_size (imp_update_get_manifest (update)), ==, size);

      if (g_str_equal (imp_json_get_string (vector, "digestOver", NULL), "raw payload bytes"))
        n_raw++;
    }

  g_assert_cmpuint (n_raw, ==, 5);
}

static void
test_prints_alike (Fixture       *fixture,
                   gconstpointer  data)
{
  for (guint i = 0; i < json_array_get_length (fixture->updates); i++)
    {
      g_autoptr(ImpUpdate) update = read_update (fixture, i);
      g_autoptr(JsonNode) node = imp_update_to_json (update);
      g_autofree char *printed = imp_json_canonicalize (node);
      g_autofree char *expected =
        imp_json_canonicalize (json_object_get_member (get_vector (fixture, i), "update"));

      g_assert_cmpstr (printed, ==, expected);
    }
}

static void
test_refuses_other_key (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(ImpUpdate) update = read_update (fixture, 0);
  g_autoptr(ImpKey) other = read_key (fixture, 1, "publicKey");
  g_autoptr(GError) error = NULL;

  g_assert_false (imp_update_verify_manifest (update, other, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE);
  g_clear_error (&error);

  g_assert_false (imp_update_verify_payload_sign (update, other, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE);
}

/* A byte of a field, with digest and signatures as they were. */
static void
test_refuses_changed_manifest (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(ImpKey) author = read_key (fixture, 0, "publicKey");
  JsonObject *object = imp_json_get_object (get_vector (fixture, 0), "update", NULL);
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (json_object_get_object_member (object, "manifest"),
                                 IMP_MANIFEST_STORAGE_LOCATION, "./Updates");
  update = read_update (fixture, 0);

  g_assert_false (imp_update_verify_manifest (update, author, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE);
  g_assert_nonnull (strstr (error->message, "manifestDigest"));
}

/* The same, but by someone who recomputes the digest. */
static void
test_refuses_rebuilt_manifest (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autoptr(ImpKey) author = read_key (fixture, 0, "publicKey");
  g_autoptr(ImpUpdate) theirs = read_update (fixture, 0);
  g_autoptr(ImpManifestBuilder) builder =
    imp_manifest_builder_new_from (imp_update_get_manifest (theirs));
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(GError) error = NULL;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, "V_2");
  manifest = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);
  update = imp_update_new (manifest, imp_update_get_author_sign (theirs),
                           imp_update_get_author_manifest_sign (theirs));

  g_assert_false (imp_update_verify_manifest (update, author, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE);
  g_assert_nonnull (strstr (error->message, "authorManifestSign"));
  g_clear_error (&error);

  /* What it says of the payload is still the author’s. */
  g_assert_true (imp_update_verify_payload_sign (update, author, &error));
}

static void
test_refuses_swapped_signatures (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(ImpKey) author = read_key (fixture, 0, "publicKey");
  g_autoptr(ImpUpdate) theirs = read_update (fixture, 0);
  g_autoptr(ImpUpdate) update = imp_update_new (imp_update_get_manifest (theirs),
                                                imp_update_get_author_manifest_sign (theirs),
                                                imp_update_get_author_sign (theirs));

  g_assert_false (imp_update_verify_manifest (update, author, NULL));
  g_assert_false (imp_update_verify_payload_sign (update, author, NULL));
}

static void
test_needs_private_key (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(ImpKey) author = read_key (fixture, 0, "publicKey");
  g_autoptr(ImpUpdate) update = read_update (fixture, 0);
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_update_sign (imp_update_get_manifest (update), author, &error));
  g_assert_nonnull (error);
}

static const struct
{
  const char *text;
  ImpError    code;
  const char *reason;
} refusals[] = {
  { "[]", IMP_ERROR_MALFORMED, "not a JSON object" },
  { "{}", IMP_ERROR_MALFORMED, "“manifest” is missing" },
  { "{\"manifest\":\"{}\"}", IMP_ERROR_MALFORMED, "“manifest” is not an object" },
  { "{\"manifest\":{}}", IMP_ERROR_MALFORMED, "“authorSign” is missing" },
  { "{\"manifest\":{},\"authorSign\":1}", IMP_ERROR_MALFORMED, "“authorSign” is not a string" },
  { "{\"manifest\":{},\"authorSign\":\"\"}", IMP_ERROR_MALFORMED,
    "“authorManifestSign” is missing" },
  { "{\"manifest\":{},\"authorSign\":\"\",\"authorManifestSign\":\"\"}",
    IMP_ERROR_INCORRECT_MANIFEST_FORMAT, "“versionID” is missing" },
};

static void
test_refuses_shape (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autoptr(JsonNode) node = imp_json_parse (refusals[i].text, -1, G_MAXSIZE, NULL);
      g_autoptr(GError) error = NULL;

      g_assert_null (imp_update_new_from_json (node, &error));
      g_assert_error (error, IMP_ERROR, (int) refusals[i].code);
      g_assert_nonnull (strstr (error->message, refusals[i].reason));
    }
}

static void
test_refuses_long_signature (Fixture       *fixture,
                             gconstpointer  data)
{
  JsonNode *node = json_object_get_member (get_vector (fixture, 0), "update");
  g_autofree char *signature = g_strnfill (5000, 'A');
  g_autoptr(GError) error = NULL;

  json_object_set_string_member (json_node_get_object (node), "authorSign", signature);
  g_assert_null (imp_update_new_from_json (node, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

#define add(path, func) g_test_add ("/update/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("manifest-digests", test_manifest_digests);
  add ("signatures", test_signatures);
  add ("signs-alike", test_signs_alike);
  add ("payload-digests", test_payload_digests);
  add ("prints-alike", test_prints_alike);
  add ("refuses/other-key", test_refuses_other_key);
  add ("refuses/changed-manifest", test_refuses_changed_manifest);
  add ("refuses/rebuilt-manifest", test_refuses_rebuilt_manifest);
  add ("refuses/swapped-signatures", test_refuses_swapped_signatures);
  add ("refuses/public-key", test_needs_private_key);
  add ("refuses/long-signature", test_refuses_long_signature);
  g_test_add_func ("/update/refuses/shape", test_refuses_shape);

  return g_test_run ();
}
