/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-key.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* openssl pkey -pubin -outform DER | sha256sum */
#define RSA_2048_FINGERPRINT "b10b4c4aab631db7c00bf2408dd1e6de5a7a222354058a09b9c981bf4f393edd"

static char *
read_pem (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "keys", name, NULL);
  g_autoptr(GError) error = NULL;
  char *pem = NULL;

  g_file_get_contents (path, &pem, NULL, &error);
  g_assert_no_error (error);
  return pem;
}

static ImpKey *
import (const char *pem,
        const char *password)
{
  g_autoptr(GError) error = NULL;
  ImpKey *key = imp_key_new_from_pem (pem, -1, password, &error);

  g_assert_no_error (error);
  g_assert_nonnull (key);
  return key;
}

static ImpKey *
import_file (const char *name)
{
  g_autofree char *pem = read_pem (name);

  return import (pem, "secret");
}

static void
assert_signs (ImpKey *private_key,
              ImpKey *public_key)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *signature = imp_key_sign_text (private_key, "a text", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (signature), <=, imp_key_get_max_signature (private_key));

  g_assert_true (imp_key_verify_text (public_key, "a text", signature, &error));
  g_assert_no_error (error);

  g_assert_false (imp_key_verify_text (public_key, "another text", signature, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE);
}

/* The reference implementation's vectors */

static JsonArray *
get_updates (JsonParser *parser)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "reference.json", NULL);
  g_autoptr(GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);
  return json_object_get_array_member (json_node_get_object (json_parser_get_root (parser)), "updates");
}

static void
assert_reference_signature (ImpKey     *private_key,
                            ImpKey     *public_key,
                            const char *digest,
                            const char *signature)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *ours = NULL;

  imp_key_verify (public_key, digest, strlen (digest), signature, &error);
  g_assert_no_error (error);

  ours = imp_key_sign (private_key, digest, strlen (digest), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (ours, ==, signature);
}

static void
test_reference (void)
{
  g_autoptr(JsonParser) parser = json_parser_new ();
  JsonArray *updates = get_updates (parser);

  g_assert_cmpuint (json_array_get_length (updates), ==, 6);

  for (guint i = 0; i < json_array_get_length (updates); i++)
    {
      JsonObject *vector = json_array_get_object_element (updates, i);
      JsonObject *update = json_object_get_object_member (vector, "update");
      JsonObject *manifest = json_object_get_object_member (update, "manifest");
      g_autoptr(ImpKey) public_key = import (json_object_get_string_member (vector, "publicKey"), NULL);
      g_autoptr(ImpKey) private_key = import (json_object_get_string_member (vector, "privateKey"), NULL);
      g_autoptr(GError) error = NULL;
      g_autofree char *signature = NULL;
      const char *message = json_object_get_string_member (vector, "message");

      g_assert_false (imp_key_has_private (public_key));
      g_assert_true (imp_key_has_private (private_key));
      g_assert_cmpstr (imp_key_get_fingerprint (public_key), ==, imp_key_get_fingerprint (private_key));

      assert_reference_signature (private_key, public_key,
                                  json_object_get_string_member (manifest, "payloadDigest"),
                                  json_object_get_string_member (update, "authorSign"));
      assert_reference_signature (private_key, public_key,
                                  json_object_get_string_member (manifest, "manifestDigest"),
                                  json_object_get_string_member (update, "authorManifestSign"));

      imp_key_verify_text (public_key, message, json_object_get_string_member (vector, "signedMessage"), &error);
      g_assert_no_error (error);
      signature = imp_key_sign_text (private_key, message, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (signature, ==, json_object_get_string_member (vector, "signedMessage"));
    }
}

/* Keys that others made */

static void
test_forms (void)
{
  g_autoptr(ImpKey) spki = import_file ("rsa-2048-public.pem");
  g_autoptr(ImpKey) pkcs1 = import_file ("rsa-2048-public-pkcs1.pem");
  g_autoptr(ImpKey) private_key = import_file ("rsa-2048-pkcs1.pem");
  g_autofree char *pem = read_pem ("rsa-2048-public.pem");

  g_assert_cmpstr (imp_key_get_fingerprint (spki), ==, RSA_2048_FINGERPRINT);
  g_assert_cmpstr (imp_key_get_fingerprint (pkcs1), ==, imp_key_get_fingerprint (spki));
  g_assert_cmpstr (imp_key_get_fingerprint (private_key), ==, imp_key_get_fingerprint (spki));
  g_assert_cmpstr (imp_key_get_public_pem (pkcs1), ==, pem);
  g_assert_cmpstr (imp_key_get_algorithm (spki), ==, "RSA-2048");
}

typedef struct
{
  const char *private_file;
  const char *public_file;
  const char *algorithm;
} Pair;

static const Pair pairs[] = {
  { "rsa-2048-pkcs1.pem", "rsa-2048-public.pem", "RSA-2048" },
  { "rsa-2048-encrypted.pem", "rsa-2048-public.pem", "RSA-2048" },
  { "rsa-2048-encrypted-3des.pem", "rsa-2048-public-pkcs1.pem", "RSA-2048" },
  { "ec-p256-sec1.pem", "ec-p256-public.pem", "EC P-256" },
  { "ec-p256-pkcs8.pem", "ec-p256-public.pem", "EC P-256" },
  { "ec-p384-sec1.pem", "ec-p384-public.pem", "EC P-384" },
  { "ed25519-pkcs8.pem", "ed25519-public.pem", "Ed25519" },
};

static void
test_imports (gconstpointer data)
{
  const Pair *pair = data;
  g_autoptr(ImpKey) private_key = import_file (pair->private_file);
  g_autoptr(ImpKey) public_key = import_file (pair->public_file);

  g_assert_true (imp_key_has_private (private_key));
  g_assert_false (imp_key_has_private (public_key));
  g_assert_cmpstr (imp_key_get_algorithm (private_key), ==, pair->algorithm);
  g_assert_cmpstr (imp_key_get_fingerprint (private_key), ==, imp_key_get_fingerprint (public_key));
  assert_signs (private_key, public_key);
}

typedef struct
{
  const char *file;
  const char *signature;
} Foreign;

/* Signatures that Node.js made over the text “message”: privateEncrypt, sign ("sha384", …), sign (null, …). */
static const Foreign foreign[] = {
  { "ec-p256-public.pem",
    "MEYCIQDjXPNMWooL6oiIPLSzqTrL30e7EqKH+NEGDejPr8WkHAIhAKZoiJtqO9p1xqaPt7SZk5bMkMz+J8/aSHGkO3xhEbSi" },
  { "ec-p384-public.pem",
    "MGUCMQC/xTlBp+CdUHsLS8Wy22Lfl+CrXFWlzw/75KJ8lXIH4jEZi/5p8IFDFIacYT424IUCMDSe35j2/N91GY3YlOuyzaQp3x95F+3M7WwdJdLb"
    "TXEVZ97JxQt5HaHHswJr1OFjHQ==" },
  { "ed25519-public.pem",
    "a0QnF1PKM/KSvV8ywxtjSA2zRTLVm6jkCN6zC3MWfloR2Ty4xEKzKkoEy3VY6/BfTw8b228MeYncpseZqH0DBA==" },
  { "rsa-2048-public.pem",
    "Nb//qWOGwaVCpErCupLrXRs0o81IsfmBROvXaGBfQkEpyd8OdZXbBNXwAjWDljz3GMKUQHv2UJajambnalnd7xo+mCXX6BZWbgzKepVgeNHPZ/1T"
    "K/t4OTu9TOpJVHCoNdV+ztibTzt+/DSjhNnDAxUkL/XlSckfArXRA573u3GjLTFItNXNB3DKNmpW+P4wJrmqOf/s3ZSyxvzTxzyn9FxGjWMuG7rO"
    "sISembba5bW+HqXBnL+zQiEtLlXL1nyTJ4dvA26gUeNzh5W74/UbKB+Vtuj7rEzYSQBm5PJNBmdc61Uhc+3HpmjE1DdMsqQ6TLjMJv1SxmbO0oqL"
    "bl3Lfw==" }
};

static void
test_foreign (gconstpointer data)
{
  const Foreign *vector = data;
  g_autoptr(ImpKey) key = import_file (vector->file);
  g_autoptr(GError) error = NULL;

  imp_key_verify_text (key, "message", vector->signature, &error);
  g_assert_no_error (error);
}

/* Keys of our own */

static void
test_generates (gconstpointer data)
{
  ImpKeyType type = GPOINTER_TO_UINT (data);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) key = imp_key_generate (type, &error);
  g_autoptr(ImpKey) public_key = NULL;
  g_autoptr(ImpKey) again = NULL;
  g_autoptr(GBytes) pem = NULL;

  g_assert_no_error (error);
  g_assert_true (imp_key_has_private (key));

  public_key = import (imp_key_get_public_pem (key), NULL);
  g_assert_false (imp_key_has_private (public_key));
  assert_signs (key, public_key);

  pem = imp_key_export_private (key, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (g_bytes_get_data (pem, NULL), "-----BEGIN PRIVATE KEY-----\n"));

  again = imp_key_new_from_pem (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_key_get_fingerprint (again), ==, imp_key_get_fingerprint (key));
  assert_signs (again, public_key);
}

static gpointer
use_in_thread (gpointer data)
{
  for (guint i = 0; i < 20; i++)
    assert_signs (data, data);

  return NULL;
}

static void
test_threads (gconstpointer data)
{
  g_autoptr(ImpKey) key = import_file (data);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("signer", use_in_thread, key);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_type_names (void)
{
  for (ImpKeyType type = IMP_KEY_RSA_2048; type <= IMP_KEY_ED25519; type++)
    {
      ImpKeyType found;

      g_assert_true (imp_key_type_from_string (imp_key_type_to_string (type), &found));
      g_assert_cmpuint (found, ==, type);
    }

  g_assert_false (imp_key_type_from_string ("rsa-1024", &(ImpKeyType) { 0 }));
  g_assert_false (imp_key_type_from_string ("", &(ImpKeyType) { 0 }));
  g_assert_false (imp_key_type_from_string (NULL, &(ImpKeyType) { 0 }));
}

static void
test_raw_public (void)
{
  g_autoptr(ImpKey) rsa = import_file ("rsa-2048-public.pem");
  g_autoptr(ImpKey) key = import_file ("ed25519-pkcs8.pem");
  g_autoptr(ImpKey) public_key = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) raw = imp_key_get_raw_public (key);

  g_assert_null (imp_key_get_raw_public (rsa));
  g_assert_cmpuint (g_bytes_get_size (raw), ==, 32);

  public_key = imp_key_new_from_raw_public (g_bytes_get_data (raw, NULL), 32, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (imp_key_get_fingerprint (public_key), ==, imp_key_get_fingerprint (key));

  g_assert_null (imp_key_new_from_raw_public (g_bytes_get_data (raw, NULL), 31, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
}

/* Passwords */

static void
test_is_encrypted (void)
{
  g_autofree char *encrypted = read_pem ("rsa-2048-encrypted.pem");
  g_autofree char *plain = read_pem ("rsa-2048-pkcs1.pem");

  g_assert_true (imp_key_pem_is_encrypted (encrypted, -1));
  g_assert_false (imp_key_pem_is_encrypted (plain, -1));
  g_assert_false (imp_key_pem_is_encrypted ("", -1));
}

static void
assert_import_fails (const char *pem,
                     const char *password,
                     int         code,
                     const char *pattern)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_key_new_from_pem (pem, -1, password, &error));
  g_assert_error (error, IMP_ERROR, code);
  if (!g_pattern_match_simple (pattern, error->message))
    g_error ("“%s” does not match “%s”", error->message, pattern);
}

static void
test_passwords (void)
{
  g_autofree char *pem = read_pem ("rsa-2048-encrypted.pem");

  assert_import_fails (pem, NULL, IMP_ERROR_KEY_NOT_VALID, "*password is needed*");
  assert_import_fails (pem, "", IMP_ERROR_KEY_NOT_VALID, "*password*wrong*");
  assert_import_fails (pem, "Secret", IMP_ERROR_KEY_NOT_VALID, "*password*wrong*");
}

/* Keys that are refused */

typedef struct
{
  const char *file;
  ImpError    code;
  const char *pattern;
} Refused;

static const Refused refused[] = {
  { "rsa-1024.pem", IMP_ERROR_KEY_NOT_VALID, "*1024 bits is too short*" },
  { "rsa-pss.pem", IMP_ERROR_KEY_NOT_VALID, "*RSA-PSS*not supported*" },
  { "rsa-2048-old-encryption.pem", IMP_ERROR_MALFORMED, "*old encryption*PKCS#8*" },
  { "ec-p521.pem", IMP_ERROR_KEY_NOT_VALID, "*SECP521R1*" },
  { "ec-secp256k1.pem", IMP_ERROR_MALFORMED, "*kind that is not supported*" },
  { "ed25519-scrypt.pem", IMP_ERROR_MALFORMED, "*kind that is not supported*" },
  { "ed448.pem", IMP_ERROR_KEY_NOT_VALID, "*Ed448*not supported*" },
  { "dsa.pem", IMP_ERROR_KEY_NOT_VALID, "*DSA*not supported*" },
  { "dsa-public.pem", IMP_ERROR_KEY_NOT_VALID, "*DSA*not supported*" },
};

static void
test_refuses_file (gconstpointer data)
{
  const Refused *vector = data;
  g_autofree char *pem = read_pem (vector->file);

  assert_import_fails (pem, "secret", vector->code, vector->pattern);
}

static char *
replace (const char *text,
         const char *old,
         const char *new)
{
  g_autoptr(GString) string = g_string_new (text);

  g_assert_cmpuint (g_string_replace (string, old, new, 0), >, 0);
  return g_string_free (g_steal_pointer (&string), FALSE);
}

static void
test_refuses_text (void)
{
  g_autofree char *pem = read_pem ("ec-p256-public.pem");
  g_autofree char *twice = g_strconcat (pem, pem, NULL);
  g_autofree char *after = g_strconcat (pem, "x", NULL);
  g_autofree char *before = g_strconcat ("x", pem, NULL);
  g_autofree char *label = replace (pem, "PUBLIC KEY", "CERTIFICATE");
  g_autofree char *odd_label = replace (pem, "PUBLIC KEY", "Public Key");
  g_autofree char *other_end = replace (pem, "END PUBLIC", "END PRIVATE");
  g_autofree char *no_end = replace (pem, "-----END", "");
  g_autofree char *not_base64 = replace (pem, "M", "*");
  g_autofree char *cut = replace (pem, "=\n-----END", "A\n-----END");
  g_autofree char *wrong_kind = replace (pem, "PUBLIC KEY", "RSA PUBLIC KEY");
  g_autofree char *huge = g_strnfill (IMP_KEY_MAX_PEM_SIZE + 1, ' ');

  assert_import_fails ("", NULL, IMP_ERROR_MALFORMED, "there is no PEM block*");
  assert_import_fails ("ssh-ed25519 AAAA", NULL, IMP_ERROR_MALFORMED, "there is no PEM block*");
  assert_import_fails (before, NULL, IMP_ERROR_MALFORMED, "there is no PEM block*");
  assert_import_fails (twice, NULL, IMP_ERROR_MALFORMED, "*more than one PEM block*");
  assert_import_fails (after, NULL, IMP_ERROR_MALFORMED, "*text after the PEM block");
  assert_import_fails (label, NULL, IMP_ERROR_KEY_NOT_VALID, "*certificate*");
  assert_import_fails (odd_label, NULL, IMP_ERROR_MALFORMED, "*capital letters");
  assert_import_fails (other_end, NULL, IMP_ERROR_MALFORMED, "*does not repeat its label");
  assert_import_fails (no_end, NULL, IMP_ERROR_MALFORMED, "*no END line");
  assert_import_fails (not_base64, NULL, IMP_ERROR_MALFORMED, "*not base64");
  assert_import_fails (cut, NULL, IMP_ERROR_MALFORMED, "*");
  assert_import_fails (wrong_kind, NULL, IMP_ERROR_MALFORMED, "the key is damaged*");
  assert_import_fails (huge, NULL, IMP_ERROR_MALFORMED, "*is too long*");
  assert_import_fails ("-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n", NULL,
                       IMP_ERROR_MALFORMED, "*cut short*");
}

static char *
wrap (const char   *label,
      const guint8 *der,
      gsize         size)
{
  g_autofree char *base64 = g_base64_encode (der, size);

  return g_strdup_printf ("-----BEGIN %s-----\n%s\n-----END %s-----\n", label, base64, label);
}

static guint8 *
unwrap (const char *file,
        gsize      *size)
{
  g_autofree char *pem = read_pem (file);
  g_auto(GStrv) parts = g_strsplit (pem, "-----", -1);

  return g_base64_decode (parts[2], size);
}

static void
test_refuses_der (void)
{
  gsize size;
  g_autofree guint8 *der = unwrap ("rsa-2048-public.pem", &size);
  g_autofree char *cut = wrap ("PUBLIC KEY", der, size - 1);
  g_autofree char *longer = NULL;

  der = g_realloc (der, size + 1);
  der[size] = 0;
  longer = wrap ("PUBLIC KEY", der, size + 1);

  assert_import_fails (cut, NULL, IMP_ERROR_MALFORMED, "*cut short*");
  assert_import_fails (longer, NULL, IMP_ERROR_MALFORMED, "*bytes after the key*");
}

/* The last three bytes of an RSA SubjectPublicKeyInfo are its exponent, 65537. */
static void
test_refuses_exponent (gconstpointer data)
{
  gsize size;
  g_autofree guint8 *der = unwrap ("rsa-2048-public.pem", &size);
  g_autofree char *pem = NULL;

  memcpy (der + size - 3, data, 3);
  pem = wrap ("PUBLIC KEY", der, size);
  assert_import_fails (pem, NULL, IMP_ERROR_KEY_NOT_VALID, "*exponent*");
}

/* SEQUENCE { the modulus as it is, an exponent of nine bytes }. */
static void
test_refuses_long_exponent (void)
{
  static const guint8 header[] = { 0x30, 0x82, 0x01, 0x10 };
  static const guint8 exponent[] = { 0x02, 0x09, 0x01, 0, 0, 0, 0, 0, 0, 0, 0x01 };
  gsize size;
  g_autofree guint8 *der = unwrap ("rsa-2048-public-pkcs1.pem", &size);
  g_autoptr(GByteArray) longer = g_byte_array_new ();
  g_autofree char *pem = NULL;

  g_byte_array_append (longer, header, sizeof header);
  g_byte_array_append (longer, der + sizeof header, 4 + 257);
  g_byte_array_append (longer, exponent, sizeof exponent);

  pem = wrap ("RSA PUBLIC KEY", longer->data, longer->len);
  assert_import_fails (pem, NULL, IMP_ERROR_KEY_NOT_VALID, "*exponent*too long");
}

/* A private key whose halves are of two keys. */
static void
test_refuses_mismatch_ec (void)
{
  gsize size;
  g_autofree guint8 *der = unwrap ("ec-p256-sec1.pem", &size);
  g_autofree char *pem = NULL;

  der[7 + 31] ^= 1;
  pem = wrap ("EC PRIVATE KEY", der, size);
  assert_import_fails (pem, NULL, IMP_ERROR_KEY_NOT_VALID, "*does not fit together*");
}

/* A number of a private RSA key that was changed, each in turn: the modulus, the private exponent, the
 * primes. What the Chinese remainder theorem needs GnuTLS computes anew.
 */
static void
test_refuses_mismatch_rsa (void)
{
  static const gsize offsets[] = { 100, 400, 590, 720 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets); i++)
    {
      gsize size;
      g_autofree guint8 *der = unwrap ("rsa-2048-pkcs1.pem", &size);
      g_autofree char *pem = NULL;

      der[offsets[i]] ^= 1;
      pem = wrap ("RSA PRIVATE KEY", der, size);
      assert_import_fails (pem, NULL, IMP_ERROR_KEY_NOT_VALID, "*does not fit together*");
    }
}

/* Signatures that are refused */

static void
assert_verify_fails (ImpKey     *key,
                     const char *signature)
{
  g_autoptr(GError) error = NULL;

  g_assert_false (imp_key_verify_text (key, "message", signature, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE);
}

static void
test_refuses_signature (gconstpointer data)
{
  const Foreign *vector = data;
  g_autoptr(ImpKey) key = import_file (vector->file);
  g_autofree char *changed = g_strdup (vector->signature);
  g_autofree char *longer = g_strconcat ("AAAA", vector->signature, NULL);
  g_autofree char *spaced = g_strconcat (vector->signature, "\n", NULL);

  changed[20] = changed[20] == 'A' ? 'B' : 'A';

  assert_verify_fails (key, changed);
  assert_verify_fails (key, longer);
  assert_verify_fails (key, spaced);
  assert_verify_fails (key, vector->signature + 4);
  assert_verify_fails (key, "");
  assert_verify_fails (key, "not base64");

  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      if (vector != &foreign[i])
        assert_verify_fails (key, foreign[i].signature);
    }
}

static void
test_public_cannot_sign (void)
{
  g_autoptr(ImpKey) key = import_file ("ed25519-public.pem");
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_key_sign_text (key, "a text", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
  g_clear_error (&error);

  g_assert_null (imp_key_export_private (key, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID);
}

/* A registration token is RS384: RSA with SHA-384 in a DigestInfo, which the protocol's own scheme is not. */
static void
test_raw_scheme (void)
{
  g_autoptr(ImpKey) key = import_file ("rsa-2048-pkcs1.pem");
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) signature = imp_key_sign_raw (key, "text", 4, &error);
  g_autofree char *base64 = NULL;

  g_assert_no_error (error);
  g_assert_true (imp_key_verify_raw (key, "text", 4, g_bytes_get_data (signature, NULL),
                                     g_bytes_get_size (signature), &error));
  g_assert_no_error (error);

  base64 = g_base64_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  g_assert_false (imp_key_verify (key, "text", 4, base64, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/key/reference", test_reference);
  g_test_add_func ("/key/forms", test_forms);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/key/imports/%s", pairs[i].private_file);
      g_test_add_data_func (path, &pairs[i], test_imports);
    }
  for (guint i = 0; i < G_N_ELEMENTS (foreign); i++)
    {
      g_autofree char *path = g_strdup_printf ("/key/foreign/%s", foreign[i].file);
      g_autofree char *refuses = g_strdup_printf ("/key/refuses-signature/%s", foreign[i].file);
      g_test_add_data_func (path, &foreign[i], test_foreign);
      g_test_add_data_func (refuses, &foreign[i], test_refuses_signature);
    }
  g_test_add_data_func ("/key/generates/rsa-2048", GUINT_TO_POINTER (IMP_KEY_RSA_2048), test_generates);
  g_test_add_data_func ("/key/generates/ec-p256", GUINT_TO_POINTER (IMP_KEY_EC_P256), test_generates);
  g_test_add_data_func ("/key/generates/ec-p384", GUINT_TO_POINTER (IMP_KEY_EC_P384), test_generates);
  g_test_add_data_func ("/key/generates/ed25519", GUINT_TO_POINTER (IMP_KEY_ED25519), test_generates);
  g_test_add_data_func ("/key/threads/rsa", "rsa-2048-pkcs1.pem", test_threads);
  g_test_add_data_func ("/key/threads/ec", "ec-p256-sec1.pem", test_threads);
  g_test_add_data_func ("/key/threads/ed25519", "ed25519-pkcs8.pem", test_threads);
  g_test_add_func ("/key/type-names", test_type_names);
  g_test_add_func ("/key/raw-public", test_raw_public);
  g_test_add_func ("/key/is-encrypted", test_is_encrypted);
  g_test_add_func ("/key/passwords", test_passwords);
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *path = g_strdup_printf ("/key/refuses/%s", refused[i].file);
      g_test_add_data_func (path, &refused[i], test_refuses_file);
    }
  g_test_add_func ("/key/refuses/text", test_refuses_text);
  g_test_add_func ("/key/refuses/der", test_refuses_der);
  g_test_add_data_func ("/key/refuses/exponent-one", "\x00\x00\x01", test_refuses_exponent);
  g_test_add_data_func ("/key/refuses/exponent-even", "\x01\x00\x02", test_refuses_exponent);
  g_test_add_func ("/key/refuses/exponent-long", test_refuses_long_exponent);
  g_test_add_func ("/key/refuses/mismatch-ec", test_refuses_mismatch_ec);
  g_test_add_func ("/key/refuses/mismatch-rsa", test_refuses_mismatch_rsa);
  g_test_add_func ("/key/public-cannot-sign", test_public_cannot_sign);
  g_test_add_func ("/key/raw-scheme", test_raw_scheme);

  return g_test_run ();
}
