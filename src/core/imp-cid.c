/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-cid.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-multibase.h"
#include "imp-varint.h"

#include <string.h>

#define MULTIHASH_SHA256 0x12
#define MULTIHASH_SIZE   (2 + IMP_SHA256_SIZE)
#define MAX_SIZE         (2 + MULTIHASH_SIZE)
#define MAX_TEXT         (1 + (MAX_SIZE * 8 + 4) / 5 + 1)

/* “Qm…” has 46 characters whatever the digest is, and no prefix of a base: it is recognised by that. */
#define V0_LENGTH 46

/**
 * ImpCid:
 *
 * The content identifier of a block: version 0 or 1, codec raw or dag-pb, over SHA-256.
 *
 * Other hashes and codecs are refused when they are read, since nothing here could verify them. An
 * identifier never changes once it is made, and can be used from any thread.
 */
struct _ImpCid
{
  guint    version;
  ImpCodec codec;
  guint8   sha256[IMP_SHA256_SIZE];
  char     text[MAX_TEXT];  /* canonical */
};

G_DEFINE_BOXED_TYPE (ImpCid, imp_cid, imp_cid_ref, imp_cid_unref)

static gsize
write_bytes (const ImpCid *self,
             guint8       *bytes)
{
  gsize n = 0;

  if (self->version == 1)
    {
      bytes[n++] = 1;
      bytes[n++] = self->codec;
    }

  bytes[n++] = MULTIHASH_SHA256;
  bytes[n++] = IMP_SHA256_SIZE;
  memcpy (bytes + n, self->sha256, IMP_SHA256_SIZE);

  return n + IMP_SHA256_SIZE;
}

static void
write_text (ImpCid *self)
{
  guint8 bytes[MAX_SIZE];
  gsize size = write_bytes (self, bytes);

  if (self->version == 0)
    {
      imp_base58_encode (bytes, size, self->text);
    }
  else
    {
      self->text[0] = 'b';
      imp_base32_encode (bytes, size, self->text + 1);
    }
}

static gboolean
check_codec (guint64   codec,
             GError  **error)
{
  if (codec == IMP_CODEC_RAW || codec == IMP_CODEC_DAG_PB)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "the CID has the codec 0x%" G_GINT64_MODIFIER "x: only raw and dag-pb are supported", codec);
}

static gboolean
check_multihash (guint64        hash,
                 guint64        length,
                 const guint8  *digest,
                 const guint8  *end,
                 GError       **error)
{
  if (hash != MULTIHASH_SHA256)
    imp_error_set (error, IMP_ERROR_MALFORMED,
                   "the CID has the hash function 0x%" G_GINT64_MODIFIER "x: only SHA-256 is supported", hash);
  else if (length != IMP_SHA256_SIZE || end - digest != IMP_SHA256_SIZE)
    imp_error_set (error, IMP_ERROR_MALFORMED, "the CID’s digest does not have 32 bytes");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_version (guint64   version,
               GError  **error)
{
  if (version == 1)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_MALFORMED,
                        "the CID has the version %" G_GUINT64_FORMAT ": only 0 and 1 are supported", version);
}

static ImpCid *
parse_v1 (const guint8  *bytes,
          gsize          size,
          GError       **error)
{
  const guint8 *cursor = bytes, *end = bytes + size;
  guint64 version, codec, hash, length;

  if (!imp_varint_read (&cursor, end, &version) ||
      !imp_varint_read (&cursor, end, &codec) ||
      !imp_varint_read (&cursor, end, &hash) ||
      !imp_varint_read (&cursor, end, &length))
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "the CID is cut short or a number in it is not in its shortest form");
      return NULL;
    }

  if (!check_version (version, error) ||
      !check_codec (codec, error) ||
      !check_multihash (hash, length, cursor, end, error))
    return NULL;

  return imp_cid_new (1, codec, cursor);
}

/**
 * imp_cid_new:
 * @version: 0 or 1
 * @codec: the codec; version 0 is always dag-pb
 * @sha256: (array fixed-size=32): the digest of the block
 *
 * Makes an identifier.
 *
 * Returns: (transfer full): the identifier
 */
ImpCid *
imp_cid_new (guint         version,
             ImpCodec      codec,
             const guint8 *sha256)
{
  ImpCid *self;

  g_return_val_if_fail (version == 1 || (version == 0 && codec == IMP_CODEC_DAG_PB), NULL);
  g_return_val_if_fail (codec == IMP_CODEC_RAW || codec == IMP_CODEC_DAG_PB, NULL);
  g_return_val_if_fail (sha256 != NULL, NULL);

  self = g_atomic_rc_box_new0 (ImpCid);
  self->version = version;
  self->codec = codec;
  memcpy (self->sha256, sha256, IMP_SHA256_SIZE);
  write_text (self);

  return self;
}

/**
 * imp_cid_new_from_bytes:
 * @bytes: (array length=size): a binary identifier and nothing behind it
 * @size: size of @bytes
 * @error: return location for an [error@Imp.Error]
 *
 * Reads an identifier from its binary form.
 *
 * Returns: (transfer full) (nullable): the identifier, or `NULL` with @error set
 */
ImpCid *
imp_cid_new_from_bytes (const guint8  *bytes,
                        gsize          size,
                        GError       **error)
{
  g_return_val_if_fail (bytes != NULL || size == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (size == MULTIHASH_SIZE && bytes[0] == MULTIHASH_SHA256 && bytes[1] == IMP_SHA256_SIZE)
    return imp_cid_new (0, IMP_CODEC_DAG_PB, bytes + 2);

  return parse_v1 (bytes, size, error);
}

/**
 * imp_cid_new_from_string:
 * @text: an identifier such as `Qm…` or `bafy…`
 * @error: return location for an [error@Imp.Error]
 *
 * Reads an identifier from text: version 0, or version 1 in base32, base58btc or base16.
 *
 * Returns: (transfer full) (nullable): the identifier, or `NULL` with @error set
 */
ImpCid *
imp_cid_new_from_string (const char  *text,
                         GError     **error)
{
  guint8 bytes[IMP_MULTIBASE_MAX_SIZE];
  gboolean v0;
  gsize size;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  v0 = g_str_has_prefix (text, "Qm") && strlen (text) == V0_LENGTH;

  if (!(v0 ? imp_base58_decode (text, bytes, &size, error) : imp_multibase_decode (text, bytes, &size, error)))
    {
      g_prefix_error (error, "this is not a CID: ");
      return NULL;
    }

  /* Version 0 has one text only, so it is not looked for behind the sign of a base. */
  return v0 ? imp_cid_new_from_bytes (bytes, size, error) : parse_v1 (bytes, size, error);
}

/**
 * imp_cid_ref:
 * @self: an identifier
 *
 * Takes another reference. Any thread may.
 *
 * Returns: (transfer full): @self
 */
ImpCid *
imp_cid_ref (ImpCid *self)
{
  return g_atomic_rc_box_acquire (self);
}

/**
 * imp_cid_unref:
 * @self: (transfer full): an identifier, not `NULL`
 *
 * Drops a reference; the last one frees the identifier. Any thread may.
 */
void
imp_cid_unref (ImpCid *self)
{
  g_atomic_rc_box_release (self);
}

/**
 * imp_cid_get_version:
 * @self: an identifier
 *
 * Returns: 0 or 1, as the identifier was written; [func@Imp.cid_equal] looks past the difference
 */
guint
imp_cid_get_version (const ImpCid *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->version;
}

/**
 * imp_cid_get_codec:
 * @self: an identifier
 *
 * Returns: how the block is to be read, raw or dag-pb; always dag-pb in version 0
 */
ImpCodec
imp_cid_get_codec (const ImpCid *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->codec;
}

/**
 * imp_cid_get_sha256:
 * @self: an identifier
 *
 * Gets the digest that the block must have.
 *
 * Returns: (array fixed-size=32): the digest
 */
const guint8 *
imp_cid_get_sha256 (const ImpCid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->sha256;
}

/**
 * imp_cid_get_string:
 * @self: an identifier
 *
 * Gets the identifier as IPFS prints it: version 0 in base58btc, version 1 in base32.
 *
 * Returns: the text
 */
const char *
imp_cid_get_string (const ImpCid *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->text;
}

/**
 * imp_cid_to_bytes:
 * @self: an identifier
 *
 * Writes the identifier in its binary form.
 *
 * Returns: (transfer full): the bytes
 */
GBytes *
imp_cid_to_bytes (const ImpCid *self)
{
  guint8 bytes[MAX_SIZE];

  g_return_val_if_fail (self != NULL, NULL);

  return g_bytes_new (bytes, write_bytes (self, bytes));
}

/**
 * imp_cid_equal:
 * @a: an identifier
 * @b: an identifier
 *
 * Compares two identifiers; version 0 equals version 1 dag-pb of the same block.
 *
 * Returns: whether they are of the same block under the same codec
 */
gboolean
imp_cid_equal (const ImpCid *a,
               const ImpCid *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->codec == b->codec && memcmp (a->sha256, b->sha256, IMP_SHA256_SIZE) == 0;
}

/**
 * imp_cid_hash:
 * @self: an identifier
 *
 * Hashes for hash tables, together with [func@Imp.cid_equal]: bytes of a SHA-256 are spread well
 * enough.
 *
 * Returns: the first bytes of the digest, in the byte order of the machine
 */
guint
imp_cid_hash (const ImpCid *self)
{
  guint hash;

  g_return_val_if_fail (self != NULL, 0);

  memcpy (&hash, self->sha256, sizeof hash);
  return hash;
}

/**
 * imp_cid_verify:
 * @self: an identifier
 * @block: (array length=size): bytes that came under it
 * @size: size of @block
 *
 * Checks bytes before anything is read from them.
 *
 * Returns: whether they are the block that @self identifies
 */
gboolean
imp_cid_verify (const ImpCid *self,
                const void   *block,
                gsize         size)
{
  guint8 sha256[IMP_SHA256_SIZE];

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (block != NULL || size == 0, FALSE);

  imp_digest_compute (IMP_DIGEST_SHA256, block, size, sha256);
  return memcmp (sha256, self->sha256, IMP_SHA256_SIZE) == 0;
}
