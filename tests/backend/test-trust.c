/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "backend-fixture.h"
#include "fake-log.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-merkle-range.h"
#include "imp-trust.h"

/* Ledgers and agents that lie. What is proven of honest ones stands in test-main-job too. */
typedef struct
{
  char           *directory;
  FakeLog        *log;
  ImpConnection  *connection;
  ImpAgentClient *client;
  ImpTrust       *trust;
  ImpKey         *author;
  ImpKey         *other;
  char           *transaction;
} Fixture;

static char *home;
static guint n_tests;

static ImpKey *
make_key (ImpKeyType type)
{
  g_autoptr(GError) error = NULL;
  ImpKey *key = imp_key_generate (type, &error);

  g_assert_no_error (error);
  return key;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->directory = g_strdup_printf ("%s/trust-%u", home, n_tests++);
  fixture->log = fake_log_new ("example.org/log");
  fixture->author = make_key (IMP_KEY_ED25519);
  fixture->other = make_key (IMP_KEY_ED25519);
  fake_log_add_other (fixture->log);
  fake_log_add_author (fixture->log, fixture->author);
  fake_log_add_author (fixture->log, fixture->other);
  fake_log_add_other (fixture->log);
  fixture->transaction = fake_log_add_update (fixture->log, fixture->author, "V_1");
  fake_log_add_other (fixture->log);

  fixture->connection = fake_log_connect (fixture->log);
  fixture->client = imp_agent_client_new (fixture->connection);
  fixture->trust = imp_trust_new (fixture->directory);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  test_assert_finalizes (fixture->trust);
  test_assert_finalizes (fixture->client);
  test_assert_finalizes (fixture->connection);
  fake_log_free (fixture->log);
  g_object_unref (fixture->author);
  g_object_unref (fixture->other);
  g_free (fixture->transaction);
  g_free (fixture->directory);
}

static GPtrArray *
verify (Fixture       *fixture,
        GCancellable  *cancellable,
        GError       **error)
{
  GPtrArray *verdicts;
  TEST_RESULT (result);

  imp_trust_verify_update_async (fixture->trust, fixture->client, fixture->transaction, TRUE,
                                 cancellable, test_keep_result, &result);
  verdicts = imp_trust_verify_update_finish (fixture->trust, test_wait (&result), error);
  for (guint i = 0; verdicts != NULL && i < verdicts->len; i++)
    {
      ImpVerdict *verdict = g_ptr_array_index (verdicts, i);

      g_test_message ("%s %s: %s", verdict->passed ? "+" : "-", verdict->id, verdict->detail);
    }

  return verdicts;
}

/* @failed: the ids of exactly those verdicts that must not pass, with spaces around them. */
static void
assert_verdicts (Fixture    *fixture,
                 const char *failed)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) verdicts = verify (fixture, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (verdicts->len, ==, 8);
  for (guint i = 0; i < verdicts->len; i++)
    {
      ImpVerdict *verdict = g_ptr_array_index (verdicts, i);
      g_autofree char *needle = g_strdup_printf (" %s ", verdict->id);
      gboolean expected = strstr (failed, needle) == NULL;

      if (verdict->passed != expected)
        g_error ("%s should %s: %s", verdict->id, expected ? "pass" : "fail", verdict->detail);
      g_assert_nonnull (verdict->title);
      g_assert_nonnull (verdict->detail);
    }
}

static ImpTrustHead *
check_head (Fixture  *fixture,
            GError  **error)
{
  ImpTrustHead *head;
  TEST_RESULT (result);

  imp_trust_check_head_async (fixture->trust, fixture->client, NULL, test_keep_result, &result);
  head = imp_trust_check_head_finish (fixture->trust, test_wait (&result), error);
  if (head == NULL && error != NULL)
    g_test_message ("%s", (*error)->message);

  return head;
}

static void
see_head (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpTrustHead) head = check_head (fixture, &error);

  g_assert_no_error (error);
}

static void
assert_head_refused (Fixture    *fixture,
                     const char *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (check_head (fixture, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, words));
}

static char *
audit (Fixture  *fixture,
       GError  **error)
{
  char *sentence;
  TEST_RESULT (result);

  imp_trust_audit_async (fixture->trust, fixture->client, NULL, NULL, NULL, test_keep_result,
                         &result);
  sentence = imp_trust_audit_finish (fixture->trust, test_wait (&result), error);
  g_test_message ("%s", sentence != NULL ? sentence : (*error)->message);

  return sentence;
}

static void
assert_audit_breaks (Fixture    *fixture,
                     const char *words)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (audit (fixture, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_nonnull (strstr (error->message, words));
}

static guint
count_evidence (Fixture *fixture)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->directory, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, ".fork");

  return n;
}

static void
test_honest (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(ImpTrustHead) first = NULL;
  g_autoptr(ImpTrustHead) second = NULL;
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  assert_verdicts (fixture, " ");
  fake_log_add_other (fixture->log);
  assert_verdicts (fixture, " ");

  first = check_head (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (first->origin, ==, "example.org/log");
  g_assert_cmpstr (first->key, ==, fixture->log->verifier);
  g_assert_cmpuint (first->size, ==, 7);
  g_assert_false (first->pinned_now);

  sentence = audit (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (sentence, "All 7 entries"));
}

static void
test_pins (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(ImpTrustHead) head = NULL;
  g_autoptr(GDir) dir = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;
  GStatBuf status;

  head = check_head (fixture, &error);
  g_assert_no_error (error);
  g_assert_true (head->pinned_now);

  dir = g_dir_open (fixture->directory, 0, &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->directory, g_dir_read_name (dir), NULL);
  g_assert_null (g_dir_read_name (dir));
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
}

/* One lie on the wire, and exactly the verdicts that it must cost. */
typedef struct
{
  const char *name;
  void       (*lie) (Fixture *fixture);
  const char *failed;
} Lie;

static void
edit_update (Fixture    *fixture,
             const char *member,
             const char *value)
{
  g_autoptr(ImpRegisteredUpdate) update = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *object;
  TEST_RESULT (result);

  imp_agent_client_get_update_async (fixture->client, fixture->transaction, NULL, test_keep_result,
                                     &result);
  update = imp_agent_client_get_update_finish (fixture->client, test_wait (&result), &error);
  g_assert_no_error (error);

  fixture->log->update = imp_update_to_json (update->update);
  object = json_node_get_object (fixture->log->update);
  if (json_object_has_member (object, member))
    json_object_set_string_member (object, member, value);
  else
    json_object_set_string_member (json_object_get_object_member (object, "manifest"), member,
                                   value);
}

static void
lie_manifest (Fixture *fixture)
{
  edit_update (fixture, IMP_MANIFEST_STORAGE_LOCATION, "elsewhere");
}

static void
lie_version (Fixture *fixture)
{
  edit_update (fixture, IMP_MANIFEST_VERSION_ID, "V_9");
}

static void
lie_signature (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *signature = imp_key_sign_text (fixture->other, "anything", &error);

  edit_update (fixture, "authorSign", signature);
}

static void
lie_manifest_signature (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *signature = imp_key_sign_text (fixture->other, "anything", &error);

  edit_update (fixture, "authorManifestSign", signature);
}

static void
lie_cid (Fixture *fixture)
{
  fixture->log->cid = "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o";
}

static void
lie_cid_garbage (Fixture *fixture)
{
  fixture->log->cid = "../../etc/passwd";
}

static void
lie_path (Fixture *fixture)
{
  fixture->log->flip_path = TRUE;
}

static void
lie_index (Fixture *fixture)
{
  fixture->log->shift_index = TRUE;
}

static void
lie_no_path (Fixture *fixture)
{
  fixture->log->drop_path = TRUE;
}

static void
lie_payload (Fixture *fixture)
{
  fixture->log->flip_payload = TRUE;
}

static void
lie_payload_short (Fixture *fixture)
{
  fixture->log->cut_payload = TRUE;
}

static void
lie_payload_endless (Fixture *fixture)
{
  fixture->log->endless_payload = TRUE;
}

static void
lie_key (Fixture *fixture)
{
  fixture->log->other_key = make_key (IMP_KEY_ED25519);
}

static void
lie_old (Fixture *fixture)
{
  fixture->log->age = 2 * 60 * 60 * 1000;
}

static void
lie_future (Fixture *fixture)
{
  fixture->log->age = -2 * 60 * 60 * 1000;
}

static void
lie_checkpoint (Fixture *fixture)
{
  fixture->log->checkpoint = "example.org/log\n6\nAAAA\n\n";
}

static const Lie lies[] = {
  { "manifest", lie_manifest, " manifest-digest manifest-signature leaf " },
  { "version", lie_version, " manifest-digest manifest-signature leaf " },
  { "signature", lie_signature, " payload-signature leaf " },
  { "manifest-signature", lie_manifest_signature, " manifest-signature leaf " },
  { "cid", lie_cid, " leaf payload " },
  { "cid-garbage", lie_cid_garbage, " leaf payload " },
  { "path", lie_path, " inclusion " },
  { "index", lie_index, " inclusion " },
  { "no-path", lie_no_path, " inclusion " },
  { "payload", lie_payload, " payload " },
  { "payload-short", lie_payload_short, " payload " },
  { "payload-endless", lie_payload_endless, " payload " },
  { "key", lie_key, " checkpoint consistency " },
  { "old", lie_old, " checkpoint " },
  { "future", lie_future, " checkpoint " },
  { "checkpoint", lie_checkpoint, " checkpoint inclusion consistency " },
};

static void
test_lie (Fixture       *fixture,
          gconstpointer  data)
{
  const Lie *lie = data;

  lie->lie (fixture);
  assert_verdicts (fixture, lie->failed);
}

/* What was pinned is not unpinned by another program’s start, and not by another log. */
static void
test_other_log (Fixture       *fixture,
                gconstpointer  data)
{
  FakeLog *other;
  g_autoptr(ImpKey) key = NULL;

  see_head (fixture);
  test_assert_finalizes (fixture->trust);
  fixture->trust = imp_trust_new (fixture->directory);

  /* The agent now serves another log under the same name. */
  other = fake_log_new ("example.org/log");
  key = g_steal_pointer (&fixture->log->log_key);
  fixture->log->log_key = g_object_ref (other->log_key);
  g_free (fixture->log->verifier);
  fixture->log->verifier = g_strdup (other->verifier);
  assert_head_refused (fixture, "");
  fake_log_free (other);
}

static void
test_rollback (Fixture       *fixture,
               gconstpointer  data)
{
  see_head (fixture);
  g_ptr_array_set_size (fixture->log->leaves, 5);
  assert_head_refused (fixture, "an older copy was put back");
  assert_verdicts (fixture, " consistency ");

  /* And once more: a refusal is not forgotten. */
  assert_head_refused (fixture, "an older copy was put back");
}

/* An older head that the log can still prove is only old news. */
static void
test_older_head (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(ImpTrustHead) head = NULL;
  g_autoptr(GError) error = NULL;

  see_head (fixture);
  fixture->log->shown_size = 5;
  head = check_head (fixture, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (head->size, ==, 5);
}

static void
replace_leaf (Fixture *fixture,
              guint    index)
{
  char **slot = (char **) &g_ptr_array_index (fixture->log->leaves, index);
  char *time = strstr (*slot, "\"time\":\"");

  time[strlen ("\"time\":\"") + 3] ^= 1;
}

static void
test_fork_same_size (Fixture       *fixture,
                     gconstpointer  data)
{
  see_head (fixture);
  replace_leaf (fixture, 0);
  assert_head_refused (fixture, "contradicts itself");
  g_assert_cmpuint (count_evidence (fixture), ==, 1);
}

static void
test_fork_longer (Fixture       *fixture,
                  gconstpointer  data)
{
  see_head (fixture);
  replace_leaf (fixture, 0);
  fake_log_add_other (fixture->log);
  assert_head_refused (fixture, "contradicts itself");
  g_assert_cmpuint (count_evidence (fixture), ==, 1);
  assert_verdicts (fixture, " consistency ");
}

/* Two agents of one log, each with a view of its own. */
static void
test_split_view (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  RawAgent *honest = fixture->log->agent;
  FakeLog *twin = fake_log_new ("example.org/log");
  g_autoptr(ImpConnection) connection = NULL;
  g_autoptr(ImpAgentClient) client = NULL;

  see_head (fixture);

  g_set_object (&twin->log_key, fixture->log->log_key);
  g_free (twin->verifier);
  twin->verifier = g_strdup (fixture->log->verifier);
  for (guint i = 0; i < 9; i++)
    fake_log_add_other (twin);
  connection = fake_log_connect (twin);
  client = imp_agent_client_new (connection);
  g_assert_cmpstr (raw_agent_get_url (honest), !=, raw_agent_get_url (twin->agent));
  {
    TEST_RESULT (result);

    imp_trust_check_head_async (fixture->trust, client, NULL, test_keep_result, &result);
    g_assert_null (imp_trust_check_head_finish (fixture->trust, test_wait (&result), &error));
  }
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
  g_assert_cmpuint (count_evidence (fixture), ==, 1);

  test_assert_finalizes (g_steal_pointer (&client));
  fake_log_free (twin);
}

/* An agent that gives no proof has proven nothing, and that is not a fork. */
static void
test_no_proof (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  see_head (fixture);
  fake_log_add_other (fixture->log);
  if (data != NULL)
    fixture->log->refuse_proofs = TRUE;
  else
    fixture->log->no_proofs = TRUE;
  g_assert_null (check_head (fixture, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY);
  g_assert_cmpuint (count_evidence (fixture), ==, 0);
}

static void
test_frozen (Fixture       *fixture,
             gconstpointer  data)
{
  fixture->log->age = 61 * 60 * 1000;
  assert_head_refused (fixture, "minutes old");
}

static void
test_damaged_state (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(GDir) dir = NULL;
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  see_head (fixture);
  dir = g_dir_open (fixture->directory, 0, NULL);
  path = g_build_filename (fixture->directory, g_dir_read_name (dir), NULL);
  g_file_set_contents (path, data, -1, &error);
  g_assert_no_error (error);

  g_assert_null (check_head (fixture, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == IMP_ERROR);
}

static void
test_audit_changed (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *words = g_strdup_printf ("entry %d ", GPOINTER_TO_INT (data));

  for (guint i = 0; i < 1100; i++)
    fake_log_add_other (fixture->log);
  fixture->log->changed_leaf = GPOINTER_TO_INT (data);
  assert_audit_breaks (fixture, words);
}

static void
test_audit_long (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 1100; i++)
    fake_log_add_other (fixture->log);
  sentence = audit (fixture, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (sentence, "All 1106 entries"));
}

static void
test_audit_forgery (Fixture       *fixture,
                    gconstpointer  data)
{
  fake_log_add_forgery (fixture->log, fixture->author, fixture->other, "V_2");
  assert_audit_breaks (fixture, "entry 6: ");
}

static void
test_audit_unknown_author (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(ImpKey) stranger = make_key (IMP_KEY_ED25519);

  fake_log_add_forgery (fixture->log, stranger, stranger, "V_2");
  assert_audit_breaks (fixture, "entry 6: its author was not registered");
}

static void
test_audit_garbage (Fixture       *fixture,
                    gconstpointer  data)
{
  fake_log_append (fixture->log, g_strdup (data));
  assert_audit_breaks (fixture, "entry 6: ");
}

static void
test_audit_short (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->log->no_leaves_from = 4;
  g_assert_null (audit (fixture, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY);
  g_assert_nonnull (strstr (error->message, "from 4 on"));
}

static void
test_cancels (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (verify (fixture, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_no_such_update (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  g_free (fixture->transaction);
  fixture->transaction = g_strdup ("../key");
  g_assert_null (verify (fixture, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
}

/* The growing tree comes to the root that the whole one has, at every size. */
static gboolean
read_hash (guint     level,
           guint64   index,
           ImpHash  *hash,
           gpointer  user_data,
           GError  **error)
{
  ImpHash right;

  if (level == 0)
    {
      guint8 byte = index;

      imp_merkle_hash_leaf (&byte, 1, hash);
      return TRUE;
    }

  read_hash (level - 1, 2 * index, hash, NULL, NULL);
  read_hash (level - 1, 2 * index + 1, &right, NULL, NULL);
  imp_merkle_hash_node (hash, &right, hash);
  return TRUE;
}

static void
test_range (void)
{
  ImpMerkleRange range = { 0 };

  for (guint size = 0; size < 200; size++)
    {
      ImpHash whole;
      ImpHash grown;
      ImpHash leaf;
      guint8 byte = size;
      g_autoptr(GError) error = NULL;

      imp_merkle_compute_root (size, read_hash, NULL, &whole, &error);
      g_assert_no_error (error);
      imp_merkle_range_get_root (&range, &grown);
      g_assert_cmpmem (&whole, sizeof whole, &grown, sizeof grown);

      imp_merkle_hash_leaf (&byte, 1, &leaf);
      imp_merkle_range_append (&range, &leaf);
    }
}

#define add(path, data, func) \
  g_test_add ("/trust/" path, Fixture, data, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  int status;

  home = test_make_home ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/trust/range", test_range);
  add ("honest", NULL, test_honest);
  add ("pins", NULL, test_pins);
  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autofree char *path = g_strconcat ("/trust/lie/", lies[i].name, NULL);

      g_test_add (path, Fixture, &lies[i], set_up, test_lie, tear_down);
    }
  add ("other-log", NULL, test_other_log);
  add ("rollback", NULL, test_rollback);
  add ("older-head", NULL, test_older_head);
  add ("fork/same-size", NULL, test_fork_same_size);
  add ("fork/longer", NULL, test_fork_longer);
  add ("fork/split-view", NULL, test_split_view);
  add ("no-proof/missing", NULL, test_no_proof);
  add ("no-proof/refused", "refused", test_no_proof);
  add ("frozen", NULL, test_frozen);
  add ("damaged/empty", "", test_damaged_state);
  add ("damaged/object", "{\"connections\": 1}", test_damaged_state);
  add ("audit/long", NULL, test_audit_long);
  add ("audit/changed/0", GINT_TO_POINTER (0), test_audit_changed);
  add ("audit/changed/4", GINT_TO_POINTER (4), test_audit_changed);
  add ("audit/changed/777", GINT_TO_POINTER (777), test_audit_changed);
  add ("audit/changed/1105", GINT_TO_POINTER (1105), test_audit_changed);
  add ("audit/forgery", NULL, test_audit_forgery);
  add ("audit/unknown-author", NULL, test_audit_unknown_author);
  add ("audit/garbage", "garbage", test_audit_garbage);
  add ("audit/garbage-object", "{}", test_audit_garbage);
  add ("audit/short", NULL, test_audit_short);
  add ("cancels", NULL, test_cancels);
  add ("no-such-update", NULL, test_no_such_update);

  status = g_test_run ();
  test_remove_home (home);
  return status;
}
