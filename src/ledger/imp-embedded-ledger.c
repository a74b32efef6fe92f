/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-embedded-ledger.h"

#include <unistd.h>

#include "imp-contracts.h"
#include "imp-error.h"
#include "imp-ledger-check-private.h"
#include "imp-ledger-counts-private.h"
#include "imp-ledger-open-private.h"
#include "imp-ledger-readers-private.h"
#include "imp-ledger-rows-private.h"
#include "imp-ledger-state-private.h"
#include "imp-ledger-writer-private.h"
#include "imp-time.h"

/**
 * ImpEmbeddedLedger:
 *
 * An append-only transparency log in a folder of this machine.
 *
 * The folder has `ledger.db` (SQLite, WAL, `synchronous=FULL`), the log's key `log-key.pem`
 * (Ed25519) and the key of registration tokens `token-key.pem` (RSA-2048), all readable by their
 * owner only, and `ledger.lock`, which keeps a second process out.
 *
 * One thread writes. It takes all submissions that wait, runs their contracts, and makes leaves,
 * state, nodes and the signed head durable in one transaction of SQLite before anyone is answered,
 * so that one fsync serves many. Readers have their own connections and never wait for it. If the
 * file cannot be written, submissions fail with %IMP_ERROR_LEDGER_UNAVAILABLE, nothing of them is
 * left, and reading goes on.
 */
struct _ImpEmbeddedLedger
{
  GObject parent_instance;

  int               lock;       /* -1 none */
  ImpLedgerHead    *head;       /* (owned) */
  ImpKey           *token_key;  /* (owned) */
  ImpLedgerReaders *readers;    /* (owned) */
  ImpLedgerWriter  *writer;     /* (owned) */
};

static void imp_embedded_ledger_iface_init (ImpLedgerInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpEmbeddedLedger, imp_embedded_ledger, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_LEDGER, imp_embedded_ledger_iface_init))

static void
imp_embedded_ledger_submit_async (ImpLedger           *ledger,
                                  const char          *contract,
                                  const char          *function,
                                  const char *const   *arguments,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, imp_embedded_ledger_submit_async);
  /* What is committed is told, even to who wanted to cancel it meanwhile. */
  g_task_set_check_cancellable (task, FALSE);

  if (imp_contract_is_query (contract, function))
    {
      g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_MALFORMED,
                               "“%s.%s” is a query, of which nothing is recorded", contract, function);
      return;
    }

  imp_ledger_writer_submit (self->writer,
                            imp_ledger_submission_new (task, contract, function, arguments));
}

static ImpReceipt *
imp_embedded_ledger_submit_finish (ImpLedger     *ledger,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ledger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static char *
evaluate (ImpEmbeddedLedger  *self,
          ImpLedgerDb        *db,
          const char         *contract,
          const char         *function,
          const char *const  *arguments,
          GError            **error)
{
  g_autoptr(ImpLedgerState) state = imp_ledger_state_new_query (db, imp_time_now ());
  ImpContractContext context = {
    .state = IMP_WORLD_STATE (state),
    .token_key = self->token_key,
  };

  return imp_contract_invoke (&context, contract, function, arguments, error);
}

static char *
imp_embedded_ledger_evaluate (ImpLedger          *ledger,
                              const char         *contract,
                              const char         *function,
                              const char *const  *arguments,
                              GCancellable       *cancellable,
                              GError            **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db = imp_ledger_readers_take (self->readers, cancellable, error);
  char *result;

  if (db == NULL)
    return NULL;

  result = evaluate (self, db, contract, function, arguments, error);
  imp_ledger_readers_give (self->readers, db);

  return result;
}

static ImpTransaction *
imp_embedded_ledger_get_transaction (ImpLedger     *ledger,
                                     const char    *id,
                                     GCancellable  *cancellable,
                                     GError       **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db = imp_ledger_readers_take (self->readers, cancellable, error);
  ImpTransaction *transaction;

  if (db == NULL)
    return NULL;

  transaction = imp_ledger_rows_find (db, id, error);
  imp_ledger_readers_give (self->readers, db);

  return transaction;
}

static GPtrArray *
imp_embedded_ledger_list_transactions (ImpLedger             *ledger,
                                       const ImpLedgerQuery  *query,
                                       guint64               *next,
                                       GCancellable          *cancellable,
                                       GError               **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db = imp_ledger_readers_take (self->readers, cancellable, error);
  GPtrArray *page;

  if (db == NULL)
    return NULL;

  page = imp_ledger_page_read (db, query, next, error);
  imp_ledger_readers_give (self->readers, db);

  return page;
}

/* A status that did not touch the file would call a ledger healthy whose file is gone. */
static gboolean
imp_embedded_ledger_get_status (ImpLedger        *ledger,
                                ImpLedgerStatus  *status,
                                GCancellable     *cancellable,
                                GError          **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db = imp_ledger_readers_take (self->readers, cancellable, error);
  gboolean answered;
  gint64 newest;

  if (db == NULL)
    return FALSE;

  answered = imp_ledger_db_get_number (db, "SELECT max (size) FROM checkpoints", &newest, error);
  imp_ledger_readers_give (self->readers, db);

  status->engine = "embedded";
  status->height = imp_ledger_head_get_size (self->head, &status->last_time);

  return answered;
}

static ImpStatistics *
imp_embedded_ledger_read_statistics (ImpLedger                 *ledger,
                                     const ImpStatisticsQuery  *query,
                                     GCancellable              *cancellable,
                                     GError                   **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db = imp_ledger_readers_take (self->readers, cancellable, error);
  ImpStatistics *statistics;

  if (db == NULL)
    return NULL;

  statistics = imp_ledger_counts_read (db, query, error);
  imp_ledger_readers_give (self->readers, db);

  return statistics;
}

static char *
imp_embedded_ledger_get_log_key (ImpLedger  *ledger,
                                 GError    **error)
{
  return g_strdup (imp_ledger_head_get_log_key (IMP_EMBEDDED_LEDGER (ledger)->head));
}

static ImpCheckpoint *
imp_embedded_ledger_get_checkpoint (ImpLedger     *ledger,
                                    GCancellable  *cancellable,
                                    GError       **error)
{
  return imp_ledger_head_get_checkpoint (IMP_EMBEDDED_LEDGER (ledger)->head, imp_time_now (), error);
}

static GPtrArray *
imp_embedded_ledger_read_leaves (ImpLedger     *ledger,
                                 guint64        from,
                                 guint          limit,
                                 GCancellable  *cancellable,
                                 GError       **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db = imp_ledger_readers_take (self->readers, cancellable, error);
  GPtrArray *leaves;

  if (db == NULL)
    return NULL;

  leaves = imp_ledger_rows_get_leaves (db, from, limit, error);
  imp_ledger_readers_give (self->readers, db);

  return leaves;
}

static gboolean
check_size (ImpEmbeddedLedger  *self,
            guint64             size,
            GError            **error)
{
  guint64 height = imp_ledger_head_get_size (self->head, NULL);

  if (size <= height)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_NOT_FOUND,
                        "the ledger has %" G_GUINT64_FORMAT " leaves, not %" G_GUINT64_FORMAT, height, size);
}

static GArray *
imp_embedded_ledger_prove_inclusion (ImpLedger     *ledger,
                                     guint64        leaf,
                                     guint64        size,
                                     GCancellable  *cancellable,
                                     GError       **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db;
  GArray *path;

  if (!check_size (self, size, error))
    return NULL;

  if (leaf >= size)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                   "a tree of %" G_GUINT64_FORMAT " leaves has no leaf %" G_GUINT64_FORMAT, size, leaf);
      return NULL;
    }

  db = imp_ledger_readers_take (self->readers, cancellable, error);
  if (db == NULL)
    return NULL;

  path = imp_merkle_prove_inclusion (leaf, size, imp_ledger_node_read, db, error);
  imp_ledger_readers_give (self->readers, db);

  return path;
}

static GArray *
imp_embedded_ledger_prove_consistency (ImpLedger     *ledger,
                                       guint64        from,
                                       guint64        to,
                                       GCancellable  *cancellable,
                                       GError       **error)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (ledger);
  ImpLedgerDb *db;
  GArray *path;

  if (!check_size (self, from, error) || !check_size (self, to, error))
    return NULL;

  if (from > to)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                   "a tree of %" G_GUINT64_FORMAT " leaves has no beginning of %" G_GUINT64_FORMAT, to, from);
      return NULL;
    }

  db = imp_ledger_readers_take (self->readers, cancellable, error);
  if (db == NULL)
    return NULL;

  path = imp_merkle_prove_consistency (from, to, imp_ledger_node_read, db, error);
  imp_ledger_readers_give (self->readers, db);

  return path;
}

static void
imp_embedded_ledger_iface_init (ImpLedgerInterface *iface)
{
  iface->submit_async = imp_embedded_ledger_submit_async;
  iface->submit_finish = imp_embedded_ledger_submit_finish;
  iface->evaluate = imp_embedded_ledger_evaluate;
  iface->get_transaction = imp_embedded_ledger_get_transaction;
  iface->list_transactions = imp_embedded_ledger_list_transactions;
  iface->get_status = imp_embedded_ledger_get_status;
  iface->read_statistics = imp_embedded_ledger_read_statistics;
  iface->get_log_key = imp_embedded_ledger_get_log_key;
  iface->get_checkpoint = imp_embedded_ledger_get_checkpoint;
  iface->read_leaves = imp_embedded_ledger_read_leaves;
  iface->prove_inclusion = imp_embedded_ledger_prove_inclusion;
  iface->prove_consistency = imp_embedded_ledger_prove_consistency;
}

/* The lock goes last, when nothing of this process touches the file any more. */
static void
imp_embedded_ledger_finalize (GObject *object)
{
  ImpEmbeddedLedger *self = IMP_EMBEDDED_LEDGER (object);

  g_clear_pointer (&self->readers, imp_ledger_readers_free);
  g_clear_pointer (&self->writer, imp_ledger_writer_free);
  g_clear_pointer (&self->head, imp_ledger_head_free);
  g_clear_object (&self->token_key);
  if (self->lock >= 0)
    close (self->lock);

  G_OBJECT_CLASS (imp_embedded_ledger_parent_class)->finalize (object);
}

static void
imp_embedded_ledger_class_init (ImpEmbeddedLedgerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_embedded_ledger_finalize;
}

static void
imp_embedded_ledger_init (ImpEmbeddedLedger *self)
{
  self->lock = -1;
}

/**
 * imp_embedded_ledger_open:
 * @directory: a folder, which is made, 0700, where there is none
 * @origin: (nullable): the log's name, which is kept in the file; `NULL` for the one that is there,
 *   or a random one for a new ledger
 * @creator: who is written down as having submitted
 * @payloads: (nullable): where updates' payloads are; without it no update can be registered
 * @error: return location for an error
 *
 * Opens the ledger in @directory, or makes one. Signals are emitted in the thread-default main
 * context of now.
 *
 * The newest signed head, the tree and the newest leaves are checked: %IMP_ERROR_CORRUPT names the
 * leaf that does not fit. A ledger that another process has open, or whose folder cannot be written,
 * is %IMP_ERROR_LEDGER_UNAVAILABLE.
 *
 * This blocks: call it before the main loop runs, or in a thread.
 *
 * Returns: (transfer full) (nullable): the ledger, or `NULL` with @error set
 */
ImpLedger *
imp_embedded_ledger_open (const char        *directory,
                          const char        *origin,
                          const char        *creator,
                          ImpPayloadReader  *payloads,
                          GError           **error)
{
  g_autoptr(ImpEmbeddedLedger) self = NULL;
  g_auto(ImpLedgerFiles) files = IMP_LEDGER_FILES_INIT;
  ImpLedgerRecorder *recorder;

  g_return_val_if_fail (directory != NULL, NULL);
  g_return_val_if_fail (creator != NULL, NULL);
  g_return_val_if_fail (payloads == NULL || IMP_IS_PAYLOAD_READER (payloads), NULL);

  if (!imp_ledger_files_open (&files, directory, origin, error))
    return NULL;

  self = g_object_new (IMP_TYPE_EMBEDDED_LEDGER, NULL);
  self->lock = files.lock;
  files.lock = -1;
  self->head = g_steal_pointer (&files.head);
  self->token_key = g_steal_pointer (&files.token_key);
  self->readers = imp_ledger_readers_new (files.path);

  recorder = imp_ledger_recorder_new (g_steal_pointer (&files.db), self->head, creator, payloads,
                                      self->token_key);
  recorder->tree = files.tree;
  self->writer = imp_ledger_writer_new (recorder, IMP_LEDGER (self));

  return IMP_LEDGER (g_steal_pointer (&self));
}

/**
 * imp_embedded_ledger_verify:
 * @self: an embedded ledger
 * @progress: (nullable) (scope call): told how many leaves are done, in this thread
 * @user_data: data for @progress
 * @cancellable: (nullable): cancels the check
 * @error: return location for an error
 *
 * Checks everything from the first leaf: hashes, nodes, rows, values, the signed head, and SQLite's
 * own structure. Blocks for long; submissions and readers go on meanwhile.
 *
 * Returns: whether all is as it was written; %IMP_ERROR_CORRUPT names the first leaf that is not
 */
gboolean
imp_embedded_ledger_verify (ImpEmbeddedLedger      *self,
                            ImpLedgerProgressFunc   progress,
                            gpointer                user_data,
                            GCancellable           *cancellable,
                            GError                **error)
{
  ImpLedgerDb *db;
  gboolean verified;

  g_return_val_if_fail (IMP_IS_EMBEDDED_LEDGER (self), FALSE);
  g_return_val_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable), FALSE);

  db = imp_ledger_readers_take (self->readers, cancellable, error);
  if (db == NULL)
    return FALSE;

  verified = imp_ledger_check_all (db, imp_ledger_head_get_log_key (self->head), progress, user_data,
                                   cancellable, error);
  imp_ledger_readers_give (self->readers, db);

  return verified;
}
