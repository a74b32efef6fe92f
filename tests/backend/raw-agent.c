/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "raw-agent.h"

#include <string.h>

struct _RawAgent
{
  GSocketService *service;
  GCancellable   *life;
  RawHandler      handler;
  gpointer        user_data;
  char           *url;
  int             n_running;  /* atomic */
};

/* Byte by byte, so that nothing of the body is taken. */
static char *
read_head (GInputStream *in,
           GCancellable *life)
{
  GString *head = g_string_new (NULL);
  char c;

  while (!g_str_has_suffix (head->str, "\r\n\r\n"))
    {
      if (g_input_stream_read (in, &c, 1, life, NULL) != 1)
        {
          g_string_free (head, TRUE);
          return NULL;
        }
      g_string_append_c (head, c);
    }

  return g_string_free (head, FALSE);
}

static guint64
find_length (const char *head)
{
  g_autofree char *lower = g_ascii_strdown (head, -1);
  const char *at = strstr (lower, "\r\ncontent-length:");

  return at != NULL ? g_ascii_strtoull (at + strlen ("\r\ncontent-length:"), NULL, 10) : 0;
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                user_data)
{
  RawAgent *self = user_data;
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_autofree char *head = NULL;
  g_auto(GStrv) words = NULL;

  g_atomic_int_inc (&self->n_running);
  head = read_head (in, self->life);
  words = g_strsplit (head != NULL ? head : "", " ", 3);
  if (g_strv_length (words) == 3)
    {
      const RawRequest request = { self, words[0], words[1], head, find_length (head), in, out };

      self->handler (&request, self->user_data);
    }
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_atomic_int_add (&self->n_running, -1);

  return TRUE;
}

RawAgent *
raw_agent_new (RawHandler handler,
               gpointer   user_data)
{
  RawAgent *self = g_new0 (RawAgent, 1);
  g_autoptr(GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr(GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr(GSocketAddress) effective = NULL;
  g_autoptr(GError) error = NULL;

  self->life = g_cancellable_new ();
  self->handler = handler;
  self->user_data = user_data;
  self->service = g_threaded_socket_service_new (20);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_TCP, NULL, &effective, &error);
  g_assert_no_error (error);
  g_socket_service_start (self->service);
  self->url = g_strdup_printf ("http://127.0.0.1:%u", g_inet_socket_address_get_port (
                                                        G_INET_SOCKET_ADDRESS (effective)));

  return self;
}

void
raw_agent_free (RawAgent *self)
{
  g_cancellable_cancel (self->life);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  while (g_atomic_int_get (&self->n_running) > 0)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_object_unref (self->service);
  g_object_unref (self->life);
  g_free (self->url);
  g_free (self);
}

const char *
raw_agent_get_url (RawAgent *self)
{
  return self->url;
}

void
raw_agent_say (const RawRequest *request,
               const char       *text)
{
  g_output_stream_write_all (request->out, text, strlen (text), NULL, request->agent->life, NULL);
}

void
raw_agent_reply (const RawRequest *request,
                 const char       *status,
                 const char       *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
                                           "Connection: close\r\nContent-Length: %zu\r\n\r\n%s",
                                           status, strlen (body), body);

  raw_agent_say (request, text);
}

guint64
raw_agent_drain (const RawRequest *request,
                 guint64           size)
{
  g_autofree guint8 *block = g_malloc (64 * 1024);
  guint64 done = 0;
  gssize n_read;

  while (done < size &&
         (n_read = g_input_stream_read (request->in, block, MIN (size - done, 64 * 1024),
                                        request->agent->life, NULL)) > 0)
    done += n_read;

  return done;
}

void
raw_agent_hang (const RawRequest *request)
{
  char c;

  while (g_input_stream_read (request->in, &c, 1, request->agent->life, NULL) > 0)
    ;
}
