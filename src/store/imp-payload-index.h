/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-payload-info.h"
#include "imp-unixfs.h"

G_BEGIN_DECLS

/* The file beside a payload's bytes from which every block of it is verified. */
#define IMP_INDEX_HEADER_SIZE 512

typedef struct _ImpIndexWriter ImpIndexWriter;

ImpIndexWriter *imp_index_writer_new      (int                    fd);
void            imp_index_writer_free     (ImpIndexWriter        *self);
gboolean        imp_index_writer_add      (ImpIndexWriter        *self,
                                           const ImpCid          *cid,
                                           const void            *block,
                                           gsize                  size,
                                           GError               **error);
gboolean        imp_index_writer_finish   (ImpIndexWriter        *self,
                                           const ImpPayloadInfo  *info,
                                           GError               **error);

typedef struct
{
  ImpUnixfsNode *node;      /* (owned) */
  guint64       *children;  /* (owned) (nullable): where they are, NULL when they are leaves */
} ImpIndexNode;

ImpPayloadInfo *imp_index_read_header     (int                    fd,
                                           guint64               *root,
                                           GError               **error);
ImpIndexNode   *imp_index_read_node       (int                    fd,
                                           guint64                offset,
                                           const ImpCid          *cid,
                                           GError               **error);
void            imp_index_node_free       (ImpIndexNode          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpIndexWriter, imp_index_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpIndexNode, imp_index_node_free)

G_END_DECLS
