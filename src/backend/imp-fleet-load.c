/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_DIRECTORY */

#include "imp-fleet-private.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "imp-remove-tree.h"

/* Devices that are shown together. Starting one reads its whole running image, and nobody should have to
 * wait for ten thousand of them to see the first.
 */
#define BATCH 256

/* A load, as its thread sees it. */
typedef struct
{
  ImpFleet  *fleet;     /* (owned) */
  GPtrArray *devices;   /* (owned) (element-type ImpDevice) */
} Batch;

static void
batch_free (Batch *batch)
{
  g_ptr_array_unref (batch->devices);
  g_object_unref (batch->fleet);
  g_free (batch);
}

static gboolean
batch_cb (gpointer user_data)
{
  Batch *batch = user_data;

  imp_fleet_merge (batch->fleet, batch->devices);

  return G_SOURCE_REMOVE;
}

static void
deliver (GTask     *task,
         ImpFleet  *self,
         GPtrArray *devices)
{
  g_autoptr(GSource) source = g_idle_source_new ();
  g_autofree Batch *batch = g_new (Batch, 1);

  batch->fleet = g_object_ref (self);
  batch->devices = devices;
  imp_fleet_sort_devices (devices);
  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, batch_cb, g_steal_pointer (&batch),
                         (GDestroyNotify) batch_free);
  g_source_attach (source, g_task_get_context (task));
}

/**
 * imp_fleet_lock_folder:
 * @path: a folder
 *
 * Returns: a file descriptor to close in the end, or -1 if there is no such folder, or somebody works in it
 */
int
imp_fleet_lock_folder (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  if (fd >= 0)
    close (fd);

  return -1;
}

/* What a process has left behind that ended while it added or removed devices. */
static void
sweep (const char *path)
{
  int fd = imp_fleet_lock_folder (path);

  if (fd < 0)
    return;

  imp_remove_tree (path, NULL);
  close (fd);
}

static GPtrArray *
list_folders (const char  *directory,
              GError     **error)
{
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GDir) dir = g_dir_open (directory, 0, error);
  const char *name;

  if (dir == NULL)
    return NULL;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      if (g_str_has_prefix (name, IMP_FLEET_NEW_PREFIX) ||
          g_str_has_prefix (name, IMP_FLEET_REMOVED_PREFIX))
        sweep (path);
      else if (name[0] != '.' && g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (folders, g_steal_pointer (&path));
    }

  return g_steal_pointer (&folders);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Those that cannot be read are left out; the first of them is named in the end. */
static void
open_devices (GTask         *task,
              ImpFleet      *self,
              GPtrArray     *folders,
              GCancellable  *cancellable,
              GError       **error)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GError) local_error = NULL;

  for (guint i = 0; i < folders->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      ImpDevice *device = imp_device_open (g_ptr_array_index (folders, i),
                                           local_error == NULL ? &local_error : NULL);

      if (device != NULL)
        g_ptr_array_add (devices, device);
      if (devices->len < BATCH)
        continue;

      deliver (task, self, devices);
      devices = g_ptr_array_new_with_free_func (g_object_unref);
    }

  deliver (task, self, devices);
  if (!g_cancellable_set_error_if_cancelled (cancellable, error) && local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  ImpFleet *self = source_object;
  GError *error = NULL;
  g_autoptr(GPtrArray) folders = list_folders (self->directory, &error);

  if (folders != NULL)
    {
      g_ptr_array_sort (folders, compare_names);
      open_devices (task, self, folders, cancellable, &error);
    }
  else if (g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    g_clear_error (&error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * imp_fleet_load_async:
 * @self: a fleet
 * @cancellable: (nullable): cancels the loading
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads the folders. Devices are in the list as soon as they are read; one that cannot be read is left out
 * and is the error at the end, with the others in the list all the same.
 */
void
imp_fleet_load_async (ImpFleet            *self,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_FLEET (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_fleet_load_async);
  g_task_run_in_thread (task, load_thread);
}

/**
 * imp_fleet_load_finish:
 * @self: a fleet
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether all could be read; those that could are in the list either way
 */
gboolean
imp_fleet_load_finish (ImpFleet      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
