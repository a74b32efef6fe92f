/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-checkpoint.h"
#include "imp-transaction.h"

G_BEGIN_DECLS

#define IMP_TYPE_LEDGER (imp_ledger_get_type ())
G_DECLARE_INTERFACE (ImpLedger, imp_ledger, IMP, LEDGER, GObject)

/* What a submission came to. */
typedef struct
{
  char           *result;       /* what the contract returned */
  ImpTransaction *transaction;
  ImpCheckpoint  *checkpoint;   /* (nullable) a signed head that covers it, where the engine has such */
  gint64          verify_time;  /* µs of the contract's own run; 0 where the engine cannot tell */
} ImpReceipt;

ImpReceipt *imp_receipt_new  (const char     *result,
                              ImpTransaction *transaction,
                              ImpCheckpoint  *checkpoint);
void        imp_receipt_free (ImpReceipt     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpReceipt, imp_receipt_free)

/* A page of the ledger. NULL and 0 mean any. */
typedef struct
{
  guint64     before;        /* only sequences below this one; 0: up to the newest */
  guint64     from;          /* only sequences from this one on */
  guint       limit;         /* 1 to 1000; 0: 100 */
  gboolean    oldest_first;
  gint64      since;         /* ms: only what was recorded then or later */
  gint64      until;         /* ms: only what was recorded earlier */
  const char *contract;
  const char *function;
  const char *author;
  const char *class_id;
  const char *version;
  const char *cid;
  const char *text;      /* part of class, version, CID, fingerprint or transaction */
} ImpLedgerQuery;

typedef struct
{
  const char *engine;    /* "embedded", "fabric" */
  guint64     height;    /* transactions */
  gint64      last_time; /* of the newest, ms; -1 none */
} ImpLedgerStatus;

#define IMP_HOUR G_GINT64_CONSTANT (3600000)  /* ms */

typedef struct
{
  const char *class_id;
  const char *version;
} ImpClassVersion;

typedef struct
{
  gint64           since;       /* ms; the hour that it is in counts whole */
  ImpClassVersion *versions;    /* of which it is asked whether they are the newest */
  guint            n_versions;
} ImpStatisticsQuery;

typedef struct
{
  gint64  time;   /* ms: when the hour begins */
  guint64 count;
} ImpHourCount;

typedef struct
{
  GArray *hours;   /* (owned) of ImpHourCount: updates registered; hours without any are not in it */
  GArray *newest;  /* (owned) of gboolean, one for each version of the query */
} ImpStatistics;

ImpStatistics *imp_statistics_new  (void);
void           imp_statistics_free (ImpStatistics *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpStatistics, imp_statistics_free)

struct _ImpLedgerInterface
{
  GTypeInterface parent_iface;

  void            (*submit_async)      (ImpLedger             *self,
                                        const char            *contract,
                                        const char            *function,
                                        const char *const     *arguments,
                                        GCancellable          *cancellable,
                                        GAsyncReadyCallback    callback,
                                        gpointer               user_data);
  ImpReceipt     *(*submit_finish)     (ImpLedger             *self,
                                        GAsyncResult          *result,
                                        GError               **error);

  char           *(*evaluate)          (ImpLedger             *self,
                                        const char            *contract,
                                        const char            *function,
                                        const char *const     *arguments,
                                        GCancellable          *cancellable,
                                        GError               **error);
  ImpTransaction *(*get_transaction)   (ImpLedger             *self,
                                        const char            *id,
                                        GCancellable          *cancellable,
                                        GError               **error);
  GPtrArray      *(*list_transactions) (ImpLedger             *self,
                                        const ImpLedgerQuery  *query,
                                        guint64               *next,
                                        GCancellable          *cancellable,
                                        GError               **error);
  gboolean        (*get_status)        (ImpLedger             *self,
                                        ImpLedgerStatus       *status,
                                        GCancellable          *cancellable,
                                        GError               **error);

  /* A ledger that counts nothing leaves it out: G_IO_ERROR_NOT_SUPPORTED. */
  ImpStatistics  *(*read_statistics)   (ImpLedger                *self,
                                        const ImpStatisticsQuery *query,
                                        GCancellable             *cancellable,
                                        GError                  **error);

  /* A ledger that is no transparency log leaves these out: G_IO_ERROR_NOT_SUPPORTED. */
  char           *(*get_log_key)       (ImpLedger             *self,
                                        GError               **error);
  ImpCheckpoint  *(*get_checkpoint)    (ImpLedger             *self,
                                        GCancellable          *cancellable,
                                        GError               **error);
  GPtrArray      *(*read_leaves)       (ImpLedger             *self,
                                        guint64                from,
                                        guint                  limit,
                                        GCancellable          *cancellable,
                                        GError               **error);
  GArray         *(*prove_inclusion)   (ImpLedger             *self,
                                        guint64                leaf,
                                        guint64                size,
                                        GCancellable          *cancellable,
                                        GError               **error);
  GArray         *(*prove_consistency) (ImpLedger             *self,
                                        guint64                from,
                                        guint64                to,
                                        GCancellable          *cancellable,
                                        GError               **error);
};

void            imp_ledger_submit_async             (ImpLedger             *self,
                                                     const char            *contract,
                                                     const char            *function,
                                                     const char *const     *arguments,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
ImpReceipt     *imp_ledger_submit_finish            (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);

void            imp_ledger_evaluate_async           (ImpLedger             *self,
                                                     const char            *contract,
                                                     const char            *function,
                                                     const char *const     *arguments,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
char           *imp_ledger_evaluate_finish          (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);

void            imp_ledger_get_transaction_async    (ImpLedger             *self,
                                                     const char            *id,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
ImpTransaction *imp_ledger_get_transaction_finish   (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);

void            imp_ledger_list_transactions_async  (ImpLedger             *self,
                                                     const ImpLedgerQuery  *query,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
GPtrArray      *imp_ledger_list_transactions_finish (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     guint64               *next,
                                                     GError               **error);

void            imp_ledger_get_status_async         (ImpLedger             *self,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
gboolean        imp_ledger_get_status_finish        (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     ImpLedgerStatus       *status,
                                                     GError               **error);

void            imp_ledger_read_statistics_async    (ImpLedger                *self,
                                                     const ImpStatisticsQuery *query,
                                                     GCancellable             *cancellable,
                                                     GAsyncReadyCallback       callback,
                                                     gpointer                  user_data);
ImpStatistics  *imp_ledger_read_statistics_finish   (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);

char           *imp_ledger_get_log_key              (ImpLedger             *self,
                                                     GError               **error);

void            imp_ledger_get_checkpoint_async     (ImpLedger             *self,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
ImpCheckpoint  *imp_ledger_get_checkpoint_finish    (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);

void            imp_ledger_read_leaves_async        (ImpLedger             *self,
                                                     guint64                from,
                                                     guint                  limit,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
GPtrArray      *imp_ledger_read_leaves_finish       (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);

void            imp_ledger_prove_inclusion_async    (ImpLedger             *self,
                                                     guint64                leaf,
                                                     guint64                size,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
GArray         *imp_ledger_prove_inclusion_finish   (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);
void            imp_ledger_prove_consistency_async  (ImpLedger             *self,
                                                     guint64                from,
                                                     guint64                to,
                                                     GCancellable          *cancellable,
                                                     GAsyncReadyCallback    callback,
                                                     gpointer               user_data);
GArray         *imp_ledger_prove_consistency_finish (ImpLedger             *self,
                                                     GAsyncResult          *result,
                                                     GError               **error);

G_END_DECLS
