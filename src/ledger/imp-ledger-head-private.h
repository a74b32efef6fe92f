/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-checkpoint.h"

G_BEGIN_DECLS

/* The newest signed head, for any thread. */
typedef struct _ImpLedgerHead ImpLedgerHead;

ImpLedgerHead *imp_ledger_head_new            (const char     *origin,
                                               ImpKey         *log_key);
void           imp_ledger_head_free           (ImpLedgerHead  *self);

ImpCheckpoint *imp_ledger_head_sign           (ImpLedgerHead  *self,
                                               guint64         size,
                                               const ImpHash  *root,
                                               gint64          now,
                                               GError        **error);
void           imp_ledger_head_set            (ImpLedgerHead  *self,
                                               ImpCheckpoint  *checkpoint,
                                               gint64          signed_at,
                                               gint64          last_time);

const char    *imp_ledger_head_get_log_key    (ImpLedgerHead  *self);
guint64        imp_ledger_head_get_size       (ImpLedgerHead  *self,
                                               gint64         *last_time);
ImpCheckpoint *imp_ledger_head_get_checkpoint (ImpLedgerHead  *self,
                                               gint64          now,
                                               GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerHead, imp_ledger_head_free)

G_END_DECLS
