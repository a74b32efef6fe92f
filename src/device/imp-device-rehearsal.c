/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-rehearsal.h"

#include "imp-device-private.h"
#include "imp-error.h"

/* A change on its way to the thread that makes it, and what the device knows afterwards on its way back. */
typedef struct
{
  ImpDeviceChange  change;
  guint            checks_off;
  ImpDeviceState  *known;       /* (owned) (nullable) */
} Job;

static void
job_free (Job *job)
{
  g_clear_pointer (&job->known, imp_device_state_free);
  g_free (job);
}

/**
 * imp_device_get_checks_off:
 * @self: a device
 *
 * Returns: the checks that it leaves out, a bit each as of %IMP_CHECK_BIT
 */
guint
imp_device_get_checks_off (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), 0);

  return self->known->checks_off;
}

/**
 * imp_device_is_breached:
 * @self: a device
 *
 * Returns: whether an attack has got in, and what ran before it can be put back
 */
gboolean
imp_device_is_breached (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), FALSE);

  return self->known->before != NULL;
}

/**
 * imp_device_has_log_key:
 * @self: a device
 *
 * Returns: whether it knows the ledger's key, without which it cannot check checkpoints
 */
gboolean
imp_device_has_log_key (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), FALSE);

  return self->known->log_key != NULL;
}

/**
 * imp_device_get_head:
 * @self: a device
 *
 * Returns: (nullable): the last checkpoint that it believed, as text, lent until it sees another
 */
const char *
imp_device_get_head (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->known->checkpoint;
}

/**
 * imp_device_get_rehearsing:
 * @self: a device
 *
 * Returns: whether an attack is being rehearsed on it, so that it must not look for updates by itself
 */
gboolean
imp_device_get_rehearsing (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), FALSE);

  return self->rehearsing;
}

/**
 * imp_device_set_rehearsing:
 * @self: a device
 * @rehearsing: whether an attack is being rehearsed on it
 *
 * Keeps the device out of the schedule, or gives it back. This is not written down.
 */
void
imp_device_set_rehearsing (ImpDevice *self,
                           gboolean   rehearsing)
{
  g_return_if_fail (IMP_IS_DEVICE (self));

  self->rehearsing = rehearsing;
}

/**
 * imp_device_set_clock_ahead:
 * @self: a device
 * @ms: by how much its clock is ahead, until it is set again
 *
 * Lets time pass for the device, so that nobody has to wait for a day to see what it does with a head of
 * yesterday.
 */
void
imp_device_set_clock_ahead (ImpDevice *self,
                            gint64     ms)
{
  g_return_if_fail (IMP_IS_DEVICE (self));

  self->clock_ahead = ms;
}

static gboolean
runs_before (ImpDeviceFolder      *folder,
             const ImpDeviceImage *before)
{
  return before != NULL && before->digest != NULL &&
         imp_device_folder_verify_slot (folder, before->slot, before->size, before->digest, NULL);
}

/* A breach is undone by the other slot, as far as that still has what ran before; otherwise there is
 * nothing left that could run, and the next update brings what is right.
 */
static void
restore (ImpDeviceFolder *folder,
         ImpDeviceState  *state)
{
  gboolean intact = state->digest == NULL ||
                    imp_device_folder_verify_slot (folder, state->running_slot, state->size, state->digest, NULL);

  state->checks_off = 0;
  if (runs_before (folder, state->before))
    imp_device_state_go_back (state);
  else if (state->before != NULL || !intact)
    imp_device_state_forget (state);
}

static void
apply (ImpDeviceFolder *folder,
       ImpDeviceState  *state,
       const Job       *job)
{
  switch (job->change)
    {
    case IMP_DEVICE_SET_CHECKS:
      state->checks_off = job->checks_off;
      break;

    case IMP_DEVICE_RESTORE:
      restore (folder, state);
      break;

    case IMP_DEVICE_RESET:
      imp_device_state_forget (state);
      break;

    default:
      g_assert_not_reached ();
    }
}

static ImpDeviceState *
change (ImpDeviceFolder  *folder,
        const Job        *job,
        GError          **error)
{
  g_autoptr(ImpDeviceState) state = NULL;

  if (!imp_device_folder_lock (folder, error))
    return NULL;

  state = imp_device_state_load (folder, error);
  if (state != NULL)
    {
      apply (folder, state, job);
      if (!imp_device_state_save (state, folder, error))
        g_clear_pointer (&state, imp_device_state_free);
    }
  imp_device_folder_unlock (folder);

  return g_steal_pointer (&state);
}

static void
change_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  ImpDevice *self = source_object;
  Job *job = task_data;
  GError *error = NULL;

  job->known = change (self->folder, job, &error);
  if (job->known != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * imp_device_change_async:
 * @self: a device that is idle
 * @change: what to change
 * @checks_off: which checks are off, for %IMP_DEVICE_SET_CHECKS
 * @callback: called once
 * @user_data: data for @callback
 *
 * Changes what a device is for a rehearsal. It is durable, so that no restart hides it.
 */
void
imp_device_change_async (ImpDevice           *self,
                         ImpDeviceChange      change,
                         guint                checks_off,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (IMP_IS_DEVICE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, imp_device_change_async);

  if (self->updating)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_BUSY, "the device is being updated");
      return;
    }

  if (checks_off & (IMP_CHECK_BIT (IMP_CHECK_FORMAT) | ~IMP_CHECKS_ALL))
    {
      g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_REFUSED,
                               "check 1 cannot be switched off: without it there is nothing to install");
      return;
    }

  job = g_new0 (Job, 1);
  job->change = change;
  job->checks_off = checks_off;
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_task_run_in_thread (task, change_thread);
}

/**
 * imp_device_change_finish:
 * @self: a device
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a change.
 *
 * Returns: whether it is made
 */
gboolean
imp_device_change_finish (ImpDevice     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  Job *job = g_task_get_task_data (G_TASK (result));

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  if (job->change != IMP_DEVICE_SET_CHECKS)
    g_clear_pointer (&self->damage, g_free);
  imp_device_set_known (self, g_steal_pointer (&job->known));

  return TRUE;
}

static void
digest_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  ImpDevice *self = source_object;
  GError *error = NULL;
  char *digest = imp_device_folder_digest_slot (self->folder, GPOINTER_TO_INT (task_data), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, digest, g_free);
}

/**
 * imp_device_digest_async:
 * @self: a device
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Computes the SHA-384 of what is in the running slot, whatever the device believes to be there.
 */
void
imp_device_digest_async (ImpDevice           *self,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, imp_device_digest_async);
  g_task_set_task_data (task, GINT_TO_POINTER (self->known->running_slot), NULL);
  g_task_run_in_thread (task, digest_thread);
}

/**
 * imp_device_digest_finish:
 * @self: a device
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the digest in hex, or `NULL` for a slot that is not there, or with
 *   @error set
 */
char *
imp_device_digest_finish (ImpDevice     *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
