/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-key-private.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-secret.h"

#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <string.h>

#define MIN_RSA_BITS 2048

/* A key from outside must not make its verification take seconds. */
#define MAX_RSA_BITS           8192
#define MAX_RSA_EXPONENT_BYTES 8

/**
 * ImpKey:
 *
 * A public key, with its private half or without.
 *
 * Its type decides the signature scheme; there is nothing to negotiate. Two keys are the same author
 * if their fingerprints are equal, in whichever form they were written.
 *
 * A key never changes once it is made, and can be used from any thread.
 */
G_DEFINE_FINAL_TYPE (ImpKey, imp_key, G_TYPE_OBJECT)

static void
imp_key_finalize (GObject *object)
{
  ImpKey *self = IMP_KEY (object);

  g_clear_pointer (&self->private_key, gnutls_privkey_deinit);
  g_clear_pointer (&self->public_key, gnutls_pubkey_deinit);
  g_free (self->algorithm);
  g_free (self->fingerprint);
  g_free (self->public_pem);
  g_clear_pointer (&self->pin, imp_pin_asker_unref);
  g_free (self->token);

  G_OBJECT_CLASS (imp_key_parent_class)->finalize (object);
}

static void
imp_key_class_init (ImpKeyClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_key_finalize;
}

static void
imp_key_init (ImpKey *self)
{
}

/* With an exponent of 1 anyone could sign, and an even one has no private half. */
static gboolean
check_rsa_exponent (ImpKey  *self,
                    GError **error)
{
  gnutls_datum_t modulus, exponent;
  gboolean good;
  int ret = gnutls_pubkey_export_rsa_raw2 (self->public_key, &modulus, &exponent, GNUTLS_EXPORT_FLAG_NO_LZ);

  if (ret < 0)
    return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                          "the RSA key cannot be read: %s", gnutls_strerror (ret));

  good = exponent.size > 0 && exponent.size <= MAX_RSA_EXPONENT_BYTES &&
         exponent.data[exponent.size - 1] % 2 == 1 && (exponent.size > 1 || exponent.data[0] > 1);
  gnutls_free (modulus.data);
  gnutls_free (exponent.data);

  return good || imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                                "the RSA key’s public exponent is 1, even or too long");
}

static gboolean
adopt_rsa (ImpKey  *self,
           guint    bits,
           GError **error)
{
  if (bits < MIN_RSA_BITS)
    return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                          "an RSA key of %u bits is too short: at least %d are needed", bits, MIN_RSA_BITS);
  if (bits > MAX_RSA_BITS)
    return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                          "an RSA key of %u bits is too long: at most %d are taken", bits, MAX_RSA_BITS);
  if (!check_rsa_exponent (self, error))
    return FALSE;

  self->scheme = IMP_SCHEME_RSA;
  self->max_signature = (bits + 7) / 8;
  self->algorithm = g_strdup_printf ("RSA-%u", bits);
  return TRUE;
}

/* An ECDSA signature is a SEQUENCE of two INTEGERs, each as long as the curve and a sign byte. */
static gboolean
adopt_ec (ImpKey  *self,
          GError **error)
{
  gnutls_ecc_curve_t curve = GNUTLS_ECC_CURVE_INVALID;

  gnutls_pubkey_export_ecc_raw2 (self->public_key, &curve, NULL, NULL, 0);
  if (curve != GNUTLS_ECC_CURVE_SECP256R1 && curve != GNUTLS_ECC_CURVE_SECP384R1)
    return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                          "an EC key on the curve %s is not supported: only P-256 and P-384 are",
                          curve == GNUTLS_ECC_CURVE_INVALID ? "(unknown)" : gnutls_ecc_curve_get_name (curve));

  self->scheme = IMP_SCHEME_ECDSA;
  self->max_signature = 2 + 2 * (2 + 1 + gnutls_ecc_curve_get_size (curve));
  self->algorithm = g_strdup (curve == GNUTLS_ECC_CURVE_SECP256R1 ? "EC P-256" : "EC P-384");
  return TRUE;
}

static gboolean
adopt_algorithm (ImpKey  *self,
                 GError **error)
{
  guint bits = 0;
  int algorithm = gnutls_pubkey_get_pk_algorithm (self->public_key, &bits);

  switch (algorithm)
    {
    case GNUTLS_PK_RSA:
      return adopt_rsa (self, bits, error);

    case GNUTLS_PK_ECDSA:
      return adopt_ec (self, error);

    case GNUTLS_PK_EDDSA_ED25519:
      self->scheme = IMP_SCHEME_ED25519;
      self->max_signature = 64;
      self->algorithm = g_strdup ("Ed25519");
      return TRUE;

    default:
      return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                            "%s keys are not supported: only RSA, EC P-256, EC P-384 and Ed25519 are",
                            algorithm < 0 ? "such" : gnutls_pk_get_name (algorithm));
    }
}

/* GnuTLS writes SubjectPublicKeyInfo from the numbers, so the fingerprint does not depend on how a
 * file spelled them.
 */
static gboolean
adopt_public_forms (ImpKey  *self,
                    GError **error)
{
  gnutls_datum_t der = { NULL }, pem = { NULL };
  int ret;

  if ((ret = gnutls_pubkey_export2 (self->public_key, GNUTLS_X509_FMT_DER, &der)) >= 0 &&
      (ret = gnutls_pubkey_export2 (self->public_key, GNUTLS_X509_FMT_PEM, &pem)) >= 0)
    {
      self->fingerprint = imp_digest_hex (IMP_DIGEST_SHA256, der.data, der.size);
      self->public_pem = g_strndup ((const char *) pem.data, pem.size);
    }

  gnutls_free (der.data);
  gnutls_free (pem.data);

  return ret >= 0 || imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                                    "the public key cannot be written: %s", gnutls_strerror (ret));
}

/*< private >
 * imp_key_new_take_public:
 * @public_key: (transfer full): a public key of any kind
 * @error: return location for an [error@Imp.Error]
 *
 * Makes a key of a kind that the protocol knows.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKey *
imp_key_new_take_public (gnutls_pubkey_t   public_key,
                         GError          **error)
{
  g_autoptr(ImpKey) self = g_object_new (IMP_TYPE_KEY, NULL);

  self->public_key = public_key;

  if (!adopt_algorithm (self, error) ||
      !adopt_public_forms (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/*< private >
 * imp_key_new_take_private:
 * @private_key: (transfer full): a private key of any kind
 * @error: return location for an [error@Imp.Error]
 *
 * Makes a key with both halves, of a kind that the protocol knows.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKey *
imp_key_new_take_private (gnutls_privkey_t   private_key,
                          GError           **error)
{
  gnutls_pubkey_t public_key;
  ImpKey *self = NULL;
  int ret;

  gnutls_pubkey_init (&public_key);
  ret = gnutls_pubkey_import_privkey (public_key, private_key, 0, 0);

  if (ret >= 0)
    {
      self = imp_key_new_take_public (public_key, error);
    }
  else
    {
      gnutls_pubkey_deinit (public_key);
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                     "the private key has no public half: %s", gnutls_strerror (ret));
    }

  if (self != NULL)
    self->private_key = private_key;
  else
    gnutls_privkey_deinit (private_key);

  return self;
}

/**
 * imp_key_generate:
 * @type: the type of key
 * @error: return location for an [error@Imp.Error]
 *
 * Makes a new key. That takes up to seconds for RSA: call it from a thread.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKey *
imp_key_generate (ImpKeyType   type,
                  GError     **error)
{
  gnutls_pk_algorithm_t algorithm;
  gnutls_privkey_t private_key;
  guint bits = 0;
  int ret;

  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  algorithm = imp_key_type_get_algorithm (type, &bits);
  gnutls_privkey_init (&private_key);
  ret = gnutls_privkey_generate (private_key, algorithm, bits, 0);
  if (ret < 0)
    {
      gnutls_privkey_deinit (private_key);
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                     "no key could be generated: %s", gnutls_strerror (ret));
      return NULL;
    }

  return imp_key_new_take_private (private_key, error);
}

/**
 * imp_key_new_from_raw_public:
 * @bytes: (array length=size): the 32 bytes of an Ed25519 public key
 * @size: size of @bytes
 * @error: return location for an [error@Imp.Error]
 *
 * Makes the public key that a signed note's verifier key carries.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKey *
imp_key_new_from_raw_public (const guint8  *bytes,
                             gsize          size,
                             GError       **error)
{
  gnutls_datum_t raw = { (guint8 *) bytes, size };
  gnutls_pubkey_t public_key;
  int ret;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  gnutls_pubkey_init (&public_key);
  ret = gnutls_pubkey_import_ecc_raw (public_key, GNUTLS_ECC_CURVE_ED25519, &raw, NULL);
  if (ret < 0)
    {
      gnutls_pubkey_deinit (public_key);
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                     "these are not the bytes of an Ed25519 public key: %s", gnutls_strerror (ret));
      return NULL;
    }

  return imp_key_new_take_public (public_key, error);
}

/**
 * imp_key_has_private:
 * @self: a key
 *
 * Returns: whether @self can sign, itself or through its token
 */
gboolean
imp_key_has_private (ImpKey *self)
{
  g_return_val_if_fail (IMP_IS_KEY (self), FALSE);

  return self->private_key != NULL;
}

/**
 * imp_key_get_fingerprint:
 * @self: a key
 *
 * Gets the SHA-256 of the key's SubjectPublicKeyInfo, which is what an author is known by.
 *
 * Returns: 64 hexadecimal characters
 */
const char *
imp_key_get_fingerprint (ImpKey *self)
{
  g_return_val_if_fail (IMP_IS_KEY (self), NULL);

  return self->fingerprint;
}

/**
 * imp_key_get_algorithm:
 * @self: a key
 *
 * Gets the key's type as people write it.
 *
 * Returns: such as “RSA-2048”, “EC P-256” or “Ed25519”
 */
const char *
imp_key_get_algorithm (ImpKey *self)
{
  g_return_val_if_fail (IMP_IS_KEY (self), NULL);

  return self->algorithm;
}

/**
 * imp_key_get_public_pem:
 * @self: a key
 *
 * Gets the public half as SubjectPublicKeyInfo in PEM.
 *
 * Returns: the PEM text
 */
const char *
imp_key_get_public_pem (ImpKey *self)
{
  g_return_val_if_fail (IMP_IS_KEY (self), NULL);

  return self->public_pem;
}

/**
 * imp_key_get_raw_public:
 * @self: a key
 *
 * Gets the 32 bytes of an Ed25519 public key.
 *
 * Returns: (transfer full) (nullable): the bytes, or `NULL` for another type of key
 */
GBytes *
imp_key_get_raw_public (ImpKey *self)
{
  gnutls_datum_t raw = { NULL };
  GBytes *bytes;

  g_return_val_if_fail (IMP_IS_KEY (self), NULL);

  if (self->scheme != IMP_SCHEME_ED25519 ||
      gnutls_pubkey_export_ecc_raw2 (self->public_key, NULL, &raw, NULL, 0) < 0)
    return NULL;

  bytes = g_bytes_new (raw.data, raw.size);
  gnutls_free (raw.data);
  return bytes;
}

/**
 * imp_key_export_private:
 * @self: a key
 * @error: return location for an [error@Imp.Error]
 *
 * Writes the private half as PKCS#8 in PEM, without encryption: for a keyring, or for a file that
 * its owner asked for. The bytes are wiped when their last reference goes.
 *
 * Returns: (transfer full) (nullable): the PEM text, or `NULL` with @error set
 */
GBytes *
imp_key_export_private (ImpKey  *self,
                        GError **error)
{
  gnutls_x509_privkey_t x509 = NULL;
  gnutls_datum_t pem = { NULL };
  GBytes *bytes;
  int ret;

  g_return_val_if_fail (IMP_IS_KEY (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (self->private_key == NULL)
    {
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID, "there is no private half to export");
      return NULL;
    }

  if ((ret = gnutls_privkey_export_x509 (self->private_key, &x509)) >= 0)
    ret = gnutls_x509_privkey_export2_pkcs8 (x509, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &pem);

  g_clear_pointer (&x509, gnutls_x509_privkey_deinit);
  if (ret < 0)
    {
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                     "the private key cannot be exported: %s", gnutls_strerror (ret));
      return NULL;
    }

  bytes = imp_secret_new (pem.data, pem.size);
  imp_secret_wipe (pem.data, pem.size);
  gnutls_free (pem.data);
  return bytes;
}
