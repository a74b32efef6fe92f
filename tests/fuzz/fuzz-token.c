/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-base64.h"
#include "imp-token.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795337097000)

static ImpKey *ledger_key;

int
LLVMFuzzerInitialize (int    *argc,
                      char ***argv)
{
  g_autofree char *pem = NULL;

  g_assert_true (g_file_get_contents (TEST_DATA "/keys/rsa-2048-pkcs1.pem", &pem, NULL, NULL));
  ledger_key = imp_key_new_from_pem (pem, -1, NULL, NULL);
  g_assert_nonnull (ledger_key);
  return 0;
}

/* Nobody can write a token without the ledger's key. */
static void
check_foreign (const char *token)
{
  gint64 expires;

  imp_token_peek_expiry (token, &expires);
  g_assert_null (imp_token_verify (token, ledger_key, NOW, NULL));
}

/* With it, any header and any content can be signed, but only one header is taken. */
static void
check_signed (const char *header,
              const char *claims)
{
  g_autofree char *a = imp_base64url_encode (header, strlen (header));
  g_autofree char *b = imp_base64url_encode (claims, strlen (claims));
  g_autofree char *text = g_strjoin (".", a, b, NULL);
  g_autoptr(GBytes) signature = imp_key_sign_raw (ledger_key, text, strlen (text), NULL);
  g_autofree char *c = imp_base64url_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  g_autofree char *token = g_strjoin (".", text, c, NULL);
  g_autoptr(ImpKey) author = imp_token_verify (token, ledger_key, NOW, NULL);

  if (author == NULL)
    return;

  g_assert_false (imp_key_has_private (author));
  g_assert_nonnull (strstr (header, "RS384"));
  g_assert_null (imp_token_verify (token, author, NOW, NULL));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  char *border = strchr (text, '\n');

  if (border == NULL)
    {
      check_foreign (text);
    }
  else
    {
      *border = '\0';
      check_signed (text, border + 1);
    }

  return 0;
}
