/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "contracts-runner.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"
#include "imp-token.h"

#define PAYLOAD "firmware"

typedef struct
{
  Contracts           contracts;
  char               *token;
  char               *cid;
  ImpManifestBuilder *builder;  /* of an update that is right */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  contracts_set_up (&fixture->contracts, NULL);
  fixture->token = contracts_register (&fixture->contracts, fixture->contracts.author, "message");
  fixture->cid = test_payloads_add (fixture->contracts.payloads, PAYLOAD, strlen (PAYLOAD));
  fixture->builder = test_make_builder ("Class_1", "V_2", 2, PAYLOAD, strlen (PAYLOAD));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->builder, imp_manifest_builder_free);
  g_free (fixture->token);
  g_free (fixture->cid);
  contracts_tear_down (&fixture->contracts, NULL);
}

static char **
make_arguments (Fixture *fixture)
{
  g_autoptr(ImpUpdate) update = test_sign_update (g_steal_pointer (&fixture->builder),
                                                  fixture->contracts.author);

  return test_make_update (fixture->token, update, fixture->cid);
}

static char *
create_update (Fixture   *fixture,
               GStrv      arguments,
               GError   **error)
{
  return contracts_run (&fixture->contracts, IMP_CONTRACT_REGISTER_UPDATE, "createUpdate",
                        (const char *const *) arguments, error);
}

static void
replace (char       **argument,
         const char  *value)
{
  g_free (*argument);
  *argument = g_strdup (value);
}

/* Each makes one thing of an update wrong, before it is signed or after. */

static void
set_expired (Fixture *fixture)
{
  g_autofree char *time = imp_time_format (fixture->contracts.now);

  imp_manifest_builder_set_string (fixture->builder, IMP_MANIFEST_EXPIRATION_TIME, time);
}

static void
set_size (Fixture *fixture)
{
  imp_manifest_builder_set_int (fixture->builder, IMP_MANIFEST_SIZE, strlen (PAYLOAD) + 1);
}

static void
set_digest (Fixture *fixture)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, "other", 5);

  imp_manifest_builder_set_string (fixture->builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
}

static void
let_token_expire (Fixture *fixture)
{
  fixture->contracts.now += IMP_TOKEN_LIFETIME;
}

static void
turn_clock_back (Fixture *fixture)
{
  fixture->contracts.now -= 3600 * 1000;
}

static void
break_store (Fixture *fixture)
{
  test_payloads_break (fixture->contracts.payloads, TRUE);
}

static void
lose_payload (Fixture *fixture)
{
  replace (&fixture->cid, "bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e");
}

static void
garble_cid (Fixture *fixture)
{
  replace (&fixture->cid, "../../etc/passwd");
}

static void
shout_cid (Fixture *fixture)
{
  g_autofree char *upper = g_ascii_strup (fixture->cid, -1);

  replace (&fixture->cid, upper);
}

static void
use_other_token (Fixture *fixture)
{
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autofree char *token = contracts_register (&fixture->contracts, other, "message");

  replace (&fixture->token, token);
}

static void
use_foreign_token (Fixture *fixture)
{
  JsonObject *update = json_array_get_object_element (
    json_object_get_array_member (fixture->contracts.reference, "updates"), 0);
  g_autoptr(ImpKey) key = imp_key_new_from_pem (json_object_get_string_member (update, "privateKey"), -1,
                                                NULL, NULL);
  g_autofree char *token = imp_token_issue (key, fixture->contracts.author, fixture->contracts.now, NULL);

  replace (&fixture->token, token);
}

static void
forge_token (Fixture *fixture)
{
  g_auto(GStrv) parts = g_strsplit (fixture->token, ".", 3);
  g_autofree char *token = g_strconcat ("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0", ".", parts[1], ".", NULL);

  replace (&fixture->token, token);
}

static void
cut_token (Fixture *fixture)
{
  fixture->token[strlen (fixture->token) - 8] = '\0';
}

static void
register_same (Fixture *fixture)
{
  g_autofree char *result = contracts_publish (&fixture->contracts, fixture->token,
                                               fixture->contracts.author, "Class_1", "V_2", 1, NULL);

  g_assert_nonnull (result);
}

static void
register_same_later (Fixture *fixture)
{
  g_autofree char *result = contracts_publish (&fixture->contracts, fixture->token,
                                               fixture->contracts.author, "Class_1", "V_2", 3, NULL);

  g_assert_nonnull (result);
}

static void
register_higher_sequence (Fixture *fixture)
{
  g_autofree char *result = contracts_publish (&fixture->contracts, fixture->token,
                                               fixture->contracts.author, "Class_1", "V_1", 3, NULL);

  g_assert_nonnull (result);
}

static void
register_same_sequence (Fixture *fixture)
{
  g_autofree char *result = contracts_publish (&fixture->contracts, fixture->token,
                                               fixture->contracts.author, "Class_1", "V_1", 2, NULL);

  g_assert_nonnull (result);
}

static void
register_higher_version (Fixture *fixture)
{
  g_autofree char *result = contracts_publish (&fixture->contracts, fixture->token,
                                               fixture->contracts.author, "Class_1", "V_10", 1, NULL);

  g_assert_nonnull (result);
}

static void
register_same_version_otherwise (Fixture *fixture)
{
  g_autofree char *result = contracts_publish (&fixture->contracts, fixture->token,
                                               fixture->contracts.author, "Class_1", "V_02", 1, NULL);

  g_assert_nonnull (result);
}

typedef struct
{
  const char  *name;
  void       (*prepare) (Fixture *fixture);  /* (nullable) */
  int          argument;                     /* -1 none */
  const char  *value;
  ImpError     code;
} Break;

static const Break breaks[] = {
  { "token-expired", let_token_expire, -1, NULL, IMP_ERROR_TOKEN_EXPIRED },
  { "token-not-yet-valid", turn_clock_back, -1, NULL, IMP_ERROR_KEY_NOT_VALID },
  { "token-of-other-author", use_other_token, -1, NULL, IMP_ERROR_MANIFEST_NOT_VERIFIABLE },
  { "token-of-other-ledger", use_foreign_token, -1, NULL, IMP_ERROR_KEY_NOT_VALID },
  { "token-without-signature", forge_token, -1, NULL, IMP_ERROR_KEY_NOT_VALID },
  { "token-cut", cut_token, -1, NULL, IMP_ERROR_KEY_NOT_VALID },
  { "token-empty", NULL, 0, "", IMP_ERROR_KEY_NOT_VALID },
  { "manifest-empty", NULL, 1, "", IMP_ERROR_INCORRECT_MANIFEST_FORMAT },
  { "manifest-array", NULL, 1, "[]", IMP_ERROR_INCORRECT_MANIFEST_FORMAT },
  { "manifest-without-fields", NULL, 1, "{}", IMP_ERROR_INCORRECT_MANIFEST_FORMAT },
  { "manifest-sign-empty", NULL, 3, "", IMP_ERROR_MANIFEST_NOT_VERIFIABLE },
  { "manifest-sign-wrong", NULL, 3, "AAAA", IMP_ERROR_MANIFEST_NOT_VERIFIABLE },
  { "manifest-expired", set_expired, -1, NULL, IMP_ERROR_MANIFEST_EXPIRED },
  { "payload-sign-empty", NULL, 2, "", IMP_ERROR_PAYLOAD_NOT_VERIFIABLE },
  { "payload-sign-wrong", NULL, 2, "AAAA", IMP_ERROR_PAYLOAD_NOT_VERIFIABLE },
  { "payload-of-other-bytes", set_digest, -1, NULL, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE },
  { "payload-of-other-size", set_size, -1, NULL, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE },
  { "payload-missing", lose_payload, -1, NULL, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE },
  { "cid-garbled", garble_cid, -1, NULL, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE },
  { "cid-in-other-spelling", shout_cid, -1, NULL, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE },
  { "store-broken", break_store, -1, NULL, IMP_ERROR_STORE_UNAVAILABLE },
  { "duplicate", register_same, -1, NULL, IMP_ERROR_UPDATE_ALREADY_EXISTS },
  { "duplicate-before-sequence", register_same_later, -1, NULL, IMP_ERROR_UPDATE_ALREADY_EXISTS },
  { "sequence-lower", register_higher_sequence, -1, NULL, IMP_ERROR_SEQUENCE_NOT_MONOTONIC },
  { "sequence-equal", register_same_sequence, -1, NULL, IMP_ERROR_SEQUENCE_NOT_MONOTONIC },
  { "version-older", register_higher_version, -1, NULL, IMP_ERROR_VERSION_NOT_NEWER },
  { "version-equal", register_same_version_otherwise, -1, NULL, IMP_ERROR_VERSION_NOT_NEWER },
};

static void
test_refuses (Fixture       *fixture,
              gconstpointer  data)
{
  const Break *broken = data;
  g_auto(GStrv) arguments = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *result = NULL;

  if (broken->prepare != NULL)
    broken->prepare (fixture);

  arguments = make_arguments (fixture);
  if (broken->argument >= 0)
    replace (&arguments[broken->argument], broken->value);

  result = create_update (fixture, arguments, &error);
  g_assert_null (result);
  g_assert_error (error, IMP_ERROR, (int) broken->code);
  /* A secret is no part of what people are told. */
  if (*fixture->token != '\0')
    g_assert_null (strstr (error->message, fixture->token));
}

static void
test_refuses_manifest_of_other_author (Fixture       *fixture,
                                       gconstpointer  data)
{
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autoptr(ImpUpdate) update = test_sign_update (g_steal_pointer (&fixture->builder), other);
  g_auto(GStrv) arguments = test_make_update (fixture->token, update, fixture->cid);
  g_autoptr(GError) error = NULL;

  g_assert_null (create_update (fixture, arguments, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE);
}

/* Every field is under the signature. */
static void
test_refuses_changed_manifest (Fixture       *fixture,
                               gconstpointer  data)
{
  g_auto(GStrv) arguments = make_arguments (fixture);
  const char *from[] = { "Class_1", "V_2", "Vendor_1", "./updates", "\"bin\"" };

  for (guint i = 0; i < G_N_ELEMENTS (from); i++)
    {
      g_autoptr(GString) manifest = g_string_new (arguments[1]);
      const char *changed[] = { arguments[0], NULL, arguments[2], arguments[3], arguments[4], NULL };
      g_autoptr(GError) error = NULL;
      char *place = strstr (manifest->str, from[i]);

      place[strlen (from[i]) - 2] ^= 1;
      changed[1] = manifest->str;
      g_assert_null (create_update (fixture, (GStrv) changed, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE);
    }
}

static void
test_refuses_without_store (Fixture       *fixture,
                            gconstpointer  data)
{
  g_auto(GStrv) arguments = make_arguments (fixture);
  TestPayloads *payloads = g_steal_pointer (&fixture->contracts.payloads);
  g_autoptr(GError) error = NULL;

  g_assert_null (create_update (fixture, arguments, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE);
  fixture->contracts.payloads = payloads;
}

static void
test_registers (Fixture       *fixture,
                gconstpointer  data)
{
  g_auto(GStrv) arguments = make_arguments (fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *result = create_update (fixture, arguments, &error);
  g_autofree char *expected = NULL;

  g_assert_no_error (error);
  expected = g_strdup_printf ("{\"author\":\"%s\",\"cid\":\"%s\",\"class\":\"Class_1\",\"version\":\"V_2\"}",
                              imp_key_get_fingerprint (fixture->contracts.author), fixture->cid);
  g_assert_cmpstr (result, ==, expected);
}

static void
test_queries (Fixture       *fixture,
              gconstpointer  data)
{
  Contracts *contracts = &fixture->contracts;
  g_autofree char *version = NULL;
  g_autofree char *history = NULL;
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(GError) error = NULL;

  for (int i = 8; i <= 11; i++)
    {
      g_autofree char *name = g_strdup_printf ("V_%d", i);
      g_autofree char *result = contracts_publish (contracts, fixture->token, contracts->author, "Class_1",
                                                   name, i, &error);

      g_assert_no_error (error);
      contracts->now += 1000;
    }

  version = contracts_query (contracts, "queryVersion", contracts->author, "Class_1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (version, ==, "V_11");

  text = contracts_query (contracts, "queryUpdate", contracts->author, "Class_1", &error);
  g_assert_no_error (error);
  node = imp_json_parse (text, -1, 1024 * 1024, &error);
  g_assert_no_error (error);
  update = imp_update_new_from_json (node, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_manifest_get_version (imp_update_get_manifest (update)), ==, "V_11");
  g_assert_true (imp_update_verify_manifest (update, contracts->author, &error));
  g_assert_cmpstr (json_object_get_string_member (json_node_get_object (node), "time"), ==,
                   "2023-11-14T22:13:23.000Z");

  history = contracts_query (contracts, "queryHistory", contracts->author, "Class_1", &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (history, "[{\"cid\":"));
  g_assert_nonnull (strstr (strstr (strstr (strstr (history, "\"V_11\""), "\"V_10\""), "\"V_9\""), "\"V_8\""));
}

/* No class reaches another's key, and no author another's class. */
static void
test_keeps_classes_apart (Fixture       *fixture,
                          gconstpointer  data)
{
  static const char *const classes[] = { "a", "a%2Fb", "%", "...", "a b", "A", "ä", "a:b" };
  Contracts *contracts = &fixture->contracts;
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autofree char *missing = NULL;
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autofree char *name = g_strdup_printf ("V_%d", (int) (G_N_ELEMENTS (classes) - i));
      g_autofree char *result = contracts_publish (contracts, fixture->token, contracts->author, classes[i],
                                                   name, 1, &error);

      g_assert_no_error (error);
    }

  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    {
      g_autofree char *name = g_strdup_printf ("V_%d", (int) (G_N_ELEMENTS (classes) - i));
      g_autofree char *version = contracts_query (contracts, "queryVersion", contracts->author, classes[i],
                                                  &error);

      g_assert_cmpstr (version, ==, name);
    }

  missing = contracts_query (contracts, "queryVersion", other, "a", &error);
  g_assert_null (missing);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT);
}

static void
test_queries_nothing (Fixture       *fixture,
                      gconstpointer  data)
{
  Contracts *contracts = &fixture->contracts;
  g_autofree char *history = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (contracts_query (contracts, "queryVersion", contracts->author, "Class_1", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT);
  g_clear_error (&error);

  g_assert_null (contracts_query (contracts, "queryUpdate", contracts->author, "Class_1", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT);
  g_clear_error (&error);

  history = contracts_query (contracts, "queryHistory", contracts->author, "Class_1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (history, ==, "[]");
}

/* Both PEM forms of a key are one author, files are signed by raw or base64 text, and a sequence may
 * be written as a time: all as the reference implementation has it.
 */
static void
test_reference (Fixture       *fixture,
                gconstpointer  data)
{
  Contracts *contracts = &fixture->contracts;
  JsonArray *updates = json_object_get_array_member (contracts->reference, "updates");

  for (guint i = 0; i < json_array_get_length (updates); i++)
    {
      JsonObject *vector = json_array_get_object_element (updates, i);
      g_autoptr(GBytes) payload = test_make_payload (vector);
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpKey) author = NULL;
      g_autoptr(ImpUpdate) update = NULL;
      g_autofree char *token = NULL;
      g_autofree char *cid = NULL;
      g_autofree char *result = NULL;
      g_auto(GStrv) arguments = NULL;

      author = imp_key_new_from_pem (json_object_get_string_member (vector, "publicKey"), -1, NULL, &error);
      g_assert_no_error (error);
      update = imp_update_new_from_json (json_object_get_member (vector, "update"), &error);
      g_assert_no_error (error);
      token = imp_token_issue (contracts->token_key, author, contracts->now, &error);
      g_assert_no_error (error);

      cid = test_payloads_add (contracts->payloads, g_bytes_get_data (payload, NULL),
                               g_bytes_get_size (payload));
      arguments = test_make_update (token, update, cid);
      result = create_update (fixture, arguments, &error);
      g_assert_no_error (error);
      g_assert_nonnull (result);
    }
}

static void
append_writes (GString   *text,
               TestState *state)
{
  GPtrArray *writes = test_state_get_writes (state);

  for (guint i = 0; i < writes->len; i++)
    {
      ImpStateEntry *entry = g_ptr_array_index (writes, i);

      g_string_append_printf (text, "%s=%s\n", entry->key, entry->value);
    }
}

static char *
run_for_writes (Contracts *contracts,
                GStrv      petition,
                GStrv      arguments)
{
  g_autoptr(TestState) state = test_state_new ();
  ImpContractContext context = {
    IMP_WORLD_STATE (state), IMP_PAYLOAD_READER (contracts->payloads), contracts->token_key,
  };
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *token = NULL;
  g_autofree char *result = NULL;

  test_state_begin (state, contracts->now);
  token = imp_contract_invoke (&context, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor",
                               (const char *const *) petition, NULL);
  append_writes (text, state);
  test_state_commit (state);

  test_state_begin (state, contracts->now);
  result = imp_contract_invoke (&context, IMP_CONTRACT_REGISTER_UPDATE, "createUpdate",
                                (const char *const *) arguments, NULL);
  append_writes (text, state);

  g_string_append_printf (text, "%s\n%s\n", token, result);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Every peer that runs the same transaction must write the same bytes. */
static void
test_is_deterministic (Fixture       *fixture,
                       gconstpointer  data)
{
  g_auto(GStrv) petition = test_make_petition (fixture->contracts.author, "message");
  g_auto(GStrv) arguments = make_arguments (fixture);
  g_autofree char *first = run_for_writes (&fixture->contracts, petition, arguments);
  g_autofree char *second = run_for_writes (&fixture->contracts, petition, arguments);

  g_assert_nonnull (strstr (first, "\nlatest/"));
  g_assert_null (strstr (first, "(null)"));
  g_assert_cmpstr (first, ==, second);
}

static void
test_redacts (Fixture       *fixture,
              gconstpointer  data)
{
  static const char *const arguments[] = { "token", "manifest", "sign", "sign", "cid", "more", NULL };
  g_auto(GStrv) shown = imp_contract_redact (IMP_CONTRACT_REGISTER_UPDATE, "createUpdate", arguments);
  g_auto(GStrv) unknown = imp_contract_redact ("Other", "createUpdate", arguments);

  g_assert_cmpstr (shown[0], ==, "sha256:3c469e9d6c5875d37a43f353d4f88e61fcf812c66eee3457465a40b0da4153e0");
  g_assert_cmpstr (shown[1], ==, "manifest");
  g_assert_cmpstr (shown[4], ==, "cid");
  g_assert_true (g_str_has_prefix (shown[5], "sha256:"));
  g_assert_true (g_str_has_prefix (unknown[1], "sha256:"));
  g_assert_cmpuint (g_strv_length (shown), ==, 6);
}

static void
test_knows_its_functions (Fixture       *fixture,
                          gconstpointer  data)
{
  static const char *const none[] = { NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (imp_contract_is_query (IMP_CONTRACT_RETRIEVE_UPDATE, "queryVersion"));
  g_assert_false (imp_contract_is_query (IMP_CONTRACT_REGISTER_UPDATE, "createUpdate"));
  g_assert_false (imp_contract_is_query (IMP_CONTRACT_REGISTER_UPDATE, "queryVersion"));

  g_assert_null (contracts_run (&fixture->contracts, "RegisterUpdate", "dropAll", none, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_clear_error (&error);

  g_assert_null (contracts_run (&fixture->contracts, IMP_CONTRACT_REGISTER_UPDATE, "createUpdate", none,
                                &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

#define add(path, func) g_test_add ("/register-update/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("registers", test_registers);
  add ("queries", test_queries);
  add ("queries-nothing", test_queries_nothing);
  add ("keeps-classes-apart", test_keeps_classes_apart);
  add ("reference", test_reference);
  add ("is-deterministic", test_is_deterministic);
  add ("redacts", test_redacts);
  add ("knows-its-functions", test_knows_its_functions);
  add ("refuses/manifest-of-other-author", test_refuses_manifest_of_other_author);
  add ("refuses/changed-manifest", test_refuses_changed_manifest);
  add ("refuses/without-store", test_refuses_without_store);

  for (guint i = 0; i < G_N_ELEMENTS (breaks); i++)
    {
      g_autofree char *path = g_strconcat ("/register-update/refuses/", breaks[i].name, NULL);

      g_test_add (path, Fixture, &breaks[i], set_up, test_refuses, tear_down);
    }

  return g_test_run ();
}
