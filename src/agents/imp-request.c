/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-request.h"

#include "imp-early-reply.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-listener.h"
#include "imp-problem.h"

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
struct _ImpRequest
{
  GObject parent_instance;

  SoupServerMessage *message;  /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  ImpErrorStyle style;
  GHashTable *parameters;      /* (owned) of the path */
  GHashTable *query;           /* (owned) (nullable) */
  GBytes *body;                /* (owned) (nullable) */
  char *id;                    /* (owned) (nullable) */
  guint status;

  gboolean body_read;
  gboolean continued;  /* we have said “100 Continue” */
  gboolean held;
  gboolean replied;
  gboolean streaming;
  gboolean over;
};

G_DEFINE_FINAL_TYPE (ImpRequest, imp_request, G_TYPE_OBJECT)

enum
{
  OVER,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
set_over (ImpRequest *self)
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
  set_over (self);
}

static void
wrote_informational_cb (ImpRequest *self)
{
  self->continued = TRUE;
}

static gboolean
expects_continue (ImpRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);

  return !self->continued &&
         (soup_message_headers_get_expectations (headers) & SOUP_EXPECTATION_CONTINUE) != 0;
}

static gboolean
has_body (ImpRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);

  switch (soup_message_headers_get_encoding (headers))
    {
    case SOUP_ENCODING_NONE:
      return FALSE;

    case SOUP_ENCODING_CONTENT_LENGTH:
      return soup_message_headers_get_content_length (headers) > 0;

    default:
      return TRUE;
    }
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
 * imp_request_get_query:
 * @self: a request
 * @name: a key of the query
 *
 * Gets what the query says of @name; an empty value is none.
 *
 * Returns: (nullable): the value
 */
const char *
imp_request_get_query (ImpRequest *self,
                       const char *name)
{
  const char *value;

  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  value = self->query != NULL ? g_hash_table_lookup (self->query, name) : NULL;
  return value != NULL && *value != '\0' ? value : NULL;
}

/**
 * imp_request_check_query:
 * @self: a request
 * @names: the keys that this resource knows
 * @error: return location for an error
 *
 * Refuses a query with other keys: a misspelt filter would otherwise answer with too much.
 *
 * Returns: whether all keys are known
 */
gboolean
imp_request_check_query (ImpRequest         *self,
                         const char *const  *names,
                         GError            **error)
{
  GHashTableIter iter;
  const char *name;
  const char *value;

  g_return_val_if_fail (IMP_IS_REQUEST (self), FALSE);

  if (self->query == NULL)
    return TRUE;

  g_hash_table_iter_init (&iter, self->query);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, (gpointer *) &value))
    {
      if (!g_utf8_validate (name, -1, NULL) || !g_utf8_validate (value, -1, NULL))
        {
          g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the query is not UTF-8");
          return FALSE;
        }
      if (!g_strv_contains (names, name))
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the query has an unknown key “%.64s”",
                       name);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * imp_request_get_query_int:
 * @self: a request
 * @name: a key of the query
 * @minimum: the least that is allowed
 * @maximum: the most that is allowed
 * @value: (inout): the number; stays what it is where the query does not have @name
 * @error: return location for an error
 *
 * Reads a number from the query.
 *
 * Returns: whether it is a number and in its range
 */
gboolean
imp_request_get_query_int (ImpRequest  *self,
                           const char  *name,
                           guint64      minimum,
                           guint64      maximum,
                           guint64     *value,
                           GError     **error)
{
  const char *text;

  g_return_val_if_fail (IMP_IS_REQUEST (self), FALSE);

  text = imp_request_get_query (self, name);
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, minimum, maximum, value, NULL))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
               "“%s” must be a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
               ", not “%.32s”",
               name, minimum, maximum, text);
  return FALSE;
}

const char *
imp_request_get_header (ImpRequest *self,
                        const char *name)
{
  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  return soup_message_headers_get_one (soup_server_message_get_request_headers (self->message),
                                       name);
}

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

/* The reply as bytes, for a connection that libsoup no longer speaks on. */
static GBytes *
format_reply (guint       status,
              const char *content_type,
              const char *body,
              gsize       length,
              const char *retry_after)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "HTTP/1.1 %u %s\r\n", status, soup_status_get_phrase (status));
  g_string_append_printf (text, "Content-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n",
                          content_type, length);
  if (retry_after != NULL)
    g_string_append_printf (text, "Retry-After: %s\r\n", retry_after);
  g_string_append (text, "Connection: close\r\n\r\n");
  g_string_append_len (text, body, length);

  return g_string_free_to_bytes (text);
}

static void
reply_early (ImpRequest *self,
             const char *content_type,
             const char *body,
             gsize       length)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  const char *retry_after = soup_message_headers_get_one (headers, "Retry-After");
  g_autoptr(GBytes) reply = format_reply (self->status, content_type, body, length, retry_after);

  imp_early_reply_send (self->message, reply);
  set_over (self);
}

/**
 * imp_request_reply:
 * @self: a request that has not been answered
 * @status: an HTTP status
 * @content_type: what @body is
 * @body: the reply
 * @length: its length, or -1
 *
 * Answers. If the body of the request has not been read to its end, its connection is closed.
 * Where nobody is there any more this does nothing.
 */
void
imp_request_reply (ImpRequest *self,
                   guint       status,
                   const char *content_type,
                   const char *body,
                   gssize      length)
{
  g_return_if_fail (IMP_IS_REQUEST (self));

  if (self->over || self->replied)
    return;

  self->replied = TRUE;
  self->status = status;
  if (length < 0)
    length = strlen (body);

  if (!self->body_read && has_body (self) && !expects_continue (self))
    {
      reply_early (self, content_type, body, length);
      return;
    }

  /* libsoup would cut a reply down to a Range that was not meant for it. */
  soup_message_headers_remove (soup_server_message_get_request_headers (self->message), "Range");
  soup_server_message_set_status (self->message, status, NULL);
  soup_server_message_set_response (self->message, content_type, SOUP_MEMORY_COPY, body, length);
  imp_request_release (self);
}

/**
 * imp_request_reply_json:
 * @self: a request that has not been answered
 * @status: an HTTP status
 * @node: the reply
 *
 * Answers with JSON.
 */
void
imp_request_reply_json (ImpRequest *self,
                        guint       status,
                        JsonNode   *node)
{
  g_autofree char *text = imp_json_canonicalize (node);

  imp_request_reply (self, status, "application/json", text, -1);
}

/**
 * imp_request_reply_string:
 * @self: a request that has not been answered
 * @status: an HTTP status
 * @text: a text
 *
 * Answers with a JSON string.
 */
void
imp_request_reply_string (ImpRequest *self,
                          guint       status,
                          const char *text)
{
  g_autoptr(JsonNode) node = json_node_init_string (json_node_alloc (), text);

  imp_request_reply_json (self, status, node);
}

/* The reference answers 405 to what it cannot read; version 1 says what HTTP says. */
static guint
choose_status (ImpRequest   *self,
               const GError *error)
{
  if (self->style == IMP_ERROR_STYLE_REFERENCE)
    return imp_problem_get_reference_status (error);

  if (g_error_matches (error, IMP_ERROR, IMP_ERROR_MALFORMED))
    return SOUP_STATUS_BAD_REQUEST;

  return imp_problem_get_status (error);
}

static char *
format_problem (guint         status,
                const GError *error)
{
  g_autofree char *text = imp_problem_to_json (error);
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  JsonObject *object = json_node_get_object (node);

  json_object_set_int_member (object, "status", status);
  json_object_set_string_member (object, "title", soup_status_get_phrase (status));
  return imp_json_canonicalize (node);
}

/**
 * imp_request_reply_error:
 * @self: a request that has not been answered
 * @error: why it cannot be done
 *
 * Answers with an error, in the style of the API that was used.
 */
void
imp_request_reply_error (ImpRequest   *self,
                         const GError *error)
{
  guint status;
  g_autofree char *text = NULL;

  g_return_if_fail (IMP_IS_REQUEST (self));
  g_return_if_fail (error != NULL);

  if (self->over)
    return;

  /* Errors of the system are for our log: the other side is told only that there was one. */
  if (error->domain != IMP_ERROR)
    g_warning ("A request failed: %s", error->message);

  status = choose_status (self, error);
  if (status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                  "Retry-After", "5");

  if (self->style == IMP_ERROR_STYLE_REFERENCE)
    {
      text = imp_problem_to_reference_json (error);
      imp_request_reply (self, status, "application/json", text, -1);
    }
  else
    {
      text = format_problem (status, error);
      imp_request_reply (self, status, "application/problem+json", text, -1);
    }
}

/**
 * imp_request_reply_status:
 * @self: a request that has not been answered
 * @status: an HTTP status that no [error@Imp.Error] stands for
 * @detail: what to tell the other side
 *
 * Answers with an error of HTTP's own.
 */
void
imp_request_reply_status (ImpRequest *self,
                          guint       status,
                          const char *detail)
{
  g_autoptr(GError) error = g_error_new_literal (IMP_ERROR, IMP_ERROR_REFUSED, detail);
  g_autofree char *text = NULL;

  g_return_if_fail (IMP_IS_REQUEST (self));

  if (status == SOUP_STATUS_SERVICE_UNAVAILABLE)
    soup_message_headers_replace (soup_server_message_get_response_headers (self->message),
                                  "Retry-After", "5");

  if (self->style == IMP_ERROR_STYLE_REFERENCE)
    {
      imp_request_reply_string (self, status, detail);
      return;
    }

  text = format_problem (status, error);
  imp_request_reply (self, status, "application/problem+json", text, -1);
}

/**
 * imp_request_begin_stream:
 * @self: a request that has not been answered, its response headers set
 * @status: an HTTP status
 *
 * Answers with a body that is appended to the message's response body bit by bit, and not kept.
 */
void
imp_request_begin_stream (ImpRequest *self,
                          guint       status)
{
  g_return_if_fail (IMP_IS_REQUEST (self));
  g_return_if_fail (self->body_read && !self->replied);

  if (self->over)
    return;

  self->replied = TRUE;
  self->streaming = TRUE;
  self->status = status;
  soup_message_headers_remove (soup_server_message_get_request_headers (self->message), "Range");
  soup_message_body_set_accumulate (soup_server_message_get_response_body (self->message), FALSE);
  soup_server_message_set_status (self->message, status, NULL);
  imp_request_release (self);
}
