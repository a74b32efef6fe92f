/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-base64.h"

#include <string.h>

/* GLib's decoder skips what it does not know, so that many texts mean the same bytes. What is signed
 * or compared here needs one text for each value: RFC 4648 with canonical padding bits.
 */
static int
get_value (char c,
           char c62,
           char c63)
{
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == c62)
    return 62;
  if (c == c63)
    return 63;

  return -1;
}

static guint8 *
decode_unpadded (const char *text,
                 gsize       length,
                 char        c62,
                 char        c63,
                 gsize      *size)
{
  guint8 *bytes, *out;
  guint32 bits = 0;
  guint n_bits = 0;

  if (length % 4 == 1)
    return NULL;

  /* One more byte than needed, so that no bytes at all are not NULL. */
  bytes = out = g_malloc (length / 4 * 3 + 3);

  for (gsize i = 0; i < length; i++)
    {
      int value = get_value (text[i], c62, c63);

      if (value < 0)
        {
          g_free (bytes);
          return NULL;
        }

      bits = bits << 6 | value;
      n_bits += 6;
      if (n_bits >= 8)
        {
          n_bits -= 8;
          *out++ = bits >> n_bits;
          bits &= (1u << n_bits) - 1;
        }
    }

  if (bits != 0)
    {
      g_free (bytes);
      return NULL;
    }

  *size = out - bytes;
  return bytes;
}

/**
 * imp_base64_decode:
 * @text: (array length=length): base64 with padding
 * @length: length of @text
 * @size: (out): how many bytes were read
 *
 * Reads base64 strictly: no white space, all of the padding, and no other text that would mean the
 * same bytes.
 *
 * Returns: (transfer full) (nullable): the bytes, or `NULL` if @text is not canonical base64
 */
guint8 *
imp_base64_decode (const char *text,
                   gsize       length,
                   gsize      *size)
{
  gsize padding = 0;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (size != NULL, NULL);

  if (length % 4 != 0)
    return NULL;

  while (padding < 2 && padding < length && text[length - padding - 1] == '=')
    padding++;

  return decode_unpadded (text, length - padding, '+', '/', size);
}

/**
 * imp_base64url_encode:
 * @bytes: (array length=size): what to write
 * @size: size of @bytes
 *
 * Writes base64url without padding, as JWT and challenges use it.
 *
 * Returns: (transfer full): the text
 */
char *
imp_base64url_encode (const void *bytes,
                      gsize       size)
{
  char *text = g_base64_encode (bytes, size);
  gsize length = strlen (text);

  while (length > 0 && text[length - 1] == '=')
    text[--length] = '\0';

  g_strdelimit (text, "+", '-');
  return g_strdelimit (text, "/", '_');
}

/**
 * imp_base64url_decode:
 * @text: (array length=length): base64url without padding
 * @length: length of @text
 * @size: (out): how many bytes were read
 *
 * Reads base64url as strictly as [func@Imp.base64_decode] reads base64.
 *
 * Returns: (transfer full) (nullable): the bytes, or `NULL` if @text is not canonical base64url
 */
guint8 *
imp_base64url_decode (const char *text,
                      gsize       length,
                      gsize      *size)
{
  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (size != NULL, NULL);

  return decode_unpadded (text, length, '-', '_', size);
}
