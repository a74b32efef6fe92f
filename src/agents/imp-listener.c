/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-listener.h"

#include <gio/gnetworking.h>

#define BACKLOG        128  /* connections that wait in the kernel while we are busy */
#define RETRY_INTERVAL 100  /* ms */

/**
 * ImpListener:
 *
 * Accepts connections and hands them to a SoupServer.
 *
 * SoupServer can listen by itself, but 3.2 never lets go of an accepted socket, keeps the file of a
 * connection that the client closed while it was idle, stops accepting for good when files run out,
 * and has no time-outs. A server to which connections are given closes each after one request, which
 * costs little where requests are few and payloads large.
 */
struct _ImpListener
{
  GObject parent_instance;

  SoupServer *server;   /* (owned) */
  GSocket *socket;      /* (owned) (nullable) */
  GSource *source;      /* (owned) (nullable) */
  GSocket *accepted;    /* (nullable) while it is being handed over */
  guint retry_id;
  guint idle_timeout;   /* s */
  guint max_connections;
  guint connections;
};

G_DEFINE_FINAL_TYPE (ImpListener, imp_listener, G_TYPE_OBJECT)

static const char connection_key[] = "imp-connection";
static const char deadline_key[] = "imp-deadline";
static const char socket_key[] = "imp-socket";

static void
end_source (gpointer data)
{
  GSource *source = data;

  g_source_destroy (source);
  g_source_unref (source);
}

static gboolean
deadline_cb (gpointer user_data)
{
  g_socket_shutdown (user_data, TRUE, TRUE, NULL);
  return G_SOURCE_REMOVE;
}

/* A time-out of the socket ends a silent connection; only a deadline ends one that sends a byte of
 * its headers now and then.
 */
static void
set_deadline (ImpListener       *self,
              SoupServerMessage *message)
{
  GSource *source = g_timeout_source_new_seconds (self->idle_timeout);

  g_source_set_callback (source, deadline_cb, g_object_ref (self->accepted), g_object_unref);
  g_source_attach (source, g_main_context_get_thread_default ());
  g_object_set_data_full (G_OBJECT (message), deadline_key, source, end_source);
}

static void
request_started_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    ImpListener       *self)
{
  if (self->accepted == NULL)
    return;

  g_object_set_data_full (G_OBJECT (message), socket_key, g_object_ref (self->accepted),
                          g_object_unref);
  set_deadline (self, message);
}

static void
connection_closed_cb (gpointer data)
{
  ImpListener *self = data;

  self->connections--;
  g_object_unref (self);
}

static void
hand_over (ImpListener *self,
           GSocket     *socket)
{
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GSocketAddress) local = g_socket_get_local_address (socket, NULL);
  g_autoptr(GSocketAddress) remote = g_socket_get_remote_address (socket, NULL);

  /* One that was reset before we came to it has no address any more. */
  if (local == NULL || remote == NULL || self->connections >= self->max_connections)
    return;

  self->connections++;
  g_object_set_data_full (G_OBJECT (socket), connection_key, g_object_ref (self),
                          connection_closed_cb);
  g_socket_set_timeout (socket, self->idle_timeout);
  g_socket_set_option (socket, IPPROTO_TCP, TCP_NODELAY, TRUE, NULL);

  connection = g_socket_connection_factory_create_connection (socket);
  self->accepted = socket;
  soup_server_accept_iostream (self->server, G_IO_STREAM (connection), local, remote, NULL);
  self->accepted = NULL;
}

static void watch (ImpListener *self);

static gboolean
retry_cb (gpointer user_data)
{
  ImpListener *self = user_data;

  self->retry_id = 0;
  watch (self);
  return G_SOURCE_REMOVE;
}

static gboolean
accept_cb (GSocket      *listening,
           GIOCondition  condition,
           gpointer      user_data)
{
  ImpListener *self = IMP_LISTENER (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSocket) socket = g_socket_accept (listening, NULL, &error);

  if (socket != NULL)
    {
      hand_over (self, socket);
      return G_SOURCE_CONTINUE;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
    return G_SOURCE_CONTINUE;

  /* Most likely there are no files left; the connection waits in the kernel meanwhile. */
  g_warning ("A connection cannot be accepted: %s", error->message);
  g_clear_pointer (&self->source, g_source_unref);
  self->retry_id = g_timeout_add (RETRY_INTERVAL, retry_cb, self);
  return G_SOURCE_REMOVE;
}

static void
watch (ImpListener *self)
{
  self->source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static void
imp_listener_dispose (GObject *object)
{
  ImpListener *self = IMP_LISTENER (object);

  imp_listener_close (self);
  g_clear_object (&self->server);

  G_OBJECT_CLASS (imp_listener_parent_class)->dispose (object);
}

static void
imp_listener_class_init (ImpListenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_listener_dispose;
}

static void
imp_listener_init (ImpListener *self)
{
}

/**
 * imp_listener_new:
 * @server: a server that does not listen by itself
 * @idle_timeout: the seconds that a connection may be silent, and that headers may take
 * @max_connections: how many there may be; more are closed at once
 *
 * Makes a listener.
 *
 * Returns: (transfer full): the listener
 */
ImpListener *
imp_listener_new (SoupServer *server,
                  guint       idle_timeout,
                  guint       max_connections)
{
  ImpListener *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server), NULL);

  self = g_object_new (IMP_TYPE_LISTENER, NULL);
  self->server = g_object_ref (server);
  self->idle_timeout = idle_timeout;
  self->max_connections = max_connections;
  g_signal_connect_object (server, "request-started", G_CALLBACK (request_started_cb), self, 0);
  return self;
}

/**
 * imp_listener_listen:
 * @self: a listener
 * @address: where; port 0 lets the system choose
 * @error: return location for an error
 *
 * Begins to accept.
 *
 * Returns: whether it listens
 */
gboolean
imp_listener_listen (ImpListener     *self,
                     GSocketAddress  *address,
                     GError         **error)
{
  g_autoptr(GSocket) socket = NULL;

  g_return_val_if_fail (IMP_IS_LISTENER (self), FALSE);
  g_return_val_if_fail (self->socket == NULL, FALSE);

  socket = g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_STREAM,
                         G_SOCKET_PROTOCOL_TCP, error);
  if (socket == NULL || !g_socket_bind (socket, address, TRUE, error))
    return FALSE;

  g_socket_set_listen_backlog (socket, BACKLOG);
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_listen (socket, error))
    return FALSE;

  self->socket = g_steal_pointer (&socket);
  watch (self);
  return TRUE;
}

/**
 * imp_listener_close:
 * @self: a listener
 *
 * Accepts no more. Connections that are open stay open.
 */
void
imp_listener_close (ImpListener *self)
{
  g_return_if_fail (IMP_IS_LISTENER (self));

  g_clear_handle_id (&self->retry_id, g_source_remove);
  g_clear_pointer (&self->source, end_source);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
  g_clear_object (&self->socket);
}

/**
 * imp_listener_dup_uri:
 * @self: a listener that listens
 *
 * Gets where the server can be asked.
 *
 * Returns: (transfer full): a URL without a path or a slash at its end
 */
char *
imp_listener_dup_uri (ImpListener *self)
{
  g_autoptr(GSocketAddress) address = NULL;
  g_autofree char *host = NULL;
  GInetSocketAddress *inet;

  g_return_val_if_fail (IMP_IS_LISTENER (self), NULL);
  g_return_val_if_fail (self->socket != NULL, NULL);

  address = g_socket_get_local_address (self->socket, NULL);
  inet = G_INET_SOCKET_ADDRESS (address);
  host = g_inet_address_to_string (g_inet_socket_address_get_address (inet));
  return g_uri_join (G_URI_FLAGS_NONE, "http", NULL, host, g_inet_socket_address_get_port (inet), "",
                     NULL, NULL);
}

/**
 * imp_listener_get_connections:
 * @self: a listener
 *
 * Returns: how many connections are open now
 */
guint
imp_listener_get_connections (ImpListener *self)
{
  g_return_val_if_fail (IMP_IS_LISTENER (self), 0);

  return self->connections;
}

/**
 * imp_message_get_socket:
 * @message: a message that came through a listener
 *
 * Gets the socket of the connection that @message came by.
 *
 * Returns: (transfer none): the socket
 */
GSocket *
imp_message_get_socket (SoupServerMessage *message)
{
  return g_object_get_data (G_OBJECT (message), socket_key);
}

/**
 * imp_message_end_deadline:
 * @message: a message whose headers have been read
 *
 * Lets the rest of @message take the time that it needs.
 */
void
imp_message_end_deadline (SoupServerMessage *message)
{
  g_object_set_data (G_OBJECT (message), deadline_key, NULL);
}
