/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-http.h"

#include "imp-error.h"
#include "imp-json.h"
#include "imp-problem.h"

#define IDLE_TIMEOUT 30           /* seconds */
#define PIECE_SIZE   (64 * 1024)  /* bytes */

/* The task data of a request that is under way. */
typedef struct
{
  SoupMessage *message;  /* (owned) */
  GByteArray  *body;     /* (owned) */
} Request;

static void
request_free (Request *request)
{
  g_object_unref (request->message);
  g_byte_array_unref (request->body);
  g_free (request);
}

/**
 * imp_http_session_new:
 *
 * Makes a session as all clients in the house have it: what stalls for half a minute fails with
 * %G_IO_ERROR_TIMED_OUT, however long a transfer takes that does not stall.
 *
 * Returns: (transfer full): a session
 */
SoupSession *
imp_http_session_new (void)
{
  return soup_session_new_with_options ("timeout", IDLE_TIMEOUT,
                                        "user-agent", "imprimatur/" IMP_VERSION,
                                        NULL);
}

static gboolean
check_length (guint64   length,
              GError  **error)
{
  if (length <= IMP_REPLY_MAX_SIZE)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
               "the reply is longer than %d bytes", IMP_REPLY_MAX_SIZE);

  return FALSE;
}

static JsonNode *
parse_reply (GBytes  *body,
             GError **error)
{
  g_autoptr(GError) json_error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (body, &size);
  JsonNode *root = imp_json_parse (text, size, IMP_REPLY_MAX_SIZE, &json_error);

  if (root == NULL)
    g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                 "the reply is not what it should be: %s", json_error->message);

  return root;
}

static void
end_request (GTask *task)
{
  Request *request = g_task_get_task_data (task);
  g_autoptr(GBytes) body = NULL;
  g_autoptr(GError) error = NULL;
  JsonNode *reply;

  body = g_byte_array_free_to_bytes (g_steal_pointer (&request->body));
  request->body = g_byte_array_new ();

  if (!imp_problem_check (request->message, body, &error) ||
      !(reply = parse_reply (body, &error)))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, reply, (GDestroyNotify) json_node_unref);
}

static void read_piece (GInputStream *stream,
                        GTask        *task);

static void
read_piece_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  GInputStream *stream = G_INPUT_STREAM (object);
  g_autoptr(GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  g_autoptr(GBytes) piece = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  piece = g_input_stream_read_bytes_finish (stream, result, &error);
  if (piece == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  size = g_bytes_get_size (piece);
  if (size == 0)
    {
      end_request (task);
      return;
    }

  if (!check_length ((guint64) request->body->len + size, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_byte_array_append (request->body, g_bytes_get_data (piece, NULL), size);
  read_piece (stream, g_steal_pointer (&task));
}

/* Takes over @task. */
static void
read_piece (GInputStream *stream,
            GTask        *task)
{
  g_input_stream_read_bytes_async (stream, PIECE_SIZE, g_task_get_priority (task),
                                   g_task_get_cancellable (task), read_piece_cb, task);
}

static void
send_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Request *request = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (request->message);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) error = NULL;

  if (!(stream = soup_session_send_finish (SOUP_SESSION (object), result, &error)) ||
      !check_length (MAX (soup_message_headers_get_content_length (headers), 0), &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  read_piece (stream, g_steal_pointer (&task));
}

/**
 * imp_http_send_json_async:
 * @session: a session
 * @message: a request
 * @cancellable: (nullable): cancels it
 * @callback: called once, when the reply is here or the request failed
 * @user_data: data for @callback
 *
 * Sends a request whose reply is JSON, of %IMP_REPLY_MAX_SIZE bytes at the most.
 */
void
imp_http_send_json_async (SoupSession         *session,
                          SoupMessage         *message,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Request *request;

  g_return_if_fail (SOUP_IS_SESSION (session));
  g_return_if_fail (SOUP_IS_MESSAGE (message));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (session, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_http_send_json_async);

  request = g_new (Request, 1);
  request->message = g_object_ref (message);
  request->body = g_byte_array_new ();
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  soup_session_send_async (session, message, G_PRIORITY_DEFAULT, cancellable, send_cb,
                           g_steal_pointer (&task));
}

/**
 * imp_http_send_json_finish:
 * @session: a session
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a request started with [func@Imp.http_send_json_async].
 *
 * Returns: (transfer full) (nullable): the reply; or `NULL` with what [func@Imp.problem_check]
 *   makes of a refusal, %IMP_ERROR_BAD_REPLY for a reply that is too long or no JSON, or an error of
 *   the network
 */
JsonNode *
imp_http_send_json_finish (SoupSession   *session,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, session), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* GUri lets spaces and line breaks into a host, and from there into the headers of a request. */
static gboolean
is_one_word (const char *text)
{
  for (; *text != '\0'; text++)
    {
      if (g_ascii_isspace (*text) || g_ascii_iscntrl (*text))
        return FALSE;
    }

  return TRUE;
}

/* An agent is a scheme, a host, a port, and the folder that a proxy may have put it in. */
static gboolean
check_base (const char  *base,
            GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (base, SOUP_HTTP_URI_FLAGS, NULL);

  if (is_one_word (base) && uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' &&
      (g_str_equal (g_uri_get_scheme (uri), "http") ||
       g_str_equal (g_uri_get_scheme (uri), "https")) &&
      g_uri_get_userinfo (uri) == NULL && g_uri_get_query (uri) == NULL &&
      g_uri_get_fragment (uri) == NULL)
    return TRUE;

  /* The address may hold a password: it is not repeated. */
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                       "the address of an agent is not http:// or https:// and a host, "
                       "with no password and no query");

  return FALSE;
}

/**
 * imp_http_message_new:
 * @method: the HTTP method
 * @base: an agent’s address
 * @path: a path below it that begins with `/`, with its query; parts that came from outside go
 *   through g_uri_escape_string() first
 * @error: return location for an [error@Imp.Error]
 *
 * Makes a request to an agent. It follows no redirection: no agent has reason to send its client,
 * and what the client has to say, elsewhere.
 *
 * Returns: (transfer full) (nullable): the request, or `NULL` with %IMP_ERROR_MALFORMED if @base is
 *   no address
 */
SoupMessage *
imp_http_message_new (const char  *method,
                      const char  *base,
                      const char  *path,
                      GError     **error)
{
  g_autofree char *address = NULL;
  g_autoptr(GUri) uri = NULL;
  SoupMessage *message;
  gsize base_length;

  g_return_val_if_fail (method != NULL, NULL);
  g_return_val_if_fail (base != NULL, NULL);
  g_return_val_if_fail (path != NULL && path[0] == '/' && is_one_word (path), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!check_base (base, error))
    return NULL;

  base_length = strlen (base);
  if (g_str_has_suffix (base, "/"))
    base_length--;

  address = g_strdup_printf ("%.*s%s", (int) base_length, base, path);
  uri = g_uri_parse (address, SOUP_HTTP_URI_FLAGS, error);
  if (uri == NULL)
    return NULL;

  message = soup_message_new_from_uri (method, uri);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);

  return message;
}

/**
 * imp_http_set_json:
 * @message: a request
 * @body: a tree
 *
 * Gives a request a body of JSON.
 */
void
imp_http_set_json (SoupMessage *message,
                   JsonNode    *body)
{
  g_autoptr(GBytes) bytes = NULL;
  char *text;

  g_return_if_fail (SOUP_IS_MESSAGE (message));
  g_return_if_fail (body != NULL);

  text = imp_json_canonicalize (body);
  bytes = g_bytes_new_take (text, strlen (text));
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
}
