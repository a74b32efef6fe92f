/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "backend-fixture.h"
#include "fake-log.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-trust.h"

/* A path as a reviewer gets it, and everything that might have happened to it on the way. */
typedef struct
{
  FakeLog      *log;
  ImpKey       *author;
  ImpTrustPath *path;
} Fixture;

static const char *const step_ids[] = { "key", "manifest", "digest", "cid", "transaction",
                                        "checkpoint" };

static char *home;
static guint n_tests;

static ImpTrustPath *
get_path (FakeLog    *log,
          const char *transaction)
{
  g_autofree char *directory = g_strdup_printf ("%s/trust-path-%u", home, n_tests++);
  ImpConnection *connection = fake_log_connect (log);
  ImpAgentClient *client = imp_agent_client_new (connection);
  ImpTrust *trust = imp_trust_new (directory);
  ImpTrustPath *path;
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_trust_get_path_async (trust, client, transaction, NULL, test_keep_result, &result);
  path = imp_trust_get_path_finish (trust, test_wait (&result), &error);
  g_assert_no_error (error);
  g_assert_true (imp_trust_has_key (trust, imp_trust_path_get_log_key (path)));
  g_assert_false (imp_trust_has_key (trust, "another"));

  g_clear_object (&result);
  test_assert_finalizes (trust);
  test_assert_finalizes (client);
  test_assert_finalizes (connection);
  return path;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *transaction = NULL;
  g_autoptr(GError) error = NULL;

  fixture->log = fake_log_new ("example.org/log");
  fixture->author = imp_key_generate (GPOINTER_TO_UINT (data), &error);
  g_assert_no_error (error);
  fake_log_add_other (fixture->log);
  fake_log_add_author (fixture->log, fixture->author);
  transaction = fake_log_add_update (fixture->log, fixture->author, "V_1");
  fake_log_add_other (fixture->log);
  fixture->path = get_path (fixture->log, transaction);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_assert_finalizes (fixture->path);
  fake_log_free (fixture->log);
  g_object_unref (fixture->author);
}

static GPtrArray *
verify (ImpTrustPath *path,
        const char   *log_key,
        const char   *author,
        GBytes       *payload)
{
  g_autoptr(GInputStream) stream = payload != NULL ? g_memory_input_stream_new_from_bytes (payload)
                                                   : NULL;
  g_autoptr(GError) error = NULL;
  GPtrArray *steps = imp_trust_path_verify (path, log_key, author, stream, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (steps->len, ==, G_N_ELEMENTS (step_ids));
  return steps;
}

static const ImpTrustStep *
find_failed (GPtrArray *steps)
{
  for (guint i = 0; i < steps->len; i++)
    {
      const ImpTrustStep *step = g_ptr_array_index (steps, i);

      g_assert_cmpstr (step->id, ==, step_ids[i]);
      g_assert_nonnull (step->title);
      g_assert_nonnull (step->detail);
      if (!step->passed)
        return step;
    }

  return NULL;
}

/* @failed: the first step that must not pass; NULL: none. */
static void
assert_fails (GPtrArray  *steps,
              const char *failed)
{
  const ImpTrustStep *step = find_failed (steps);

  if (step != NULL)
    g_test_message ("%s: %s", step->id, step->detail);
  g_assert_cmpstr (step != NULL ? step->id : NULL, ==, failed);
}

static const char *
get_fact (GPtrArray  *facts,
          const char *id)
{
  for (guint i = 0; i < facts->len; i++)
    {
      ImpTrustFact *fact = g_ptr_array_index (facts, i);

      if (g_str_equal (fact->id, id))
        return fact->value;
    }

  return NULL;
}

static gboolean
says (GPtrArray  *sentences,
      const char *words)
{
  for (guint i = 0; i < sentences->len; i++)
    {
      if (strstr (g_ptr_array_index (sentences, i), words) != NULL)
        return TRUE;
    }

  return FALSE;
}

static GBytes *
get_payload (Fixture *fixture)
{
  return g_ptr_array_index (fixture->log->payloads, 0);
}

static void
test_whole (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(GPtrArray) steps = verify (fixture->path, fixture->log->verifier,
                                       imp_key_get_fingerprint (fixture->author),
                                       get_payload (fixture));
  const ImpTrustStep *step;

  assert_fails (steps, NULL);

  step = g_ptr_array_index (steps, 0);
  g_assert_cmpstr (get_fact (step->given, "publicKey"), ==,
                   imp_key_get_public_pem (fixture->author));
  g_assert_cmpstr (get_fact (step->computed, "fingerprint"), ==,
                   imp_key_get_fingerprint (fixture->author));
  g_assert_cmpuint (step->unproven->len, ==, 0);

  step = g_ptr_array_index (steps, 2);
  g_assert_cmpstr (get_fact (step->given, "payloadDigest"), ==,
                   get_fact (step->computed, "payloadDigest"));
  g_assert_cmpuint (step->unproven->len, ==, 0);

  step = g_ptr_array_index (steps, 5);
  g_assert_nonnull (get_fact (step->computed, "root"));
  g_assert_false (says (step->unproven, "was taken from this file"));
  g_assert_true (says (step->unproven, "The checkpoint is 0 minutes old"));
}

/* What is not proven is said, and is no failure. */
static void
test_unproven (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GPtrArray) steps = verify (fixture->path, NULL, NULL, NULL);
  static const char *const words[] = {
    "whose key", NULL, "SHA-384 was not recomputed", "CID was not recomputed", NULL, "was taken from",
  };

  assert_fails (steps, NULL);
  for (guint i = 0; i < steps->len; i++)
    {
      const ImpTrustStep *step = g_ptr_array_index (steps, i);

      if (words[i] != NULL)
        g_assert_true (says (step->unproven, words[i]));
      else
        g_assert_cmpuint (step->unproven->len, ==, 0);
    }
  g_assert_true (says (((ImpTrustStep *) g_ptr_array_index (steps, 5))->unproven,
                       fixture->log->verifier));
}

static void
test_again (Fixture       *fixture,
            gconstpointer  data)
{
  const char *text = imp_trust_path_get_text (fixture->path);
  g_autoptr(ImpTrustPath) again = NULL;
  g_autofree char *title = NULL;
  g_autoptr(GError) error = NULL;

  again = imp_trust_path_new_from_text (text, strlen (text), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_trust_path_get_text (again), ==, text);
  title = imp_trust_path_dup_title (again);
  g_assert_cmpstr (title, ==, "Class_1 V_1");
}

/* Any byte, changed in any of some ways: the file is refused, or a step. */
static void
test_every_byte (Fixture       *fixture,
                 gconstpointer  data)
{
  static const char changes[] = { 0x01, 0x20 };
  const char *text = imp_trust_path_get_text (fixture->path);
  gsize length = strlen (text);
  guint n_read = 0;

  for (gsize i = 0; i < length * G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *changed = g_memdup2 (text, length + 1);
      g_autoptr(ImpTrustPath) path = NULL;
      g_autoptr(GPtrArray) steps = NULL;
      g_autoptr(GError) error = NULL;

      changed[i / G_N_ELEMENTS (changes)] ^= changes[i % G_N_ELEMENTS (changes)];
      path = imp_trust_path_new_from_text (changed, length, &error);
      if (path == NULL)
        {
          g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
          continue;
        }

      n_read++;
      steps = verify (path, NULL, NULL, NULL);
      if (find_failed (steps) == NULL)
        g_error ("byte %zu was changed and nobody noticed: %.40s", i / G_N_ELEMENTS (changes),
                 changed + i / G_N_ELEMENTS (changes));
    }

  /* Most bytes are those of values, of which the form says nothing. */
  g_assert_cmpuint (n_read, >, length);
}

/* Every member, changed at its beginning, in its middle and at its end, and the step that says so. */
typedef struct
{
  const char *member;
  const char *step;
} Flip;

static const Flip flips[] = {
  { "publicKey", "key" },
  { "manifest", "manifest" },
  { "authorManifestSign", "manifest" },
  { "authorSign", "digest" },
  { "cid", "cid" },
  { "leaf", "key cid transaction checkpoint" },
  { "sequence", "checkpoint" },
  { "path", "checkpoint" },
  { "checkpoint", "checkpoint" },
  { "logKey", "checkpoint" },
};

static char *
flip_text (const char *text,
           gsize       place)
{
  char *changed = g_strdup (text);

  changed[place] = changed[place] == 'A' ? 'B' : 'A';
  return changed;
}

/* Takes one character of what is there for another. */
static void
flip_member (JsonObject *object,
             const char *name,
             guint       place)
{
  JsonNode *node = json_object_get_member (object, name);

  if (JSON_NODE_HOLDS_OBJECT (node))
    json_object_set_string_member (json_node_get_object (node), place == 0 ? "vendorID" : "storageLocation",
                                   place == 1 ? "elsewhere" : "Somebody");
  else if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      guint index = place * (json_array_get_length (array) - 1) / 2;
      const char *text = json_array_get_string_element (array, index);
      g_autofree char *changed = flip_text (text, 20);

      json_array_remove_element (array, index);
      json_array_add_string_element (array, changed);
    }
  else if (json_node_get_value_type (node) == G_TYPE_INT64)
    json_object_set_int_member (object, name, json_node_get_int (node) + 1 + place);
  else
    {
      const char *text = json_node_get_string (node);
      g_autofree char *changed = flip_text (text, place * (strlen (text) - 1) / 2);

      json_object_set_string_member (object, name, changed);
    }
}

static ImpTrustPath *
change (ImpTrustPath *path,
        const char   *member,
        guint         place)
{
  g_autoptr(JsonNode) root = imp_json_parse (imp_trust_path_get_text (path), -1,
                                             IMP_TRUST_PATH_MAX_SIZE, NULL);
  g_autofree char *canonical = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  ImpTrustPath *changed;

  flip_member (json_node_get_object (root), member, place);
  canonical = imp_json_canonicalize (root);
  text = g_strconcat (canonical, "\n", NULL);
  changed = imp_trust_path_new_from_text (text, strlen (text), &error);
  g_assert_no_error (error);
  return changed;
}

static void
test_every_member (Fixture       *fixture,
                   gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (flips) * 3; i++)
    {
      const Flip *flip = &flips[i / 3];
      g_autoptr(ImpTrustPath) path = change (fixture->path, flip->member, i % 3);
      g_autoptr(GPtrArray) steps = verify (path, NULL, NULL, NULL);
      const ImpTrustStep *failed = find_failed (steps);

      if (failed == NULL || strstr (flip->step, failed->id) == NULL)
        g_error ("“%s” changed at %u: %s", flip->member, i % 3, failed != NULL ? failed->id : "passed");
    }
}

/* Members that are right by themselves, and of another update. */
static void
test_mixed (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *transaction = fake_log_add_update (fixture->log, fixture->author, "V_2");
  g_autoptr(ImpTrustPath) other = get_path (fixture->log, transaction);
  JsonObject *from = json_node_get_object (imp_trust_path_get_root (other));
  static const Flip mixes[] = {
    { "manifest", "manifest" },
    { "authorManifestSign", "manifest" },
    { "leaf", "cid" },
    { "sequence", "checkpoint" },
    { "path", "checkpoint" },
    { "checkpoint", "checkpoint" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (mixes); i++)
    {
      g_autoptr(JsonNode) root = imp_json_parse (imp_trust_path_get_text (fixture->path), -1,
                                                 IMP_TRUST_PATH_MAX_SIZE, NULL);
      g_autofree char *canonical = NULL;
      g_autofree char *text = NULL;
      g_autoptr(ImpTrustPath) path = NULL;
      g_autoptr(GPtrArray) steps = NULL;

      json_object_set_member (json_node_get_object (root), mixes[i].member,
                              json_node_copy (json_object_get_member (from, mixes[i].member)));
      canonical = imp_json_canonicalize (root);
      text = g_strconcat (canonical, "\n", NULL);
      path = imp_trust_path_new_from_text (text, strlen (text), NULL);
      steps = verify (path, NULL, NULL, NULL);
      assert_fails (steps, mixes[i].step);
    }
}

static void
test_pins (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GPtrArray) other_log = verify (fixture->path, "example.org/log+00000000+AQ==", NULL, NULL);
  g_autoptr(GPtrArray) other_author = verify (fixture->path, NULL, "00", NULL);

  assert_fails (other_log, "checkpoint");
  assert_fails (other_author, "key");
}

static void
test_payload (Fixture       *fixture,
              gconstpointer  data)
{
  gsize size;
  const guint8 *bytes = g_bytes_get_data (get_payload (fixture), &size);
  g_autofree guint8 *changed = g_malloc0 (size + 1);

  for (guint i = 0; i < 3; i++)
    {
      static const int sizes[] = { 0, -1, 1 };
      g_autoptr(GBytes) payload = NULL;
      g_autoptr(GPtrArray) steps = NULL;

      memcpy (changed, bytes, size);
      changed[size / 2] ^= i == 0;
      payload = g_bytes_new (changed, size + sizes[i]);
      steps = verify (fixture->path, NULL, NULL, payload);
      assert_fails (steps, "digest");
      g_assert_false (((ImpTrustStep *) g_ptr_array_index (steps, 3))->passed);
    }
}

/* Somebody else's key in the author's name is right in itself: only who pins keys can tell. */
static void
test_forged (Fixture       *fixture,
             gconstpointer  data)
{
  FakeLog *log = fake_log_new ("example.org/log");
  g_autoptr(ImpKey) author = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autofree char *transaction = NULL;
  g_autoptr(ImpTrustPath) forged = NULL;
  g_autoptr(GPtrArray) unpinned = NULL;
  g_autoptr(GPtrArray) pinned = NULL;

  fake_log_add_author (log, author);
  transaction = fake_log_add_update (log, author, "V_1");
  forged = get_path (log, transaction);
  unpinned = verify (forged, NULL, NULL, NULL);
  pinned = verify (forged, fixture->log->verifier, NULL, NULL);

  assert_fails (unpinned, NULL);
  g_assert_true (says (((ImpTrustStep *) g_ptr_array_index (unpinned, 5))->unproven, log->verifier));
  assert_fails (pinned, "checkpoint");
  fake_log_free (log);
}

static ImpTrustPath *
load (const char  *path,
      GError     **error)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);
  TEST_RESULT (result);

  imp_trust_path_load_async (file, NULL, test_keep_result, &result);
  return imp_trust_path_load_finish (test_wait (&result), error);
}

static void
test_load (Fixture       *fixture,
           gconstpointer  data)
{
  const char *text = imp_trust_path_get_text (fixture->path);
  g_autofree char *name = test_write_file (home, "a.imprimatur", text, strlen (text));
  g_autofree char *payload = NULL;
  g_autoptr(GFile) file = NULL;
  g_autoptr(ImpTrustPath) path = NULL;
  g_autoptr(GPtrArray) steps = NULL;
  g_autoptr(ImpTrust) trust = imp_trust_new (home);
  g_autoptr(GError) error = NULL;
  gsize size;
  gconstpointer bytes = g_bytes_get_data (get_payload (fixture), &size);
  TEST_RESULT (result);

  path = load (name, &error);
  g_assert_no_error (error);
  g_assert_true (imp_trust_path_is_name (name));

  payload = test_write_file (home, "a.bin", bytes, size);
  file = g_file_new_for_path (payload);
  imp_trust_verify_path_async (trust, path, NULL, NULL, file, NULL, NULL, NULL, test_keep_result,
                               &result);
  steps = imp_trust_verify_path_finish (trust, test_wait (&result), &error);
  g_assert_no_error (error);
  assert_fails (steps, NULL);
}

static void
test_no_payload_file (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(GFile) file = g_file_new_for_path ("/nonexistent/payload");
  g_autoptr(ImpTrust) trust = imp_trust_new (home);
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  imp_trust_verify_path_async (trust, fixture->path, NULL, NULL, file, NULL, NULL, NULL, test_keep_result,
                               &result);
  g_assert_null (imp_trust_verify_path_finish (trust, test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GFile) file = g_file_new_for_path ("/dev/zero");
  g_autoptr(ImpTrust) trust = imp_trust_new (home);
  g_autoptr(GError) error = NULL;
  TEST_RESULT (result);

  g_cancellable_cancel (cancellable);
  imp_trust_verify_path_async (trust, fixture->path, NULL, NULL, file, NULL, NULL, cancellable, test_keep_result,
                               &result);
  g_assert_null (imp_trust_verify_path_finish (trust, test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Files of other programs, and of nobody. */
typedef struct
{
  const char *name;
  const char *text;
  const char *words;
} Hostile;

static const Hostile hostiles[] = {
  { "empty", "", "not a trust path" },
  { "text", "Hello", "not a trust path" },
  { "elf", "\177ELF\002\001\001", "not a trust path" },
  { "utf-16", "\377\376{\001", "not a trust path" },
  { "array", "[]\n", "not a JSON object" },
  { "other-json", "{\"name\":\"left-pad\",\"version\":\"1.0\"}\n", "“format”" },
  { "format-number", "{\"format\":1}\n", "“format”" },
  { "version-2", "{\"format\":\"imprimatur-trust-path\",\"version\":2}\n", "reads version 1" },
  { "version-text", "{\"format\":\"imprimatur-trust-path\",\"version\":\"1\"}\n", "version" },
  { "member-missing", "{\"format\":\"imprimatur-trust-path\",\"version\":1}\n", "publicKey" },
  { "twice", "{\"format\":\"imprimatur-trust-path\",\"format\":\"imprimatur-trust-path\"}\n",
    "not a trust path" },
};

static void
test_hostile (gconstpointer data)
{
  const Hostile *hostile = data;
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_trust_path_new_from_text (hostile->text, strlen (hostile->text), &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, hostile->words));
}

/* Changes of the form, each by a text that stands in every path. */
static const struct
{
  const char *name;
  const char *from;
  const char *to;
  const char *words;
} forms[] = {
  { "space", "{\"authorManifestSign\":", "{ \"authorManifestSign\":", "canonical" },
  { "order", "\"version\":1}", "\"version\":1,\"a\":1}", "members" },
  { "no-newline", "\"version\":1}\n", "\"version\":1}", "canonical" },
  { "two-newlines", "\"version\":1}\n", "\"version\":1}\n\n", "canonical" },
  { "twice", "\"version\":1}", "\"version\":1,\"version\":1}", "version" },
  { "type", "\"sequence\":2", "\"sequence\":\"2\"", "sequence" },
  { "fraction", "\"sequence\":2", "\"sequence\":2.5", "sequence" },
  { "escape", "\"format\":\"imp", "\"format\":\"\\u0069mp", "canonical" },
  { "null", "\"version\":1}", "\"version\":null}", "version" },
};

static void
test_form (Fixture       *fixture,
           gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_auto(GStrv) parts = g_strsplit (imp_trust_path_get_text (fixture->path), forms[i].from, 2);
      g_autofree char *text = g_strjoinv (forms[i].to, parts);
      g_autoptr(GError) error = NULL;

      g_assert_cmpuint (g_strv_length (parts), ==, 2);
      g_assert_null (imp_trust_path_new_from_text (text, strlen (text), &error));
      g_test_message ("%s: %s", forms[i].name, error->message);
      g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, forms[i].words));
    }
}

static void
test_deep (void)
{
  g_autofree char *deep = g_strnfill (1000000, '[');
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_trust_path_new_from_text (deep, strlen (deep), &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

static void
test_large (void)
{
  g_autofree char *name = test_write_file (home, "large.imprimatur", "{", 1);
  g_autoptr(GFile) file = g_file_new_for_path (name);
  g_autoptr(GFileIOStream) stream = g_file_open_readwrite (file, NULL, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (g_seekable_truncate (G_SEEKABLE (stream), G_GUINT64_CONSTANT (8) << 30, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (load (name, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "bytes"));
}

static void
test_folder (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (load (home, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

/* Version 1 as it was when it was written down: it must be read for ever. */
static void
test_kept (void)
{
  g_autofree char *name = g_test_build_filename (G_TEST_DIST, "data", "trust-path.imprimatur", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTrustPath) path = load (name, &error);
  g_autoptr(GPtrArray) steps = NULL;

  g_assert_no_error (error);
  steps = verify (path, NULL, NULL, NULL);
  assert_fails (steps, NULL);
}

static void
add (const char *name,
     void      (*func) (Fixture *fixture, gconstpointer data))
{
  g_autofree char *path = g_strconcat ("/trust-path/", name, NULL);

  g_test_add (path, Fixture, GUINT_TO_POINTER (IMP_KEY_ED25519), set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  home = test_make_home ();
  g_test_init (&argc, &argv, NULL);

  add ("whole", test_whole);
  add ("unproven", test_unproven);
  add ("again", test_again);
  add ("every-byte", test_every_byte);
  add ("every-member", test_every_member);
  g_test_add ("/trust-path/every-member-rsa", Fixture, GUINT_TO_POINTER (IMP_KEY_RSA_2048), set_up,
              test_every_member, tear_down);
  g_test_add ("/trust-path/every-member-ec", Fixture, GUINT_TO_POINTER (IMP_KEY_EC_P256), set_up,
              test_every_member, tear_down);
  add ("mixed", test_mixed);
  add ("pins", test_pins);
  add ("payload", test_payload);
  add ("forged", test_forged);
  add ("load", test_load);
  add ("no-payload-file", test_no_payload_file);
  add ("cancelled", test_cancelled);
  add ("form", test_form);
  for (guint i = 0; i < G_N_ELEMENTS (hostiles); i++)
    {
      g_autofree char *path = g_strconcat ("/trust-path/hostile/", hostiles[i].name, NULL);

      g_test_add_data_func (path, &hostiles[i], test_hostile);
    }
  g_test_add_func ("/trust-path/hostile/deep", test_deep);
  g_test_add_func ("/trust-path/hostile/large", test_large);
  g_test_add_func ("/trust-path/hostile/folder", test_folder);
  g_test_add_func ("/trust-path/kept", test_kept);

  status = g_test_run ();
  test_remove_home (home);
  return status;
}
