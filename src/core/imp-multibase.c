/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-multibase.h"

#include "imp-error.h"

#include <string.h>

static const char base16_lower[] = "0123456789abcdef";
static const char base16_upper[] = "0123456789ABCDEF";
static const char base32_lower[] = "abcdefghijklmnopqrstuvwxyz234567";
static const char base32_upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char base58_bitcoin[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

typedef gboolean (*DecodeFunc) (const char  *text,
                                const char  *alphabet,
                                guint8      *bytes,
                                gsize       *size,
                                GError     **error);

static gboolean
get_digit (const char  *alphabet,
           char         c,
           guint       *digit,
           GError     **error)
{
  const char *found = strchr (alphabet, c);

  if (found == NULL)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "there is a character that base%" G_GSIZE_FORMAT " does not have", strlen (alphabet));
      return FALSE;
    }

  *digit = found - alphabet;
  return TRUE;
}

/* A base that is a power of two, RFC 4648 without padding. */
static gboolean
decode_bits (const char  *text,
             const char  *alphabet,
             guint8      *bytes,
             gsize       *size,
             GError     **error)
{
  guint width = g_bit_storage (strlen (alphabet) - 1);
  guint bits = 0, n_bits = 0;
  gsize n = 0;

  for (; *text != '\0'; text++)
    {
      guint digit;

      if (!get_digit (alphabet, *text, &digit, error))
        return FALSE;

      bits = bits << width | digit;
      n_bits += width;
      if (n_bits >= 8)
        {
          n_bits -= 8;
          if (n == IMP_MULTIBASE_MAX_SIZE)
            return imp_error_set (error, IMP_ERROR_MALFORMED, "it is too long");
          bytes[n++] = bits >> n_bits;
          bits &= (1u << n_bits) - 1;
        }
    }

  /* Otherwise one value would have several texts. */
  if (n_bits >= width || bits != 0)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "there are bits left over at the end");

  *size = n;
  return TRUE;
}

/* A big-endian number, multiplied and divided as at school: fast enough for what is this short. */
static gboolean
decode_number (const char  *text,
               const char  *alphabet,
               guint8      *bytes,
               gsize       *size,
               GError     **error)
{
  guint base = strlen (alphabet);
  guint8 number[IMP_MULTIBASE_MAX_LENGTH];  /* little-endian */
  gsize n = 0, n_zeros = strspn (text, "1");

  for (const char *c = text; *c != '\0'; c++)
    {
      guint carry;

      if (!get_digit (alphabet, *c, &carry, error))
        return FALSE;

      for (gsize i = 0; i < n; i++)
        {
          carry += number[i] * base;
          number[i] = carry;
          carry >>= 8;
        }
      if (carry != 0)
        number[n++] = carry;
    }

  if (n_zeros + n > IMP_MULTIBASE_MAX_SIZE)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "it is too long");

  memset (bytes, 0, n_zeros);
  for (gsize i = 0; i < n; i++)
    bytes[n_zeros + i] = number[n - 1 - i];

  *size = n_zeros + n;
  return TRUE;
}

static const struct
{
  char        prefix;
  const char *alphabet;
  DecodeFunc  decode;
} bases[] = {
  { 'b', base32_lower, decode_bits },
  { 'B', base32_upper, decode_bits },
  { 'z', base58_bitcoin, decode_number },
  { 'f', base16_lower, decode_bits },
  { 'F', base16_upper, decode_bits },
};

static gboolean
check_length (const char  *text,
              GError     **error)
{
  return strnlen (text, IMP_MULTIBASE_MAX_LENGTH) < IMP_MULTIBASE_MAX_LENGTH ||
         imp_error_set (error, IMP_ERROR_MALFORMED, "it is too long");
}

/**
 * imp_multibase_decode:
 * @text: a prefix that names the base, and what it says in that base
 * @bytes: (out caller-allocates): room for %IMP_MULTIBASE_MAX_SIZE bytes
 * @size: (out): how many bytes were read
 * @error: return location for an [error@Imp.Error]
 *
 * Reads base32 (`b`, `B`), base58btc (`z`) or base16 (`f`, `F`).
 *
 * Returns: whether @text is one of them
 */
gboolean
imp_multibase_decode (const char  *text,
                      guint8      *bytes,
                      gsize       *size,
                      GError     **error)
{
  if (!check_length (text, error))
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (bases); i++)
    {
      if (bases[i].prefix == text[0])
        return bases[i].decode (text + 1, bases[i].alphabet, bytes, size, error);
    }

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "it does not begin with the sign of a base that is supported");
}

/**
 * imp_base58_decode:
 * @text: base58btc without a prefix
 * @bytes: (out caller-allocates): room for %IMP_MULTIBASE_MAX_SIZE bytes
 * @size: (out): how many bytes were read
 * @error: return location for an [error@Imp.Error]
 *
 * Reads base58btc as identifiers of version 0 are written.
 *
 * Returns: whether @text is base58btc
 */
gboolean
imp_base58_decode (const char  *text,
                   guint8      *bytes,
                   gsize       *size,
                   GError     **error)
{
  return check_length (text, error) &&
         decode_number (text, base58_bitcoin, bytes, size, error);
}

/**
 * imp_base32_encode:
 * @bytes: (array length=size): what to write
 * @size: size of @bytes, at most %IMP_MULTIBASE_MAX_SIZE
 * @text: (out caller-allocates): room for 8 characters for each 5 bytes, and a NUL
 *
 * Writes base32 in small letters without padding and without a prefix.
 */
void
imp_base32_encode (const guint8 *bytes,
                   gsize         size,
                   char         *text)
{
  guint bits = 0, n_bits = 0;

  g_return_if_fail (size <= IMP_MULTIBASE_MAX_SIZE);

  for (gsize i = 0; i < size; i++)
    {
      bits = (bits << 8 | bytes[i]) & 0xfff;
      for (n_bits += 8; n_bits >= 5; n_bits -= 5)
        *text++ = base32_lower[bits >> (n_bits - 5) & 31];
    }

  if (n_bits > 0)
    *text++ = base32_lower[bits << (5 - n_bits) & 31];

  *text = '\0';
}

/**
 * imp_base58_encode:
 * @bytes: (array length=size): what to write
 * @size: size of @bytes, at most %IMP_MULTIBASE_MAX_SIZE
 * @text: (out caller-allocates): room for 8 characters for each 5 bytes, and a NUL
 *
 * Writes base58btc without a prefix.
 */
void
imp_base58_encode (const guint8 *bytes,
                   gsize         size,
                   char         *text)
{
  guint8 digits[IMP_MULTIBASE_MAX_LENGTH];  /* little-endian */
  gsize n = 0, n_zeros = 0;

  g_return_if_fail (size <= IMP_MULTIBASE_MAX_SIZE);

  while (n_zeros < size && bytes[n_zeros] == 0)
    n_zeros++;

  for (gsize i = n_zeros; i < size; i++)
    {
      guint carry = bytes[i];

      for (gsize j = 0; j < n; j++)
        {
          carry += digits[j] << 8;
          digits[j] = carry % 58;
          carry /= 58;
        }
      for (; carry > 0; carry /= 58)
        digits[n++] = carry % 58;
    }

  memset (text, '1', n_zeros);
  for (gsize i = 0; i < n; i++)
    text[n_zeros + i] = base58_bitcoin[digits[n - 1 - i]];
  text[n_zeros + n] = '\0';
}
