/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-local-registrar.h"

#include <string.h>

#include "imp-contracts.h"

#define LAST_LEAVES 100  /* more than can have been under way at once */

/* What a crash left staged, one payload after the other. */
typedef struct
{
  GPtrArray *cids;    /* (owned) */
  GPtrArray *leaves;  /* (owned) the last ones of the ledger */
  guint next;
} Recovery;

static void
recovery_free (Recovery *recovery)
{
  g_clear_pointer (&recovery->cids, g_ptr_array_unref);
  g_clear_pointer (&recovery->leaves, g_ptr_array_unref);
  g_free (recovery);
}

static void recover_next (GTask *task);

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!imp_store_keep_finish (IMP_STORE (object), result, &error))
    g_task_return_error (task, error);
  else
    recover_next (g_steal_pointer (&task));
}

static void
discarded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!imp_store_discard_finish (IMP_STORE (object), result, &error))
    g_task_return_error (task, error);
  else
    recover_next (g_steal_pointer (&task));
}

/* An SBOM is no transaction's payload. It is named by the manifest of one, which was among the last
 * when the process ended.
 */
static gboolean
is_named_by_leaf (Recovery     *recovery,
                  const ImpCid *cid)
{
  for (guint i = 0; i < recovery->leaves->len; i++)
    {
      if (strstr (g_ptr_array_index (recovery->leaves, i), imp_cid_get_string (cid)) != NULL)
        return TRUE;
    }

  return FALSE;
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpLocalRegistrar *self = g_task_get_source_object (task);
  ImpStore *store = imp_local_registrar_get_store (self);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Recovery *recovery = g_task_get_task_data (task);
  ImpCid *cid = g_ptr_array_index (recovery->cids, recovery->next++);
  g_autoptr(GPtrArray) transactions = NULL;
  GError *error = NULL;

  transactions = imp_ledger_list_transactions_finish (IMP_LEDGER (object), result, NULL, &error);
  if (transactions == NULL)
    g_task_return_error (task, error);
  else if (transactions->len > 0 || is_named_by_leaf (recovery, cid))
    imp_store_keep_async (store, cid, cancellable, kept_cb, g_steal_pointer (&task));
  else
    imp_store_discard_async (store, cid, cancellable, discarded_cb, g_steal_pointer (&task));
}

static void
recover_next (GTask *task_owned)
{
  g_autoptr(GTask) task = task_owned;
  ImpLocalRegistrar *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Recovery *recovery = g_task_get_task_data (task);
  ImpLedgerQuery query = { .limit = 1, .contract = IMP_CONTRACT_REGISTER_UPDATE };

  if (recovery->next >= recovery->cids->len)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  query.cid = imp_cid_get_string (g_ptr_array_index (recovery->cids, recovery->next));
  imp_ledger_list_transactions_async (imp_local_registrar_get_ledger (self), &query, cancellable, looked_up_cb,
                                      g_steal_pointer (&task));
}

static void
leaves_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Recovery *recovery = g_task_get_task_data (task);
  GError *error = NULL;

  recovery->leaves = imp_ledger_read_leaves_finish (IMP_LEDGER (object), result, &error);
  if (recovery->leaves == NULL)
    g_task_return_error (task, error);
  else
    recover_next (g_steal_pointer (&task));
}

static void
status_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpLedgerStatus status;
  GError *error = NULL;

  if (!imp_ledger_get_status_finish (IMP_LEDGER (object), result, &status, &error))
    g_task_return_error (task, error);
  else
    imp_ledger_read_leaves_async (IMP_LEDGER (object),
                                  status.height - MIN (status.height, LAST_LEAVES), LAST_LEAVES,
                                  g_task_get_cancellable (task), leaves_read_cb,
                                  g_object_ref (task));
}

static void
staged_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpLocalRegistrar *self = g_task_get_source_object (task);
  Recovery *recovery = g_task_get_task_data (task);
  GError *error = NULL;

  recovery->cids = imp_store_list_staged_finish (IMP_STORE (object), result, &error);
  if (recovery->cids == NULL)
    g_task_return_error (task, error);
  else if (recovery->cids->len == 0)
    g_task_return_boolean (task, TRUE);
  else
    imp_ledger_get_status_async (imp_local_registrar_get_ledger (self),
                                 g_task_get_cancellable (task), status_cb, g_object_ref (task));
}

/**
 * imp_local_registrar_recover_async:
 * @self: a registrar that has not begun to register
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is done
 * @user_data: data for @callback
 *
 * Decides what becomes of payloads and SBOMs that were staged when the process last ended: those whose
 * update is in the ledger are kept, the others discarded.
 */
void
imp_local_registrar_recover_async (ImpLocalRegistrar   *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LOCAL_REGISTRAR (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_local_registrar_recover_async);
  g_task_set_task_data (task, g_new0 (Recovery, 1), (GDestroyNotify) recovery_free);
  imp_store_list_staged_async (imp_local_registrar_get_store (self), cancellable, staged_listed_cb,
                               g_steal_pointer (&task));
}

/**
 * imp_local_registrar_recover_finish:
 * @self: a registrar
 * @result: the result
 * @error: return location for an error
 *
 * Gets how it went.
 *
 * Returns: whether nothing is staged any more
 */
gboolean
imp_local_registrar_recover_finish (ImpLocalRegistrar  *self,
                                    GAsyncResult       *result,
                                    GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
