/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-entry.h"
#include "imp-ledger-filter.h"

G_BEGIN_DECLS

/* Pages of the ledger that were looked at lately. */
typedef struct _ImpLedgerPages ImpLedgerPages;

/* What is in a page. */
typedef struct
{
  guint64  first;  /* the line that comes first in the filter’s order */
  guint    n;
  gboolean dense;  /* every line after that, none is left out */
} ImpLedgerSpan;

typedef void (*ImpLedgerFailedFunc) (const GError *error, gpointer user_data);

ImpLedgerPages *imp_ledger_pages_new    (ImpLedgerFailedFunc    failed,
                                         gpointer               user_data);
void            imp_ledger_pages_free   (ImpLedgerPages        *self);

void            imp_ledger_pages_start  (ImpLedgerPages        *self,
                                         ImpAgentClient        *client,
                                         const ImpLedgerFilter *filter);
void            imp_ledger_pages_stop   (ImpLedgerPages        *self);
void            imp_ledger_pages_clear  (ImpLedgerPages        *self);

gboolean        imp_ledger_pages_has_lines (ImpLedgerPages     *self);
ImpLedgerEntry *imp_ledger_pages_get    (ImpLedgerPages        *self,
                                         const ImpLedgerSpan   *span,
                                         guint                  index);
void            imp_ledger_pages_add    (ImpLedgerPages        *self,
                                         const ImpLedgerSpan   *span,
                                         GPtrArray             *transactions);
void            imp_ledger_pages_expire (ImpLedgerPages        *self,
                                         guint64                first);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerPages, imp_ledger_pages_free)

G_END_DECLS
