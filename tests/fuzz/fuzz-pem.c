/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-key.h"

#include <string.h>

/* The encrypted kind is not among them: an input could ask for hours of key derivation. */
static const char *const labels[] = {
  "PUBLIC KEY",
  "RSA PUBLIC KEY",
  "PRIVATE KEY",
  "RSA PRIVATE KEY",
  "EC PRIVATE KEY",
};

static void
check_private (ImpKey *key)
{
  g_autofree char *signature = imp_key_sign_text (key, "a text", NULL);
  g_autoptr(GBytes) pem = imp_key_export_private (key, NULL);
  g_autoptr(ImpKey) again = NULL;

  g_assert_nonnull (signature);
  g_assert_true (imp_key_verify_text (key, "a text", signature, NULL));

  g_assert_nonnull (pem);
  again = imp_key_new_from_pem (g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (imp_key_get_fingerprint (again), ==, imp_key_get_fingerprint (key));
}

static void
check_pem (const char *pem,
           gsize       length)
{
  g_autoptr(ImpKey) key = imp_key_new_from_pem (pem, length, NULL, NULL);
  g_autoptr(ImpKey) again = NULL;

  if (key == NULL)
    return;

  g_assert_cmpuint (strlen (imp_key_get_fingerprint (key)), ==, 64);
  again = imp_key_new_from_pem (imp_key_get_public_pem (key), -1, NULL, NULL);
  g_assert_nonnull (again);
  g_assert_cmpstr (imp_key_get_fingerprint (again), ==, imp_key_get_fingerprint (key));

  if (imp_key_has_private (key))
    check_private (key);
}

/* The first byte says what the others are the DER of, if they are not a PEM text themselves. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *base64 = NULL;
  g_autofree char *pem = NULL;
  const char *label;

  if (size == 0 || data[0] >= G_N_ELEMENTS (labels))
    {
      imp_key_pem_is_encrypted ((const char *) data, size);
      check_pem ((const char *) data, size);
      return 0;
    }

  label = labels[data[0]];
  base64 = g_base64_encode (data + 1, size - 1);
  pem = g_strdup_printf ("-----BEGIN %s-----\n%s\n-----END %s-----\n", label, base64, label);
  check_pem (pem, strlen (pem));
  return 0;
}
