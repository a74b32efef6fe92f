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
extern const ImpUnixfsProfile imp_unixfs_v1;  /* version 1 with raw leaves */

const ImpUnixfsProfile *imp_unixfs_get_profile  (const char *name);
const ImpUnixfsProfile *imp_unixfs_find_profile (const char *cid,
                                                 const void *data,
                                                 gsize       size);

/* A block, lent for the call: the bytes of head, data and tail. */
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

ImpCid           *imp_unixfs_name          (const ImpUnixfsProfile *profile,
                                            const void             *data,
                                            gsize                   size);

typedef struct
{
  ImpCid  *cid;
  guint64  file_size;  /* file bytes below this link */
} ImpUnixfsLink;

typedef struct
{
  guint64  file_size;
  GArray  *links;        /* (owned) of ImpUnixfsLink; a leaf has none */
  gsize    data_offset;  /* where in the block its own file bytes are; they come before those of its links */
  gsize    data_size;
} ImpUnixfsNode;

ImpUnixfsNode *imp_unixfs_node_parse (const ImpCid  *cid,
                                      const void    *block,
                                      gsize          size,
                                      GError       **error);
void           imp_unixfs_node_free  (ImpUnixfsNode *self);
void           imp_unixfs_leaf_frame (gsize          data_size,
                                      guint8        *head,
                                      gsize         *head_size,
                                      guint8        *tail,
                                      gsize         *tail_size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpUnixfsBuilder, imp_unixfs_builder_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpUnixfsNode, imp_unixfs_node_free)

G_END_DECLS
