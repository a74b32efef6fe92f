/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* syncfs() */

#include "imp-fleet-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "imp-error.h"
#include "imp-progress.h"
#include "imp-remove-tree.h"
#include "imp-state-file.h"

/* Devices are made all or none, beside the others and under no name of their own. What was written is made
 * durable once for all of them, and then each is given its name.
 */
typedef struct
{
  ImpDeviceConfig  config;    /* (owned) each string of it */
  guint            count;
  char            *staging;   /* (owned) (nullable): the folder where they are made */
  int              fd;        /* of it, locked */
  GPtrArray       *folders;   /* (owned) (element-type filename): those that have their name */
  GPtrArray       *devices;   /* (owned) (element-type ImpDevice) */
  ImpProgress     *progress;  /* (owned) */
} Addition;

static void
addition_free (Addition *self)
{
  g_free ((char *) self->config.id);
  g_free ((char *) self->config.vendor_id);
  g_free ((char *) self->config.class_id);
  g_free ((char *) self->config.log_key);
  g_free ((char *) self->config.version);
  g_clear_object (&self->config.author);
  g_free (self->staging);
  if (self->fd >= 0)
    close (self->fd);
  g_ptr_array_unref (self->folders);
  g_ptr_array_unref (self->devices);
  imp_progress_end (self->progress);
  g_free (self);
}

static Addition *
addition_new (const ImpDeviceConfig *config,
              guint                  count,
              ImpProgress           *progress)
{
  Addition *self = g_new0 (Addition, 1);

  self->fd = -1;
  self->count = count;
  self->progress = progress;
  self->folders = g_ptr_array_new_with_free_func (g_free);
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
  self->config = *config;
  self->config.id = config->id != NULL ? g_strdup (config->id)
                                       : g_strdup_printf ("device-%06x", g_random_int () & 0xffffff);
  self->config.vendor_id = g_strdup (config->vendor_id);
  self->config.class_id = g_strdup (config->class_id);
  self->config.log_key = g_strdup (config->log_key);
  self->config.version = g_strdup (config->version);
  g_object_ref (self->config.author);

  return self;
}

static gboolean
set_file_error (GError     **error,
                int          saved_errno,
                const char  *path)
{
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "“%s”: %s", path,
               g_strerror (saved_errno));
  return FALSE;
}

static char *
make_id (Addition *self,
         guint     index)
{
  return self->count > 1 ? g_strdup_printf ("%s-%u", self->config.id, index + 1)
                         : g_strdup (self->config.id);
}

static gboolean
make_staging (Addition    *self,
              const char  *directory,
              GError     **error)
{
  if (!imp_state_make_dir (directory, error))
    return FALSE;

  self->staging = g_build_filename (directory, IMP_FLEET_NEW_PREFIX "XXXXXX", NULL);
  if (g_mkdtemp (self->staging) == NULL)
    return set_file_error (error, errno, self->staging);

  self->fd = imp_fleet_lock_folder (self->staging);
  return self->fd >= 0 || set_file_error (error, EBUSY, self->staging);
}

static gboolean
prepare (Addition      *self,
         guint          index,
         GCancellable  *cancellable,
         GError       **error)
{
  ImpDeviceConfig config = self->config;
  g_autofree char *id = make_id (self, index);
  g_autofree char *name = g_strdup_printf ("%u", index);
  g_autofree char *folder = g_build_filename (self->staging, name, NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  config.id = id;
  imp_progress_report (self->progress, index, 2 * self->count);
  return imp_device_prepare (folder, &config, error);
}

/* A folder that is there is not empty, so that it is not replaced. */
static gboolean
give_name (Addition  *self,
           ImpFleet  *fleet,
           guint      index,
           GError   **error)
{
  g_autofree char *id = make_id (self, index);
  g_autofree char *name = g_strdup_printf ("%u", index);
  g_autofree char *folder = g_build_filename (self->staging, name, NULL);
  g_autofree char *final = imp_fleet_build_folder (fleet, id);
  ImpDevice *device;

  if (rename (folder, final) != 0)
    {
      if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR)
        return set_file_error (error, errno, final);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a device “%s” already", id);
      return FALSE;
    }

  g_ptr_array_add (self->folders, g_strdup (final));
  device = imp_device_open (final, error);
  if (device == NULL)
    return FALSE;

  g_ptr_array_add (self->devices, device);
  imp_progress_report (self->progress, self->count + index + 1, 2 * self->count);
  return TRUE;
}

static gboolean
sync_directory (const char  *directory,
                GError     **error)
{
  int fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = fd >= 0 && fsync (fd) == 0;
  int saved_errno = errno;

  if (fd >= 0)
    close (fd);

  return synced || set_file_error (error, saved_errno, directory);
}

static gboolean
add (Addition      *self,
     ImpFleet      *fleet,
     GCancellable  *cancellable,
     GError       **error)
{
  if (!make_staging (self, fleet->directory, error))
    return FALSE;

  for (guint i = 0; i < self->count; i++)
    {
      if (!prepare (self, i, cancellable, error))
        return FALSE;
    }

  if (syncfs (self->fd) != 0)
    return set_file_error (error, errno, self->staging);

  for (guint i = 0; i < self->count; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !give_name (self, fleet, i, error))
        return FALSE;
    }

  return sync_directory (fleet->directory, error);
}

static void
add_thread (GTask        *task,
            gpointer      source_object,
            gpointer      task_data,
            GCancellable *cancellable)
{
  Addition *self = task_data;
  GError *error = NULL;
  gboolean added = add (self, source_object, cancellable, &error);

  for (guint i = 0; !added && i < self->folders->len; i++)
    imp_remove_tree (g_ptr_array_index (self->folders, i), NULL);
  if (self->staging != NULL)
    imp_remove_tree (self->staging, NULL);

  if (added)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * imp_fleet_add_async:
 * @self: a fleet
 * @config: what the devices are
 * @count: how many
 * @progress: (nullable): told of how much is done, in no unit
 * @progress_data: data for @progress
 * @cancellable: (nullable): cancels it, leaving none
 * @callback: called once
 * @user_data: data for @callback
 *
 * Makes devices, all or none. If there are several, each has “-1”, “-2”… behind its name.
 */
void
imp_fleet_add_async (ImpFleet              *self,
                     const ImpDeviceConfig *config,
                     guint                  count,
                     GFileProgressCallback  progress,
                     gpointer               progress_data,
                     GCancellable          *cancellable,
                     GAsyncReadyCallback    callback,
                     gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_FLEET (self));
  g_return_if_fail (config != NULL && config->class_id != NULL && IMP_IS_KEY (config->author));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_fleet_add_async);
  if (count == 0 || count > IMP_FLEET_MAX_DEVICES)
    g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_MALFORMED,
                             "a fleet grows by 1 to %d devices at once", IMP_FLEET_MAX_DEVICES);
  else if (count > IMP_FLEET_MAX_DEVICES - MIN (self->devices->len, IMP_FLEET_MAX_DEVICES))
    g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_MALFORMED,
                             "a fleet has %d devices at the most, and this one has %u",
                             IMP_FLEET_MAX_DEVICES, self->devices->len);
  else
    {
      g_task_set_task_data (task,
                            addition_new (config, count, imp_progress_new (progress, progress_data)),
                            (GDestroyNotify) addition_free);
      imp_fleet_write (self, g_steal_pointer (&task), add_thread);
    }
}

/**
 * imp_fleet_add_finish:
 * @self: a fleet
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Puts the new devices into the list.
 *
 * Returns: whether they were made; otherwise there is none of them
 */
gboolean
imp_fleet_add_finish (ImpFleet      *self,
                      GAsyncResult  *result,
                      GError       **error)
{
  Addition *addition;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  addition = g_task_get_task_data (G_TASK (result));
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  imp_fleet_merge (self, addition->devices);
  return TRUE;
}
