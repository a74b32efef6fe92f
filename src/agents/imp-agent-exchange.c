/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-private.h"

#include "imp-error.h"
#include "imp-origin.h"

/* What the fields of an upload may be long beside its payload. */
#define UPLOAD_FIELDS_SIZE (2 * 1024 * 1024)

/* What a request needs until it is over. */
typedef struct
{
  ImpAgent *agent;
  ImpMatch match;
  GByteArray *body;  /* (owned) */
  gint64 started;
} Exchange;

static const char exchange_key[] = "imp-exchange";

static void
exchange_free (Exchange *exchange)
{
  g_byte_array_unref (exchange->body);
  g_free (exchange);
}

static const char *
describe_status (guint  status,
                 char  *buffer,
                 gsize  size)
{
  if (status == 0)
    return "none";

  g_snprintf (buffer, size, "%u", status);
  return buffer;
}

static void
over_cb (ImpRequest *request,
         guint       status,
         gpointer    user_data)
{
  Exchange *exchange = user_data;
  ImpAgent *self = exchange->agent;
  SoupServerMessage *message = imp_request_get_message (request);
  g_autofree char *path = g_strescape (g_uri_get_path (soup_server_message_get_uri (message)), NULL);
  double ms = (g_get_monotonic_time () - exchange->started) / 1000.0;
  char text[16];

  imp_metrics_add (self->metrics, "imprimatur_requests_total", "status",
                   describe_status (status, text, sizeof text), 1);
  g_log_structured (G_LOG_DOMAIN, G_LOG_LEVEL_INFO,
                    "IMP_ROLE", self->role,
                    "IMP_METHOD", soup_server_message_get_method (message),
                    "MESSAGE", "%s: %s %.200s: %s in %.1f ms", self->role,
                    soup_server_message_get_method (message), path,
                    describe_status (status, text, sizeof text), ms);
  g_hash_table_remove (self->requests, request);
}

static ImpRequest *
open_request (ImpAgent          *self,
              SoupServerMessage *message,
              GHashTable        *query,
              const ImpMatch    *match,
              ImpErrorStyle      style)
{
  g_autoptr(ImpRequest) request = imp_request_new (message, query, style);
  Exchange *exchange = g_new0 (Exchange, 1);

  exchange->agent = self;
  exchange->match = *match;
  exchange->body = g_byte_array_new ();
  exchange->started = g_get_monotonic_time ();
  g_object_set_data_full (G_OBJECT (request), exchange_key, exchange,
                          (GDestroyNotify) exchange_free);
  g_signal_connect (request, "over", G_CALLBACK (over_cb), exchange);
  g_hash_table_add (self->requests, g_object_ref (request));

  return g_steal_pointer (&request);
}

static void
reply_too_long (ImpRequest *request,
                gsize       limit)
{
  g_autofree char *detail = NULL;

  if (limit == 0)
    detail = g_strdup ("no body is expected here");
  else
    detail = g_strdup_printf ("the body is longer than %" G_GSIZE_FORMAT " bytes", limit);

  imp_request_reply_status (request, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, detail);
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              ImpRequest        *request)
{
  Exchange *exchange = g_object_get_data (G_OBJECT (request), exchange_key);
  gsize limit = exchange->match.route->body_limit;
  gsize size;
  gconstpointer data = g_bytes_get_data (chunk, &size);

  if (imp_request_is_over (request))
    return;

  if (exchange->body->len + size > limit)
    reply_too_long (request, limit);
  else
    g_byte_array_append (exchange->body, data, size);
}

static void
got_body_cb (SoupServerMessage *message,
             ImpRequest        *request)
{
  Exchange *exchange = g_object_get_data (G_OBJECT (request), exchange_key);
  g_autoptr(GBytes) body = NULL;

  if (imp_request_is_over (request))
    return;

  imp_message_end_deadline (message);
  imp_request_end_body (request);
  body = g_bytes_new (exchange->body->data, exchange->body->len);
  g_byte_array_set_size (exchange->body, 0);
  imp_request_set_body (request, body);
  exchange->match.route->handler (request, exchange->match.user_data);
}

static void
read_whole (ImpRequest *request,
            gsize       limit)
{
  SoupServerMessage *message = imp_request_get_message (request);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
      soup_message_headers_get_content_length (headers) > (goffset) limit)
    {
      reply_too_long (request, limit);
      return;
    }

  g_signal_connect_object (message, "got-chunk", G_CALLBACK (got_chunk_cb), request, 0);
  g_signal_connect_object (message, "got-body", G_CALLBACK (got_body_cb), request, 0);
}

/* A payload that is too large is refused by what its headers say of it, before any of it is read. */
static void
begin_upload (ImpAgent       *self,
              ImpRequest     *request,
              const ImpMatch *match)
{
  SoupServerMessage *message = imp_request_get_message (request);
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  imp_message_end_deadline (message);
  if (self->draining)
    imp_request_reply_status (request, SOUP_STATUS_SERVICE_UNAVAILABLE, "this agent is ending");
  else if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
           (guint64) soup_message_headers_get_content_length (headers) >
             self->limits.payload_size + UPLOAD_FIELDS_SIZE)
    {
      g_autoptr(GError) error =
        g_error_new (IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE,
                     "the payload is larger than %" G_GUINT64_FORMAT " bytes",
                     self->limits.payload_size);

      imp_request_reply_error (request, error);
    }
  else if (!imp_upload_slots_take (self->uploads, request))
    imp_request_reply_status (request, SOUP_STATUS_SERVICE_UNAVAILABLE,
                              "too many uploads at once; try again later");
  else
    match->route->handler (request, match->user_data);
}

static void
reply_no_route (ImpRequest *request,
                const char *allowed)
{
  SoupServerMessage *message = imp_request_get_message (request);

  if (allowed == NULL)
    {
      imp_request_reply_status (request, SOUP_STATUS_NOT_FOUND, "there is nothing at this path");
      return;
    }

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                allowed);
  imp_request_reply_status (request, SOUP_STATUS_METHOD_NOT_ALLOWED,
                            "this path does not have that method");
}

/**
 * imp_agent_answer:
 * @self: an agent
 * @message: a message whose headers have been read
 * @path: its path, as it came, escaped
 * @query: (nullable) (element-type utf8 utf8): its query
 *
 * Finds who answers @message, and reads its body whole for a route that does not read it itself.
 */
void
imp_agent_answer (ImpAgent          *self,
                  SoupServerMessage *message,
                  const char        *path,
                  GHashTable        *query)
{
  g_autoptr(GHashTable) parameters = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(ImpRequest) request = NULL;
  g_autofree char *allowed = NULL;
  ImpMatch match = { NULL, NULL };
  gboolean found;
  GHashTableIter iter;
  gpointer name, value;
  ImpErrorStyle style;

  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                "close");
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);

  found = imp_router_match (self->router, soup_server_message_get_method (message), path, &match,
                            parameters, &allowed);
  style = match.route != NULL && (match.route->flags & IMP_ROUTE_REFERENCE) != 0
            ? IMP_ERROR_STYLE_REFERENCE
            : IMP_ERROR_STYLE_PROBLEM;
  if (!found)
    match.route = NULL;

  request = open_request (self, message, query, &match, style);
  g_hash_table_iter_init (&iter, parameters);
  while (g_hash_table_iter_next (&iter, &name, &value))
    imp_request_set_parameter (request, name, value);

  if (imp_origin_refuses (request))
    return;

  if (!found)
    reply_no_route (request, allowed);
  else if ((match.route->flags & IMP_ROUTE_UPLOAD) != 0)
    begin_upload (self, request, &match);
  else
    read_whole (request, match.route->body_limit);
}
