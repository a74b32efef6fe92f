/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-client.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "imp-agent-sync.h"
#include "imp-error.h"
#include "imp-payload-check.h"
#include "imp-progress.h"

#define BLOCK_SIZE (256 * 1024)

/* Bodies that are not JSON: text that is kept, and payloads that are not. */
typedef struct
{
  ImpAgentSync *agent;     /* (owned) */
  char         *path;      /* (owned) */
  GFile        *file;      /* (owned) (nullable) */
  char         *cid;       /* (owned) (nullable) */
  guint64       max_size;  /* 0: any */
  ImpProgress  *progress;  /* (owned) (nullable) */
} Download;

static void
download_free (Download *download)
{
  g_clear_pointer (&download->agent, imp_agent_sync_free);
  g_free (download->path);
  g_clear_object (&download->file);
  g_free (download->cid);
  g_clear_pointer (&download->progress, imp_progress_end);
  g_free (download);
}

static GTask *
new_task (ImpAgentClient      *self,
          const char          *path,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Download *download = g_new0 (Download, 1);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, imp_agent_client_download_async);
  g_task_set_task_data (task, download, (GDestroyNotify) download_free);
  download->path = g_strdup (path);
  download->agent = imp_agent_sync_new (self, "retrieval", &error);
  if (download->agent == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return NULL;
    }

  return g_steal_pointer (&task);
}

static gboolean
fail_with_errno (const char  *path,
                 GError     **error)
{
  int saved_errno = errno;
  g_autofree char *shown = g_filename_display_name (path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno), "“%s”: %s", shown,
               g_strerror (saved_errno));
  return FALSE;
}

static gboolean
write_all (int           fd,
           const guint8 *data,
           gsize         size)
{
  while (size > 0)
    {
      gssize n_written = write (fd, data, size);

      if (n_written < 0 && errno == EINTR)
        continue;
      if (n_written < 0)
        return FALSE;
      data += n_written;
      size -= n_written;
    }

  return TRUE;
}

static gboolean
copy_payload (Download      *download,
              GInputStream  *stream,
              goffset        length,
              int            fd,
              const char    *part,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autoptr(ImpPayloadCheck) check = imp_payload_check_new (download->cid, error);
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  guint64 done = 0;
  gssize n_read;

  if (check == NULL)
    return FALSE;

  while ((n_read = g_input_stream_read (stream, block, BLOCK_SIZE, cancellable, error)) > 0)
    {
      if (!imp_payload_check_write (check, block, n_read, error))
        return FALSE;
      if (!write_all (fd, block, n_read))
        return fail_with_errno (part, error);
      done += n_read;
      imp_progress_report (download->progress, done, length);
    }

  if (n_read < 0 || !imp_payload_check_end (check, NULL, error))
    {
      imp_agent_sync_explain (download->agent, error);
      return FALSE;
    }

  return fsync (fd) == 0 || fail_with_errno (part, error);
}

/* Beside the file, so that it can take its place in one step when it is whole. */
static gboolean
save_payload (Download      *download,
              GInputStream  *stream,
              goffset        length,
              GCancellable  *cancellable,
              GError       **error)
{
  const char *path = g_file_peek_path (download->file);
  g_autofree char *part = g_strconcat (path, ".XXXXXX", NULL);
  int fd = g_mkstemp_full (part, O_RDWR | O_CLOEXEC, 0666);
  gboolean done;

  if (fd < 0)
    return fail_with_errno (path, error);

  done = copy_payload (download, stream, length, fd, part, cancellable, error);
  close (fd);
  if (done && g_rename (part, path) < 0)
    done = fail_with_errno (path, error);
  if (!done)
    g_unlink (part);

  return done;
}

static gboolean
download (Download      *download,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(GInputStream) stream = NULL;
  goffset length;

  stream = imp_agent_sync_open (download->agent, download->path, &length, cancellable, error);
  if (stream == NULL)
    return FALSE;

  /* A stream that does not say where it ends could fill the disk. */
  if (length < 0)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                           "the reply does not say how long the payload is");
      imp_agent_sync_explain (download->agent, error);
      return FALSE;
    }

  if (download->max_size > 0 && (guint64) length > download->max_size)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                   "the payload has %" G_GOFFSET_FORMAT " bytes, and its manifest says %"
                   G_GUINT64_FORMAT, length, download->max_size);
      imp_agent_sync_explain (download->agent, error);
      return FALSE;
    }

  return save_payload (download, stream, length, cancellable, error);
}

static char *
build_path (const char *cid)
{
  g_autofree char *escaped = g_uri_escape_string (cid, NULL, FALSE);

  return g_strconcat ("/v1/payloads/", escaped, NULL);
}

/**
 * imp_agent_sync_download:
 * @self: the retrieval agent
 * @cid: the payload’s CID
 * @file: a local file, which is replaced when the payload is whole and has that CID
 * @max_size: the most bytes that it may have
 * @progress: told how many bytes have come
 * @cancellable: (nullable): cancels the download
 * @error: return location for an error
 *
 * Fetches a payload into a file, in the calling thread.
 *
 * Returns: whether it is there
 */
gboolean
imp_agent_sync_download (ImpAgentSync  *self,
                         const char    *cid,
                         GFile         *file,
                         guint64        max_size,
                         ImpProgress   *progress,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autofree char *path = build_path (cid);
  Download work = { self, path, file, (char *) cid, max_size, progress };

  return download (&work, cancellable, error);
}

static void
download_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;

  if (download (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * imp_agent_client_download_async:
 * @self: a client
 * @cid: the payload’s CID
 * @file: a local file, which is replaced when the payload is whole and has that CID, and else not
 *   touched
 * @cancellable: (nullable): cancels the download
 * @progress: (nullable): told how many bytes have come, of how many
 * @progress_data: data for @progress
 * @callback: called once
 * @user_data: data for @callback
 *
 * Fetches a payload into a file.
 */
void
imp_agent_client_download_async (ImpAgentClient        *self,
                                 const char            *cid,
                                 GFile                 *file,
                                 GCancellable          *cancellable,
                                 GFileProgressCallback  progress,
                                 gpointer               progress_data,
                                 GAsyncReadyCallback    callback,
                                 gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autofree char *path = NULL;
  Download *work;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (cid != NULL);
  g_return_if_fail (G_IS_FILE (file));

  path = build_path (cid);
  task = new_task (self, path, cancellable, callback, user_data);
  if (task == NULL)
    return;

  if (g_file_peek_path (file) == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               "a payload can only be saved into a folder of this computer");
      return;
    }

  work = g_task_get_task_data (task);
  work->cid = g_strdup (cid);
  work->file = g_object_ref (file);
  work->progress = imp_progress_new (progress, progress_data);
  g_task_run_in_thread (task, download_thread);
}

/**
 * imp_agent_client_download_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the file has the payload now
 */
gboolean
imp_agent_client_download_finish (ImpAgentClient  *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
