/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-request-private.h"

#include "imp-early-reply.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-problem.h"

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
  imp_request_set_over (self);
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
