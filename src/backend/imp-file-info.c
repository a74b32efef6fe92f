/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-file-info.h"

#include "imp-digest.h"
#include "imp-firmware-file.h"
#include "imp-firmware-format.h"
#include "imp-progress.h"
#include "imp-version-search.h"

#define BLOCK_SIZE (1024 * 1024)

typedef struct
{
  GFile       *file;      /* (owned) */
  ImpProgress *progress;  /* (owned) */
} Reading;

static void
reading_free (Reading *reading)
{
  g_object_unref (reading->file);
  imp_progress_end (reading->progress);
  g_free (reading);
}

/**
 * imp_file_info_free:
 * @self: (transfer full): what a file is, not `NULL`
 *
 * Frees it and its texts.
 */
void
imp_file_info_free (ImpFileInfo *self)
{
  g_free (self->format);
  g_free (self->format_id);
  g_free (self->version);
  g_free (self->sha384);
  g_free (self);
}

static void
look_at_head (ImpFileInfo  *info,
              const guint8 *head,
              gsize         size)
{
  info->format_id = g_strdup (imp_firmware_format_detect (head, size, &info->format));
  info->version = imp_firmware_version_in_head (head, size);
}

static gboolean
read_through (ImpFileInfo      *info,
              ImpFirmwareFile  *file,
              ImpVersionSearch *search,
              ImpProgress      *progress,
              GCancellable     *cancellable,
              GError          **error)
{
  g_autoptr(ImpDigest) digest = imp_digest_new (IMP_DIGEST_SHA384);
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  guint64 done = 0;
  gssize n_read;

  while ((n_read = imp_firmware_file_read (file, block, BLOCK_SIZE, cancellable, error)) > 0)
    {
      if (done == 0)
        look_at_head (info, block, n_read);
      imp_version_search_feed (search, block, n_read);
      imp_digest_update (digest, block, n_read);
      done += n_read;
      imp_progress_report (progress, done, imp_firmware_file_get_size (file));
    }

  if (n_read < 0)
    return FALSE;

  if (done == 0)
    return imp_firmware_file_refuse_empty (file, error);

  info->size = done;
  info->sha384 = imp_digest_finish_hex (digest);
  return TRUE;
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Reading *reading = task_data;
  g_autoptr(ImpFileInfo) info = g_new0 (ImpFileInfo, 1);
  g_autoptr(ImpFirmwareFile) file = NULL;
  g_autofree char *version = NULL;
  g_autoptr(GError) error = NULL;
  ImpVersionSearch *search = imp_version_search_new ();
  gboolean done;

  done = (file = imp_firmware_file_open (reading->file, cancellable, &error)) != NULL &&
         read_through (info, file, search, reading->progress, cancellable, &error);
  version = imp_version_search_end (search);

  if (!done)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (info->version == NULL)
    info->version = g_steal_pointer (&version);
  g_task_return_pointer (task, g_steal_pointer (&info), (GDestroyNotify) imp_file_info_free);
}

/**
 * imp_file_info_async:
 * @file: a firmware file
 * @cancellable: (nullable): cancels the reading
 * @progress: (nullable): told how many bytes are read, of how many
 * @progress_data: data for @progress
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads a file once and says what it is: size, SHA-384, format, and the version that stands in it.
 *
 * A file that changes meanwhile is `G_IO_ERROR_BUSY`; folders, devices, pipes and empty files are
 * refused.
 */
void
imp_file_info_async (GFile                 *file,
                     GCancellable          *cancellable,
                     GFileProgressCallback  progress,
                     gpointer               progress_data,
                     GAsyncReadyCallback    callback,
                     gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  Reading *reading;

  g_return_if_fail (G_IS_FILE (file));

  reading = g_new0 (Reading, 1);
  reading->file = g_object_ref (file);
  reading->progress = imp_progress_new (progress, progress_data);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_file_info_async);
  g_task_set_task_data (task, reading, (GDestroyNotify) reading_free);
  g_task_run_in_thread (task, read_thread);
}

/**
 * imp_file_info_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what the file is, or `NULL` with @error set
 */
ImpFileInfo *
imp_file_info_finish (GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
