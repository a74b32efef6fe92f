/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-download.h"

#include "imp-error.h"

#define CHUNK_SIZE (512 * 1024)
#define MAX_QUEUED 2  /* chunks: one is sent while the next is read */

/* One payload on its way out. */
typedef struct
{
  ImpRequest *request;    /* (owned) */
  GInputStream *payload;  /* (owned) */
  guint64 left;           /* bytes to read */
  guint64 unsent;
  guint64 sent;
  guint queued;
  gboolean reading;
  gboolean failed;
  gboolean over;
  ImpDownloadFunc func;
  gpointer user_data;
} Download;

static void
download_free (Download *download)
{
  SoupServerMessage *message = imp_request_get_message (download->request);

  g_signal_handlers_disconnect_by_data (message, download);
  g_signal_handlers_disconnect_by_data (download->request, download);
  g_object_unref (download->request);
  g_object_unref (download->payload);
  g_free (download);
}

static void
finish (Download *download)
{
  ImpDownloadOutcome outcome = IMP_DOWNLOAD_COMPLETE;

  if (download->failed)
    outcome = IMP_DOWNLOAD_FAILED;
  else if (download->unsent > 0)
    outcome = IMP_DOWNLOAD_CUT;

  download->func (outcome, download->sent, download->user_data);
  download_free (download);
}

static void
over_cb (ImpRequest *request,
         guint       status,
         Download   *download)
{
  download->over = TRUE;
  if (!download->reading)
    finish (download);
}

static void
wrote_body_data_cb (SoupServerMessage *message,
                    guint              size,
                    Download          *download)
{
  download->sent += size;
  download->unsent -= MIN (download->unsent, size);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  gsize size = GPOINTER_TO_SIZE (task_data);
  g_autofree guint8 *data = g_malloc (size);
  GError *error = NULL;
  gsize length;

  if (!g_input_stream_read_all (source_object, data, size, &length, cancellable, &error))
    g_task_return_error (task, error);
  else if (length < size)
    g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_CORRUPT,
                             "the payload is shorter than its size");
  else
    g_task_return_pointer (task, g_bytes_new_take (g_steal_pointer (&data), size),
                           (GDestroyNotify) g_bytes_unref);
}

static void read_next (Download *download);

/* Nothing else than a connection that breaks off tells a client that what it has is not whole. */
static void
fail (Download     *download,
      const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("A payload cannot be sent: %s", error->message);

  download->failed = TRUE;
  imp_request_abort (download->request);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Download *download = user_data;
  SoupServerMessage *message = imp_request_get_message (download->request);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);

  download->reading = FALSE;
  if (download->over)
    {
      finish (download);
      return;
    }
  if (bytes == NULL)
    {
      fail (download, error);
      return;
    }

  download->left -= g_bytes_get_size (bytes);
  download->queued++;
  soup_message_body_append_bytes (body, bytes);
  if (download->left == 0)
    soup_message_body_complete (body);

  soup_server_message_unpause (message);
  read_next (download);
}

static void
read_next (Download *download)
{
  g_autoptr(GTask) task = NULL;

  if (download->reading || download->left == 0 || download->queued >= MAX_QUEUED)
    return;

  download->reading = TRUE;
  task = g_task_new (download->payload, NULL, read_cb, download);
  g_task_set_source_tag (task, read_next);
  g_task_set_task_data (task, GSIZE_TO_POINTER (MIN (download->left, CHUNK_SIZE)), NULL);
  g_task_run_in_thread (task, read_thread);
}

static void
wrote_chunk_cb (SoupServerMessage *message,
                Download          *download)
{
  download->queued--;
  if (!download->failed)
    read_next (download);
}

typedef enum
{
  RANGE_NONE,
  RANGE_ONE,
  RANGE_UNSATISFIABLE,
} RangeKind;

/* Several ranges, or a form that is not ours, get the whole, as RFC 9110 allows. */
static RangeKind
parse_range (ImpRequest *request,
             guint64     size,
             const char *etag,
             guint64    *offset,
             guint64    *length)
{
  SoupServerMessage *message = imp_request_get_message (request);
  const char *text = imp_request_get_header (request, "Range");
  const char *condition = imp_request_get_header (request, "If-Range");
  SoupRange *ranges;
  int n_ranges;
  RangeKind kind = RANGE_NONE;

  if (text == NULL || !g_str_has_prefix (text, "bytes=") || strchr (text, ',') != NULL ||
      soup_server_message_get_method (message) != SOUP_METHOD_GET ||
      (condition != NULL && g_strcmp0 (condition, etag) != 0))
    return RANGE_NONE;

  if (!soup_message_headers_get_ranges (soup_server_message_get_request_headers (message), size,
                                        &ranges, &n_ranges))
    return RANGE_NONE;

  if (n_ranges == 1)
    {
      kind = RANGE_UNSATISFIABLE;
      if (ranges[0].start >= 0 && ranges[0].end >= ranges[0].start &&
          (guint64) ranges[0].start < size)
        {
          kind = RANGE_ONE;
          *offset = ranges[0].start;
          *length = MIN ((guint64) ranges[0].end, size - 1) - *offset + 1;
        }
    }

  soup_message_headers_free_ranges (soup_server_message_get_request_headers (message), ranges);
  return kind;
}

static void
reply_unsatisfiable (ImpRequest *request,
                     guint64     size)
{
  SoupServerMessage *message = imp_request_get_message (request);
  g_autofree char *range = g_strdup_printf ("bytes */%" G_GUINT64_FORMAT, size);

  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Content-Range", range);
  imp_request_reply_status (request, SOUP_STATUS_REQUESTED_RANGE_NOT_SATISFIABLE,
                            "the payload has no such bytes");
}

static void
set_headers (ImpRequest *request,
             guint64     size,
             guint64     length,
             const char *etag)
{
  SoupServerMessage *message = imp_request_get_message (request);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_set_content_type (headers, "application/octet-stream", NULL);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  soup_message_headers_set_content_length (headers, length);
  if (etag != NULL)
    {
      soup_message_headers_replace (headers, "ETag", etag);
      soup_message_headers_replace (headers, "Cache-Control", "public, max-age=31536000, immutable");
    }
}

/**
 * imp_download_reply_head:
 * @request: a HEAD request that has not been answered
 * @size: the number of the bytes
 * @etag: the entity tag, quoted
 *
 * Says what a GET would send.
 */
void
imp_download_reply_head (ImpRequest *request,
                         guint64     size,
                         const char *etag)
{
  g_return_if_fail (IMP_IS_REQUEST (request));

  set_headers (request, size, size, etag);
  imp_request_begin_stream (request, SOUP_STATUS_OK);
}

/**
 * imp_download_start:
 * @request: a request that has not been answered
 * @payload: the bytes, seekable
 * @size: their number
 * @etag: (nullable): the entity tag, quoted
 * @func: called once, when all is sent or no more will be
 * @user_data: data for @func
 *
 * Sends a payload, or the range of it that was asked for, in constant memory.
 */
void
imp_download_start (ImpRequest      *request,
                    GInputStream    *payload,
                    guint64          size,
                    const char      *etag,
                    ImpDownloadFunc  func,
                    gpointer         user_data)
{
  SoupServerMessage *message;
  guint64 offset = 0;
  guint64 length = size;
  RangeKind kind;
  Download *download;

  g_return_if_fail (IMP_IS_REQUEST (request));

  kind = parse_range (request, size, etag, &offset, &length);
  if (kind == RANGE_UNSATISFIABLE ||
      (offset > 0 &&
       !g_seekable_seek (G_SEEKABLE (payload), offset, G_SEEK_SET, NULL, NULL)))
    {
      reply_unsatisfiable (request, size);
      func (IMP_DOWNLOAD_FAILED, 0, user_data);
      return;
    }

  message = imp_request_get_message (request);
  download = g_new0 (Download, 1);
  download->request = g_object_ref (request);
  download->payload = g_object_ref (payload);
  download->left = length;
  download->unsent = length;
  download->func = func;
  download->user_data = user_data;
  g_signal_connect (request, "over", G_CALLBACK (over_cb), download);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), download);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), download);

  set_headers (request, size, length, etag);
  if (kind == RANGE_ONE)
    soup_message_headers_set_content_range (soup_server_message_get_response_headers (message),
                                            offset, offset + length - 1, size);

  imp_request_begin_stream (request, kind == RANGE_ONE ? SOUP_STATUS_PARTIAL_CONTENT
                                                       : SOUP_STATUS_OK);
  if (length == 0)
    soup_message_body_complete (soup_server_message_get_response_body (message));
  else
    read_next (download);
}
