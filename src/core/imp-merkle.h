/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IMP_HASH_SIZE 32

/* A node of an RFC 9162 tree over SHA-256. */
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

/* The stored nodes that a proof needs, as (level, index) in order: level 0 are the leaves. A subtree that is not full is given
 * as its full parts, which imp_merkle_… folds; see the .c for the exact contract. Shared by the log that keeps nodes and by
 * anyone who reads them as tiles.
 */
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
                                         GError          **error);  /* ImpHash */
GArray   *imp_merkle_prove_consistency  (guint64           from,
                                         guint64           to,
                                         ImpMerkleReadFunc read,
                                         gpointer          user_data,
                                         GError          **error);  /* ImpHash */

/* RFC 9162, 2.1.3.2 and 2.1.4.2. IMP_ERROR_REFUSED says what does not fit. */
gboolean  imp_merkle_verify_inclusion   (const ImpHash  *leaf,
                                         guint64         index,
                                         guint64         size,
                                         const ImpHash  *path,
                                         gsize           length,
                                         const ImpHash  *root,
                                         GError        **error);
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
