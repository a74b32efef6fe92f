/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-export.h"
#include "imp-ledger-pages.h"

G_BEGIN_DECLS

/* What a filter found so far, as places of pages. */
typedef struct _ImpLedgerFinds ImpLedgerFinds;

/* @n_added is 0 where nothing more is found. */
typedef void (*ImpLedgerFoundFunc) (guint position, guint n_added, gpointer user_data);

ImpLedgerFinds *imp_ledger_finds_new       (ImpLedgerPages        *pages,
                                            ImpAgentClient        *client,
                                            const ImpLedgerFilter *filter,
                                            guint64                height,
                                            ImpLedgerFoundFunc     found,
                                            ImpLedgerFailedFunc    failed,
                                            gpointer               user_data);
void            imp_ledger_finds_free      (ImpLedgerFinds        *self);

guint           imp_ledger_finds_get_n     (ImpLedgerFinds        *self);
ImpLedgerEntry *imp_ledger_finds_get       (ImpLedgerFinds        *self,
                                            guint                  position);

void            imp_ledger_finds_locate    (ImpLedgerFinds        *self,
                                            guint                  position,
                                            ImpLedgerStretch      *stretch);

gboolean        imp_ledger_finds_is_asking (ImpLedgerFinds        *self);
void            imp_ledger_finds_find_more (ImpLedgerFinds        *self);
void            imp_ledger_finds_grow      (ImpLedgerFinds        *self,
                                            guint64                from);
void            imp_ledger_finds_stop      (ImpLedgerFinds        *self);
void            imp_ledger_finds_resume    (ImpLedgerFinds        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerFinds, imp_ledger_finds_free)

G_END_DECLS
