/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-merkle.h"
#include "imp-trust.h"

G_BEGIN_DECLS

/* The path of a leaf to a checkpoint, every step of which was computed on this computer. */
typedef struct
{
  guint64  leaf;
  guint64  size;       /* of the tree */
  ImpHash  leaf_hash;
  GArray  *steps;      /* (owned) of ImpMerkleStep */
  ImpHash  root;       /* as the checkpoint has it */
  GError  *error;      /* (owned) (nullable): why the path does not lead there */
} ImpInclusion;

void          imp_inclusion_free         (ImpInclusion         *self);
char         *imp_inclusion_describe     (const ImpInclusion   *self);

void          imp_inclusion_fetch_async  (ImpTrust             *trust,
                                          ImpAgentClient       *client,
                                          ImpTransaction       *transaction,
                                          GCancellable         *cancellable,
                                          GAsyncReadyCallback   callback,
                                          gpointer              user_data);
ImpInclusion *imp_inclusion_fetch_finish (ImpTrust             *trust,
                                          GAsyncResult         *result,
                                          GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpInclusion, imp_inclusion_free)

G_END_DECLS
