/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-contract-private.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"
#include "imp-time.h"
#include "imp-token.h"
#include "imp-transaction.h"

/* The signature is left out on purpose: an ECDSA signature can be turned into another valid one by
 * anybody, and must not make the same petition a new one. A fingerprint has a fixed length, so no
 * message reaches another author's petition.
 */
static char *
make_petition_key (ImpKey     *author,
                   const char *message)
{
  g_autofree char *text = g_strconcat (imp_key_get_fingerprint (author), message, NULL);
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, text, strlen (text));

  return imp_state_key (IMP_STATE_PETITION, digest, NULL);
}

/* What an author signs of an update has the form of a petition, and everybody can read it: a manifest
 * and its signature must not do for a token.
 */
static gboolean
check_no_manifest (const char  *message,
                   GError     **error)
{
  g_autoptr(JsonNode) node = imp_json_parse (message, -1, IMP_MANIFEST_MAX_SIZE, NULL);

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node) ||
      !json_object_has_member (json_node_get_object (node), IMP_MANIFEST_PAYLOAD_DIGEST))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_KEY_NOT_VERIFIABLE,
                        "the message is a manifest: sign one that is meant as a petition");
}

static gboolean
keep_petition (ImpWorldState  *state,
               ImpKey         *author,
               const char     *message,
               GError        **error)
{
  g_autofree char *key = make_petition_key (author, message);
  g_autofree char *seen = NULL;

  if (!imp_world_state_get (state, key, &seen, error))
    return FALSE;

  if (seen != NULL)
    return imp_error_set (error, IMP_ERROR_PETITION_REPLAYED,
                          "this petition was used before: sign a new message");

  return imp_world_state_put (state, key, imp_world_state_get_transaction (state), error);
}

/* An author who comes back for another token has been registered since the first time. */
static gboolean
keep_author (ImpWorldState  *state,
             ImpKey         *author,
             GError        **error)
{
  g_autofree char *key = imp_state_key (IMP_STATE_AUTHOR, imp_key_get_fingerprint (author), NULL);
  gint64 time = imp_world_state_get_time (state);
  g_autofree char *now = imp_time_format (time);
  g_autofree char *expires = imp_time_format (time + IMP_TOKEN_LIFETIME);
  g_autoptr(JsonObject) object = NULL;
  g_autofree char *value = NULL;

  if (!imp_contract_get_state (state, key, &object, error))
    return FALSE;

  if (object == NULL)
    {
      object = json_object_new ();
      json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (author));
      json_object_set_string_member (object, "registered", now);
    }
  json_object_set_string_member (object, "tokenExpires", expires);

  value = imp_contract_print (object);
  return imp_world_state_put (state, key, value, error);
}

/* createAuthor (message, signedMessage, publicKey): who holds the key that signed the message gets a
 * token, once for each message.
 */
char *
imp_register_author_create_author (const ImpContractContext  *context,
                                   const char *const         *arguments,
                                   GError                   **error)
{
  const char *message = arguments[0];
  const char *signature = arguments[1];
  g_autoptr(ImpKey) author = NULL;

  if (!(author = imp_contract_read_author_key (arguments[2], error)) ||
      !imp_key_verify_text (author, message, signature, error) ||
      !check_no_manifest (message, error) ||
      !keep_petition (context->state, author, message, error) ||
      !keep_author (context->state, author, error))
    return NULL;

  return imp_token_issue (context->token_key, author,
                          imp_world_state_get_time (context->state), error);
}
