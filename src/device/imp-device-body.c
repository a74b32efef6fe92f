/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-body.h"

#include "imp-error.h"
#include "imp-problem.h"

#define READ_SIZE (64 * 1024)

/* A line that drips would hold a device for days without ever being idle. */
const ImpDevicePace imp_device_default_pace = {
  .answer_seconds = 60,
  .idle_seconds = 30,
  .window_ms = 20 * 1000,
  .window_bytes = 20 * 1024,
};

/**
 * ImpDeviceBody:
 *
 * An answer's bytes, as long as they keep coming: a slow line is put up with, one that drips is not.
 */
struct _ImpDeviceBody
{
  SoupMessage           *message;      /* (owned) */
  GInputStream          *stream;       /* (owned) (nullable) */
  GCancellable          *cancellable;  /* (owned) (nullable) */
  ImpDevicePace          pace;
  gint64                 window_start;
  guint64                window_bytes;

  ImpDeviceExchangeFunc  exchange;
  gpointer               user_data;
  gint64                 started;
  guint64                bytes;
  char                  *failure;      /* (owned) (nullable) */
};

/**
 * imp_device_body_new:
 * @message: a request that is sent now
 * @pace: how patient the device is
 * @cancellable: (nullable): cancels reading
 * @exchange: what the exchange is told to in the end
 * @user_data: data for @exchange
 *
 * Returns: (transfer full): what will be answered
 */
ImpDeviceBody *
imp_device_body_new (SoupMessage           *message,
                     const ImpDevicePace   *pace,
                     GCancellable          *cancellable,
                     ImpDeviceExchangeFunc  exchange,
                     gpointer               user_data)
{
  ImpDeviceBody *self = g_new0 (ImpDeviceBody, 1);

  self->message = g_object_ref (message);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->pace = *pace;
  self->exchange = exchange;
  self->user_data = user_data;
  self->started = g_get_monotonic_time ();

  return self;
}

static char *
describe_request (SoupMessage *message)
{
  GUri *uri = soup_message_get_uri (message);
  const char *query = g_uri_get_query (uri);

  return g_strconcat (soup_message_get_method (message), " ", g_uri_get_path (uri),
                      query != NULL ? "?" : "", query, NULL);
}

static char *
describe_answer (ImpDeviceBody *self)
{
  guint status = soup_message_get_status (self->message);

  if (self->failure != NULL)
    return g_strdup (self->failure);

  return g_strdup_printf ("%u %s", status, soup_status_get_phrase (status));
}

/**
 * imp_device_body_free:
 * @self: (transfer full): a body, read to its end or not
 *
 * Tells of the exchange as a whole (what was asked, what came, in how many bytes and milliseconds), and
 * frees the body.
 */
void
imp_device_body_free (ImpDeviceBody *self)
{
  g_autofree char *request = describe_request (self->message);
  g_autofree char *answer = describe_answer (self);

  self->exchange (request, answer, self->bytes, (g_get_monotonic_time () - self->started) / 1000.0,
                  self->user_data);

  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_clear_object (&self->cancellable);
  g_free (self->failure);
  g_free (self);
}

/**
 * imp_device_body_begin:
 * @self: an answer
 * @stream: (transfer full) (nullable): its bytes, `NULL` if there is none
 * @error: (nullable): why there is none
 *
 * Tells that the answer begins, or that there will be none.
 *
 * Returns: whether there is an answer
 */
gboolean
imp_device_body_begin (ImpDeviceBody *self,
                       GInputStream  *stream,
                       const GError  *error)
{
  self->stream = stream;
  self->window_start = g_get_monotonic_time ();
  if (stream == NULL)
    self->failure = g_strdup (error->message);

  return stream != NULL;
}

/**
 * imp_device_body_get_length:
 * @self: an answer's bytes
 *
 * Returns: how many the agent has announced, or -1
 */
goffset
imp_device_body_get_length (ImpDeviceBody *self)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (self->message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH ?
         soup_message_headers_get_content_length (headers) : -1;
}

static gboolean
fail (ImpDeviceBody  *self,
      GError         *failure,
      GError        **error)
{
  self->failure = g_strdup (failure->message);
  g_propagate_error (error, failure);
  return FALSE;
}

static gboolean
check_pace (ImpDeviceBody  *self,
            gsize           n,
            GError        **error)
{
  gint64 now = g_get_monotonic_time ();

  self->window_bytes += n;
  if (now - self->window_start < (gint64) self->pace.window_ms * 1000)
    return TRUE;

  if (self->window_bytes < self->pace.window_bytes)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                   "the answer is too slow: %" G_GUINT64_FORMAT " bytes in %.1f s",
                   self->window_bytes, (now - self->window_start) / 1e6);
      return FALSE;
    }

  self->window_start = now;
  self->window_bytes = 0;
  return TRUE;
}

/**
 * imp_device_body_fill:
 * @self: an answer's bytes
 * @buffer: room for @size bytes
 * @size: how many are wanted
 * @filled: (out): how many there were, fewer only at the end
 * @error: return location for an error
 *
 * Reads the next bytes. Some may have been read even where it fails.
 *
 * Returns: whether it could
 */
gboolean
imp_device_body_fill (ImpDeviceBody  *self,
                      void           *buffer,
                      gsize           size,
                      gsize          *filled,
                      GError        **error)
{
  gssize n = 1;

  *filled = 0;
  while (*filled < size && n > 0)
    {
      g_autoptr(GError) local_error = NULL;

      n = g_input_stream_read (self->stream, (guint8 *) buffer + *filled, size - *filled,
                               self->cancellable, &local_error);
      if (n < 0 || !check_pace (self, n, &local_error))
        return fail (self, g_steal_pointer (&local_error), error);

      *filled += n;
      self->bytes += n;
    }

  return TRUE;
}

/**
 * imp_device_body_read_all:
 * @self: an answer that nothing was read of
 * @error: return location for an error
 *
 * Reads an answer that is not a payload, %IMP_REPLY_MAX_SIZE bytes at the most.
 *
 * Returns: (transfer full) (nullable): the bytes, or `NULL` with @error set
 */
GBytes *
imp_device_body_read_all (ImpDeviceBody  *self,
                          GError        **error)
{
  g_autoptr(GByteArray) bytes = g_byte_array_new ();
  gsize n;

  do
    {
      guint used = bytes->len;

      g_byte_array_set_size (bytes, used + READ_SIZE);
      if (!imp_device_body_fill (self, bytes->data + used, READ_SIZE, &n, error))
        return NULL;

      g_byte_array_set_size (bytes, used + n);
      if (bytes->len > IMP_REPLY_MAX_SIZE)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                       "the answer has more than %d bytes", IMP_REPLY_MAX_SIZE);
          return NULL;
        }
    }
  while (n == READ_SIZE);

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}
