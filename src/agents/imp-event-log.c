/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-event-log.h"

#include "imp-event-stream.h"
#include "imp-json.h"

#define MAX_LISTENERS     64
#define MAX_PENDING       (1024 * 1024)  /* bytes that a listener may leave unread */
#define HEARTBEAT_SECONDS 15

/**
 * ImpEventLog:
 *
 * Server-sent events: the last thousand are kept, so that a listener who was away for a moment
 * misses nothing.
 *
 * Ids go on from the time at which the agent started, so an id of an earlier run is never taken
 * for one of this run: such a listener is told `reset` and reads the state anew.
 */
struct _ImpEventLog
{
  GObject parent_instance;

  GQueue events;         /* (owned) (element-type ImpEvent), oldest first */
  guint64 last_id;
  GPtrArray *listeners;  /* (owned) (element-type Listener) */
  guint heartbeat_id;
};

typedef struct
{
  ImpEventLog *log;
  ImpRequest *request;  /* (owned) */
  gsize pending;
} Listener;

G_DEFINE_FINAL_TYPE (ImpEventLog, imp_event_log, G_TYPE_OBJECT)

static void
listener_free (Listener *listener)
{
  SoupServerMessage *message = imp_request_get_message (listener->request);

  g_signal_handlers_disconnect_by_data (message, listener);
  g_signal_handlers_disconnect_by_data (listener->request, listener);
  g_object_unref (listener->request);
  g_free (listener);
}

/* One who does not read is cut off: it will come back with the id of what it read last. Listeners that
 * are behind share what waits for them.
 */
static void
send_bytes (Listener *listener,
            GBytes   *bytes)
{
  SoupServerMessage *message = imp_request_get_message (listener->request);

  if (imp_request_is_over (listener->request))
    return;

  listener->pending += g_bytes_get_size (bytes);
  if (listener->pending > MAX_PENDING)
    {
      imp_request_abort (listener->request);
      return;
    }

  soup_message_body_append_bytes (soup_server_message_get_response_body (message), bytes);
  soup_server_message_unpause (message);
}

static GBytes *
format_event (const ImpEvent *event)
{
  char *text = imp_event_format (event);

  return g_bytes_new_take (text, strlen (text));
}

static void
send_event (Listener       *listener,
            const ImpEvent *event)
{
  g_autoptr(GBytes) bytes = format_event (event);

  send_bytes (listener, bytes);
}

static void
send_heartbeat (Listener *listener)
{
  static const char comment[] = ": \n\n";
  g_autoptr(GBytes) bytes = g_bytes_new_static (comment, strlen (comment));

  send_bytes (listener, bytes);
}

/* A listener that has gone is noticed only by writing to it. */
static gboolean
heartbeat_cb (gpointer user_data)
{
  ImpEventLog *self = user_data;

  for (guint i = self->listeners->len; i > 0; i--)
    send_heartbeat (g_ptr_array_index (self->listeners, i - 1));

  return G_SOURCE_CONTINUE;
}

static void
wrote_body_data_cb (SoupServerMessage *message,
                    guint              size,
                    gpointer           user_data)
{
  Listener *listener = user_data;

  listener->pending -= MIN (listener->pending, size);
}

static void
over_cb (ImpRequest *request,
         guint       status,
         gpointer    user_data)
{
  Listener *listener = user_data;
  ImpEventLog *self = listener->log;

  g_ptr_array_remove_fast (self->listeners, listener);
  if (self->listeners->len == 0)
    g_clear_handle_id (&self->heartbeat_id, g_source_remove);
}

static gboolean
remembers (ImpEventLog *self,
           guint64      id)
{
  const ImpEvent *oldest = g_queue_peek_head (&self->events);

  return id <= self->last_id && (oldest == NULL ? id == self->last_id : id + 1 >= oldest->id);
}

static void
send_reset (ImpEventLog *self,
            Listener    *listener)
{
  g_autoptr(ImpEvent) event = imp_event_new (self->last_id, "reset", "{}");

  send_event (listener, event);
}

static void
resume (ImpEventLog *self,
        Listener    *listener)
{
  const char *last = imp_request_get_header (listener->request, "Last-Event-ID");
  guint64 id;

  if (last == NULL)
    {
      send_heartbeat (listener);
      return;
    }

  if (!g_ascii_string_to_unsigned (last, 10, 0, G_MAXUINT64 - 1, &id, NULL) ||
      !remembers (self, id))
    {
      send_reset (self, listener);
      return;
    }

  send_heartbeat (listener);
  for (GList *l = self->events.head; l != NULL; l = l->next)
    {
      const ImpEvent *event = l->data;

      if (event->id > id)
        send_event (listener, event);
    }
}

static void
imp_event_log_finalize (GObject *object)
{
  ImpEventLog *self = IMP_EVENT_LOG (object);

  g_clear_handle_id (&self->heartbeat_id, g_source_remove);
  g_ptr_array_unref (self->listeners);
  g_queue_clear_full (&self->events, (GDestroyNotify) imp_event_free);

  G_OBJECT_CLASS (imp_event_log_parent_class)->finalize (object);
}

static void
imp_event_log_class_init (ImpEventLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_event_log_finalize;
}

static void
imp_event_log_init (ImpEventLog *self)
{
  g_queue_init (&self->events);
  self->last_id = g_get_real_time ();
  self->listeners = g_ptr_array_new_with_free_func ((GDestroyNotify) listener_free);
}

/**
 * imp_event_log_new:
 *
 * Makes a log without events. The number of the first comes from the clock.
 *
 * Returns: (transfer full): the log
 */
ImpEventLog *
imp_event_log_new (void)
{
  return g_object_new (IMP_TYPE_EVENT_LOG, NULL);
}

/**
 * imp_event_log_append:
 * @self: an event log
 * @name: what happened
 * @data: a JSON object
 *
 * Tells everyone who listens.
 */
void
imp_event_log_append (ImpEventLog *self,
                      const char  *name,
                      JsonNode    *data)
{
  g_autofree char *text = NULL;
  g_autoptr(GBytes) bytes = NULL;
  ImpEvent *event;

  g_return_if_fail (IMP_IS_EVENT_LOG (self));
  g_return_if_fail (name != NULL);
  g_return_if_fail (data != NULL);

  text = imp_json_canonicalize (data);
  event = imp_event_new (++self->last_id, name, text);
  g_queue_push_tail (&self->events, event);

  if (g_queue_get_length (&self->events) > IMP_EVENT_LOG_SIZE)
    imp_event_free (g_queue_pop_head (&self->events));

  bytes = format_event (event);
  for (guint i = self->listeners->len; i > 0; i--)
    send_bytes (g_ptr_array_index (self->listeners, i - 1), bytes);
}

/**
 * imp_event_log_serve:
 * @self: an event log
 * @request: a request for the events, not answered yet
 *
 * Sends @request the events from now on, or from its `Last-Event-ID` on.
 */
void
imp_event_log_serve (ImpEventLog *self,
                     ImpRequest  *request)
{
  SoupServerMessage *message;
  SoupMessageHeaders *headers;
  Listener *listener;

  g_return_if_fail (IMP_IS_EVENT_LOG (self));
  g_return_if_fail (IMP_IS_REQUEST (request));

  if (self->listeners->len >= MAX_LISTENERS)
    {
      imp_request_reply_status (request, SOUP_STATUS_SERVICE_UNAVAILABLE,
                                "too many listeners; try again later");
      return;
    }

  message = imp_request_get_message (request);
  headers = soup_server_message_get_response_headers (message);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_headers_set_content_type (headers, "text/event-stream", NULL);
  soup_message_headers_replace (headers, "Cache-Control", "no-store");

  listener = g_new0 (Listener, 1);
  listener->log = self;
  listener->request = g_object_ref (request);
  g_ptr_array_add (self->listeners, listener);
  g_signal_connect (request, "over", G_CALLBACK (over_cb), listener);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), listener);

  if (self->heartbeat_id == 0)
    self->heartbeat_id = g_timeout_add_seconds (HEARTBEAT_SECONDS, heartbeat_cb, self);

  imp_request_begin_stream (request, SOUP_STATUS_OK);
  resume (self, listener);
}

/**
 * imp_event_log_count_listeners:
 * @self: a log
 *
 * Returns: how many are following it now
 */
guint
imp_event_log_count_listeners (ImpEventLog *self)
{
  g_return_val_if_fail (IMP_IS_EVENT_LOG (self), 0);

  return self->listeners->len;
}
