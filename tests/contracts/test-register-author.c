/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "contracts-runner.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"
#include "imp-token.h"

static char *
create_author (Contracts          *contracts,
               const char *const  *arguments,
               GError            **error)
{
  return contracts_run (contracts, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor", arguments, error);
}

static char *
petition (Contracts   *contracts,
          ImpKey      *author,
          const char  *message,
          GError     **error)
{
  g_auto(GStrv) arguments = test_make_petition (author, message);

  return create_author (contracts, (const char *const *) arguments, error);
}

static char *
query_author (Contracts   *contracts,
              const char  *fingerprint,
              GError     **error)
{
  const char *arguments[] = { fingerprint, NULL };

  return contracts_run (contracts, IMP_CONTRACT_RETRIEVE_UPDATE, "queryAuthor", arguments, error);
}

static void
test_registers (Contracts     *contracts,
                gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *token = petition (contracts, contracts->author, "message", &error);
  g_autoptr(ImpKey) found = NULL;

  g_assert_no_error (error);
  found = imp_token_verify (token, contracts->token_key, contracts->now, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_key_get_fingerprint (found), ==, imp_key_get_fingerprint (contracts->author));
}

/* Registered since the first time, with a token from the last. */
static void
test_registers_again (Contracts     *contracts,
                      gconstpointer  data)
{
  g_autofree char *first = contracts_register (contracts, contracts->author, "first");
  g_autofree char *second = NULL;
  g_autofree char *author = NULL;
  g_autoptr(GError) error = NULL;

  contracts->now += 3600 * 1000;
  second = contracts_register (contracts, contracts->author, "second");
  g_assert_cmpstr (first, !=, second);

  author = query_author (contracts, imp_key_get_fingerprint (contracts->author), &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (author, "\"registered\":\"2023-11-14T22:13:20.000Z\""));
  g_assert_nonnull (strstr (author, "\"tokenExpires\":\"2023-11-14T23:43:20.000Z\""));
  g_assert_nonnull (strstr (author, imp_key_get_fingerprint (contracts->author)));
}

static void
test_refuses_replay (Contracts     *contracts,
                     gconstpointer  data)
{
  g_auto(GStrv) arguments = test_make_petition (contracts->author, "message");
  g_autofree char *token = create_author (contracts, (const char *const *) arguments, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (token);
  g_assert_null (create_author (contracts, (const char *const *) arguments, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PETITION_REPLAYED);
}

/* Everybody can read what an author signed of an update. */
static void
test_refuses_signature_of_manifest (Contracts     *contracts,
                                    gconstpointer  data)
{
  g_autoptr(ImpUpdate) update = test_sign_update (test_make_builder ("Class_1", "V_1", 1, "x", 1),
                                                  contracts->author);
  g_autoptr(JsonNode) node = imp_update_to_json (update);
  JsonNode *manifest = json_object_get_member (json_node_get_object (node), "manifest");
  g_autofree char *message = NULL;
  const char *arguments[] = { NULL, imp_update_get_author_manifest_sign (update),
                              imp_key_get_public_pem (contracts->author), NULL };
  g_autoptr(GError) error = NULL;

  json_object_remove_member (json_node_get_object (manifest), IMP_MANIFEST_MANIFEST_DIGEST);
  arguments[0] = message = imp_json_canonicalize (manifest);
  g_assert_null (create_author (contracts, arguments, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE);
  g_assert_nonnull (strstr (error->message, "manifest"));
}

/* ECDSA gives another signature each time, and a stranger can make one out of another. */
static void
test_refuses_replay_under_another_signature (Contracts     *contracts,
                                             gconstpointer  data)
{
  g_auto(GStrv) first = test_make_petition (contracts->author, "message");
  g_auto(GStrv) second = test_make_petition (contracts->author, "message");
  g_autofree char *token = create_author (contracts, (const char *const *) first, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_nonnull (token);
  g_assert_cmpstr (first[1], !=, second[1]);
  g_assert_null (create_author (contracts, (const char *const *) second, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PETITION_REPLAYED);
}

/* The same message is another petition when another author signs it. */
static void
test_takes_one_message_from_two_authors (Contracts     *contracts,
                                         gconstpointer  data)
{
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autofree char *first = contracts_register (contracts, contracts->author, "message");
  g_autofree char *second = contracts_register (contracts, other, "message");

  g_assert_cmpstr (first, !=, second);
}

typedef struct
{
  const char *name;
  guint       argument;
  const char *value;    /* NULL: an argument too many */
  ImpError    code;
} Break;

#define PUBLIC_KEY "-----BEGIN PUBLIC KEY-----\n" \
  "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n"

static const Break breaks[] = {
  { "other-message", 0, "massage", IMP_ERROR_KEY_NOT_VERIFIABLE },
  { "no-signature", 1, "", IMP_ERROR_KEY_NOT_VERIFIABLE },
  { "signature-not-base64", 1, "%%%", IMP_ERROR_KEY_NOT_VERIFIABLE },
  { "signature-of-nothing", 1, "AAAA", IMP_ERROR_KEY_NOT_VERIFIABLE },
  { "other-key", 2, PUBLIC_KEY, IMP_ERROR_KEY_NOT_VERIFIABLE },
  { "no-key", 2, "", IMP_ERROR_KEY_NOT_VALID },
  { "garbage-key", 2, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    IMP_ERROR_KEY_NOT_VALID },
  { "private-key-too", 2, PUBLIC_KEY "-----BEGIN PRIVATE KEY-----\n", IMP_ERROR_KEY_NOT_VALID },
  { "not-utf8", 0, "\xff", IMP_ERROR_MALFORMED },
  { "too-many-arguments", 0, NULL, IMP_ERROR_MALFORMED },
};

static void
test_refuses (Contracts     *contracts,
              gconstpointer  data)
{
  const Break *broken = data;
  g_auto(GStrv) arguments = test_make_petition (contracts->author, "message");
  const char *used[] = { arguments[0], arguments[1], arguments[2], NULL, NULL };
  g_autofree char *author = NULL;
  g_autoptr(GError) error = NULL;

  used[broken->value != NULL ? broken->argument : 3] = broken->value != NULL ? broken->value : "";
  g_assert_null (create_author (contracts, used, &error));
  g_assert_error (error, IMP_ERROR, (int) broken->code);

  g_clear_error (&error);
  author = query_author (contracts, imp_key_get_fingerprint (contracts->author), &error);
  g_assert_null (author);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND);
}

static void
test_refuses_long_message (Contracts     *contracts,
                           gconstpointer  data)
{
  g_autofree char *longest = g_strnfill (64 * 1024, 'x');
  g_autofree char *too_long = g_strnfill (64 * 1024 + 1, 'x');
  g_autofree char *token = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_null (petition (contracts, contracts->author, too_long, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "“message”"));

  token = contracts_register (contracts, contracts->author, longest);
  g_assert_nonnull (token);
}

/* What the caller thought was a public key must not be written where everyone reads it. */
static void
test_refuses_private_key (Contracts     *contracts,
                          gconstpointer  data)
{
  g_auto(GStrv) arguments = test_make_petition (contracts->author, "message");
  g_autoptr(GBytes) pem = imp_key_export_private (contracts->author, NULL);
  g_autoptr(GError) error = NULL;

  g_free (arguments[2]);
  arguments[2] = g_strndup (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem));
  g_assert_null (create_author (contracts, (const char *const *) arguments, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
}

/* What the reference implementation signed is accepted here. */
static void
test_reference (Contracts     *contracts,
                gconstpointer  data)
{
  JsonArray *updates = json_object_get_array_member (contracts->reference, "updates");

  for (guint i = 0; i < json_array_get_length (updates); i++)
    {
      JsonObject *update = json_array_get_object_element (updates, i);
      const char *arguments[] = {
        json_object_get_string_member (update, "message"),
        json_object_get_string_member (update, "signedMessage"),
        json_object_get_string_member (update, "publicKey"),
        NULL,
      };
      g_autoptr(GError) error = NULL;
      g_autofree char *token = create_author (contracts, arguments, &error);

      g_assert_no_error (error);
      g_assert_nonnull (token);
    }
}

#define add(path, func) \
  g_test_add ("/register-author/" path, Contracts, NULL, contracts_set_up, func, contracts_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("registers", test_registers);
  add ("registers-again", test_registers_again);
  add ("refuses/replay", test_refuses_replay);
  add ("refuses/signature-of-manifest", test_refuses_signature_of_manifest);
  add ("refuses/replay-under-another-signature", test_refuses_replay_under_another_signature);
  add ("takes-one-message-from-two-authors", test_takes_one_message_from_two_authors);
  add ("refuses/long-message", test_refuses_long_message);
  add ("refuses/private-key", test_refuses_private_key);
  add ("reference", test_reference);

  for (guint i = 0; i < G_N_ELEMENTS (breaks); i++)
    {
      g_autofree char *path = g_strconcat ("/register-author/refuses/", breaks[i].name, NULL);

      g_test_add (path, Contracts, &breaks[i], contracts_set_up, test_refuses, contracts_tear_down);
    }

  return g_test_run ();
}
