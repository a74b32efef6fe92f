/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger-db-private.h"
#include "imp-ledger.h"

G_BEGIN_DECLS

#define IMP_LEDGER_ROW_COLUMNS \
  "sequence, id, time, contract, function, creator, author, class, version, cid"

gboolean        imp_ledger_row_insert      (ImpLedgerDb           *db,
                                            ImpTransaction        *transaction,
                                            GError               **error);
ImpTransaction *imp_ledger_row_read        (ImpLedgerStatement    *statement,
                                            GError               **error);
ImpTransaction *imp_ledger_rows_find       (ImpLedgerDb           *db,
                                            const char            *id,
                                            GError               **error);
GPtrArray      *imp_ledger_rows_get_leaves (ImpLedgerDb           *db,
                                            guint64                from,
                                            guint                  limit,
                                            GError               **error);

GPtrArray      *imp_ledger_page_read       (ImpLedgerDb           *db,
                                            const ImpLedgerQuery  *query,
                                            guint64               *next,
                                            GError               **error);

gboolean        imp_ledger_hours_note      (ImpLedgerDb           *db,
                                            gint64                 time,
                                            guint64                sequence,
                                            GError               **error);
gboolean        imp_ledger_hours_get_range (ImpLedgerDb           *db,
                                            gint64                 since,
                                            gint64                 until,
                                            guint64               *from,
                                            guint64               *before,
                                            GError               **error);
gboolean        imp_ledger_hours_check     (ImpLedgerDb           *db,
                                            gint64                 time,
                                            guint64                sequence,
                                            GError               **error);

gboolean        imp_ledger_search_update   (ImpLedgerDb           *db,
                                            guint64                size,
                                            guint                  max_rows,
                                            guint64               *indexed,
                                            GError               **error);
gboolean        imp_ledger_search_get_size (ImpLedgerDb           *db,
                                            guint64               *indexed,
                                            GError               **error);
gboolean        imp_ledger_search_match    (ImpLedgerDb           *db,
                                            const char            *text,
                                            char                 **match,
                                            GError               **error);
char           *imp_ledger_search_pattern  (const char            *text);

G_END_DECLS
