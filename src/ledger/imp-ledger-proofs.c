/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-private.h"

/* The part of ImpLedger that only a transparency log has. */

static GError *
new_not_supported_error (void)
{
  return g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                              "this ledger is no transparency log: it has no signed heads and proofs");
}

/**
 * imp_ledger_get_log_key:
 * @self: a ledger
 * @error: return location for an error
 *
 * Gets the key that the ledger signs its heads with, to be pinned. Does not block.
 *
 * Returns: (transfer full) (nullable): a verifier key as signed notes write it
 */
char *
imp_ledger_get_log_key (ImpLedger  *self,
                        GError    **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);

  if (IMP_LEDGER_GET_IFACE (self)->get_log_key == NULL)
    {
      g_propagate_error (error, new_not_supported_error ());
      return NULL;
    }

  return IMP_LEDGER_GET_IFACE (self)->get_log_key (self, error);
}

static void
get_checkpoint_thread (GTask        *task,
                       gpointer      source_object,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  g_autoptr(GError) error = NULL;
  ImpCheckpoint *checkpoint;

  checkpoint = IMP_LEDGER_GET_IFACE (source_object)->get_checkpoint (source_object, cancellable,
                                                                     &error);
  if (checkpoint != NULL)
    g_task_return_pointer (task, checkpoint, g_object_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_ledger_get_checkpoint_async:
 * @self: a ledger
 * @cancellable: (nullable): cancels the request
 * @callback: called once, when the head is here or could not be signed
 * @user_data: data for @callback
 *
 * Asks for the newest head, signed within the last minute.
 */
void
imp_ledger_get_checkpoint_async (ImpLedger           *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_get_checkpoint_async);

  if (IMP_LEDGER_GET_IFACE (self)->get_checkpoint == NULL)
    g_task_return_error (task, new_not_supported_error ());
  else
    g_task_run_in_thread (task, get_checkpoint_thread);
}

/**
 * imp_ledger_get_checkpoint_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a request.
 *
 * Returns: (transfer full) (nullable): the head, or `NULL` with @error set
 */
ImpCheckpoint *
imp_ledger_get_checkpoint_finish (ImpLedger     *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef struct
{
  guint64 from;
  guint   limit;
} LeafRange;

static void
read_leaves_thread (GTask        *task,
                    gpointer      source_object,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  LeafRange *range = task_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *leaves;

  leaves = IMP_LEDGER_GET_IFACE (source_object)->read_leaves (source_object, range->from,
                                                              range->limit, cancellable, &error);
  if (leaves != NULL)
    g_task_return_pointer (task, leaves, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/**
 * imp_ledger_read_leaves_async:
 * @self: a ledger
 * @from: sequence of the first leaf
 * @limit: at most so many, 1 to 1000
 * @cancellable: (nullable): cancels the look-up
 * @callback: called once, when the leaves are here or could not be read
 * @user_data: data for @callback
 *
 * Reads the leaves' own bytes in order, for an audit.
 */
void
imp_ledger_read_leaves_async (ImpLedger           *self,
                              guint64              from,
                              guint                limit,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  LeafRange *range;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (limit >= 1 && limit <= 1000);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_read_leaves_async);

  if (IMP_LEDGER_GET_IFACE (self)->read_leaves == NULL)
    {
      g_task_return_error (task, new_not_supported_error ());
      return;
    }

  range = g_new0 (LeafRange, 1);
  range->from = from;
  range->limit = limit;
  g_task_set_task_data (task, range, g_free);
  g_task_run_in_thread (task, read_leaves_thread);
}

/**
 * imp_ledger_read_leaves_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a look-up. Beyond the head there are no leaves, which is no error.
 *
 * Returns: (transfer full) (nullable) (element-type utf8): the leaves, or `NULL` with @error set
 */
GPtrArray *
imp_ledger_read_leaves_finish (ImpLedger     *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

typedef GArray *(*ProveFunc) (ImpLedger     *self,
                              guint64        from,
                              guint64        to,
                              GCancellable  *cancellable,
                              GError       **error);

typedef struct
{
  ProveFunc prove;
  guint64   from;
  guint64   to;
} Proof;

static void
prove_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Proof *proof = task_data;
  g_autoptr(GError) error = NULL;
  GArray *path = proof->prove (source_object, proof->from, proof->to, cancellable, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, (GDestroyNotify) g_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
prove (GTask     *task,
       ProveFunc  func,
       guint64    from,
       guint64    to)
{
  Proof *proof;

  if (func == NULL)
    {
      g_task_return_error (task, new_not_supported_error ());
      return;
    }

  proof = g_new0 (Proof, 1);
  proof->prove = func;
  proof->from = from;
  proof->to = to;

  g_task_set_task_data (task, proof, g_free);
  g_task_run_in_thread (task, prove_thread);
}

/**
 * imp_ledger_prove_inclusion_async:
 * @self: a ledger
 * @leaf: sequence of a transaction
 * @size: size of the tree that it shall be proved in
 * @cancellable: (nullable): cancels the request
 * @callback: called once, when the proof is here or cannot be given
 * @user_data: data for @callback
 *
 * Asks for the proof of RFC 9162, 2.1.3 that a leaf is in the tree of @size leaves.
 */
void
imp_ledger_prove_inclusion_async (ImpLedger           *self,
                                  guint64              leaf,
                                  guint64              size,
                                  GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_prove_inclusion_async);
  prove (task, IMP_LEDGER_GET_IFACE (self)->prove_inclusion, leaf, size);
}

/**
 * imp_ledger_prove_inclusion_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a request. %IMP_ERROR_NOT_FOUND says that leaf or size lies beyond the head.
 *
 * Returns: (transfer full) (nullable) (element-type ImpHash): the path, or `NULL` with @error set
 */
GArray *
imp_ledger_prove_inclusion_finish (ImpLedger     *self,
                                   GAsyncResult  *result,
                                   GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_ledger_prove_consistency_async:
 * @self: a ledger
 * @from: size of the smaller tree
 * @to: size of the larger tree
 * @cancellable: (nullable): cancels the request
 * @callback: called once, when the proof is here or cannot be given
 * @user_data: data for @callback
 *
 * Asks for the proof of RFC 9162, 2.1.4 that one tree is the beginning of another.
 */
void
imp_ledger_prove_consistency_async (ImpLedger           *self,
                                    guint64              from,
                                    guint64              to,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LEDGER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_ledger_prove_consistency_async);
  prove (task, IMP_LEDGER_GET_IFACE (self)->prove_consistency, from, to);
}

/**
 * imp_ledger_prove_consistency_finish:
 * @self: a ledger
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a request. %IMP_ERROR_NOT_FOUND says that one of the sizes lies beyond the head.
 *
 * Returns: (transfer full) (nullable) (element-type ImpHash): the path, or `NULL` with @error set
 */
GArray *
imp_ledger_prove_consistency_finish (ImpLedger     *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  g_return_val_if_fail (IMP_IS_LEDGER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
