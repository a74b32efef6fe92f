/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-client-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "imp-error.h"
#include "imp-http.h"
#include "imp-payload-check.h"
#include "imp-problem.h"
#include "imp-progress.h"

#define BLOCK_SIZE (256 * 1024)
#define MAX_TEXT (16 * 1024 * 1024)

/* Bodies that are not JSON: text that is kept, and payloads that are not. Both are read in a thread
 * with a session of its own, where blocking reads of large blocks cost the main loop nothing.
 */
typedef struct
{
  char         *role;      /* (owned) */
  char         *url;       /* (owned) of the agent */
  SoupMessage  *message;   /* (owned) */
  GFile        *file;      /* (owned) (nullable) */
  char         *cid;       /* (owned) (nullable) */
  ImpProgress  *progress;  /* (owned) (nullable) */
} Download;

static void
download_free (Download *download)
{
  g_free (download->role);
  g_free (download->url);
  g_clear_object (&download->message);
  g_clear_object (&download->file);
  g_free (download->cid);
  g_clear_pointer (&download->progress, imp_progress_end);
  g_free (download);
}

/**
 * imp_read_body:
 * @stream: a reply
 * @limit: how many bytes it may have
 * @cancellable: (nullable): cancels the reading
 * @error: return location for an error
 *
 * Reads a reply whole, in the calling thread.
 *
 * Returns: (transfer full) (nullable): its bytes, or `NULL` with %IMP_ERROR_BAD_REPLY if there are more
 */
GBytes *
imp_read_body (GInputStream  *stream,
               gsize          limit,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(GByteArray) body = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  gssize n_read;

  while ((n_read = g_input_stream_read (stream, block, BLOCK_SIZE, cancellable, error)) > 0)
    {
      if (body->len + (gsize) n_read > limit)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                       "the reply is longer than %" G_GSIZE_FORMAT " bytes", limit);
          return NULL;
        }
      g_byte_array_append (body, block, n_read);
    }

  return n_read == 0 ? g_byte_array_free_to_bytes (g_steal_pointer (&body)) : NULL;
}

/* A refusal has a body that says why; what succeeds is still to be read. */
static GInputStream *
open_body (SoupSession   *session,
           SoupMessage   *message,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(GInputStream) stream = soup_session_send (session, message, cancellable, error);
  g_autoptr(GBytes) body = NULL;

  if (stream == NULL || SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    return g_steal_pointer (&stream);

  body = imp_read_body (stream, IMP_REPLY_MAX_SIZE, cancellable, error);
  if (body != NULL)
    imp_problem_check (message, body, error);

  return NULL;
}

static char *
read_text (Download      *download,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(SoupSession) session = imp_http_session_new ();
  g_autoptr(GInputStream) stream = open_body (session, download->message, cancellable, error);
  g_autoptr(GBytes) body = NULL;
  const char *text;
  gsize size;

  if (stream == NULL || !(body = imp_read_body (stream, MAX_TEXT, cancellable, error)))
    return NULL;

  text = g_bytes_get_data (body, &size);
  if (!g_utf8_validate_len (text, size, NULL))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the reply is not UTF-8 text");
      return NULL;
    }

  return g_strndup (text, size);
}

static void
text_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Download *download = task_data;
  GError *error = NULL;
  char *text = read_text (download, cancellable, &error);

  if (text != NULL)
    g_task_return_pointer (task, text, g_free);
  else
    {
      imp_agent_explain_error (download->role, download->url, &error);
      g_task_return_error (task, error);
    }
}

static GTask *
new_task (ImpAgentClient      *self,
          gpointer             source_tag,
          const char          *role,
          const char          *path,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Download *download = g_new0 (Download, 1);
  g_autoptr(GError) error = NULL;

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, download, (GDestroyNotify) download_free);
  download->role = g_strdup (role);
  download->url = g_strdup (imp_connection_get_url (imp_agent_client_get_connection (self), role));
  download->message = imp_agent_client_new_message (self, role, "GET", path, &error);
  if (download->message == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return NULL;
    }

  return g_steal_pointer (&task);
}

/**
 * imp_agent_client_get_text_async:
 * @self: a client
 * @role: which agent
 * @path: a path, with its query
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks for something that is text and no JSON: a checkpoint, metrics.
 */
void
imp_agent_client_get_text_async (ImpAgentClient      *self,
                                 const char          *role,
                                 const char          *path,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));

  task = new_task (self, imp_agent_client_get_text_async, role, path, cancellable, callback,
                   user_data);
  if (task != NULL)
    g_task_run_in_thread (task, text_thread);
}

char *
imp_agent_client_get_text_finish (ImpAgentClient  *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
write_all (int            fd,
           const guint8  *data,
           gsize          size,
           GError       **error)
{
  while (size > 0)
    {
      gssize n_written = write (fd, data, size);

      if (n_written < 0 && errno == EINTR)
        continue;
      if (n_written < 0)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
          return FALSE;
        }
      data += n_written;
      size -= n_written;
    }

  return TRUE;
}

static gboolean
copy_payload (Download      *download,
              GInputStream  *stream,
              int            fd,
              GCancellable  *cancellable,
              GError       **error)
{
  goffset length = soup_message_headers_get_content_length (
    soup_message_get_response_headers (download->message));
  g_autoptr(ImpPayloadCheck) check = imp_payload_check_new (download->cid, error);
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  guint64 done = 0;
  gssize n_read;

  if (check == NULL)
    return FALSE;

  /* A stream that does not say where it ends could fill the disk. */
  if (soup_message_headers_get_encoding (soup_message_get_response_headers (download->message)) !=
      SOUP_ENCODING_CONTENT_LENGTH)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                           "the reply does not say how long the payload is");
      return FALSE;
    }

  while ((n_read = g_input_stream_read (stream, block, BLOCK_SIZE, cancellable, error)) > 0)
    {
      if (!imp_payload_check_write (check, block, n_read, error) ||
          !write_all (fd, block, n_read, error))
        return FALSE;
      done += n_read;
      imp_progress_report (download->progress, done, length);
    }

  if (n_read < 0 || !imp_payload_check_end (check, NULL, error))
    return FALSE;

  if (fsync (fd) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s", g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

/* Beside the file, so that it can take its place in one step when it is whole. */
static gboolean
save_payload (Download      *download,
              GInputStream  *stream,
              GCancellable  *cancellable,
              GError       **error)
{
  const char *path = g_file_peek_path (download->file);
  g_autofree char *part = g_strconcat (path, ".XXXXXX", NULL);
  g_autofree char *shown = g_filename_display_name (path);
  int fd = g_mkstemp_full (part, O_RDWR | O_CLOEXEC, 0666);
  gboolean done;

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", shown,
                   g_strerror (errno));
      return FALSE;
    }

  done = copy_payload (download, stream, fd, cancellable, error);
  close (fd);
  if (done && g_rename (part, path) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", shown,
                   g_strerror (errno));
      done = FALSE;
    }
  if (!done)
    g_unlink (part);

  return done;
}

static void
download_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Download *download = task_data;
  g_autoptr(SoupSession) session = imp_http_session_new ();
  g_autoptr(GInputStream) stream = NULL;
  GError *error = NULL;

  stream = open_body (session, download->message, cancellable, &error);
  if (stream == NULL)
    imp_agent_explain_error (download->role, download->url, &error);
  else
    save_payload (download, stream, cancellable, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
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
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;
  Download *download;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (cid != NULL);
  g_return_if_fail (G_IS_FILE (file));

  escaped = g_uri_escape_string (cid, NULL, FALSE);
  path = g_strconcat ("/v1/payloads/", escaped, NULL);
  task = new_task (self, imp_agent_client_download_async, "retrieval", path, cancellable, callback,
                   user_data);
  if (task == NULL)
    return;

  if (g_file_peek_path (file) == NULL)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                               "a payload can only be saved into a folder of this computer");
      return;
    }

  download = g_task_get_task_data (task);
  download->cid = g_strdup (cid);
  download->file = g_object_ref (file);
  download->progress = imp_progress_new (progress, progress_data);
  g_task_run_in_thread (task, download_thread);
}

gboolean
imp_agent_client_download_finish (ImpAgentClient  *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
