/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-base64-digest.h"

#include "imp-digest.h"

#define PIECE_SIZE (48 * 1024)

struct _ImpBase64Digest
{
  ImpDigest *digest;  /* (owned) */
  int state;
  int save;
  char text[PIECE_SIZE / 3 * 4 + 8];
};

/**
 * imp_base64_digest_new:
 *
 * Begins the SHA-384 of a text in base64 of which the bytes are still to come; the text is never whole
 * in memory.
 *
 * Returns: (transfer full): the digest
 */
ImpBase64Digest *
imp_base64_digest_new (void)
{
  ImpBase64Digest *self = g_new0 (ImpBase64Digest, 1);

  self->digest = imp_digest_new (IMP_DIGEST_SHA384);
  return self;
}

/**
 * imp_base64_digest_free:
 * @self: (transfer full): a digest, not `NULL`
 *
 * Frees a digest, at whatever point of its work.
 */
void
imp_base64_digest_free (ImpBase64Digest *self)
{
  imp_digest_free (self->digest);
  g_free (self);
}

/**
 * imp_base64_digest_update:
 * @self: a digest
 * @data: (array length=size): the next bytes, not encoded
 * @size: how many
 *
 * Encodes the next bytes and takes their text in. Blocks as long as hashing takes.
 */
void
imp_base64_digest_update (ImpBase64Digest *self,
                          const guint8    *data,
                          gsize            size)
{
  while (size > 0)
    {
      gsize piece = MIN (size, PIECE_SIZE);
      gsize length = g_base64_encode_step (data, piece, FALSE, self->text, &self->state,
                                           &self->save);

      imp_digest_update (self->digest, self->text, length);
      data += piece;
      size -= piece;
    }
}

/**
 * imp_base64_digest_finish_hex:
 * @self: a digest
 *
 * Ends the text with its padding.
 *
 * Returns: (transfer full): 96 hex digits
 */
char *
imp_base64_digest_finish_hex (ImpBase64Digest *self)
{
  gsize length = g_base64_encode_close (FALSE, self->text, &self->state, &self->save);

  imp_digest_update (self->digest, self->text, length);
  return imp_digest_finish_hex (self->digest);
}
