/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fleet-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "imp-remove-tree.h"

/* What an update that was cancelled may take to let go of its device. */
#define PATIENCE (5 * G_TIME_SPAN_SECOND)
#define PAUSE    (20 * G_TIME_SPAN_MILLISECOND)

/* Devices on their way out. */
typedef struct
{
  GPtrArray *devices;  /* (owned) (element-type ImpDevice) */
  guint      n_gone;   /* of them, from the first */
} Removal;

static void
removal_free (Removal *removal)
{
  g_ptr_array_unref (removal->devices);
  g_free (removal);
}

static int
wait_for_folder (const char  *path,
                 GError     **error)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;
  int fd = imp_fleet_lock_folder (path);

  while (fd < 0 && g_get_monotonic_time () < end)
    {
      g_usleep (PAUSE);
      fd = imp_fleet_lock_folder (path);
    }

  if (fd < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "“%s” is in use", path);
  return fd;
}

/* Another name first: a folder that is half removed would be a damaged device at the next start. */
static gboolean
remove_device (ImpFleet    *self,
               ImpDevice   *device,
               GError     **error)
{
  const char *path = imp_device_get_directory (device);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *doomed_name = g_strconcat (IMP_FLEET_REMOVED_PREFIX, name, NULL);
  g_autofree char *doomed = g_build_filename (self->directory, doomed_name, NULL);
  gboolean removed = FALSE;
  int fd;

  /* Somebody else was faster. */
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    return TRUE;

  fd = wait_for_folder (path, error);
  if (fd < 0)
    return FALSE;

  if (g_rename (path, doomed) == 0)
    removed = imp_remove_tree (doomed, error);
  else
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", path,
                 g_strerror (errno));
  close (fd);

  return removed;
}

static void
remove_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Removal *removal = task_data;
  GError *error = NULL;

  while (removal->n_gone < removal->devices->len &&
         !g_cancellable_set_error_if_cancelled (cancellable, &error) &&
         remove_device (source_object, g_ptr_array_index (removal->devices, removal->n_gone), &error))
    removal->n_gone++;

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * imp_fleet_hide:
 * @self: a fleet
 * @devices: (element-type ImpDevice): some of its devices
 *
 * Takes devices out of the list, and cancels what they do. Their folders stay.
 */
void
imp_fleet_hide (ImpFleet  *self,
                GPtrArray *devices)
{
  g_return_if_fail (IMP_IS_FLEET (self));

  imp_fleet_take_out (self, devices);
}

/**
 * imp_fleet_show:
 * @self: a fleet
 * @devices: (element-type ImpDevice): devices that were hidden
 *
 * Takes devices into the list again.
 */
void
imp_fleet_show (ImpFleet  *self,
                GPtrArray *devices)
{
  g_return_if_fail (IMP_IS_FLEET (self));

  for (guint i = 0; i < devices->len; i++)
    g_hash_table_remove (self->known,
                         imp_device_get_directory (g_ptr_array_index (devices, i)));
  imp_fleet_merge (self, devices);
}

/**
 * imp_fleet_remove_async:
 * @self: a fleet
 * @devices: (element-type ImpDevice): some of its devices, hidden or not
 * @cancellable: (nullable): cancels it; those that are not removed yet are in the list again
 * @callback: called once
 * @user_data: data for @callback
 *
 * Takes devices out of the list at once, and removes their folders.
 */
void
imp_fleet_remove_async (ImpFleet            *self,
                        GPtrArray           *devices,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task;
  Removal *removal;

  g_return_if_fail (IMP_IS_FLEET (self));

  imp_fleet_take_out (self, devices);
  removal = g_new0 (Removal, 1);
  removal->devices = g_ptr_array_new_full (devices->len, g_object_unref);
  for (guint i = 0; i < devices->len; i++)
    g_ptr_array_add (removal->devices, g_object_ref (g_ptr_array_index (devices, i)));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_fleet_remove_async);
  g_task_set_task_data (task, removal, (GDestroyNotify) removal_free);
  imp_fleet_write (self, task, remove_thread);
}

/**
 * imp_fleet_remove_finish:
 * @self: a fleet
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Puts those that could not be removed into the list again.
 *
 * Returns: whether all are gone
 */
gboolean
imp_fleet_remove_finish (ImpFleet      *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  Removal *removal;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  removal = g_task_get_task_data (G_TASK (result));
  for (guint i = 0; i < removal->devices->len; i++)
    g_hash_table_remove (self->known,
                         imp_device_get_directory (g_ptr_array_index (removal->devices, i)));
  g_ptr_array_remove_range (removal->devices, 0, removal->n_gone);
  imp_fleet_merge (self, removal->devices);

  return g_task_propagate_boolean (G_TASK (result), error);
}
