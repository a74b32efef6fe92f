/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-base64.h"
#include "imp-error.h"
#include "imp-token.h"

#include <gnutls/crypto.h>
#include <json-glib/json-glib.h>
#include <string.h>

#define NOW G_GINT64_CONSTANT (1795337096123)

typedef struct
{
  JsonParser *parser;
  JsonArray  *tokens;
  ImpKey     *ledger;        /* its public half */
  ImpKey     *ledger_owner;  /* both halves */
  ImpKey     *author;
} Fixture;

static ImpKey *
import (const char *pem)
{
  g_autoptr(GError) error = NULL;
  ImpKey *key = imp_key_new_from_pem (pem, -1, NULL, &error);

  g_assert_no_error (error);
  return key;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "reference.json", NULL);
  g_autoptr(GError) error = NULL;
  JsonObject *root, *first;

  fixture->parser = json_parser_new ();
  json_parser_load_from_file (fixture->parser, path, &error);
  g_assert_no_error (error);

  root = json_node_get_object (json_parser_get_root (fixture->parser));
  fixture->tokens = json_object_get_array_member (root, "tokens");
  fixture->ledger = import (json_object_get_string_member (root, "chainPublicKey"));
  fixture->ledger_owner = import (json_object_get_string_member (root, "chainPrivateKey"));
  first = json_array_get_object_element (fixture->tokens, 0);
  fixture->author = import (json_object_get_string_member (first, "publicKey"));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->parser);
  g_assert_finalize_object (fixture->ledger);
  g_assert_finalize_object (fixture->ledger_owner);
  g_assert_finalize_object (fixture->author);
}

static void
assert_refused (Fixture    *fixture,
                const char *token,
                gint64      now,
                ImpError    code,
                const char *pattern)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) author = imp_token_verify (token, fixture->ledger, now, &error);

  g_assert_null (author);
  g_assert_error (error, IMP_ERROR, (int) code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

static void
test_reference (Fixture       *fixture,
                gconstpointer  data)
{
  g_assert_cmpuint (json_array_get_length (fixture->tokens), ==, 6);

  for (guint i = 0; i < 6; i++)
    {
      JsonObject *vector = json_array_get_object_element (fixture->tokens, i);
      const char *token = json_object_get_string_member (vector, "token");
      g_autoptr(ImpKey) expected = import (json_object_get_string_member (vector, "publicKey"));
      g_autoptr(ImpKey) author = NULL;
      g_autoptr(GError) error = NULL;
      gint64 expires;

      g_assert_true (imp_token_peek_expiry (token, &expires));
      author = imp_token_verify (token, fixture->ledger, expires - IMP_TOKEN_LIFETIME + 1000, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (imp_key_get_fingerprint (author), ==, imp_key_get_fingerprint (expected));

      g_clear_object (&author);
      author = imp_token_verify (token, fixture->ledger, expires - 1, &error);
      g_assert_no_error (error);

      assert_refused (fixture, token, expires, IMP_ERROR_TOKEN_EXPIRED, "*expired at 2026-11-22T*");
      assert_refused (fixture, token, expires - IMP_TOKEN_LIFETIME - 1, IMP_ERROR_KEY_NOT_VALID, "*not valid yet");
    }
}

static void
test_round_trip (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *token = imp_token_issue (fixture->ledger_owner, fixture->author, NOW, &error);
  g_autofree char *again = imp_token_issue (fixture->ledger_owner, fixture->author, NOW, &error);
  g_autoptr(ImpKey) author = NULL;
  gint64 expires;

  g_assert_no_error (error);
  g_assert_cmpstr (token, ==, again);
  g_assert_true (imp_token_peek_expiry (token, &expires));
  g_assert_cmpint (expires, ==, NOW / 1000 * 1000 + IMP_TOKEN_LIFETIME);

  author = imp_token_verify (token, fixture->ledger, NOW, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_key_get_fingerprint (author), ==, imp_key_get_fingerprint (fixture->author));
  assert_refused (fixture, token, NOW + IMP_TOKEN_LIFETIME, IMP_ERROR_TOKEN_EXPIRED, "*expired*");
}

static void
test_cannot_issue (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ImpKey) ed25519 = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_token_issue (ed25519, fixture->author, NOW, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  g_clear_error (&error);

  g_assert_null (imp_token_issue (fixture->ledger, fixture->author, NOW, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
}

/* A token that the ledger's own key has signed, whatever it says. */
static char *
forge (Fixture    *fixture,
       const char *header,
       const char *claims)
{
  g_autofree char *a = imp_base64url_encode (header, strlen (header));
  g_autofree char *b = imp_base64url_encode (claims, strlen (claims));
  g_autofree char *text = g_strjoin (".", a, b, NULL);
  g_autoptr(GBytes) signature = imp_key_sign_raw (fixture->ledger_owner, text, strlen (text), NULL);
  g_autofree char *c = imp_base64url_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));

  return g_strjoin (".", text, c, NULL);
}

#define RS384 "{\"alg\":\"RS384\",\"typ\":\"JWT\"}"

static char *
make_claims (Fixture    *fixture,
             const char *format)
{
  g_autofree char *pem = g_strescape (imp_key_get_public_pem (fixture->author), NULL);
  g_autoptr(GString) claims = g_string_new (format);

  g_string_replace (claims, "KEY", pem, 0);
  return g_string_free (g_steal_pointer (&claims), FALSE);
}

typedef struct
{
  const char *name;
  const char *header;
  const char *claims;
  const char *pattern;  /* (nullable) if it is good */
} Forged;

#define TIMES "\"iat\":1795337096,\"exp\":1795338896"

static const Forged forged[] = {
  { "good", RS384, "{\"publicKey\":\"KEY\"," TIMES "}", NULL },
  { "good-without-type", "{\"alg\":\"RS384\"}", "{\"publicKey\":\"KEY\"," TIMES "}", NULL },
  { "none", "{\"alg\":\"none\"}", "{\"publicKey\":\"KEY\"," TIMES "}", "*algorithm is not RS384" },
  { "rs256", "{\"alg\":\"RS256\",\"typ\":\"JWT\"}", "{\"publicKey\":\"KEY\"," TIMES "}", "*algorithm is not RS384" },
  { "lower-case", "{\"alg\":\"rs384\"}", "{\"publicKey\":\"KEY\"," TIMES "}", "*algorithm is not RS384" },
  { "no-algorithm", "{\"typ\":\"JWT\"}", "{\"publicKey\":\"KEY\"," TIMES "}", "*algorithm is not RS384" },
  { "algorithm-array", "{\"alg\":[\"RS384\"]}", "{\"publicKey\":\"KEY\"," TIMES "}", "*algorithm is not RS384" },
  { "algorithm-twice", "{\"alg\":\"none\",\"alg\":\"RS384\"}", "{\"publicKey\":\"KEY\"," TIMES "}",
    "*header cannot be read*" },
  { "other-type", "{\"alg\":\"RS384\",\"typ\":\"at+jwt\"}", "{\"publicKey\":\"KEY\"," TIMES "}", "*type is not JWT" },
  { "own-key", "{\"alg\":\"RS384\",\"jwk\":{}}", "{\"publicKey\":\"KEY\"," TIMES "}", "*header has more*" },
  { "critical", "{\"alg\":\"RS384\",\"crit\":[\"exp\"]}", "{\"publicKey\":\"KEY\"," TIMES "}", "*header has more*" },
  { "header-no-object", "[]", "{\"publicKey\":\"KEY\"," TIMES "}", "*header cannot be read" },
  { "header-no-json", "alg=RS384", "{\"publicKey\":\"KEY\"," TIMES "}", "*header cannot be read*" },
  { "claims-no-object", RS384, "7", "*content cannot be read" },
  { "claims-trailing", RS384, "{\"publicKey\":\"KEY\"," TIMES "}{}", "*content cannot be read*" },
  { "no-key", RS384, "{" TIMES "}", "*no public key*" },
  { "key-number", RS384, "{\"publicKey\":7," TIMES "}", "*no public key*" },
  { "key-garbage", RS384, "{\"publicKey\":\"garbage\"," TIMES "}", "*no public key*" },
  { "other-subject", RS384,
    "{\"sub\":\"b10b4c4aab631db7c00bf2408dd1e6de5a7a222354058a09b9c981bf4f393edd\",\"publicKey\":\"KEY\"," TIMES "}",
    "*subject*" },
  { "subject-number", RS384, "{\"sub\":7,\"publicKey\":\"KEY\"," TIMES "}", "*subject*" },
  { "no-issue-time", RS384, "{\"publicKey\":\"KEY\",\"exp\":1795338896}", "*when it is valid*" },
  { "no-end", RS384, "{\"publicKey\":\"KEY\",\"iat\":1795337096}", "*when it is valid*" },
  { "end-text", RS384, "{\"publicKey\":\"KEY\",\"iat\":1795337096,\"exp\":\"1795338896\"}", "*when it is valid*" },
  { "end-fraction", RS384, "{\"publicKey\":\"KEY\",\"iat\":1795337096,\"exp\":1795338896.5}", "*when it is valid*" },
  { "end-huge", RS384, "{\"publicKey\":\"KEY\",\"iat\":1795337096,\"exp\":1e300}", "*when it is valid*" },
};

static void
test_forged (Fixture       *fixture,
             gconstpointer  data)
{
  const Forged *vector = data;
  g_autofree char *claims = make_claims (fixture, vector->claims);
  g_autofree char *token = forge (fixture, vector->header, claims);

  if (vector->pattern != NULL)
    {
      assert_refused (fixture, token, NOW, IMP_ERROR_KEY_NOT_VALID, vector->pattern);
    }
  else
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(ImpKey) author = imp_token_verify (token, fixture->ledger, NOW, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (imp_key_get_fingerprint (author), ==, imp_key_get_fingerprint (fixture->author));
    }
}

/* The public key that everyone has, used as the secret of an HMAC. */
static void
test_hs384 (Fixture       *fixture,
            gconstpointer  data)
{
  const char *secret = imp_key_get_public_pem (fixture->ledger), *header = "{\"alg\":\"HS384\",\"typ\":\"JWT\"}";
  g_autofree char *claims = make_claims (fixture, "{\"publicKey\":\"KEY\"," TIMES "}");
  g_autofree char *a = imp_base64url_encode (header, strlen (header));
  g_autofree char *b = imp_base64url_encode (claims, strlen (claims));
  g_autofree char *text = g_strjoin (".", a, b, NULL);
  g_autofree char *c = NULL;
  g_autofree char *token = NULL;
  guint8 mac[48];

  g_assert_cmpint (gnutls_hmac_fast (GNUTLS_MAC_SHA384, secret, strlen (secret), text, strlen (text), mac), >=, 0);
  c = imp_base64url_encode (mac, sizeof mac);
  token = g_strjoin (".", text, c, NULL);

  assert_refused (fixture, token, NOW, IMP_ERROR_KEY_NOT_VALID, "*algorithm is not RS384");
}

static void
test_other_ledger (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_RSA_2048, NULL);
  g_autofree char *token = imp_token_issue (other, fixture->author, NOW, NULL);

  assert_refused (fixture, token, NOW, IMP_ERROR_KEY_NOT_VALID, "*not issued by this ledger");
}

/* The content of one token under the signature of another. */
static void
test_swapped_key (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(ImpKey) thief = imp_key_generate (IMP_KEY_EC_P256, NULL);
  g_autofree char *token = imp_token_issue (fixture->ledger_owner, fixture->author, NOW, NULL);
  g_autofree char *claims = imp_token_issue (fixture->ledger_owner, thief, NOW, NULL);
  g_auto(GStrv) parts = g_strsplit (token, ".", -1);
  g_auto(GStrv) thief_parts = g_strsplit (claims, ".", -1);
  g_autofree char *swapped = g_strjoin (".", parts[0], thief_parts[1], parts[2], NULL);

  assert_refused (fixture, swapped, NOW, IMP_ERROR_KEY_NOT_VALID, "*not issued by this ledger");
}

/* Each cut, and a change of each character, whose other spellings of the same bytes would also have to
 * be refused.
 */
static void
test_damaged (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *token = imp_token_issue (fixture->ledger_owner, fixture->author, NOW, NULL);
  gsize length = strlen (token);

  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *cut = g_strndup (token, i);
      char kept = token[i];

      assert_refused (fixture, cut, NOW, IMP_ERROR_KEY_NOT_VALID, "*");

      for (const char *c = "AB_.= +"; *c != '\0'; c++)
        {
          if (*c == kept)
            continue;
          token[i] = *c;
          assert_refused (fixture, token, NOW, IMP_ERROR_KEY_NOT_VALID, "*");
        }
      token[i] = kept;
    }
}

static void
test_form (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *huge = g_strnfill (IMP_TOKEN_MAX_SIZE + 1, '.');
  g_autofree char *token = imp_token_issue (fixture->ledger_owner, fixture->author, NOW, NULL);
  g_autofree char *four = g_strconcat (token, ".", NULL);
  g_autofree char *padded = g_strconcat (token, "=", NULL);
  g_autofree char *spaced = g_strconcat (token, "\n", NULL);
  gint64 expires;

  assert_refused (fixture, "", NOW, IMP_ERROR_KEY_NOT_VALID, "*three parts");
  assert_refused (fixture, "a.b", NOW, IMP_ERROR_KEY_NOT_VALID, "*three parts");
  assert_refused (fixture, four, NOW, IMP_ERROR_KEY_NOT_VALID, "*three parts");
  assert_refused (fixture, "..", NOW, IMP_ERROR_KEY_NOT_VALID, "*header*");
  assert_refused (fixture, huge, NOW, IMP_ERROR_KEY_NOT_VALID, "*too long");
  assert_refused (fixture, padded, NOW, IMP_ERROR_KEY_NOT_VALID, "*signature cannot be read");
  assert_refused (fixture, spaced, NOW, IMP_ERROR_KEY_NOT_VALID, "*signature cannot be read");

  g_assert_false (imp_token_peek_expiry ("", &expires));
  g_assert_false (imp_token_peek_expiry ("e30.e30.", &expires));
}

static void
add (const char *path,
     void      (*func) (Fixture *, gconstpointer),
     gconstpointer data)
{
  g_test_add (path, Fixture, data, set_up, func, tear_down);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("/token/reference", test_reference, NULL);
  add ("/token/round-trip", test_round_trip, NULL);
  add ("/token/cannot-issue", test_cannot_issue, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (forged); i++)
    {
      g_autofree char *path = g_strdup_printf ("/token/forged/%s", forged[i].name);
      add (path, test_forged, &forged[i]);
    }
  add ("/token/forged/hs384", test_hs384, NULL);
  add ("/token/other-ledger", test_other_ledger, NULL);
  add ("/token/swapped-key", test_swapped_key, NULL);
  add ("/token/damaged", test_damaged, NULL);
  add ("/token/form", test_form, NULL);

  return g_test_run ();
}
