/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-engine-status.h"

#include <json-glib/json-glib.h>

#include "imp-time.h"

static void
store_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpStoreStatus status;
  JsonObject *store;
  GError *error = NULL;

  if (!imp_store_get_status_finish (IMP_STORE (object), result, &status, &error))
    {
      g_prefix_error (&error, "the store: ");
      g_task_return_error (task, error);
      return;
    }

  store = json_object_new ();
  json_object_set_string_member (store, "engine", status.engine);
  json_object_set_int_member (store, "payloads", status.payloads);
  json_object_set_int_member (store, "bytes", status.bytes);
  if (status.free == G_MAXUINT64)
    json_object_set_null_member (store, "free");
  else
    json_object_set_int_member (store, "free", status.free);
  if (status.trouble == NULL)
    json_object_set_null_member (store, "trouble");
  else
    json_object_set_string_member (store, "trouble", status.trouble);

  json_object_set_object_member (g_task_get_task_data (task), "store", store);
  g_task_return_boolean (task, TRUE);
}

static void
ledger_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpStore *store = g_object_get_data (G_OBJECT (task), "imp-store");
  GCancellable *cancellable = g_task_get_cancellable (task);
  ImpLedgerStatus status;
  JsonObject *ledger;
  GError *error = NULL;

  if (!imp_ledger_get_status_finish (IMP_LEDGER (object), result, &status, &error))
    {
      g_prefix_error (&error, "the ledger: ");
      g_task_return_error (task, error);
      return;
    }

  ledger = json_object_new ();
  json_object_set_string_member (ledger, "engine", status.engine);
  json_object_set_int_member (ledger, "height", status.height);
  if (status.last_time < 0)
    json_object_set_null_member (ledger, "lastTime");
  else
    {
      g_autofree char *time = imp_time_format (status.last_time);

      json_object_set_string_member (ledger, "lastTime", time);
    }

  json_object_set_object_member (g_task_get_task_data (task), "ledger", ledger);
  imp_store_get_status_async (store, cancellable, store_cb, g_steal_pointer (&task));
}

/**
 * imp_engine_status_collect:
 * @task: a task whose data is the object of a status
 * @ledger: the ledger to ask
 * @store: the store to ask
 *
 * Adds how the ledger and the store are to the status, and then answers @task, within its cancellable.
 */
void
imp_engine_status_collect (GTask     *task,
                           ImpLedger *ledger,
                           ImpStore  *store)
{
  g_object_set_data_full (G_OBJECT (task), "imp-store", g_object_ref (store), g_object_unref);
  imp_ledger_get_status_async (ledger, g_task_get_cancellable (task), ledger_cb,
                               g_object_ref (task));
}
