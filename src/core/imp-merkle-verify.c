/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-merkle.h"

#include "imp-error.h"

#include <string.h>

/* Where a proof has come to: a node, and the last node of its level. Both move up together; the first
 * is the last one where the tree is ragged, and then has no right sibling until it meets a level in
 * which it is a right child.
 */
typedef struct
{
  guint64 node;
  guint64 last;
} Position;

static void
move_up (Position *position)
{
  position->node >>= 1;
  position->last >>= 1;
}

static gboolean
is_right (const Position *position)
{
  return (position->node & 1) == 1;
}

/* Whether the next hash of a proof stands left of what is known, which then moves up as far as
 * the tree is ragged there.
 */
static gboolean
take_left (Position *position)
{
  if (!is_right (position) && position->node != position->last)
    return FALSE;

  while (!is_right (position) && position->node != 0)
    move_up (position);

  return TRUE;
}

static gboolean
hashes_equal (const ImpHash *a,
              const ImpHash *b)
{
  return memcmp (a->bytes, b->bytes, IMP_HASH_SIZE) == 0;
}

/**
 * imp_merkle_verify_inclusion:
 * @leaf: the hash of the leaf
 * @index: its place in the tree
 * @size: how many leaves the tree has
 * @path: (array length=length) (nullable): the proof
 * @length: length of @path
 * @root: the root of the tree
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies that a leaf is in a tree (RFC 9162, 2.1.3.2).
 *
 * @index and @size must come from where @root comes: a path proves them only as far as they decide
 * its shape.
 *
 * Returns: whether it is; if not, @error is %IMP_ERROR_REFUSED
 */
gboolean
imp_merkle_verify_inclusion (const ImpHash  *leaf,
                             guint64         index,
                             guint64         size,
                             const ImpHash  *path,
                             gsize           length,
                             const ImpHash  *root,
                             GError        **error)
{
  Position position = { index, size - 1 };
  ImpHash hash;

  g_return_val_if_fail (leaf != NULL && root != NULL, FALSE);
  g_return_val_if_fail (path != NULL || length == 0, FALSE);

  if (index >= size)
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "leaf %" G_GUINT64_FORMAT " cannot be in a tree of %" G_GUINT64_FORMAT, index, size);

  hash = *leaf;
  for (gsize i = 0; i < length; i++)
    {
      if (position.last == 0)
        return imp_error_set (error, IMP_ERROR_REFUSED,
                              "the inclusion proof of leaf %" G_GUINT64_FORMAT " is too long", index);

      if (take_left (&position))
        imp_merkle_hash_node (&path[i], &hash, &hash);
      else
        imp_merkle_hash_node (&hash, &path[i], &hash);

      move_up (&position);
    }

  if (position.last != 0)
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the inclusion proof of leaf %" G_GUINT64_FORMAT " is too short", index);
  if (!hashes_equal (&hash, root))
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the inclusion proof of leaf %" G_GUINT64_FORMAT " does not lead to the root", index);

  return TRUE;
}

/**
 * imp_merkle_trace_inclusion:
 * @leaf: the hash of the leaf
 * @index: its place in the tree
 * @size: how many leaves the tree has
 * @path: (array length=length) (nullable): the proof
 * @length: length of @path
 *
 * Computes what [func@Imp.merkle_verify_inclusion] computes, for showing it: as far as the proof
 * has room in the tree.
 *
 * Returns: (transfer full) (element-type ImpMerkleStep): the steps, the last of which has the root
 */
GArray *
imp_merkle_trace_inclusion (const ImpHash *leaf,
                            guint64        index,
                            guint64        size,
                            const ImpHash *path,
                            gsize          length)
{
  GArray *steps = g_array_new (FALSE, FALSE, sizeof (ImpMerkleStep));
  Position position = { index, size - 1 };
  ImpHash hash = *leaf;

  g_return_val_if_fail (path != NULL || length == 0, steps);

  for (gsize i = 0; i < length && index < size && position.last != 0; i++)
    {
      ImpMerkleStep step = { take_left (&position), path[i], { { 0 } } };

      if (step.is_left)
        imp_merkle_hash_node (&path[i], &hash, &hash);
      else
        imp_merkle_hash_node (&hash, &path[i], &hash);
      step.hash = hash;
      g_array_append_val (steps, step);
      move_up (&position);
    }

  return steps;
}

/* The trees for which there is nothing to prove, and so no hash in the proof. */
static gboolean
verify_trivial (guint64         from,
                const ImpHash  *from_root,
                const ImpHash  *to_root,
                gsize           length,
                GError        **error)
{
  ImpHash empty;

  if (length > 0)
    return imp_error_set (error, IMP_ERROR_REFUSED, "the consistency proof is too long");

  imp_merkle_hash_empty (&empty);
  if (from == 0)
    return hashes_equal (from_root, &empty) ||
           imp_error_set (error, IMP_ERROR_REFUSED,
                          "the root of the empty tree is not the hash of nothing");

  return hashes_equal (from_root, to_root) ||
         imp_error_set (error, IMP_ERROR_REFUSED,
                        "there are two trees of %" G_GUINT64_FORMAT " leaves with different roots", from);
}

/* Both roots are computed from the same hashes: those on the left belong to both trees, those on the
 * right only to the newer one.
 */
static gboolean
verify_path (Position        position,
             const ImpHash  *from_root,
             const ImpHash  *to_root,
             const ImpHash  *first,
             const ImpHash  *path,
             gsize           length,
             GError        **error)
{
  ImpHash from_hash = *first, to_hash = *first;

  for (gsize i = 0; i < length; i++)
    {
      if (position.last == 0)
        return imp_error_set (error, IMP_ERROR_REFUSED, "the consistency proof is too long");

      if (take_left (&position))
        {
          imp_merkle_hash_node (&path[i], &from_hash, &from_hash);
          imp_merkle_hash_node (&path[i], &to_hash, &to_hash);
        }
      else
        {
          imp_merkle_hash_node (&to_hash, &path[i], &to_hash);
        }

      move_up (&position);
    }

  if (position.last != 0)
    return imp_error_set (error, IMP_ERROR_REFUSED, "the consistency proof is too short");
  if (!hashes_equal (&from_hash, from_root))
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the consistency proof does not lead to the root of the older tree");
  if (!hashes_equal (&to_hash, to_root))
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the consistency proof does not lead to the root of the newer tree");

  return TRUE;
}

/**
 * imp_merkle_verify_consistency:
 * @from: how many leaves the older tree has
 * @from_root: its root
 * @to: how many leaves the newer tree has
 * @to_root: its root
 * @path: (array length=length) (nullable): the proof
 * @length: length of @path
 * @error: return location for an [error@Imp.Error]
 *
 * Verifies that the newer tree begins with the older one (RFC 9162, 2.1.4.2). Every tree begins with
 * the empty one.
 *
 * Returns: whether it does; if not, @error is %IMP_ERROR_REFUSED
 */
gboolean
imp_merkle_verify_consistency (guint64         from,
                               const ImpHash  *from_root,
                               guint64         to,
                               const ImpHash  *to_root,
                               const ImpHash  *path,
                               gsize           length,
                               GError        **error)
{
  Position position = { from - 1, to - 1 };

  g_return_val_if_fail (from_root != NULL && to_root != NULL, FALSE);
  g_return_val_if_fail (path != NULL || length == 0, FALSE);

  if (from > to)
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "a tree of %" G_GUINT64_FORMAT " leaves cannot come after one of %" G_GUINT64_FORMAT,
                          to, from);
  if (from == 0 || from == to)
    return verify_trivial (from, from_root, to_root, length, error);

  /* The largest subtree at the older tree's right edge is where the proof begins. */
  while (is_right (&position))
    move_up (&position);

  /* That is the older tree as a whole, whose root is known and not repeated. */
  if (position.node == 0)
    return verify_path (position, from_root, to_root, from_root, path, length, error);

  if (length == 0)
    return imp_error_set (error, IMP_ERROR_REFUSED, "the consistency proof is too short");

  return verify_path (position, from_root, to_root, path, path + 1, length - 1, error);
}
