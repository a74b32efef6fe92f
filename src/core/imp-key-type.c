/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-key-type.h"

#include "imp-key-private.h"

static const struct
{
  const char            *name;
  gnutls_pk_algorithm_t  algorithm;
  guint                  bits;
} key_types[] = {
  [IMP_KEY_RSA_2048] = { "rsa-2048", GNUTLS_PK_RSA, 2048 },
  [IMP_KEY_RSA_3072] = { "rsa-3072", GNUTLS_PK_RSA, 3072 },
  [IMP_KEY_RSA_4096] = { "rsa-4096", GNUTLS_PK_RSA, 4096 },
  [IMP_KEY_EC_P256] = { "ec-p256", GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP256R1) },
  [IMP_KEY_EC_P384] = { "ec-p384", GNUTLS_PK_ECDSA, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_SECP384R1) },
  [IMP_KEY_ED25519] = { "ed25519", GNUTLS_PK_EDDSA_ED25519, GNUTLS_CURVE_TO_BITS (GNUTLS_ECC_CURVE_ED25519) },
};

/**
 * imp_key_type_to_string:
 * @type: a type of key
 *
 * Names @type as the command line and JSON do.
 *
 * Returns: a name such as `rsa-2048`
 */
const char *
imp_key_type_to_string (ImpKeyType type)
{
  g_return_val_if_fail ((guint) type < G_N_ELEMENTS (key_types), NULL);

  return key_types[type].name;
}

/**
 * imp_key_type_from_string:
 * @text: (nullable): a name such as `rsa-2048`
 * @type: (out): the type that it names
 *
 * Finds the type of key that the command line or JSON names.
 *
 * Returns: whether @text names one
 */
gboolean
imp_key_type_from_string (const char *text,
                          ImpKeyType *type)
{
  g_return_val_if_fail (type != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (key_types); i++)
    {
      if (g_strcmp0 (key_types[i].name, text) == 0)
        {
          *type = i;
          return TRUE;
        }
    }

  return FALSE;
}

/*< private >
 * imp_key_type_get_algorithm:
 * @type: a type of key
 * @bits: (out): its length, or its curve, as GnuTLS wants it
 *
 * Gets what GnuTLS is asked for to make such a key.
 *
 * Returns: the algorithm
 */
gnutls_pk_algorithm_t
imp_key_type_get_algorithm (ImpKeyType  type,
                            guint      *bits)
{
  g_return_val_if_fail ((guint) type < G_N_ELEMENTS (key_types), GNUTLS_PK_UNKNOWN);

  *bits = key_types[type].bits;
  return key_types[type].algorithm;
}
