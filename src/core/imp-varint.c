/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-varint.h"

/**
 * imp_varint_write:
 * @bytes: (out caller-allocates): room for %IMP_VARINT_MAX_SIZE bytes
 * @value: a number
 *
 * Writes @value as multiformats and protocol buffers do: seven bits a byte, the lowest first.
 *
 * Returns: how many bytes were written
 */
gsize
imp_varint_write (guint8  *bytes,
                  guint64  value)
{
  gsize n = 0;

  for (; value >= 0x80; value >>= 7)
    bytes[n++] = 0x80 | (value & 0x7f);

  bytes[n++] = value;
  return n;
}

/**
 * imp_varint_append:
 * @array: what to append to
 * @value: a number
 *
 * Appends @value as [func@Imp.varint_write] writes it.
 */
void
imp_varint_append (GByteArray *array,
                   guint64     value)
{
  guint8 bytes[IMP_VARINT_MAX_SIZE];

  g_byte_array_append (array, bytes, imp_varint_write (bytes, value));
}

/**
 * imp_varint_read:
 * @cursor: (inout): where the number begins; moved behind it
 * @end: where the bytes end
 * @value: (out): the number
 *
 * Reads a number in its shortest form: what is hashed must not have two spellings.
 *
 * Returns: whether there is one
 */
gboolean
imp_varint_read (const guint8 **cursor,
                 const guint8  *end,
                 guint64       *value)
{
  const guint8 *byte = *cursor;

  *value = 0;

  for (guint shift = 0; byte < end && shift < 64; shift += 7)
    {
      guint64 bits = *byte & 0x7f;
      gboolean last = (*byte & 0x80) == 0;

      if (shift == 63 && bits > 1)
        return FALSE;

      *value |= bits << shift;
      byte++;

      if (last)
        {
          *cursor = byte;
          return bits != 0 || shift == 0;
        }
    }

  return FALSE;
}
