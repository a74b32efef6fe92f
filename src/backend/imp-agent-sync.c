/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-sync.h"

#include "imp-agent-client-private.h"
#include "imp-error.h"
#include "imp-http.h"
#include "imp-json.h"
#include "imp-problem.h"

#define BLOCK_SIZE (64 * 1024)

/**
 * ImpAgentSync:
 *
 * One agent, asked by a thread that waits for the answers.
 *
 * It is made in the main context, where the connection may be asked where the agent is, and used in
 * one thread. What takes long (a payload, an audit of the whole log) is written straight on there,
 * and its large blocks cost the main loop nothing.
 */
struct _ImpAgentSync
{
  char        *role;     /* (owned) */
  char        *url;      /* (owned) */
  SoupSession *session;  /* (owned) (nullable): made in the thread that uses it */
};

/**
 * imp_agent_sync_new:
 * @client: a client, in the main context
 * @role: which agent
 * @error: return location for an error
 *
 * Finds out where the agent is now. Later changes of the connection do not reach what is made here.
 *
 * Returns: (transfer full) (nullable): the agent, or `NULL` if the connection has none
 */
ImpAgentSync *
imp_agent_sync_new (ImpAgentClient  *client,
                    const char      *role,
                    GError         **error)
{
  g_autoptr(SoupMessage) message = imp_agent_client_new_message (client, role, "GET", "/", error);
  ImpConnection *connection = imp_agent_client_get_connection (client);
  ImpAgentSync *self;

  if (message == NULL)
    return NULL;

  self = g_new0 (ImpAgentSync, 1);
  self->role = g_strdup (role);
  self->url = g_strdup (imp_connection_get_url (connection, role));

  return self;
}

/**
 * imp_agent_sync_free:
 * @self: (transfer full): an agent, not `NULL`
 *
 * Closes the connections to the agent, and frees what is known of it.
 */
void
imp_agent_sync_free (ImpAgentSync *self)
{
  g_clear_object (&self->session);
  g_free (self->role);
  g_free (self->url);
  g_free (self);
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
 * Returns: (transfer full) (nullable): its bytes, or `NULL` with %IMP_ERROR_BAD_REPLY if there are
 *   more
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

/* A refusal has a body that says why; the body of what succeeds is still to be read. */
static GInputStream *
open_body (ImpAgentSync  *self,
           const char    *path,
           goffset       *length,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(SoupMessage) message = imp_http_message_new ("GET", self->url, path, error);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GBytes) body = NULL;
  SoupMessageHeaders *headers;

  if (self->session == NULL)
    self->session = imp_http_session_new ();

  if (message == NULL ||
      !(stream = soup_session_send (self->session, message, cancellable, error)))
    return NULL;

  headers = soup_message_get_response_headers (message);
  if (SOUP_STATUS_IS_SUCCESSFUL (soup_message_get_status (message)))
    {
      if (length != NULL)
        *length = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
                    ? soup_message_headers_get_content_length (headers) : -1;
      return g_steal_pointer (&stream);
    }

  body = imp_read_body (stream, IMP_REPLY_MAX_SIZE, cancellable, error);
  if (body != NULL)
    imp_problem_check (message, body, error);

  return NULL;
}

/**
 * imp_agent_sync_explain:
 * @self: an agent
 * @error: (inout) (optional): what went wrong with its answer
 *
 * Says which agent it was.
 */
void
imp_agent_sync_explain (ImpAgentSync  *self,
                        GError       **error)
{
  if (error != NULL)
    imp_agent_explain_error (self->role, self->url, error);
}

/**
 * imp_agent_sync_open:
 * @self: an agent
 * @path: a path, with its query
 * @length: (out) (optional): how long the reply says it is, or -1
 * @cancellable: (nullable): cancels the request
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the body of a reply that succeeded
 */
GInputStream *
imp_agent_sync_open (ImpAgentSync  *self,
                     const char    *path,
                     goffset       *length,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(GError) local_error = NULL;
  GInputStream *stream = open_body (self, path, length, cancellable, &local_error);

  if (stream == NULL)
    {
      imp_agent_explain_error (self->role, self->url, &local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }

  return stream;
}

static GBytes *
get_body (ImpAgentSync  *self,
          const char    *path,
          gsize          limit,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(GInputStream) stream = imp_agent_sync_open (self, path, NULL, cancellable, error);
  g_autoptr(GError) local_error = NULL;
  GBytes *body;

  if (stream == NULL)
    return NULL;

  body = imp_read_body (stream, limit, cancellable, &local_error);
  if (body == NULL)
    {
      imp_agent_explain_error (self->role, self->url, &local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }

  return body;
}

static gboolean
refuse_reply (ImpAgentSync  *self,
              const char    *why,
              GError       **error)
{
  g_autoptr(GError) local_error = g_error_new_literal (IMP_ERROR, IMP_ERROR_BAD_REPLY, why);

  imp_agent_explain_error (self->role, self->url, &local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

/**
 * imp_agent_sync_get_json:
 * @self: an agent
 * @path: a path, with its query
 * @cancellable: (nullable): cancels the request
 * @error: return location for an error
 *
 * Asks for JSON of at most %IMP_REPLY_MAX_SIZE bytes, and waits for it.
 *
 * Returns: (transfer full) (nullable): an object, or `NULL` with @error set
 */
JsonNode *
imp_agent_sync_get_json (ImpAgentSync  *self,
                         const char    *path,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(GBytes) body = get_body (self, path, IMP_REPLY_MAX_SIZE, cancellable, error);
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) local_error = NULL;
  const char *text;
  gsize size;

  if (body == NULL)
    return NULL;

  text = g_bytes_get_data (body, &size);
  node = imp_json_parse (text != NULL ? text : "", size, IMP_REPLY_MAX_SIZE, &local_error);
  if (node == NULL)
    {
      refuse_reply (self, local_error->message, error);
      return NULL;
    }

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      refuse_reply (self, "the reply is not a JSON object", error);
      return NULL;
    }

  return g_steal_pointer (&node);
}

/**
 * imp_agent_sync_get_text:
 * @self: an agent
 * @path: a path, with its query
 * @cancellable: (nullable): cancels the request
 * @error: return location for an error
 *
 * Asks for a text of at most %IMP_REPLY_MAX_SIZE bytes, and waits for it.
 *
 * Returns: (transfer full) (nullable): valid UTF-8 without NUL, or `NULL` with @error set
 */
char *
imp_agent_sync_get_text (ImpAgentSync  *self,
                         const char    *path,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(GBytes) body = get_body (self, path, IMP_REPLY_MAX_SIZE, cancellable, error);
  const char *text;
  gsize size;

  if (body == NULL)
    return NULL;

  text = g_bytes_get_data (body, &size);
  if (size > 0 && !g_utf8_validate_len (text, size, NULL))
    {
      refuse_reply (self, "the reply is not UTF-8 text", error);
      return NULL;
    }

  return g_strndup (text != NULL ? text : "", size);
}
