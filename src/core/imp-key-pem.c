/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-key-private.h"

#include "imp-error.h"
#include "imp-pem.h"

#include <gnutls/x509.h>
#include <string.h>

/* How the keys that people bring are spelled, and how each spelling becomes a key. */

typedef ImpKey *(*ImportFunc) (const gnutls_datum_t  *der,
                               const char            *password,
                               GError               **error);

static gsize
measure_der_header (const guint8 *der,
                    gsize         size,
                    gsize        *content)
{
  gsize n_length_bytes;

  if (size < 2 || der[0] != 0x30)
    return 0;

  if (der[1] < 0x80)
    {
      *content = der[1];
      return 2;
    }

  n_length_bytes = der[1] & 0x7f;
  if (n_length_bytes < 1 || n_length_bytes > 4 || size < 2 + n_length_bytes)
    return 0;

  *content = 0;
  for (gsize i = 0; i < n_length_bytes; i++)
    *content = *content << 8 | der[2 + i];

  return 2 + n_length_bytes;
}

/* All of these are one SEQUENCE; GnuTLS would pass over what comes after it. */
static gboolean
check_der (GBytes  *der,
           GError **error)
{
  gsize size, content = 0, header;
  const guint8 *data = g_bytes_get_data (der, &size);

  header = measure_der_header (data, size, &content);
  if (header != 0 && content == size - header)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        header != 0 && content < size - header ? "there are bytes after the key in the PEM block"
                                                               : "the PEM block is cut short or is not DER");
}

/* Some curves and ciphers that GnuTLS does not know it takes for damage. */
static void
set_import_error (int      ret,
                  GError **error)
{
  switch (ret)
    {
    case GNUTLS_E_DECRYPTION_FAILED:
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID, "the password of the key is wrong");
      break;

    case GNUTLS_E_UNIMPLEMENTED_FEATURE:
    case GNUTLS_E_UNKNOWN_PK_ALGORITHM:
    case GNUTLS_E_ECC_UNSUPPORTED_CURVE:
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                     "keys of this kind are not supported: %s", gnutls_strerror (ret));
      break;

    default:
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "the key is damaged, or of a kind that is not supported: %s", gnutls_strerror (ret));
    }
}

static ImpKey *
import_spki (const gnutls_datum_t  *der,
             const char            *password,
             GError               **error)
{
  gnutls_pubkey_t public_key;
  int ret;

  gnutls_pubkey_init (&public_key);
  ret = gnutls_pubkey_import (public_key, der, GNUTLS_X509_FMT_DER);
  if (ret >= 0)
    return imp_key_new_take_public (public_key, error);

  gnutls_pubkey_deinit (public_key);
  set_import_error (ret, error);
  return NULL;
}

static void
append_der_header (GByteArray *out,
                   guint8      tag,
                   gsize       length)
{
  guint8 header[] = { tag, 0x82, length >> 8, length };

  g_assert (length <= 0xffff);
  g_byte_array_append (out, header, sizeof header);
}

/* GnuTLS reads a PKCS#1 public key only inside of a SubjectPublicKeyInfo:
 * SEQUENCE { SEQUENCE { rsaEncryption, NULL }, BIT STRING { the PKCS#1 key } }.
 */
static ImpKey *
import_pkcs1_public (const gnutls_datum_t  *der,
                     const char            *password,
                     GError               **error)
{
  static const guint8 rsa_encryption[] = {
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
  };
  static const guint8 no_unused_bits = 0;
  g_autoptr(GByteArray) spki = g_byte_array_new ();

  append_der_header (spki, 0x30, sizeof rsa_encryption + 4 + 1 + der->size);
  g_byte_array_append (spki, rsa_encryption, sizeof rsa_encryption);
  append_der_header (spki, 0x03, 1 + der->size);
  g_byte_array_append (spki, &no_unused_bits, 1);
  g_byte_array_append (spki, der->data, der->size);

  return import_spki (&(gnutls_datum_t) { spki->data, spki->len }, NULL, error);
}

static gboolean
can_sign (ImpKey *key)
{
  g_autofree char *signature = imp_key_sign_text (key, "", NULL);

  return signature != NULL && imp_key_verify_text (key, "", signature, NULL);
}

/* A private key whose numbers do not belong together signs what its own public half refuses. GnuTLS
 * does not check an RSA key’s private exponent, from which it computes those that it signs with.
 */
static gboolean
check_pair (gnutls_x509_privkey_t   x509,
            ImpKey                 *key,
            GError                **error)
{
  int ret = gnutls_x509_privkey_verify_params (x509);

  if ((ret >= 0 || ret == GNUTLS_E_UNIMPLEMENTED_FEATURE) && can_sign (key))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_KEY_NOT_VALID, "the private key does not fit together");
}

static ImpKey *
copy_x509 (gnutls_x509_privkey_t   x509,
           GError                **error)
{
  g_autoptr(ImpKey) key = NULL;
  gnutls_privkey_t private_key;
  int ret;

  gnutls_privkey_init (&private_key);
  ret = gnutls_privkey_import_x509 (private_key, x509, GNUTLS_PRIVKEY_IMPORT_COPY);
  if (ret < 0)
    {
      gnutls_privkey_deinit (private_key);
      set_import_error (ret, error);
      return NULL;
    }

  if (!(key = imp_key_new_take_private (private_key, error)) ||
      !check_pair (x509, key, error))
    return NULL;

  return g_steal_pointer (&key);
}

/* Ends an import that gave @ret. */
static ImpKey *
take_x509 (gnutls_x509_privkey_t   x509,
           int                     ret,
           GError                **error)
{
  ImpKey *key = NULL;

  if (ret >= 0)
    key = copy_x509 (x509, error);
  else
    set_import_error (ret, error);

  gnutls_x509_privkey_deinit (x509);
  return key;
}

/* PKCS#1 and SEC 1. */
static ImpKey *
import_traditional (const gnutls_datum_t  *der,
                    const char            *password,
                    GError               **error)
{
  gnutls_x509_privkey_t x509;

  gnutls_x509_privkey_init (&x509);
  return take_x509 (x509, gnutls_x509_privkey_import (x509, der, GNUTLS_X509_FMT_DER), error);
}

static ImpKey *
import_pkcs8 (const gnutls_datum_t  *der,
              const char            *password,
              GError               **error)
{
  gnutls_x509_privkey_t x509;
  int ret;

  gnutls_x509_privkey_init (&x509);
  ret = gnutls_x509_privkey_import_pkcs8 (x509, der, GNUTLS_X509_FMT_DER, NULL, GNUTLS_PKCS_PLAIN);
  return take_x509 (x509, ret, error);
}

static ImpKey *
import_encrypted_pkcs8 (const gnutls_datum_t  *der,
                        const char            *password,
                        GError               **error)
{
  gnutls_x509_privkey_t x509;
  int ret;

  if (password == NULL)
    {
      imp_error_set (error, IMP_ERROR_KEY_NOT_VALID, "the key is encrypted: its password is needed");
      return NULL;
    }

  gnutls_x509_privkey_init (&x509);
  ret = gnutls_x509_privkey_import_pkcs8 (x509, der, GNUTLS_X509_FMT_DER, password, 0);
  return take_x509 (x509, ret, error);
}

static const struct
{
  const char *label;
  ImportFunc  import;
} labels[] = {
  { "PUBLIC KEY", import_spki },
  { "RSA PUBLIC KEY", import_pkcs1_public },
  { "PRIVATE KEY", import_pkcs8 },
  { "ENCRYPTED PRIVATE KEY", import_encrypted_pkcs8 },
  { "RSA PRIVATE KEY", import_traditional },
  { "EC PRIVATE KEY", import_traditional },
};

static ImportFunc
find_import (const char  *label,
             GError     **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      if (strcmp (labels[i].label, label) == 0)
        return labels[i].import;
    }

  if (strcmp (label, "CERTIFICATE") == 0)
    imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                   "this is a certificate, which has only a public key; signing needs the private one");
  else
    imp_error_set (error, IMP_ERROR_KEY_NOT_VALID,
                   "“%s” is not a kind of key that is supported", label);
  return NULL;
}

/**
 * imp_key_new_from_pem:
 * @pem: (array length=length): one PEM block
 * @length: length of @pem, or -1 if it ends with a NUL
 * @password: (nullable): the password, where the key is encrypted
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a key: SubjectPublicKeyInfo, PKCS#1 public or private, SEC 1, PKCS#8 or encrypted PKCS#8.
 *
 * Bytes that are no key are %IMP_ERROR_MALFORMED; a key that is not taken (its type, its length, a
 * password that is wrong or missing) is %IMP_ERROR_KEY_NOT_VALID.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKey *
imp_key_new_from_pem (const char  *pem,
                      gssize       length,
                      const char  *password,
                      GError     **error)
{
  g_autofree char *label = NULL;
  g_autoptr(GBytes) der = NULL;
  gnutls_datum_t datum;
  ImportFunc import;
  gsize size;

  g_return_val_if_fail (pem != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  size = length < 0 ? strlen (pem) : (gsize) length;
  if (size > IMP_KEY_MAX_PEM_SIZE)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "a key of %" G_GSIZE_FORMAT " bytes is too long: at most %d are taken",
                     size, IMP_KEY_MAX_PEM_SIZE);
      return NULL;
    }

  if (!imp_pem_read (pem, size, &label, &der, error) ||
      !(import = find_import (label, error)) ||
      !check_der (der, error))
    return NULL;

  datum.data = (guint8 *) g_bytes_get_data (der, NULL);
  datum.size = g_bytes_get_size (der);
  return import (&datum, password, error);
}

/**
 * imp_key_pem_is_encrypted:
 * @pem: (array length=length): one PEM block
 * @length: length of @pem, or -1 if it ends with a NUL
 *
 * Finds out whether a password must be asked for before @pem can be read.
 *
 * Returns: whether it says that it is encrypted PKCS#8
 */
gboolean
imp_key_pem_is_encrypted (const char *pem,
                          gssize      length)
{
  g_autofree char *label = NULL;
  g_autoptr(GBytes) der = NULL;
  gsize size;

  g_return_val_if_fail (pem != NULL, FALSE);

  size = length < 0 ? strlen (pem) : (gsize) length;
  return size <= IMP_KEY_MAX_PEM_SIZE &&
         imp_pem_read (pem, size, &label, &der, NULL) &&
         strcmp (label, "ENCRYPTED PRIVATE KEY") == 0;
}
