/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-private.h"

/**
 * ImpLedger:
 *
 * Where contracts run and are recorded.
 *
 * Engines are the embedded log and, later, Hyperledger Fabric; nothing of an engine shows through
 * here. An engine's readers block and may be called from any thread; everyone else calls them
 * through the asynchronous functions of this interface, which run them on worker threads.
 * Submitting is the engine's own affair, since one fsync or one block serves many.
 */
G_DEFINE_INTERFACE (ImpLedger, imp_ledger, G_TYPE_OBJECT)

static void
imp_ledger_default_init (ImpLedgerInterface *iface)
{
  /**
   * ImpLedger::committed:
   * @self: a ledger
   * @transaction: what was recorded
   *
   * A transaction is durable. Emitted in the main context where the ledger was made, in order of
   * sequence, before the one who submitted it is answered.
   */
  g_signal_new ("committed", IMP_TYPE_LEDGER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, IMP_TYPE_TRANSACTION);
}

/**
 * imp_ledger_submit_async:
 * @self: a ledger
 * @contract: name of a contract
 * @function: name of one of its functions
 * @arguments: (array zero-terminated=1): what it is called with
 * @cancellable: (nullable): cancels the submission
 * @callback: called once, when the transaction is durable or refused
 * @user_data: data for @callback
 *
 * Runs a contract and records what it did.
 *
 * Cancelling is honoured until the transaction is being committed; after that the receipt comes.
 */
void
imp_ledger_submit_async (ImpLedger           *self,
                         const char          *contract,
                         const char          *function,
                         const char *const   *arguments,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (contract != NULL);
  g_return_if_fail (function != NULL);
  g_return_if_fail (arguments != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  IMP_LEDGER_GET_IFACE (self)->submit_async (self, contract, function, arguments, cancellable,
                                             callback, user_data);
}

/**
 * imp_ledger_submit_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a submission. The contract's refusal comes as its own error; %IMP_ERROR_LEDGER_UNAVAILABLE
 * says that nothing was recorded and that it may be tried again.
 *
 * Returns: (transfer full) (nullable): the receipt, or `NULL` with @error set
 */
ImpReceipt *
imp_ledger_submit_finish (ImpLedger     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);

  return IMP_LEDGER_GET_IFACE (self)->submit_finish (self, result, error);
}

typedef struct
{
  char  *contract;
  char  *function;
  char **arguments;
} Evaluation;

static void
evaluation_free (Evaluation *self)
{
  g_free (self->contract);
  g_free (self->function);
  g_strfreev (self->arguments);
  g_free (self);
}

static void
evaluate_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Evaluation *evaluation = task_data;
  g_autoptr(GError) error = NULL;
  char *value;

  value = IMP_LEDGER_GET_IFACE (source_object)->evaluate (source_object, evaluation->contract,
                                                          evaluation->function,
                                                          (const char *const *) evaluation->arguments,
                                                          cancellable, &error);
  if (value != NULL)
    g_task_return_pointer (task, value, g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_ledger_evaluate_async:
 * @self: a ledger
 * @contract: name of a contract
 * @function: name of one of its queries
 * @arguments: (array zero-terminated=1): what it is called with
 * @cancellable: (nullable): cancels the query
 * @callback: called once, when the answer is here or the query failed
 * @user_data: data for @callback
 *
 * Runs a query of a contract, of which nothing is recorded.
 */
void
imp_ledger_evaluate_async (ImpLedger           *self,
                           const char          *contract,
                           const char          *function,
                           const char *const   *arguments,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Evaluation *evaluation;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (contract != NULL);
  g_return_if_fail (function != NULL);
  g_return_if_fail (arguments != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  evaluation = g_new0 (Evaluation, 1);
  evaluation->contract = g_strdup (contract);
  evaluation->function = g_strdup (function);
  evaluation->arguments = g_strdupv ((char **) arguments);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_evaluate_async);
  g_task_set_task_data (task, evaluation, (GDestroyNotify) evaluation_free);
  g_task_run_in_thread (task, evaluate_thread);
}

/**
 * imp_ledger_evaluate_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a query.
 *
 * Returns: (transfer full) (nullable): what the contract returned, or `NULL` with @error set
 */
char *
imp_ledger_evaluate_finish (ImpLedger     *self,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
get_transaction_thread (GTask        *task,
                        gpointer      source_object,
                        gpointer      task_data,
                        GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  ImpTransaction *transaction;

  transaction = IMP_LEDGER_GET_IFACE (source_object)->get_transaction (source_object, task_data,
                                                                       cancellable, &error);
  if (transaction != NULL)
    g_task_return_pointer (task, transaction, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_ledger_get_transaction_async:
 * @self: a ledger
 * @id: name of a transaction, 64 hexadecimal characters
 * @cancellable: (nullable): cancels the look-up
 * @callback: called once, when the transaction is here or was not found
 * @user_data: data for @callback
 *
 * Reads one transaction, with its leaf.
 */
void
imp_ledger_get_transaction_async (ImpLedger           *self,
                                  const char          *id,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (id != NULL);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_get_transaction_async);
  g_task_set_task_data (task, g_strdup (id), g_free);
  g_task_run_in_thread (task, get_transaction_thread);
}

/**
 * imp_ledger_get_transaction_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a look-up. %IMP_ERROR_NOT_FOUND says that there is no such transaction.
 *
 * Returns: (transfer full) (nullable): the transaction, or `NULL` with @error set
 */
ImpTransaction *
imp_ledger_get_transaction_finish (ImpLedger     *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  ImpLedgerQuery *query;  /* (owned) */
  guint64         next;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *listing = data;

  imp_ledger_query_free (listing->query);
  g_free (listing);
}

static void
list_transactions_thread (GTask        *task,
                          gpointer      source_object,
                          gpointer      task_data,
                          GCancellable *cancellable)
{
  Listing *listing = task_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *page;

  page = IMP_LEDGER_GET_IFACE (source_object)->list_transactions (source_object, listing->query,
                                                                  &listing->next, cancellable,
                                                                  &error);
  if (page != NULL)
    g_task_return_pointer (task, page, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_ledger_list_transactions_async:
 * @self: a ledger
 * @query: what to look for; need not outlive the call
 * @cancellable: (nullable): cancels the look-up
 * @callback: called once, when the page is here or could not be read
 * @user_data: data for @callback
 *
 * Reads a page of the ledger. It may hold fewer than were asked for, or none, although there are
 * more: looking for what is rare takes no longer than looking for anything else, and goes on with
 * the next page.
 */
void
imp_ledger_list_transactions_async (ImpLedger            *self,
                                    const ImpLedgerQuery *query,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data)
{
  g_autoptr(GTask) task = NULL;
  Listing *listing;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (query != NULL);
  g_return_if_fail (query->limit <= 1000);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_list_transactions_async);
  listing = g_new0 (Listing, 1);
  listing->query = imp_ledger_query_copy (query);
  g_task_set_task_data (task, listing, listing_free);
  g_task_run_in_thread (task, list_transactions_thread);
}

/**
 * imp_ledger_list_transactions_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @next: (out) (optional): where the next page begins, its `before`, or its `from` where the oldest
 *   come first; 0 at the end
 * @error: return location for an error
 *
 * Ends a look-up.
 *
 * Returns: (transfer full) (nullable) (element-type ImpTransaction): transactions without their
 *   leaves, or `NULL` with @error set
 */
GPtrArray *
imp_ledger_list_transactions_finish (ImpLedger     *self,
                                     GAsyncResult  *result,
                                     guint64       *next,
                                     GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (next != NULL)
    *next = ((Listing *) g_task_get_task_data (G_TASK (result)))->next;

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
get_status_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  g_autofree ImpLedgerStatus *status = g_new0 (ImpLedgerStatus, 1);
  g_autoptr(GError) error = NULL;

  if (IMP_LEDGER_GET_IFACE (source_object)->get_status (source_object, status, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&status), g_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_ledger_get_status_async:
 * @self: a ledger
 * @cancellable: (nullable): cancels the look-up
 * @callback: called once, when the status is here or could not be read
 * @user_data: data for @callback
 *
 * Asks how high the ledger is and whether it answers.
 */
void
imp_ledger_get_status_async (ImpLedger           *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_get_status_async);
  g_task_run_in_thread (task, get_status_thread);
}

/**
 * imp_ledger_get_status_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @status: (out): the status
 * @error: return location for an error
 *
 * Ends a look-up.
 *
 * Returns: whether the ledger answered
 */
gboolean
imp_ledger_get_status_finish (ImpLedger        *self,
                              GAsyncResult     *result,
                              ImpLedgerStatus  *status,
                              GError          **error)
{
  g_autofree ImpLedgerStatus *found = NULL;

  g_return_val_if_fail (IMP_IS_LEDGER (self), FALSE);
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (status != NULL, FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found == NULL)
    return FALSE;

  *status = *found;
  return TRUE;
}
