/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-db-private.h"
#include "imp-merkle.h"

G_BEGIN_DECLS

/* A tree that grows at its right edge: how many leaves, and the full subtrees that they make. */
typedef struct
{
  guint64 size;
  ImpHash edge[64];  /* edge[level] counts where size has that bit set */
} ImpLedgerTree;

typedef gboolean (*ImpLedgerNodeFunc) (guint           level,
                                       guint64         number,
                                       const ImpHash  *hash,
                                       gpointer        user_data,
                                       GError        **error);

gboolean imp_ledger_tree_load      (ImpLedgerTree        *self,
                                    ImpLedgerDb          *db,
                                    guint64               size,
                                    GError              **error);
gboolean imp_ledger_tree_append    (ImpLedgerTree        *self,
                                    const ImpHash        *leaf,
                                    ImpLedgerNodeFunc     func,
                                    gpointer              user_data,
                                    GError              **error);
void     imp_ledger_tree_get_root  (const ImpLedgerTree  *self,
                                    ImpHash              *root);

gboolean imp_ledger_node_read      (guint                 level,
                                    guint64               number,
                                    ImpHash              *hash,
                                    gpointer              db,
                                    GError              **error);
gboolean imp_ledger_node_write     (guint                 level,
                                    guint64               number,
                                    const ImpHash        *hash,
                                    gpointer              db,
                                    GError              **error);

G_END_DECLS
