/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-pem.h"

#include "imp-base64.h"
#include "imp-error.h"
#include "imp-secret.h"

#include <string.h>

#define BEGIN   "-----BEGIN "
#define END     "-----END "
#define DASHES  "-----"

#define MAX_LABEL 64

/* What is left to read. */
typedef struct
{
  const char *text;
  gsize       length;
} Cursor;

static void
skip (Cursor *cursor,
      gsize   n)
{
  cursor->text += n;
  cursor->length -= n;
}

static void
skip_space (Cursor *cursor)
{
  while (cursor->length > 0 && g_ascii_isspace (*cursor->text))
    skip (cursor, 1);
}

static gboolean
skip_prefix (Cursor     *cursor,
             const char *prefix)
{
  gsize n = strlen (prefix);

  if (cursor->length < n || memcmp (cursor->text, prefix, n) != 0)
    return FALSE;

  skip (cursor, n);
  return TRUE;
}

static gboolean
read_label (Cursor  *cursor,
            char   **label,
            GError **error)
{
  const char *end = g_strstr_len (cursor->text, MIN (cursor->length, MAX_LABEL), DASHES);
  gsize n;

  if (end == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the first line of the PEM block does not end");

  n = end - cursor->text;
  for (gsize i = 0; i < n; i++)
    {
      if (!g_ascii_isupper (cursor->text[i]) && !g_ascii_isdigit (cursor->text[i]) && cursor->text[i] != ' ')
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "the label of the PEM block is not in capital letters");
    }

  *label = g_strndup (cursor->text, n);
  skip (cursor, n + strlen (DASHES));
  return TRUE;
}

static GBytes *
decode_body (const char *text,
             gsize       length)
{
  g_autofree char *compact = g_malloc (length + 1);
  g_autofree guint8 *bytes = NULL;
  GBytes *der = NULL;
  gsize n = 0, size;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isspace (text[i]))
        compact[n++] = text[i];
    }

  bytes = imp_base64_decode (compact, n, &size);
  imp_secret_wipe (compact, n);

  if (bytes != NULL)
    {
      der = imp_secret_new (bytes, size);
      imp_secret_wipe (bytes, size);
    }

  return der;
}

static gboolean
read_body (Cursor  *cursor,
           GBytes **der,
           GError **error)
{
  const char *end = g_strstr_len (cursor->text, cursor->length, END);
  gsize n;

  if (end == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the PEM block has no END line");

  n = end - cursor->text;
  if (memchr (cursor->text, ':', n) != NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the PEM block has headers (OpenSSL's old encryption?): convert the key to PKCS#8");

  *der = decode_body (cursor->text, n);
  if (*der == NULL)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the PEM block is not base64");

  skip (cursor, n + strlen (END));
  return TRUE;
}

/* A block that is followed by another is more likely a chain or a bundle than a key, and which of
 * them was meant is not ours to guess.
 */
static gboolean
read_end (Cursor      *cursor,
          const char  *label,
          GError     **error)
{
  if (!skip_prefix (cursor, label) || !skip_prefix (cursor, DASHES))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the END line of the PEM block does not repeat its label");

  skip_space (cursor);
  if (cursor->length == 0)
    return TRUE;

  if (skip_prefix (cursor, BEGIN))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "there is more than one PEM block: keep only the key");

  return imp_error_set (error, IMP_ERROR_MALFORMED, "there is text after the PEM block");
}

/**
 * imp_pem_read:
 * @text: (array length=length): one PEM block
 * @length: length of @text
 * @label: (out): what it says it is, such as `PUBLIC KEY`
 * @der: (out): its bytes, wiped when they are released
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a text that is one PEM block and nothing else but white space.
 *
 * Returns: whether it is
 */
gboolean
imp_pem_read (const char  *text,
              gsize        length,
              char       **label,
              GBytes     **der,
              GError     **error)
{
  Cursor cursor = { text, length };
  g_autofree char *found_label = NULL;
  g_autoptr(GBytes) found_der = NULL;

  g_return_val_if_fail (text != NULL || length == 0, FALSE);
  g_return_val_if_fail (label != NULL && der != NULL, FALSE);

  skip_space (&cursor);
  if (!skip_prefix (&cursor, BEGIN))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "there is no PEM block (“-----BEGIN …”)");

  if (!read_label (&cursor, &found_label, error) ||
      !read_body (&cursor, &found_der, error) ||
      !read_end (&cursor, found_label, error))
    return FALSE;

  *label = g_steal_pointer (&found_label);
  *der = g_steal_pointer (&found_der);
  return TRUE;
}
