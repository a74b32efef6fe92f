/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-request-private.h"

#include "imp-error.h"
#include "imp-json.h"
#include "imp-listener.h"

#define MAX_ID_LENGTH 64

/**
 * ImpRequest:
 *
 * A request that an agent answers, once.
 *
 * It hides from handlers when libsoup wants to be paused: reading stops while the request is held,
 * writing begins when there is a reply, and a reply that comes before the body has been read closes
 * the connection instead of reading on.
 */
G_DEFINE_FINAL_TYPE (ImpRequest, imp_request, G_TYPE_OBJECT)

enum
{
  OVER,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Nobody waits for the reply any more: whatever is done for it may stop. */
void
imp_request_set_over (ImpRequest *self)
{
  if (self->over)
    return;

  self->over = TRUE;
  g_object_ref (self);
  g_cancellable_cancel (self->cancellable);
  g_signal_emit (self, signals[OVER], 0, self->status);
  g_object_unref (self);
}

static void
finished_cb (ImpRequest *self)
{
  imp_request_set_over (self);
}

static void
wrote_informational_cb (ImpRequest *self)
{
  self->continued = TRUE;
}

/* An id that a client gave to follow its own request: it is sent back, so it must be printable. */
static char *
dup_id (SoupMessageHeaders *headers)
{
  const char *id = soup_message_headers_get_one (headers, "X-Request-Id");

  if (id == NULL || *id == '\0' || strlen (id) > MAX_ID_LENGTH)
    return NULL;

  for (const char *c = id; *c != '\0'; c++)
    {
      if (!g_ascii_isgraph (*c) && *c != ' ')
        return NULL;
    }

  return g_strdup (id);
}

static void
imp_request_finalize (GObject *object)
{
  ImpRequest *self = IMP_REQUEST (object);

  g_object_unref (self->message);
  g_object_unref (self->cancellable);
  g_hash_table_unref (self->parameters);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self->id);

  G_OBJECT_CLASS (imp_request_parent_class)->finalize (object);
}

static void
imp_request_class_init (ImpRequestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_request_finalize;

  /**
   * ImpRequest::over:
   * @self: a request
   * @status: what was answered, 0 if nothing was
   *
   * The reply has been sent, or nobody is there to read it. Comes once.
   */
  signals[OVER] = g_signal_new ("over", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
imp_request_init (ImpRequest *self)
{
  self->cancellable = g_cancellable_new ();
  self->parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

/**
 * imp_request_new:
 * @message: a message whose headers have been read
 * @query: (nullable) (element-type utf8 utf8): its query
 * @style: how its errors are told
 *
 * Takes charge of @message.
 *
 * Returns: (transfer full): the request
 */
ImpRequest *
imp_request_new (SoupServerMessage *message,
                 GHashTable        *query,
                 ImpErrorStyle      style)
{
  ImpRequest *self;

  g_return_val_if_fail (SOUP_IS_SERVER_MESSAGE (message), NULL);

  self = g_object_new (IMP_TYPE_REQUEST, NULL);
  self->message = g_object_ref (message);
  self->query = query != NULL ? g_hash_table_ref (query) : NULL;
  self->style = style;
  self->id = dup_id (soup_server_message_get_request_headers (message));

  g_signal_connect_object (message, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (message, "wrote-informational", G_CALLBACK (wrote_informational_cb),
                           self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * imp_request_get_message:
 * @self: a request
 *
 * Returns: (transfer none): libsoup's side of it; pausing it is the request's own business
 */
SoupServerMessage *
imp_request_get_message (ImpRequest *self)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  return self->message;
}

/**
 * imp_request_get_cancellable:
 * @self: a request
 *
 * Gets what is cancelled when the request is over, however it ended.
 *
 * Returns: (transfer none): the cancellable
 */
GCancellable *
imp_request_get_cancellable (ImpRequest *self)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  return self->cancellable;
}

/**
 * imp_request_get_id:
 * @self: a request
 *
 * Gets the `X-Request-Id` that the client gave.
 *
 * Returns: (nullable): at most 64 printable characters
 */
const char *
imp_request_get_id (ImpRequest *self)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  return self->id;
}

/**
 * imp_request_dup_address:
 * @self: a request
 *
 * Gets where the request came from.
 *
 * Returns: (transfer full): a numeric address
 */
char *
imp_request_dup_address (ImpRequest *self)
{
  GSocketAddress *address;

  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  address = soup_server_message_get_remote_address (self->message);
  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return g_strdup ("unknown");

  return g_inet_address_to_string (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
}

/**
 * imp_request_is_over:
 * @self: a request
 *
 * Returns: whether the exchange has ended, be it that the reply went out or that the client went away
 */
gboolean
imp_request_is_over (ImpRequest *self)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), TRUE);

  return self->over;
}

/**
 * imp_request_is_pending:
 * @self: a request
 *
 * Says whether the request has been read and its reply has not gone out yet. One that is answered
 * with a stream is not waited for.
 *
 * Returns: whether a process should not end before this request is over
 */
gboolean
imp_request_is_pending (ImpRequest *self)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), FALSE);

  return self->body_read && !self->streaming && !self->over;
}

/**
 * imp_request_is_receiving:
 * @self: a request
 *
 * Says whether it is the other side’s turn to send more of the body.
 *
 * Returns: whether bytes are waited for
 */
gboolean
imp_request_is_receiving (ImpRequest *self)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), FALSE);

  return !self->body_read && !self->held && !self->replied && !self->over;
}

/**
 * imp_request_set_parameter:
 * @self: a request
 * @name: what stands between braces in the route's path
 * @value: the part of the path, unescaped
 *
 * Notes a part of the path, for [method@Imp.Request.get_parameter].
 */
void
imp_request_set_parameter (ImpRequest *self,
                           const char *name,
                           const char *value)
{
  g_return_if_fail (IMP_IS_REQUEST (self));

  g_hash_table_replace (self->parameters, g_strdup (name), g_strdup (value));
}

/**
 * imp_request_get_parameter:
 * @self: a request
 * @name: what stands between braces in the route's path
 *
 * Gets a part of the path.
 *
 * Returns: the part, unescaped
 */
const char *
imp_request_get_parameter (ImpRequest *self,
                           const char *name)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  return g_hash_table_lookup (self->parameters, name);
}

/**
 * imp_request_get_header:
 * @self: a request
 * @name: a header, in whatever case
 *
 * Returns: (transfer none) (nullable): its value, or `NULL` if it did not come
 */
const char *
imp_request_get_header (ImpRequest *self,
                        const char *name)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message),
                                       name);
}

/**
 * imp_request_set_body:
 * @self: a request
 * @body: the whole body
 *
 * Gives the request its body, which it takes a reference to, once the body has been read.
 */
void
imp_request_set_body (ImpRequest *self,
                      GBytes     *body)
{
  g_return_if_fail (IMP_IS_REQUEST (self));

  g_clear_pointer (&self->body, g_bytes_unref);
  self->body = g_bytes_ref (body);
}

/**
 * imp_request_parse_body:
 * @self: a request whose body has been read
 * @error: return location for an error
 *
 * Reads the body as a JSON object.
 *
 * Returns: (transfer full): the object
 */
JsonObject *
imp_request_parse_body (ImpRequest  *self,
                        GError     **error)
{
  g_autoptr(JsonNode) node = NULL;
  const char *data;
  gsize size;

  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);
  g_return_val_if_fail (self->body != NULL, NULL);

  data = g_bytes_get_data (self->body, &size);
  if (!(node = imp_json_parse (data != NULL ? data : "", size, size, error)))
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the body is not a JSON object");
      return NULL;
    }

  return json_node_dup_object (node);
}

/**
 * imp_request_hold:
 * @self: a request
 *
 * Stops reading the body, until it is released.
 */
void
imp_request_hold (ImpRequest *self)
{
  g_return_if_fail (IMP_IS_REQUEST (self));

  if (self->held || self->over)
    return;

  self->held = TRUE;
  soup_server_message_pause (self->message);
}

/**
 * imp_request_release:
 * @self: a request
 *
 * Reads on. A request whose body has been read stays held until it is answered.
 */
void
imp_request_release (ImpRequest *self)
{
  g_return_if_fail (IMP_IS_REQUEST (self));

  if (!self->held || self->over || (self->body_read && !self->replied))
    return;

  self->held = FALSE;
  soup_server_message_unpause (self->message);
}

/**
 * imp_request_end_body:
 * @self: a request whose body has been read
 *
 * Holds the request until somebody answers it.
 */
void
imp_request_end_body (ImpRequest *self)
{
  g_return_if_fail (IMP_IS_REQUEST (self));

  self->body_read = TRUE;
  if (!self->replied)
    imp_request_hold (self);
}

/**
 * imp_request_abort:
 * @self: a request
 *
 * Cuts the connection: nothing else tells the other side that a body which has begun will not end.
 */
void
imp_request_abort (ImpRequest *self)
{
  GSocket *socket;

  g_return_if_fail (IMP_IS_REQUEST (self));

  if (self->over)
    return;

  socket = imp_message_get_socket (self->message);
  g_socket_shutdown (socket, TRUE, TRUE, NULL);

  /* libsoup finds out by writing: a reply that has begun needs something to write. */
  if (self->replied)
    soup_message_body_append (soup_server_message_get_response_body (self->message),
                              SOUP_MEMORY_STATIC, "\n", 1);
  self->replied = TRUE;
  self->held = FALSE;
  soup_server_message_unpause (self->message);
}
