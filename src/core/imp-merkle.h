/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IMP_HASH_SIZE 32

typedef struct
{
  guint8 bytes[IMP_HASH_SIZE];
} ImpHash;

void      imp_merkle_hash_leaf          (const void     *data,
                                         gsize           size,
                                         ImpHash        *hash);
void      imp_merkle_hash_node          (const ImpHash  *left,
                                         const ImpHash  *right,
                                         ImpHash        *hash);
void      imp_merkle_hash_empty         (ImpHash        *hash);

typedef gboolean (*ImpMerkleReadFunc)   (guint           level,
                                         guint64         index,
                                         ImpHash        *hash,
                                         gpointer        user_data,
                                         GError        **error);

gboolean  imp_merkle_compute_root       (guint64           size,
                                         ImpMerkleReadFunc read,
                                         gpointer          user_data,
                                         ImpHash          *root,
                                         GError          **error);
GArray   *imp_merkle_prove_inclusion    (guint64           index,
                                         guint64           size,
                                         ImpMerkleReadFunc read,
                                         gpointer          user_data,
                                         GError          **error);
GArray   *imp_merkle_prove_consistency  (guint64           from,
                                         guint64           to,
                                         ImpMerkleReadFunc read,
                                         gpointer          user_data,
                                         GError          **error);

gboolean  imp_merkle_verify_inclusion   (const ImpHash  *leaf,
                                         guint64         index,
                                         guint64         size,
                                         const ImpHash  *path,
                                         gsize           length,
                                         const ImpHash  *root,
                                         GError        **error);
/* One step of a path from a leaf upwards. */
typedef struct
{
  gboolean is_left;  /* where the sibling stands */
  ImpHash  sibling;
  ImpHash  hash;     /* of both */
} ImpMerkleStep;

GArray   *imp_merkle_trace_inclusion    (const ImpHash  *leaf,
                                         guint64         index,
                                         guint64         size,
                                         const ImpHash  *path,
                                         gsize           length);
gboolean  imp_merkle_verify_consistency (guint64         from,
                                         const ImpHash  *from_root,
                                         guint64         to,
                                         const ImpHash  *to_root,
                                         const ImpHash  *path,
                                         gsize           length,
                                         GError        **error);

char     *imp_hash_to_base64            (const ImpHash  *hash);
gboolean  imp_hash_from_base64          (const char     *text,
                                         ImpHash        *hash,
                                         GError        **error);

G_END_DECLS
