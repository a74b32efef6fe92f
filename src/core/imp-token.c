/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-token.h"

#include "imp-base64.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-key-private.h"
#include "imp-time.h"

#include <string.h>

/* A registration token is a JWT (RFC 7519) that says which author's key the ledger has registered. Much
 * that a JWT may be is left out on purpose: one algorithm, no header but the one that is written
 * here, no way for a token to say how it wants to be verified.
 */

#define ISSUER     "imprimatur"
#define ALGORITHM  "RS384"

/* The three parts of a token, and how much of it is signed. */
typedef struct
{
  JsonNode *header;
  JsonNode *claims;
  guint8   *signature;
  gsize     signature_size;
  gsize     signed_length;
} Parts;

static void
parts_clear (Parts *parts)
{
  g_clear_pointer (&parts->header, json_node_unref);
  g_clear_pointer (&parts->claims, json_node_unref);
  g_clear_pointer (&parts->signature, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Parts, parts_clear)

static gboolean
not_valid (GError     **error,
           const char  *message)
{
  return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID, "%s", message);
}

/* A layer below says what is malformed; for a token that is one more way not to be valid. */
static gboolean
not_valid_because (GError     **error,
                   const char  *message,
                   GError      *cause)
{
  return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID, "%s: %s", message, cause->message);
}

static JsonNode *
parse_part (const char  *text,
            gsize        length,
            const char  *name,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree guint8 *bytes = NULL;
  g_autofree char *message = g_strdup_printf ("the token’s %s cannot be read", name);
  g_autoptr(JsonNode) node = NULL;
  gsize size;

  if (!(bytes = imp_base64url_decode (text, length, &size)))
    not_valid (error, message);
  else if (!(node = imp_json_parse ((const char *) bytes, size, IMP_TOKEN_MAX_SIZE, &local_error)))
    not_valid_because (error, message, local_error);
  else if (!JSON_NODE_HOLDS_OBJECT (node))
    not_valid (error, message);
  else
    return g_steal_pointer (&node);

  return NULL;
}

static gboolean
parse_parts (const char  *token,
             Parts       *parts,
             GError     **error)
{
  gsize length = strnlen (token, IMP_TOKEN_MAX_SIZE + 1);
  const char *claims, *signature;

  if (length > IMP_TOKEN_MAX_SIZE)
    return not_valid (error, "the token is too long");

  if (!(claims = strchr (token, '.')) ||
      !(signature = strchr (claims + 1, '.')) ||
      strchr (signature + 1, '.') != NULL)
    return not_valid (error, "the token does not have three parts");

  parts->signed_length = signature - token;

  if (!(parts->header = parse_part (token, claims - token, "header", error)) ||
      !(parts->claims = parse_part (claims + 1, signature - claims - 1, "content", error)))
    return FALSE;

  parts->signature = imp_base64url_decode (signature + 1, token + length - signature - 1, &parts->signature_size);
  return parts->signature != NULL || not_valid (error, "the token’s signature cannot be read");
}

static gboolean
member_equals (JsonObject *object,
               const char *name,
               const char *value)
{
  const char *text = imp_json_get_string (object, name, NULL);

  return text != NULL && strcmp (text, value) == 0;
}

/* A header that could say anything more could ask for anything more: a key of its own, for one. */
static gboolean
check_header (JsonNode  *header,
              GError   **error)
{
  JsonObject *object = json_node_get_object (header);
  gboolean has_type = json_object_has_member (object, "typ");

  if (!member_equals (object, "alg", ALGORITHM))
    return not_valid (error, "the token’s algorithm is not " ALGORITHM);
  if (has_type && !member_equals (object, "typ", "JWT"))
    return not_valid (error, "the token’s type is not JWT");
  if (json_object_get_size (object) != (has_type ? 2 : 1))
    return not_valid (error, "the token’s header has more than an algorithm and a type");

  return TRUE;
}

static gboolean
check_ledger_key (ImpKey  *ledger_key,
                  GError **error)
{
  return ledger_key->scheme == IMP_SCHEME_RSA ||
         not_valid (error, "registration tokens are signed with an RSA key");
}

static gboolean
check_signature (const char  *token,
                 const Parts *parts,
                 ImpKey      *ledger_key,
                 GError     **error)
{
  if (!check_ledger_key (ledger_key, error))
    return FALSE;

  return imp_key_verify_raw (ledger_key, token, parts->signed_length, parts->signature, parts->signature_size, NULL) ||
         not_valid (error, "the token was not issued by this ledger");
}

static gboolean
check_times (JsonObject  *claims,
             gint64       now,
             GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  gint64 issued, expires;

  if (!imp_json_get_int (claims, "iat", &issued, &local_error) ||
      !imp_json_get_int (claims, "exp", &expires, &local_error))
    return not_valid_because (error, "the token does not say when it is valid", local_error);

  if (now < issued * 1000)
    return not_valid (error, "the token is not valid yet");

  if (now >= expires * 1000)
    {
      g_autofree char *time = imp_time_format (expires * 1000);

      return imp_error_set (error, IMP_ERROR_TOKEN_EXPIRED, "the token expired at %s", time);
    }

  return TRUE;
}

/* The reference's tokens have no subject; where there is one, it must be the key that the token carries. */
static ImpKey *
read_author (JsonObject  *claims,
             GError     **error)
{
  g_autoptr(ImpKey) author = NULL;
  g_autoptr(GError) local_error = NULL;
  const char *pem = imp_json_get_string (claims, "publicKey", &local_error);

  if (pem == NULL ||
      !(author = imp_key_new_from_pem (pem, -1, NULL, &local_error)))
    not_valid_because (error, "the token has no public key", local_error);
  else if (imp_key_has_private (author))
    not_valid (error, "the token has a private key");
  else if (json_object_has_member (claims, "sub") &&
           !member_equals (claims, "sub", imp_key_get_fingerprint (author)))
    not_valid (error, "the token’s subject is not the fingerprint of its public key");
  else
    return g_steal_pointer (&author);

  return NULL;
}

static char *
make_claims (ImpKey *author,
             gint64  now)
{
  g_autoptr(JsonObject) claims = json_object_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (claims, "iss", ISSUER);
  json_object_set_string_member (claims, "sub", imp_key_get_fingerprint (author));
  json_object_set_int_member (claims, "iat", now / 1000);
  json_object_set_int_member (claims, "exp", (now + IMP_TOKEN_LIFETIME) / 1000);
  json_object_set_string_member (claims, "publicKey", imp_key_get_public_pem (author));

  json_node_set_object (node, claims);
  return imp_json_canonicalize (node);
}

/**
 * imp_token_issue:
 * @ledger_key: the ledger's RSA key, with its private half
 * @author: the author's key
 * @now: the transaction's time, in milliseconds
 * @error: return location for an [error@Imp.Error]
 *
 * Issues a token that lets an author register updates for %IMP_TOKEN_LIFETIME from @now on.
 *
 * RS384 is deterministic, so all who hold the ledger's key issue the same token.
 *
 * Returns: (transfer full) (nullable): the token, or `NULL` with @error set
 */
char *
imp_token_issue (ImpKey  *ledger_key,
                 ImpKey  *author,
                 gint64   now,
                 GError **error)
{
  static const char header[] = "{\"alg\":\"" ALGORITHM "\",\"typ\":\"JWT\"}";
  g_autofree char *claims = NULL;
  g_autofree char *encoded_header = NULL;
  g_autofree char *encoded_claims = NULL;
  g_autofree char *encoded_signature = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GBytes) signature = NULL;

  g_return_val_if_fail (IMP_IS_KEY (ledger_key), NULL);
  g_return_val_if_fail (IMP_IS_KEY (author), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_ledger_key (ledger_key, error))
    return NULL;

  claims = make_claims (author, now);
  encoded_header = imp_base64url_encode (header, strlen (header));
  encoded_claims = imp_base64url_encode (claims, strlen (claims));
  text = g_strjoin (".", encoded_header, encoded_claims, NULL);

  if (!(signature = imp_key_sign_raw (ledger_key, text, strlen (text), error)))
    return NULL;

  encoded_signature = imp_base64url_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  return g_strjoin (".", text, encoded_signature, NULL);
}

/**
 * imp_token_verify:
 * @token: a token from anywhere
 * @ledger_key: the ledger's RSA key
 * @now: the transaction's time, in milliseconds
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies that this ledger issued @token and that it is good at @now.
 *
 * Returns: (transfer full) (nullable): the author's key, or `NULL` with @error set:
 *   %IMP_ERROR_TOKEN_EXPIRED if it was good once, %IMP_ERROR_KEY_NOT_VALID for all else
 */
ImpKey *
imp_token_verify (const char  *token,
                  ImpKey      *ledger_key,
                  gint64       now,
                  GError     **error)
{
  g_auto(Parts) parts = { NULL };
  JsonObject *claims;

  g_return_val_if_fail (token != NULL, NULL);
  g_return_val_if_fail (IMP_IS_KEY (ledger_key), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!parse_parts (token, &parts, error) ||
      !check_header (parts.header, error) ||
      !check_signature (token, &parts, ledger_key, error))
    return NULL;

  claims = json_node_get_object (parts.claims);
  return check_times (claims, now, error) ? read_author (claims, error) : NULL;
}

/**
 * imp_token_peek_expiry:
 * @token: a token
 * @expires: (out): when it says that it ends, in milliseconds
 *
 * Reads the end of a token without verifying anything: to show, never to decide.
 *
 * Returns: whether it says so
 */
gboolean
imp_token_peek_expiry (const char *token,
                       gint64     *expires)
{
  g_auto(Parts) parts = { NULL };

  g_return_val_if_fail (token != NULL, FALSE);
  g_return_val_if_fail (expires != NULL, FALSE);

  if (!parse_parts (token, &parts, NULL) ||
      !imp_json_get_int (json_node_get_object (parts.claims), "exp", expires, NULL))
    return FALSE;

  *expires *= 1000;
  return TRUE;
}
