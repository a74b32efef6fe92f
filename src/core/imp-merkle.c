/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-merkle.h"

#include "imp-base64.h"
#include "imp-digest.h"
#include "imp-error.h"

#include <string.h>

/* The prefixes keep a node from being shown as a leaf (RFC 9162, 2.1.1). */
#define LEAF_PREFIX 0x00
#define NODE_PREFIX 0x01

/**
 * ImpHash:
 * @bytes: the SHA-256
 *
 * The hash of a leaf or a node of an RFC 9162 tree.
 */

/**
 * ImpMerkleReadFunc:
 * @level: the node's height: 0 for leaves
 * @index: the node's place in its level, from 0
 * @hash: (out caller-allocates): its hash
 * @user_data: data passed to the function
 * @error: return location for an error
 *
 * Reads the node above the leaves from @index × 2^@level on, up to but not including
 * (@index + 1) × 2^@level.
 *
 * Only nodes that are complete at the tree size in question are asked for: all of these leaves are
 * in the tree. Such a node never changes again, however the tree grows, so a log can store it or
 * serve it in a tile once and for all. What stands above the ragged right edge is computed from
 * complete nodes and never read. A root or a proof takes at most two reads a level.
 *
 * Returns: whether the node could be read
 */

/* The nodes to ask for, and how. */
typedef struct
{
  ImpMerkleReadFunc  read;
  gpointer           user_data;
  GError           **error;
} Reader;

/* The leaves from @begin up to @end, as RFC 9162 cuts a tree: @begin is a multiple of the least power
 * of two that is not below their number.
 */
typedef struct
{
  guint64 begin;
  guint64 end;
} Range;

/**
 * imp_merkle_hash_leaf:
 * @data: (array length=size): the leaf's bytes
 * @size: size of @data
 * @hash: (out caller-allocates): its hash
 *
 * Hashes a leaf.
 */
void
imp_merkle_hash_leaf (const void *data,
                      gsize       size,
                      ImpHash    *hash)
{
  static const guint8 prefix = LEAF_PREFIX;
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA256);

  imp_digest_update (digest, &prefix, 1);
  imp_digest_update (digest, data, size);
  imp_digest_finish (digest, hash->bytes);
}

/**
 * imp_merkle_hash_node:
 * @left: the left child
 * @right: the right child
 * @hash: (out caller-allocates): the hash of their parent; may be one of them
 *
 * Hashes a node.
 */
void
imp_merkle_hash_node (const ImpHash *left,
                      const ImpHash *right,
                      ImpHash       *hash)
{
  guint8 bytes[1 + 2 * IMP_HASH_SIZE] = { NODE_PREFIX };

  memcpy (bytes + 1, left->bytes, IMP_HASH_SIZE);
  memcpy (bytes + 1 + IMP_HASH_SIZE, right->bytes, IMP_HASH_SIZE);
  imp_digest_compute (IMP_DIGEST_SHA256, bytes, sizeof bytes, hash->bytes);
}

/**
 * imp_merkle_hash_empty:
 * @hash: (out caller-allocates): the root
 *
 * Gives the root of the tree that has no leaves.
 */
void
imp_merkle_hash_empty (ImpHash *hash)
{
  imp_digest_compute (IMP_DIGEST_SHA256, NULL, 0, hash->bytes);
}

/* Each bit of the number of leaves is a complete subtree, the largest of them leftmost. They are
 * folded from the right, so nothing is kept but the hash so far.
 */
static gboolean
hash_range (Reader  *reader,
            Range    range,
            ImpHash *hash)
{
  guint64 end = range.end;
  gboolean first = TRUE;

  while (end > range.begin)
    {
      guint level = g_bit_nth_lsf (end - range.begin, -1);
      ImpHash left;

      end -= G_GUINT64_CONSTANT (1) << level;
      if (!reader->read (level, end >> level, &left, reader->user_data, reader->error))
        return FALSE;

      if (first)
        *hash = left;
      else
        imp_merkle_hash_node (&left, hash, hash);
      first = FALSE;
    }

  return TRUE;
}

static gboolean
append_range (GArray *path,
              Reader *reader,
              Range   range)
{
  ImpHash hash;

  if (!hash_range (reader, range, &hash))
    return FALSE;

  g_array_append_val (path, hash);
  return TRUE;
}

/* Where RFC 9162 cuts a range of at least two leaves: the left part has the largest power of two that
 * leaves something for the right.
 */
static guint64
get_middle (Range range)
{
  return range.begin + (G_GUINT64_CONSTANT (1) << (g_bit_storage (range.end - range.begin - 1) - 1));
}

/* Proofs are found from the root downwards and written from the leaves upwards. */
static void
reverse (GArray *path)
{
  for (guint i = 0; i < path->len / 2; i++)
    {
      ImpHash *a = &g_array_index (path, ImpHash, i);
      ImpHash *b = &g_array_index (path, ImpHash, path->len - 1 - i);
      ImpHash swap = *a;

      *a = *b;
      *b = swap;
    }
}

/**
 * imp_merkle_compute_root:
 * @size: how many leaves the tree has
 * @read: (scope call): reads complete nodes
 * @user_data: data for @read
 * @root: (out caller-allocates): the root
 * @error: return location for what @read reports
 *
 * Computes the root that the tree had when it had @size leaves.
 *
 * Returns: whether every node could be read
 */
gboolean
imp_merkle_compute_root (guint64             size,
                         ImpMerkleReadFunc   read,
                         gpointer            user_data,
                         ImpHash            *root,
                         GError            **error)
{
  Reader reader = { read, user_data, error };

  g_return_val_if_fail (read != NULL || size == 0, FALSE);
  g_return_val_if_fail (root != NULL, FALSE);

  if (size == 0)
    imp_merkle_hash_empty (root);

  return hash_range (&reader, (Range) { 0, size }, root);
}

/**
 * imp_merkle_prove_inclusion:
 * @index: the leaf's place in the tree, below @size
 * @size: how many leaves the tree has
 * @read: (scope call): reads complete nodes
 * @user_data: data for @read
 * @error: return location for what @read reports
 *
 * Proves that a leaf is in the tree that has @size leaves (RFC 9162, 2.1.3.1).
 *
 * Returns: (transfer full) (nullable) (element-type ImpHash): the path, or `NULL` with @error set
 */
GArray *
imp_merkle_prove_inclusion (guint64             index,
                            guint64             size,
                            ImpMerkleReadFunc   read,
                            gpointer            user_data,
                            GError            **error)
{
  g_autoptr(GArray) path = g_array_new (FALSE, FALSE, sizeof (ImpHash));
  Reader reader = { read, user_data, error };
  Range range = { 0, size };

  g_return_val_if_fail (index < size, NULL);
  g_return_val_if_fail (read != NULL, NULL);

  while (range.end - range.begin > 1)
    {
      guint64 middle = get_middle (range);
      Range left = { range.begin, middle }, right = { middle, range.end };

      if (!append_range (path, &reader, index < middle ? right : left))
        return NULL;

      range = index < middle ? left : right;
    }

  reverse (path);
  return g_steal_pointer (&path);
}

/**
 * imp_merkle_prove_consistency:
 * @from: how many leaves the tree had
 * @to: how many leaves it has, not below @from
 * @read: (scope call): reads complete nodes
 * @user_data: data for @read
 * @error: return location for what @read reports
 *
 * Proves that the tree of @to leaves begins with the tree of @from leaves (RFC 9162, 2.1.4.1).
 *
 * Returns: (transfer full) (nullable) (element-type ImpHash): the path, which is empty if @from is 0
 *   or @to, or `NULL` with @error set
 */
GArray *
imp_merkle_prove_consistency (guint64             from,
                              guint64             to,
                              ImpMerkleReadFunc   read,
                              gpointer            user_data,
                              GError            **error)
{
  g_autoptr(GArray) path = g_array_new (FALSE, FALSE, sizeof (ImpHash));
  Reader reader = { read, user_data, error };
  Range range = { 0, to };

  g_return_val_if_fail (from <= to, NULL);
  g_return_val_if_fail (read != NULL, NULL);

  if (from == 0)
    return g_steal_pointer (&path);

  while (range.end != from)
    {
      guint64 middle = get_middle (range);
      Range left = { range.begin, middle }, right = { middle, range.end };

      if (!append_range (path, &reader, from <= middle ? right : left))
        return NULL;

      range = from <= middle ? left : right;
    }

  /* Unless it is the old root itself, which the verifier has. */
  if (range.begin > 0 && !append_range (path, &reader, range))
    return NULL;

  reverse (path);
  return g_steal_pointer (&path);
}

/**
 * imp_hash_to_base64:
 * @hash: a hash
 *
 * Returns: (transfer full): its 32 bytes in base64 with padding, as checkpoints and proofs are written
 */
char *
imp_hash_to_base64 (const ImpHash *hash)
{
  g_return_val_if_fail (hash != NULL, NULL);

  return g_base64_encode (hash->bytes, IMP_HASH_SIZE);
}

/**
 * imp_hash_from_base64:
 * @text: a hash in base64
 * @hash: (out caller-allocates): the hash
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a hash as checkpoints and proofs have it.
 *
 * Returns: whether @text is one
 */
gboolean
imp_hash_from_base64 (const char  *text,
                      ImpHash     *hash,
                      GError     **error)
{
  g_autofree guint8 *bytes = NULL;
  gsize size = 0;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (hash != NULL, FALSE);

  bytes = imp_base64_decode (text, strlen (text), &size);
  if (bytes == NULL || size != IMP_HASH_SIZE)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "a hash is not the base64 of 32 bytes");

  memcpy (hash->bytes, bytes, IMP_HASH_SIZE);
  return TRUE;
}
