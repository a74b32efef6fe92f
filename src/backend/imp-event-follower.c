/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-event-follower.h"

#include <libsoup/soup.h>

#include "imp-backoff.h"
#include "imp-event-stream.h"
#include "imp-http.h"
#include "imp-json.h"

#define BUFFER_SIZE (64 * 1024)
#define MAX_EVENT (1024 * 1024)

/* Longer than any agent is silent; after that the stream is taken up again where it was. */
#define IDLE_SECONDS 120

/* One reference is the owner’s, one is held by whatever is under way. */
struct _ImpEventFollower
{
  gatomicrefcount    ref_count;
  ImpConnection     *connection;  /* (owned) */
  char              *role;        /* (owned) */
  ImpAgentEventFunc  func;        /* (nullable): nobody listens any more */
  gpointer           user_data;   /* (unowned) */

  SoupSession       *session;     /* (owned) */
  GCancellable      *life;        /* (owned) */
  ImpEventReader    *reader;      /* (owned) (nullable) while a stream is open */
  GInputStream      *stream;      /* (owned) (nullable) */
  char              *url;         /* (owned) (nullable) where last_id comes from */
  guint64            last_id;
  ImpBackoff        *reconnect;   /* (owned) */
  char               buffer[BUFFER_SIZE];
};

static void read_on (ImpEventFollower *self);

static ImpEventFollower *
follower_ref (ImpEventFollower *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

static void
follower_unref (gpointer data)
{
  ImpEventFollower *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->reader, imp_event_reader_free);
  g_clear_object (&self->stream);
  g_clear_object (&self->session);
  g_clear_object (&self->life);
  g_clear_object (&self->connection);
  imp_backoff_free (self->reconnect);
  g_free (self->role);
  g_free (self->url);
  g_free (self);
}

static void
reconnect_later (ImpEventFollower *self)
{
  g_clear_pointer (&self->reader, imp_event_reader_free);
  g_clear_object (&self->stream);

  if (self->func != NULL)
    imp_backoff_wait (self->reconnect);
}

static void
event_cb (const ImpEvent *event,
          gpointer        user_data)
{
  ImpEventFollower *self = user_data;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;

  if (event->id != 0)
    self->last_id = event->id;

  node = imp_json_parse (event->data, -1, MAX_EVENT, &error);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    {
      g_debug ("event “%s” of the %s agent: %s", event->name, self->role,
               error != NULL ? error->message : "not an object");
      return;
    }

  if (self->func != NULL)
    self->func (event->name, json_node_get_object (node), self->user_data);
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  ImpEventFollower *self = user_data;
  g_autoptr(GError) error = NULL;
  gssize n_read = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &error);

  if (n_read > 0)
    {
      imp_backoff_reset (self->reconnect);
      if (self->func != NULL && imp_event_reader_feed (self->reader, self->buffer, n_read, &error))
        read_on (self);
      else
        reconnect_later (self);
    }
  else
    reconnect_later (self);

  if (error != NULL)
    g_debug ("events of the %s agent: %s", self->role, error->message);
  follower_unref (self);
}

static void
read_on (ImpEventFollower *self)
{
  g_input_stream_read_async (self->stream, self->buffer, BUFFER_SIZE, G_PRIORITY_DEFAULT,
                             self->life, read_cb, follower_ref (self));
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  ImpEventFollower *self = user_data;
  SoupSession *session = SOUP_SESSION (object);
  SoupMessage *message = soup_session_get_async_result_message (session, result);
  g_autoptr(GError) error = NULL;

  self->stream = soup_session_send_finish (session, result, &error);
  if (self->stream != NULL && soup_message_get_status (message) == SOUP_STATUS_OK &&
      self->func != NULL)
    {
      self->reader = imp_event_reader_new (event_cb, self);
      read_on (self);
    }
  else
    reconnect_later (self);

  follower_unref (self);
}

/* Ids count within one agent: another one, at another address, knows nothing of ours. */
static SoupMessage *
new_message (ImpEventFollower *self)
{
  const char *url = imp_connection_get_url (self->connection, self->role);
  SoupMessage *message = url != NULL ? imp_http_message_new ("GET", url, "/v1/events", NULL) : NULL;

  if (message == NULL)
    return NULL;

  if (g_strcmp0 (self->url, url) != 0)
    {
      g_free (self->url);
      self->url = g_strdup (url);
      self->last_id = 0;
    }

  soup_message_headers_append (soup_message_get_request_headers (message), "Accept",
                               "text/event-stream");
  if (self->last_id != 0)
    {
      g_autofree char *id = g_strdup_printf ("%" G_GUINT64_FORMAT, self->last_id);

      soup_message_headers_append (soup_message_get_request_headers (message), "Last-Event-ID", id);
    }

  return message;
}

static void
connect_stream (gpointer user_data)
{
  ImpEventFollower *self = user_data;
  g_autoptr(SoupMessage) message = new_message (self);

  if (message == NULL)
    reconnect_later (self);
  else
    soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, self->life, connected_cb,
                             follower_ref (self));
}

/**
 * imp_event_follower_new:
 * @connection: where the agent is, now and later
 * @role: which agent
 * @func: told each event, in this thread’s main context
 * @user_data: data for @func
 *
 * Listens to an agent’s events until it is freed.
 *
 * Returns: (transfer full): a follower
 */
ImpEventFollower *
imp_event_follower_new (ImpConnection     *connection,
                        const char        *role,
                        ImpAgentEventFunc  func,
                        gpointer           user_data)
{
  ImpEventFollower *self = g_new0 (ImpEventFollower, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->connection = g_object_ref (connection);
  self->role = g_strdup (role);
  self->func = func;
  self->user_data = user_data;
  self->life = g_cancellable_new ();
  self->reconnect = imp_backoff_new (connect_stream, self);

  /* A session of its own: a stream that is open for ever would hold one of the connections that
   * requests share, and is idle for longer than a request may be.
   */
  self->session = soup_session_new_with_options ("timeout", IDLE_SECONDS, NULL);
  connect_stream (self);

  return self;
}

/**
 * imp_event_follower_free:
 * @self: (transfer full): a follower
 *
 * Ends the following. The function is called no more, though the stream itself may take a moment to
 * close.
 */
void
imp_event_follower_free (ImpEventFollower *self)
{
  self->func = NULL;
  imp_backoff_cancel (self->reconnect);
  g_cancellable_cancel (self->life);
  follower_unref (self);
}
