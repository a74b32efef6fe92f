/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-cid.h"

G_BEGIN_DECLS

/* A way through a payload's DAG, from its root to the leaf that has a byte. */
typedef struct _ImpBlockPath ImpBlockPath;

/* A block of the payload's bytes, and where it is among them. */
typedef struct
{
  ImpCid  *cid;    /* (owned) (nullable): none */
  guint64  start;
  guint64  size;
} ImpBlockLeaf;

ImpBlockPath *imp_block_path_new  (int            index_fd,
                                   const ImpCid  *cid,
                                   guint64        size,
                                   guint64        root,
                                   GError       **error);
void          imp_block_path_free (ImpBlockPath  *self);
gboolean      imp_block_path_find (ImpBlockPath  *self,
                                   guint64        position,
                                   ImpBlockLeaf  *leaf,
                                   GError       **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpBlockPath, imp_block_path_free)

G_END_DECLS
