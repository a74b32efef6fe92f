/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-merkle-range.h"

/**
 * imp_merkle_range_append:
 * @self: a tree, empty when it is all zeros
 * @leaf: the hash of its next leaf
 *
 * Adds a leaf. Every one bit of the size is a full subtree, so adding is counting: what carries is
 * what is joined.
 */
void
imp_merkle_range_append (ImpMerkleRange *self,
                         const ImpHash  *leaf)
{
  ImpHash node = *leaf;

  for (guint64 carry = self->size; (carry & 1) != 0; carry >>= 1)
    {
      self->n_nodes--;
      imp_merkle_hash_node (&self->nodes[self->n_nodes], &node, &node);
    }

  g_assert (self->n_nodes < IMP_MERKLE_RANGE_MAX_NODES);
  self->nodes[self->n_nodes++] = node;
  self->size++;
}

/**
 * imp_merkle_range_get_root:
 * @self: a range from the first leaf on
 * @root: (out caller-allocates): the Merkle tree hash (RFC 9162) of its leaves
 *
 * Folds the complete subtrees from the right; of no leaf it is the hash of nothing.
 */
void
imp_merkle_range_get_root (const ImpMerkleRange *self,
                           ImpHash              *root)
{
  if (self->n_nodes == 0)
    {
      imp_merkle_hash_empty (root);
      return;
    }

  *root = self->nodes[self->n_nodes - 1];
  for (guint i = self->n_nodes - 1; i > 0; i--)
    imp_merkle_hash_node (&self->nodes[i - 1], root, root);
}
