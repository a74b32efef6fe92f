/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-embedded-store.h"
#include "imp-unixfs.h"

/* The SBOM of an update travels with it, and is there for a reviewer by the CID that was signed. */

#define SBOM "{\"spdxVersion\":\"SPDX-2.3\",\"name\":\"firmware\"}"

static char *
compute_cid (const char *sbom)
{
  g_autoptr(ImpCid) cid = imp_unixfs_name (&imp_unixfs_v0, sbom, strlen (sbom));

  return g_strdup (imp_cid_get_string (cid));
}

/* An update of version @version whose manifest names an SBOM by @digest and @cid. */
static ImpUpdate *
make_named (AgentsFixture *fixture,
            const char    *version,
            const char    *digest,
            const char    *cid)
{
  g_autoptr(ImpUpdate) plain = make_update (fixture->author, "Class_1", version, 1, "firmware", 8);
  g_autoptr(ImpManifestBuilder) builder =
    imp_manifest_builder_new_from (imp_update_get_manifest (plain));
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;
  ImpUpdate *update;

  json_object_set_string_member (object, "format", "SPDX-2.3");
  json_object_set_string_member (object, "digest", digest);
  json_object_set_string_member (object, "cid", cid);
  json_node_take_object (node, object);
  imp_manifest_builder_set_json (builder, IMP_MANIFEST_SBOM, node);
  manifest = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);
  update = imp_update_sign (manifest, fixture->author, &error);
  g_assert_no_error (error);
  return update;
}

static Reply *
send (AgentsFixture *fixture,
      ImpUpdate     *update,
      const char    *sbom)
{
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "payload", "f", "firmware", 8 },
    { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
    { "sbom", "sbom.json", sbom, -1 },
    { "update", NULL, text, -1 },
    { NULL },
  };

  return agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts);
}

static void
assert_payloads (AgentsFixture *fixture,
                 const char    *n)
{
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_REGISTER, "/v1/status");
  g_autofree char *expected = g_strdup_printf ("\"payloads\":%s", n);

  g_assert_nonnull (strstr (reply->body, expected));
}

static void
assert_fetched (AgentsFixture *fixture,
                const char    *cid)
{
  g_autofree char *path = g_strconcat ("/v1/payloads/", cid, NULL);
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpmem (reply->body, reply->length, SBOM, strlen (SBOM));
}

static void
test_stored (AgentsFixture *fixture,
             gconstpointer  data)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, SBOM, strlen (SBOM));
  g_autofree char *cid = compute_cid (SBOM);
  g_autoptr(ImpUpdate) update = make_named (fixture, "V_1", digest, cid);
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  reply = send (fixture, update, SBOM);
  g_assert_cmpuint (reply->status, ==, 201);
  assert_fetched (fixture, cid);

  agents_fixture_stop (fixture);
  agents_fixture_start (fixture);
  assert_fetched (fixture, cid);
}

/* An author who named it as Kubo does by default, and an operator whose store is of another kind. */
static void
test_other_profile (AgentsFixture *fixture,
                    gconstpointer  data)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, SBOM, strlen (SBOM));
  g_autofree char *cid = compute_cid (SBOM);
  g_autoptr(ImpUpdate) update = make_named (fixture, "V_1", digest, cid);
  g_autoptr(Reply) reply = NULL;

  agents_fixture_stop (fixture);
  g_free (fixture->config->profile);
  fixture->config->profile = g_strdup (imp_unixfs_v1.name);
  agents_fixture_start (fixture);

  register_author (fixture);
  reply = send (fixture, update, SBOM);
  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_nonnull (strstr (reply->body, "\"bafkrei"));
  assert_fetched (fixture, cid);
  assert_payloads (fixture, "2");
}

/* The same SBOM again under a version that is refused: the first one keeps it. */
static void
test_shared (AgentsFixture *fixture,
             gconstpointer  data)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, SBOM, strlen (SBOM));
  g_autofree char *cid = compute_cid (SBOM);
  g_autoptr(ImpUpdate) update = make_named (fixture, "V_1", digest, cid);
  g_autoptr(Reply) first = NULL;
  g_autoptr(Reply) second = NULL;

  register_author (fixture);
  first = send (fixture, update, SBOM);
  second = send (fixture, update, SBOM);
  g_assert_cmpuint (second->status, ==, 403);
  assert_fetched (fixture, cid);
  assert_payloads (fixture, "2");
}

/* The manifest's digest is that of @digested, its CID that of @named. */
static void
assert_refused (AgentsFixture *fixture,
                const char    *digested,
                const char    *named,
                const char    *complaint)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, digested, strlen (digested));
  g_autofree char *cid = compute_cid (named);
  g_autoptr(ImpUpdate) update = make_named (fixture, "V_1", digest, cid);
  g_autoptr(Reply) reply = NULL;
  g_autofree char *code = NULL;

  register_author (fixture);
  reply = send (fixture, update, SBOM);
  code = reply_get_code (reply);
  g_assert_cmpuint (reply->status, ==, 403);
  g_assert_cmpstr (code, ==, "ERR_PAYLOAD_NOT_VERIFIABLE");
  g_assert_nonnull (strstr (reply->body, complaint));
  assert_payloads (fixture, "0");
}

static void
test_wrong_digest (AgentsFixture *fixture,
                   gconstpointer  data)
{
  assert_refused (fixture, "another", SBOM, "sbom.digest");
}

static void
test_wrong_cid (AgentsFixture *fixture,
                gconstpointer  data)
{
  assert_refused (fixture, SBOM, "another", "sbom.cid");
}

static void
test_not_named (AgentsFixture *fixture,
                gconstpointer  data)
{
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1, "firmware", 8);
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  reply = send (fixture, update, SBOM);
  g_assert_cmpuint (reply->status, ==, 403);
  g_assert_nonnull (strstr (reply->body, "does not name"));
  assert_payloads (fixture, "0");
}

/* An SBOM that lies elsewhere is the author's affair; so is none at all. */
static void
test_not_sent (AgentsFixture *fixture,
               gconstpointer  data)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, SBOM, strlen (SBOM));
  g_autofree char *cid = compute_cid (SBOM);
  g_autoptr(ImpUpdate) update = make_named (fixture, "V_1", digest, cid);
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  reply = send (fixture, update, "");
  g_assert_cmpuint (reply->status, ==, 201);
  assert_payloads (fixture, "1");
}

static void
test_too_large (AgentsFixture *fixture,
                gconstpointer  data)
{
  g_autofree char *sbom = g_strnfill (IMP_SBOM_MAX_SIZE + 1, ' ');
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1, "firmware", 8);
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  reply = send (fixture, update, sbom);
  g_assert_cmpuint (reply->status, ==, 400);
  g_assert_nonnull (strstr (reply->body, "“sbom” is longer"));
  assert_payloads (fixture, "0");
}

static void
staged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpPayloadInfo **info = user_data;

  *info = imp_store_stage_finish (IMP_STORE (object), result, NULL);
}

static void
leave_staged (AgentsFixture *fixture,
              const char    *text)
{
  g_autofree char *path = g_build_filename (fixture->config->data_dir, "store", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpStore) store = imp_embedded_store_open (path, &imp_unixfs_v0, &error);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (text, strlen (text), NULL);
  g_autoptr(ImpPayloadInfo) info = NULL;

  g_assert_no_error (error);
  imp_store_stage_async (store, stream, NULL, 0, NULL, staged_cb, &info);
  while (info == NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* The process ended after the ledger had the update and before the SBOM was kept. */
static void
test_recovers (AgentsFixture *fixture,
               gconstpointer  data)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, SBOM, strlen (SBOM));
  g_autofree char *cid = compute_cid (SBOM);
  g_autoptr(ImpUpdate) update = make_named (fixture, "V_1", digest, cid);
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  reply = send (fixture, update, "");
  agents_fixture_stop (fixture);
  leave_staged (fixture, SBOM);
  leave_staged (fixture, "an SBOM of no update");

  agents_fixture_start (fixture);
  assert_fetched (fixture, cid);
  assert_payloads (fixture, "2");
}

#define ADD_CASE(name, func) \
  g_test_add ("/sbom/" name, AgentsFixture, NULL, agents_fixture_set_up, func, \
              agents_fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_CASE ("stored", test_stored);
  ADD_CASE ("other-profile", test_other_profile);
  ADD_CASE ("shared", test_shared);
  ADD_CASE ("wrong-digest", test_wrong_digest);
  ADD_CASE ("wrong-cid", test_wrong_cid);
  ADD_CASE ("not-named", test_not_named);
  ADD_CASE ("not-sent", test_not_sent);
  ADD_CASE ("too-large", test_too_large);
  ADD_CASE ("recovers", test_recovers);

  return g_test_run ();
}
