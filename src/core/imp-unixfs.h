/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-cid.h"

G_BEGIN_DECLS

#define IMP_BLOCK_MAX_SIZE (2 * 1024 * 1024)

/* How a file becomes a DAG: Kubo's import profiles. */
typedef struct
{
  const char *name;
  guint       cid_version;
  gboolean    raw_leaves;
  guint       chunk_size;
  guint       max_links;
} ImpUnixfsProfile;

extern const ImpUnixfsProfile imp_unixfs_v0;  /* what `ipfs add` gives by default */
extern const ImpUnixfsProfile imp_unixfs_v1;  /* CIDv1 with raw leaves */
/* (and the other named profiles of ipfs.json: v1_2025, v1_pb, v0_raw) */
const ImpUnixfsProfile *imp_unixfs_get_profile (const char *name);

/* One block as it is made, lent for the call. A dag-pb leaf's bytes are head + data + tail, so that file bytes
 * are hashed and written where they lie and never copied; an inner node's are all in head.
 */
typedef struct
{
  const ImpCid *cid;
  gboolean      leaf;
  const guint8 *head;
  gsize         head_size;
  const guint8 *data;
  gsize         data_size;
  const guint8 *tail;
  gsize         tail_size;
} ImpUnixfsBlock;

typedef gboolean (*ImpUnixfsBlockFunc) (const ImpUnixfsBlock  *block,
                                        gpointer               user_data,
                                        GError               **error);

/* Builds the balanced DAG in one pass; memory grows with depth, not with the file. */
typedef struct _ImpUnixfsBuilder ImpUnixfsBuilder;

ImpUnixfsBuilder *imp_unixfs_builder_new   (const ImpUnixfsProfile *profile,
                                            ImpUnixfsBlockFunc      func,
                                            gpointer                user_data);
void              imp_unixfs_builder_free  (ImpUnixfsBuilder       *self);
gboolean          imp_unixfs_builder_write (ImpUnixfsBuilder       *self,
                                            const void             *data,
                                            gsize                   size,
                                            GError                **error);
ImpCid           *imp_unixfs_builder_end   (ImpUnixfsBuilder       *self,
                                            guint64                *tsize,
                                            GError                **error);

/* A decoded node of a FILE (raw leaf, dag-pb leaf or inner node); limits and shape are checked. */
typedef struct
{
  ImpCid  *cid;
  guint64  file_size;  /* file bytes below this link */
} ImpUnixfsLink;

typedef struct
{
  guint64        file_size;
  GArray        *links;      /* ImpUnixfsLink; empty for a leaf */
  gsize          data_offset;  /* where in the block a leaf's file bytes are */
  gsize          data_size;
} ImpUnixfsNode;

/* Checks that the block has this CID, then decodes. IMP_ERROR_CORRUPT: other bytes; IMP_ERROR_MALFORMED: not a file node. */
ImpUnixfsNode *imp_unixfs_node_parse (const ImpCid  *cid,
                                      const void    *block,
                                      gsize          size,
                                      GError       **error);
void           imp_unixfs_node_free  (ImpUnixfsNode *self);
/* The frame of a dag-pb leaf with data_size file bytes, so that a store may keep only the file bytes. Lengths out; buffers of 32 bytes are enough. */
void           imp_unixfs_leaf_frame (gsize          data_size,
                                      guint8        *head,
                                      gsize         *head_size,
                                      guint8        *tail,
                                      gsize         *tail_size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpUnixfsBuilder, imp_unixfs_builder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpUnixfsNode, imp_unixfs_node_free)

G_END_DECLS
