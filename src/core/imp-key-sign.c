/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-key-private.h"

#include "imp-base64.h"
#include "imp-digest.h"
#include "imp-error.h"

#include <gnutls/crypto.h>
#include <string.h>

/* The protocol's scheme for RSA is not one that has a name in X.509, so it takes other calls than all
 * of the rest, which GnuTLS knows as signature algorithms.
 */
static const gnutls_sign_algorithm_t standard_schemes[] = {
  [IMP_SCHEME_RSA] = GNUTLS_SIGN_RSA_SHA384,
  [IMP_SCHEME_ECDSA] = GNUTLS_SIGN_ECDSA_SHA384,
  [IMP_SCHEME_ED25519] = GNUTLS_SIGN_EDDSA_ED25519,
};

static gnutls_datum_t
make_datum (const void *data,
            gsize       size)
{
  return (gnutls_datum_t) { (guint8 *) data, size };
}

static gboolean
check_private (ImpKey  *self,
               GError **error)
{
  if (self->private_key != NULL)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID, "a public key cannot sign");
}

static GBytes *
take_signature (ImpKey          *self,
                int              ret,
                gnutls_datum_t  *signature,
                GError         **error)
{
  GBytes *bytes;

  if (ret < 0)
    {
      if (self->token != NULL)
        imp_pin_asker_set_error (self->pin, ret, self->token, error);
      else
        imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                       "the key cannot sign: %s", gnutls_strerror (ret));
      return NULL;
    }

  bytes = g_bytes_new (signature->data, signature->size);
  gnutls_free (signature->data);
  return bytes;
}

static gboolean
check_verified (int      ret,
                GError **error)
{
  if (ret >= 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_KEY_NOT_VERIFIABLE,
                        "the signature does not fit the key and what was signed");
}

typedef gboolean (*VerifyFunc) (ImpKey      *self,
                                const void  *data,
                                gsize        size,
                                const void  *signature,
                                gsize        signature_size,
                                GError     **error);

/* A token is another computer, and its private key may not be the one that its public key promises.
 * Takes the signature, and gives it back where it is good.
 */
static GBytes *
check_token_signature (ImpKey      *self,
                       GBytes      *signature,
                       const void  *data,
                       gsize        size,
                       VerifyFunc   verify,
                       GError     **error)
{
  g_autoptr(GBytes) bytes = signature;
  gsize n_bytes;
  const void *start;

  if (bytes == NULL || self->token == NULL)
    return g_steal_pointer (&bytes);

  start = g_bytes_get_data (bytes, &n_bytes);
  if (verify (self, data, size, start, n_bytes, NULL))
    return g_steal_pointer (&bytes);

  imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                 "the token “%s” signed what its own public key does not verify; nothing was sent",
                 self->token);
  return NULL;
}

static gboolean
verify_rsa_block (ImpKey      *self,
                  const void  *data,
                  gsize        size,
                  const void  *signature,
                  gsize        signature_size,
                  GError     **error)
{
  gnutls_datum_t message = make_datum (data, size), datum = make_datum (signature, signature_size);

  return check_verified (gnutls_pubkey_verify_hash2 (self->public_key, GNUTLS_SIGN_UNKNOWN,
                                                     GNUTLS_VERIFY_USE_TLS1_RSA, &message, &datum), error);
}

/* PKCS#1 block type 1 around the bytes themselves, without a DigestInfo: what Node.js calls
 * privateEncrypt, and TLS 1.0 used. To a PKCS#11 token this is CKM_RSA_PKCS.
 */
static GBytes *
sign_rsa_block (ImpKey      *self,
                const void  *data,
                gsize        size,
                GError     **error)
{
  gnutls_datum_t message = make_datum (data, size), signature = { NULL };
  int ret = gnutls_privkey_sign_hash (self->private_key, GNUTLS_DIG_UNKNOWN,
                                      GNUTLS_PRIVKEY_SIGN_FLAG_TLS1_RSA, &message, &signature);

  return check_token_signature (self, take_signature (self, ret, &signature, error), data, size,
                                verify_rsa_block, error);
}

/**
 * imp_key_sign_raw:
 * @self: a key with its private half
 * @data: (array length=size): what to sign
 * @size: size of @data
 * @error: return location for an [error@Imp.Error]
 *
 * Signs for a format that has its own idea of signatures, by the scheme that is usual for the type of
 * key: RSA PKCS#1 v1.5 or ECDSA with SHA-384, or Ed25519.
 *
 * Returns: (transfer full) (nullable): the signature's bytes, or `NULL` with @error set
 */
GBytes *
imp_key_sign_raw (ImpKey      *self,
                  const void  *data,
                  gsize        size,
                  GError     **error)
{
  gnutls_datum_t message = make_datum (data, size), signature = { NULL };
  int ret;

  g_return_val_if_fail (IMP_IS_KEY (self), NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_private (self, error))
    return NULL;

  ret = gnutls_privkey_sign_data2 (self->private_key, standard_schemes[self->scheme], 0, &message, &signature);
  return check_token_signature (self, take_signature (self, ret, &signature, error), data, size,
                                imp_key_verify_raw, error);
}

/**
 * imp_key_verify_raw:
 * @self: a key
 * @data: (array length=size): what was signed
 * @size: size of @data
 * @signature: (array length=signature_size): the signature's bytes
 * @signature_size: size of @signature
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies what [method@Imp.Key.sign_raw] signs.
 *
 * Returns: whether the signature fits; if not, @error is %IMP_ERROR_KEY_NOT_VERIFIABLE
 */
gboolean
imp_key_verify_raw (ImpKey      *self,
                    const void  *data,
                    gsize        size,
                    const void  *signature,
                    gsize        signature_size,
                    GError     **error)
{
  gnutls_datum_t message = make_datum (data, size), datum = make_datum (signature, signature_size);

  g_return_val_if_fail (IMP_IS_KEY (self), FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (signature != NULL || signature_size == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return check_verified (gnutls_pubkey_verify_data2 (self->public_key, standard_schemes[self->scheme], 0,
                                                     &message, &datum), error);
}

/**
 * imp_key_sign:
 * @self: a key with its private half
 * @data: (array length=size): what to sign, the hexadecimal text of a digest
 * @size: size of @data
 * @error: return location for an [error@Imp.Error]
 *
 * Signs by the protocol's scheme for this type of key: RSA pads the bytes as they are, ECDSA signs
 * their SHA-384, Ed25519 signs them.
 *
 * Returns: (transfer full) (nullable): the signature in base64, or `NULL` with @error set
 */
char *
imp_key_sign (ImpKey      *self,
              const void  *data,
              gsize        size,
              GError     **error)
{
  g_autoptr(GBytes) signature = NULL;

  g_return_val_if_fail (IMP_IS_KEY (self), NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_private (self, error))
    return NULL;

  if (self->scheme == IMP_SCHEME_RSA)
    signature = sign_rsa_block (self, data, size, error);
  else
    signature = imp_key_sign_raw (self, data, size, error);

  if (signature == NULL)
    return NULL;

  return g_base64_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
}

/**
 * imp_key_verify:
 * @self: a key
 * @data: (array length=size): what was signed
 * @size: size of @data
 * @signature: the signature in base64
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies what [method@Imp.Key.sign] signs.
 *
 * Returns: whether the signature fits; if not, @error is %IMP_ERROR_KEY_NOT_VERIFIABLE
 */
gboolean
imp_key_verify (ImpKey      *self,
                const void  *data,
                gsize        size,
                const char  *signature,
                GError     **error)
{
  g_autofree guint8 *bytes = NULL;
  gsize n_bytes, length;

  g_return_val_if_fail (IMP_IS_KEY (self), FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);
  g_return_val_if_fail (signature != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  length = strlen (signature);
  if (length > imp_key_get_max_signature (self) ||
      !(bytes = imp_base64_decode (signature, length, &n_bytes)))
    return imp_error_set (error, IMP_ERROR_KEY_NOT_VERIFIABLE,
                          "the signature is not base64 of an %s signature", self->algorithm);

  if (self->scheme == IMP_SCHEME_RSA)
    return verify_rsa_block (self, data, size, bytes, n_bytes, error);

  return imp_key_verify_raw (self, data, size, bytes, n_bytes, error);
}

/**
 * imp_key_get_max_signature:
 * @self: a key
 *
 * Gets the length of the longest text that [method@Imp.Key.sign] gives, so that an upload can
 * announce its length before it is signed.
 *
 * Returns: a number of characters
 */
gsize
imp_key_get_max_signature (ImpKey *self)
{
  g_return_val_if_fail (IMP_IS_KEY (self), 0);

  return (self->max_signature + 2) / 3 * 4;
}

/**
 * imp_key_sign_text:
 * @self: a key with its private half
 * @text: a text, such as an author's petition
 * @error: return location for an [error@Imp.Error]
 *
 * Signs the hexadecimal SHA-384 of @text.
 *
 * Returns: (transfer full) (nullable): the signature in base64, or `NULL` with @error set
 */
char *
imp_key_sign_text (ImpKey      *self,
                   const char  *text,
                   GError     **error)
{
  g_autofree char *digest = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  digest = imp_digest_hex (IMP_DIGEST_SHA384, text, strlen (text));
  return imp_key_sign (self, digest, IMP_SHA384_HEX_LENGTH, error);
}

/**
 * imp_key_verify_text:
 * @self: a key
 * @text: a text, such as an author's petition
 * @signature: the signature in base64
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies what [method@Imp.Key.sign_text] signs.
 *
 * Returns: whether the signature fits; if not, @error is %IMP_ERROR_KEY_NOT_VERIFIABLE
 */
gboolean
imp_key_verify_text (ImpKey      *self,
                     const char  *text,
                     const char  *signature,
                     GError     **error)
{
  g_autofree char *digest = NULL;

  g_return_val_if_fail (text != NULL, FALSE);

  digest = imp_digest_hex (IMP_DIGEST_SHA384, text, strlen (text));
  return imp_key_verify (self, digest, IMP_SHA384_HEX_LENGTH, signature, error);
}
