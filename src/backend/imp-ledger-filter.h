/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* Which lines of the ledger are meant, and in which order. NULL and 0 mean any. */
typedef struct
{
  char     *text;         /* (owned) */
  char     *author;       /* (owned) fingerprint */
  char     *class_id;     /* (owned) */
  char     *version;      /* (owned) */
  char     *cid;          /* (owned) */
  char     *contract;     /* (owned) */
  gint64    since;        /* ms */
  gint64    until;        /* ms */
  gboolean  oldest_first;
} ImpLedgerFilter;

ImpLedgerFilter *imp_ledger_filter_new        (void);
ImpLedgerFilter *imp_ledger_filter_copy       (const ImpLedgerFilter *self);
void             imp_ledger_filter_free       (ImpLedgerFilter       *self);
gboolean         imp_ledger_filter_equal      (const ImpLedgerFilter *self,
                                               const ImpLedgerFilter *other);
gboolean         imp_ledger_filter_is_empty   (const ImpLedgerFilter *self);
void             imp_ledger_filter_make_query (const ImpLedgerFilter *self,
                                               ImpPageQuery          *query);
gboolean         imp_ledger_filter_parse_day  (const char            *text,
                                               gboolean               end,
                                               gint64                *ms);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerFilter, imp_ledger_filter_free)

G_END_DECLS
