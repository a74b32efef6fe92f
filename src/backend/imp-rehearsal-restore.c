/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-rehearsal-private.h"

#include "imp-device-rehearsal.h"

/* The way back from a rehearsal with a check switched off. */

static void
restored_update_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  imp_device_set_rehearsing (IMP_DEVICE (object), FALSE);
  if (imp_stage_update_finish (g_task_get_task_data (task), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
restored_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;

  if (imp_device_change_finish (IMP_DEVICE (object), result, &error))
    imp_stage_update_async (g_task_get_task_data (task), restored_update_cb, g_object_ref (task));
  else
    {
      imp_device_set_rehearsing (IMP_DEVICE (object), FALSE);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

/**
 * imp_rehearsal_restore_async:
 * @self: a rehearsal that does not run
 * @client: the agents
 * @device: a device
 * @cancellable: (nullable): unused as soon as the device is changed
 * @callback: called once
 * @user_data: data for @callback
 *
 * Switches all checks of a device on again, puts its firmware right, and lets it look for an update.
 */
void
imp_rehearsal_restore_async (ImpRehearsal        *self,
                             ImpAgentClient      *client,
                             ImpDevice           *device,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  GTask *task;
  GError *error = NULL;

  g_return_if_fail (IMP_IS_REHEARSAL (self));
  g_return_if_fail (IMP_IS_DEVICE (device));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_rehearsal_restore_async);
  if (!imp_rehearsal_check_ready (self, client, device, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  g_task_set_task_data (task, imp_stage_new (client, device, cancellable), (GDestroyNotify) imp_stage_free);
  imp_device_set_rehearsing (device, TRUE);
  imp_device_change_async (device, IMP_DEVICE_RESTORE, 0, restored_cb, task);
}

/**
 * imp_rehearsal_restore_finish:
 * @self: a rehearsal
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the device has all its checks and looked for an update with them
 */
gboolean
imp_rehearsal_restore_finish (ImpRehearsal  *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
