/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-key-private.h"

#include "imp-error.h"

#include <gnutls/pkcs11.h>

/**
 * imp_key_new_from_pkcs11:
 * @url: where the private key is, as RFC 7512 writes it
 * @public_pem: its public half
 * @token: what its token is called
 * @pin: whom to ask for the token’s PIN
 * @error: return location for an error
 *
 * Finds a private key on a PKCS#11 token. It stays there: what is signed with it is sent to the token,
 * and every signature that comes back is verified with @public_pem.
 *
 * It blocks until the token has answered, and @pin a PIN where it is needed; so does signing. The token
 * stays logged in until the key goes.
 *
 * Returns: (transfer full) (nullable): the key, or `NULL` with @error set
 */
ImpKey *
imp_key_new_from_pkcs11 (const char   *url,
                         const char   *public_pem,
                         const char   *token,
                         ImpPinAsker  *pin,
                         GError      **error)
{
  g_autoptr(ImpKey) self = NULL;
  int ret;

  g_return_val_if_fail (url != NULL && public_pem != NULL && token != NULL && pin != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!(self = imp_key_new_from_pem (public_pem, -1, NULL, error)))
    return NULL;

  self->pin = imp_pin_asker_ref (pin);
  self->token = g_strdup (token);
  gnutls_privkey_init (&self->private_key);
  gnutls_privkey_set_pin_function (self->private_key, imp_pin_asker_ask, pin);

  ret = gnutls_privkey_import_url (self->private_key, url, 0);
  if (ret >= 0)
    return g_steal_pointer (&self);

  imp_pin_asker_set_error (pin, ret, token, error);
  return NULL;
}

/* A key that can be copied off the token would not be worth the token. */
static int
generate (ImpKeyType       type,
          const char      *token_url,
          const char      *label,
          ImpPinAsker     *pin,
          gnutls_datum_t  *public_pem)
{
  guint bits;
  gnutls_pk_algorithm_t algorithm = imp_key_type_get_algorithm (type, &bits);
  int ret;

  imp_pin_asker_enter (pin);
  ret = gnutls_pkcs11_privkey_generate3 (token_url, algorithm, bits, label, NULL, GNUTLS_X509_FMT_PEM,
                                         public_pem, GNUTLS_KEY_DIGITAL_SIGNATURE,
                                         GNUTLS_PKCS11_OBJ_FLAG_LOGIN |
                                           GNUTLS_PKCS11_OBJ_FLAG_MARK_PRIVATE |
                                           GNUTLS_PKCS11_OBJ_FLAG_MARK_SENSITIVE);
  imp_pin_asker_leave ();

  return ret;
}

/**
 * imp_key_generate_on_pkcs11:
 * @type: the type of key
 * @token_url: the token, as RFC 7512 writes it
 * @label: what the key is called
 * @token: what the token is called
 * @pin: whom to ask for the token’s PIN
 * @error: return location for an error
 *
 * Has a PKCS#11 token make a key that never leaves it. It blocks, up to a minute on a small device.
 *
 * Returns: (transfer full) (nullable): the public half, or `NULL` with @error set
 */
ImpKey *
imp_key_generate_on_pkcs11 (ImpKeyType    type,
                            const char   *token_url,
                            const char   *label,
                            const char   *token,
                            ImpPinAsker  *pin,
                            GError      **error)
{
  gnutls_datum_t pem = { NULL };
  ImpKey *key;
  int ret;

  g_return_val_if_fail (token_url != NULL && label != NULL && token != NULL && pin != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  ret = generate (type, token_url, label, pin, &pem);
  if (ret < 0)
    {
      imp_pin_asker_set_error (pin, ret, token, error);
      return NULL;
    }

  key = imp_key_new_from_pem ((const char *) pem.data, pem.size, NULL, error);
  gnutls_free (pem.data);
  return key;
}

/**
 * imp_key_is_on_token:
 * @self: a key
 *
 * Returns: whether its private half is in a PKCS#11 token, which signs with it and never gives it away
 */
gboolean
imp_key_is_on_token (ImpKey *self)
{
  g_return_val_if_fail (IMP_IS_KEY (self), FALSE);

  return self->token != NULL;
}
