/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-early-reply.h"

#include "imp-listener.h"

#define LINGER_SECONDS 20
#define LINGER_BYTES   (256 * 1024 * 1024)

/* libsoup answers a request only after it has read its whole body, so a refusal of a large one
 * takes the connection over, writes the answer, and then throws away what is still on its way:
 * closing a socket with unread bytes resets it, and the reset can overtake the answer. Clients that
 * look for an answer only when they have sent everything, libsoup's among them, get it too, unless
 * what they send is very large.
 */
typedef struct
{
  SoupServerMessage *message;  /* (owned) */
  GIOStream *stream;           /* (owned) (nullable) */
  GSocket *socket;             /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  GBytes *reply;               /* (owned) */
  guint timeout_id;
  gsize drained;
  guint8 buffer[64 * 1024];
} EarlyReply;

static void
early_reply_free (EarlyReply *self)
{
  g_clear_handle_id (&self->timeout_id, g_source_remove);

  if (self->stream != NULL)
    g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, NULL, NULL, NULL);

  g_clear_object (&self->stream);
  g_clear_object (&self->message);
  g_clear_object (&self->socket);
  g_clear_object (&self->cancellable);
  g_bytes_unref (self->reply);
  g_free (self);
}

static void drain (EarlyReply *self);

static void
drained_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  EarlyReply *self = user_data;
  gssize size = g_input_stream_read_finish (G_INPUT_STREAM (object), result, NULL);

  self->drained += MAX (size, 0);
  if (size > 0 && self->drained < LINGER_BYTES)
    drain (self);
  else
    early_reply_free (self);
}

static void
drain (EarlyReply *self)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream), self->buffer,
                             sizeof self->buffer, G_PRIORITY_DEFAULT, self->cancellable,
                             drained_cb, self);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  EarlyReply *self = user_data;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (object), result, NULL, NULL))
    {
      early_reply_free (self);
      return;
    }

  g_socket_shutdown (self->socket, FALSE, TRUE, NULL);
  drain (self);
}

static gboolean
timeout_cb (gpointer user_data)
{
  EarlyReply *self = user_data;

  self->timeout_id = 0;
  g_cancellable_cancel (self->cancellable);
  return G_SOURCE_REMOVE;
}

static gboolean
take_over_cb (gpointer user_data)
{
  EarlyReply *self = user_data;
  gconstpointer data;
  gsize size;

  self->stream = soup_server_message_steal_connection (self->message);
  if (self->stream == NULL)
    {
      early_reply_free (self);
      return G_SOURCE_REMOVE;
    }

  data = g_bytes_get_data (self->reply, &size);
  self->timeout_id = g_timeout_add_seconds (LINGER_SECONDS, timeout_cb, self);
  g_output_stream_write_all_async (g_io_stream_get_output_stream (self->stream), data, size,
                                   G_PRIORITY_DEFAULT, self->cancellable, written_cb, self);
  return G_SOURCE_REMOVE;
}

/**
 * imp_early_reply_send:
 * @message: a message whose body has not been read to its end
 * @reply: the reply's bytes as they go over the wire, with headers
 *
 * Answers @message now and closes its connection.
 */
void
imp_early_reply_send (SoupServerMessage *message,
                      GBytes            *reply)
{
  EarlyReply *self;

  g_return_if_fail (SOUP_IS_SERVER_MESSAGE (message));
  g_return_if_fail (reply != NULL);

  self = g_new0 (EarlyReply, 1);
  self->message = g_object_ref (message);
  self->socket = g_object_ref (imp_message_get_socket (message));
  self->cancellable = g_cancellable_new ();
  self->reply = g_bytes_ref (reply);

  /* We may be inside a signal of the message's own reading. */
  soup_server_message_pause (message);
  g_idle_add (take_over_cb, self);
}
