/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-digest.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>

/**
 * ImpDigest:
 *
 * A SHA-256 or SHA-384 that is being computed.
 *
 * GnuTLS does the work, because payloads are large and GChecksum is several times slower.
 */
struct _ImpDigest
{
  gnutls_hash_hd_t handle;
  ImpDigestType    type;
};

#define MAX_SIZE IMP_SHA384_SIZE

static gnutls_digest_algorithm_t
get_algorithm (ImpDigestType type)
{
  return type == IMP_DIGEST_SHA256 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_SHA384;
}

static gsize
get_size (ImpDigestType type)
{
  return type == IMP_DIGEST_SHA256 ? IMP_SHA256_SIZE : IMP_SHA384_SIZE;
}

/* SHA-2 fails only where GnuTLS itself is broken: nothing that we do could then be believed. */
static void
assert_success (int result)
{
  if (result < 0)
    g_error ("GnuTLS cannot compute a digest: %s", gnutls_strerror (result));
}

/**
 * imp_digest_new:
 * @type: which digest
 *
 * Begins a digest.
 *
 * Returns: (transfer full): the digest of no bytes so far
 */
ImpDigest *
imp_digest_new (ImpDigestType type)
{
  ImpDigest *self = g_new0 (ImpDigest, 1);

  self->type = type;
  assert_success (gnutls_hash_init (&self->handle, get_algorithm (type)));

  return self;
}

/**
 * imp_digest_free:
 * @self: (transfer full) (nullable): a digest
 *
 * Frees a digest, at whatever point of its work.
 */
void
imp_digest_free (ImpDigest *self)
{
  if (self == NULL)
    return;

  gnutls_hash_deinit (self->handle, NULL);
  g_free (self);
}

/**
 * imp_digest_update:
 * @self: a digest
 * @data: (nullable) (array length=size): the next bytes, `NULL` only where there are none
 * @size: how many
 *
 * Takes in the next bytes. Blocks as long as hashing them takes.
 */
void
imp_digest_update (ImpDigest  *self,
                   const void *data,
                   gsize       size)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (data != NULL || size == 0);

  if (size > 0)
    assert_success (gnutls_hash (self->handle, data, size));
}

/**
 * imp_digest_finish:
 * @self: a digest
 * @bytes: (out caller-allocates): room for %IMP_SHA256_SIZE or %IMP_SHA384_SIZE bytes
 *
 * Ends the digest, and begins another with the same object.
 */
void
imp_digest_finish (ImpDigest *self,
                   guint8    *bytes)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (bytes != NULL);

  gnutls_hash_output (self->handle, bytes);
}

/**
 * imp_digest_finish_hex:
 * @self: a digest
 *
 * Ends the digest, and begins another with the same object.
 *
 * Returns: (transfer full): the digest in lower-case hex
 */
char *
imp_digest_finish_hex (ImpDigest *self)
{
  guint8 bytes[MAX_SIZE];

  g_return_val_if_fail (self != NULL, NULL);

  imp_digest_finish (self, bytes);

  return imp_hex_encode (bytes, get_size (self->type));
}

/**
 * imp_digest_compute:
 * @type: which digest
 * @data: (nullable): the message
 * @size: its length
 * @bytes: (out caller-allocates): room for %IMP_SHA256_SIZE or %IMP_SHA384_SIZE bytes
 *
 * Computes the digest of a message that is here whole.
 */
void
imp_digest_compute (ImpDigestType  type,
                    const void    *data,
                    gsize          size,
                    guint8        *bytes)
{
  g_return_if_fail (data != NULL || size == 0);
  g_return_if_fail (bytes != NULL);

  assert_success (gnutls_hash_fast (get_algorithm (type), size > 0 ? data : "", size, bytes));
}

/**
 * imp_digest_hex:
 * @type: which digest
 * @data: (nullable): the message
 * @size: its length
 *
 * Computes the digest of a message that is here whole.
 *
 * Returns: (transfer full): the digest in lower-case hex
 */
char *
imp_digest_hex (ImpDigestType  type,
                const void    *data,
                gsize          size)
{
  guint8 bytes[MAX_SIZE];

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  imp_digest_compute (type, data, size, bytes);

  return imp_hex_encode (bytes, get_size (type));
}

/**
 * imp_digest_is_hex:
 * @text: (nullable): a text
 * @length: how long it should be, such as %IMP_SHA384_HEX_LENGTH
 *
 * Checks the one spelling that a digest may have, so that equal digests are equal texts.
 *
 * Returns: whether @text is @length lower-case hex digits and nothing else
 */
gboolean
imp_digest_is_hex (const char *text,
                   gsize       length)
{
  if (text == NULL)
    return FALSE;

  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isdigit (text[i]) && !(text[i] >= 'a' && text[i] <= 'f'))
        return FALSE;
    }

  return text[length] == '\0';
}

/**
 * imp_hex_encode:
 * @bytes: (nullable): bytes
 * @size: how many
 *
 * Writes bytes in lower-case hex.
 *
 * Returns: (transfer full): the text
 */
char *
imp_hex_encode (const guint8 *bytes,
                gsize         size)
{
  static const char digits[] = "0123456789abcdef";
  char *text;

  g_return_val_if_fail (bytes != NULL || size == 0, NULL);

  text = g_malloc (size * 2 + 1);
  for (gsize i = 0; i < size; i++)
    {
      text[2 * i] = digits[bytes[i] >> 4];
      text[2 * i + 1] = digits[bytes[i] & 0xf];
    }
  text[size * 2] = '\0';

  return text;
}
