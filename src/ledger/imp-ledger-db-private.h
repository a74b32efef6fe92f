/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* One connection to ledger.db, for one thread at a time. */
typedef struct _ImpLedgerDb ImpLedgerDb;

/* A prepared statement that its connection keeps; going out of scope resets it. */
typedef sqlite3_stmt ImpLedgerStatement;

gboolean            imp_ledger_db_create            (const char          *path,
                                                     const char          *origin,
                                                     GError             **error);
ImpLedgerDb        *imp_ledger_db_open              (const char          *path,
                                                     GError             **error);
ImpLedgerDb        *imp_ledger_db_open_reader       (const char          *path,
                                                     GError             **error);
void                imp_ledger_db_close             (ImpLedgerDb         *self);
void                imp_ledger_db_set_cancellable   (ImpLedgerDb         *self,
                                                     GCancellable        *cancellable);

gboolean            imp_ledger_db_execute           (ImpLedgerDb         *self,
                                                     const char          *sql,
                                                     GError             **error);
void                imp_ledger_db_roll_back         (ImpLedgerDb         *self);
gboolean            imp_ledger_db_check_place       (ImpLedgerDb         *self,
                                                     GError             **error);
gboolean            imp_ledger_db_checkpoint        (ImpLedgerDb         *self,
                                                     int                  min_pages);
ImpLedgerStatement *imp_ledger_db_prepare           (ImpLedgerDb         *self,
                                                     const char          *sql,
                                                     GError             **error);
gboolean            imp_ledger_db_run               (ImpLedgerDb         *self,
                                                     ImpLedgerStatement  *statement,
                                                     GError             **error);
gboolean            imp_ledger_db_next              (ImpLedgerDb         *self,
                                                     ImpLedgerStatement  *statement,
                                                     gboolean            *found,
                                                     GError             **error);
gboolean            imp_ledger_db_get_number        (ImpLedgerDb         *self,
                                                     const char          *sql,
                                                     gint64              *value,
                                                     GError             **error);
gboolean            imp_ledger_db_get_setting       (ImpLedgerDb         *self,
                                                     const char          *name,
                                                     char               **value,
                                                     GError             **error);
gboolean            imp_ledger_db_put_setting       (ImpLedgerDb         *self,
                                                     const char          *name,
                                                     const char          *value,
                                                     GError             **error);

void                imp_ledger_statement_bind_text  (ImpLedgerStatement  *statement,
                                                     int                  index,
                                                     const char          *text);
void                imp_ledger_statement_reset      (ImpLedgerStatement  *statement);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerDb, imp_ledger_db_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpLedgerStatement, imp_ledger_statement_reset)

G_END_DECLS
