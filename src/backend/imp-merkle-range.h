/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-merkle.h"

G_BEGIN_DECLS

#define IMP_MERKLE_RANGE_MAX_NODES 64

/* A Merkle tree that only ever grows: the roots of its full subtrees, from the left. */
typedef struct
{
  guint64 size;
  guint   n_nodes;
  ImpHash nodes[IMP_MERKLE_RANGE_MAX_NODES];
} ImpMerkleRange;

void imp_merkle_range_append   (ImpMerkleRange       *self,
                                const ImpHash        *leaf);
void imp_merkle_range_get_root (const ImpMerkleRange *self,
                                ImpHash              *root);

G_END_DECLS
