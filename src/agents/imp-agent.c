/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-agent.h"

#include "imp-agents-resources.h"
#include "imp-error.h"
#include "imp-listener.h"
#include "imp-router.h"
#include "imp-upload-slots.h"

#define RESOURCE_PATH "/io/github/imprimatur/agents/openapi/"

/* What the fields of an upload may be long beside its payload. */
#define UPLOAD_FIELDS_SIZE (2 * 1024 * 1024)

const ImpLimits imp_limits_default = {
  .idle_timeout = 30,
  .connections = 512,
  .uploads = 16,
  .payload_size = G_GUINT64_CONSTANT (4) * 1024 * 1024 * 1024,
};

/**
 * ImpAgent:
 *
 * The part that every agent has: a server, its routes and its limits, `/healthz`, `/metrics`,
 * `/v1/status`, `/v1/events` and `/openapi.json`.
 *
 * An agent of a certain role owns one and adds its routes.
 */
struct _ImpAgent
{
  GObject parent_instance;

  char *role;             /* (owned) */
  ImpLimits limits;
  SoupServer *server;     /* (owned) */
  ImpListener *listener;  /* (owned) */
  ImpRouter *router;      /* (owned) */
  ImpMetrics *metrics;    /* (owned) */
  ImpEventLog *events;    /* (owned) */
  GHashTable *requests;   /* (owned) (element-type ImpRequest), those that are not over */
  gint64 started;
  ImpUploadSlots *uploads; /* (owned) */
  gboolean draining;
  ImpStatusFunc status_func;
  gpointer status_data;
};

/* What a request needs until it is over. */
typedef struct
{
  ImpAgent *agent;
  ImpMatch match;
  GByteArray *body;  /* (owned) */
  gint64 started;
} Exchange;

G_DEFINE_FINAL_TYPE (ImpAgent, imp_agent, G_TYPE_OBJECT)

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

static void
early_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  ImpAgent *self = IMP_AGENT (user_data);
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

  if (!found)
    reply_no_route (request, allowed);
  else if ((match.route->flags & IMP_ROUTE_UPLOAD) != 0)
    begin_upload (self, request, &match);
  else
    read_whole (request, match.route->body_limit);
}

static JsonNode *
make_node (JsonObject *object)
{
  return json_node_init_object (json_node_alloc (), object);
}

static void
collect_status (ImpAgent            *self,
                ImpRequest          *request,
                GAsyncReadyCallback  callback)
{
  g_autoptr(GTask) task = g_task_new (self, imp_request_get_cancellable (request), callback,
                                      g_object_ref (request));
  JsonObject *status = json_object_new ();

  json_object_set_string_member (status, "role", self->role);
  json_object_set_string_member (status, "version", IMP_VERSION);
  json_object_set_int_member (status, "uptime",
                              (g_get_monotonic_time () - self->started) / 1000);
  g_task_set_task_data (task, status, (GDestroyNotify) json_object_unref);

  if (self->status_func != NULL)
    self->status_func (task, self->status_data);
  else
    g_task_return_boolean (task, TRUE);
}

static void
status_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      imp_request_reply_error (request, error);
      return;
    }

  node = make_node (g_task_get_task_data (G_TASK (result)));
  imp_request_reply_json (request, SOUP_STATUS_OK, node);
}

static void
handle_status (ImpRequest *request,
               gpointer    user_data)
{
  collect_status (user_data, request, status_cb);
}

static void
health_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    imp_request_reply (request, SOUP_STATUS_OK, "application/json", "{\"status\":\"ok\"}", -1);
  else
    imp_request_reply_status (request, SOUP_STATUS_SERVICE_UNAVAILABLE, error->message);
}

static void
handle_health (ImpRequest *request,
               gpointer    user_data)
{
  collect_status (user_data, request, health_cb);
}

static void
handle_metrics (ImpRequest *request,
                gpointer    user_data)
{
  ImpAgent *self = IMP_AGENT (user_data);
  g_autofree char *text = NULL;

  imp_metrics_set (self->metrics, "imprimatur_uptime_seconds",
                   (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC);
  imp_metrics_set (self->metrics, "imprimatur_connections",
                   imp_listener_get_connections (self->listener));
  imp_metrics_set (self->metrics, "imprimatur_uploads",
                   imp_upload_slots_count (self->uploads));
  imp_metrics_set (self->metrics, "imprimatur_event_listeners",
                   imp_event_log_count_listeners (self->events));

  text = imp_metrics_format (self->metrics);
  imp_request_reply (request, SOUP_STATUS_OK, "text/plain; version=0.0.4; charset=utf-8", text, -1);
}

static void
handle_events (ImpRequest *request,
               gpointer    user_data)
{
  ImpAgent *self = IMP_AGENT (user_data);

  imp_event_log_serve (self->events, request);
}

static void
handle_openapi (ImpRequest *request,
                gpointer    user_data)
{
  ImpAgent *self = IMP_AGENT (user_data);
  g_autofree char *path = g_strconcat (RESOURCE_PATH, self->role, ".json", NULL);
  g_autoptr(GBytes) document = g_resource_lookup_data (imp_agents_get_resource (), path,
                                                       G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  g_assert (document != NULL);
  imp_request_reply (request, SOUP_STATUS_OK, "application/json",
                     g_bytes_get_data (document, NULL), g_bytes_get_size (document));
}

static const ImpRoute shared_routes[] = {
  { "GET", "/healthz", IMP_ROUTE_PLAIN, 0, handle_health },
  { "GET", "/metrics", IMP_ROUTE_PLAIN, 0, handle_metrics },
  { "GET", "/openapi.json", IMP_ROUTE_PLAIN, 0, handle_openapi },
  { "GET", "/v1/status", IMP_ROUTE_PLAIN, 0, handle_status },
  { "GET", "/v1/events", IMP_ROUTE_PLAIN, 0, handle_events },
};

static void
describe_metrics (ImpMetrics *metrics)
{
  imp_metrics_describe (metrics, "imprimatur_requests_total", "counter", "Requests, by HTTP status.");
  imp_metrics_describe (metrics, "imprimatur_uptime_seconds", "gauge", "Time since the agent began.");
  imp_metrics_describe (metrics, "imprimatur_connections", "gauge", "Open connections.");
  imp_metrics_describe (metrics, "imprimatur_uploads", "gauge", "Uploads that are arriving.");
  imp_metrics_describe (metrics, "imprimatur_event_listeners", "gauge", "Listeners to the events.");
}

static void
imp_agent_dispose (GObject *object)
{
  ImpAgent *self = IMP_AGENT (object);

  imp_agent_close (self);
  g_hash_table_remove_all (self->requests);

  G_OBJECT_CLASS (imp_agent_parent_class)->dispose (object);
}

static void
imp_agent_finalize (GObject *object)
{
  ImpAgent *self = IMP_AGENT (object);

  g_clear_object (&self->listener);
  g_clear_object (&self->server);
  g_clear_object (&self->events);
  g_clear_object (&self->metrics);
  g_clear_pointer (&self->uploads, imp_upload_slots_free);
  g_clear_pointer (&self->router, imp_router_free);
  g_hash_table_unref (self->requests);
  g_free (self->role);

  G_OBJECT_CLASS (imp_agent_parent_class)->finalize (object);
}

static void
imp_agent_class_init (ImpAgentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imp_agent_dispose;
  object_class->finalize = imp_agent_finalize;
}

static void
imp_agent_init (ImpAgent *self)
{
  self->router = imp_router_new ();
  self->events = imp_event_log_new ();
  self->requests = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->started = g_get_monotonic_time ();
}

/**
 * imp_agent_new:
 * @role: `author`, `register`, `retrieval` or `verification`
 * @limits: what it puts up with
 *
 * Makes an agent that has only what all agents have.
 *
 * Returns: (transfer full): the agent
 */
ImpAgent *
imp_agent_new (const char      *role,
               const ImpLimits *limits)
{
  ImpAgent *self;

  g_return_val_if_fail (role != NULL, NULL);
  g_return_val_if_fail (limits != NULL, NULL);

  self = g_object_new (IMP_TYPE_AGENT, NULL);
  self->role = g_strdup (role);
  self->limits = *limits;
  self->uploads = imp_upload_slots_new (limits->uploads);
  self->metrics = imp_metrics_new (role);
  describe_metrics (self->metrics);
  imp_agent_add_routes (self, shared_routes, G_N_ELEMENTS (shared_routes), self);

  /* A route takes the path apart before it unescapes it. */
  self->server = soup_server_new ("raw-paths", TRUE, "server-header", "Imprimatur", NULL);
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  self->listener = imp_listener_new (self->server, limits->idle_timeout, limits->connections);

  return self;
}

/**
 * imp_agent_add_routes:
 * @self: an agent
 * @routes: (array length=n_routes): routes that are never freed
 * @n_routes: their number
 * @user_data: data for their handlers
 *
 * Adds what a role answers.
 */
void
imp_agent_add_routes (ImpAgent       *self,
                      const ImpRoute *routes,
                      gsize           n_routes,
                      gpointer        user_data)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  for (gsize i = 0; i < n_routes; i++)
    imp_router_add (self->router, &routes[i], user_data);
}

/**
 * imp_agent_set_status_func:
 * @self: an agent
 * @func: (scope forever): adds what the role knows to the status
 * @user_data: data for @func
 *
 * Lets a role say more of itself; where @func fails, `/healthz` does.
 */
void
imp_agent_set_status_func (ImpAgent      *self,
                           ImpStatusFunc  func,
                           gpointer       user_data)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  self->status_func = func;
  self->status_data = user_data;
}

/**
 * imp_agent_listen:
 * @self: an agent
 * @address: where; port 0 lets the system choose
 * @error: return location for an error
 *
 * Begins to answer.
 *
 * Returns: whether it listens
 */
gboolean
imp_agent_listen (ImpAgent        *self,
                  GSocketAddress  *address,
                  GError         **error)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), FALSE);

  if (imp_listener_listen (self->listener, address, error))
    return TRUE;

  g_prefix_error (error, "the %s agent cannot listen: ", self->role);
  return FALSE;
}

/**
 * imp_agent_refuse_uploads:
 * @self: an agent
 *
 * Lets what is under way come to its end and takes no new uploads.
 */
void
imp_agent_refuse_uploads (ImpAgent *self)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  self->draining = TRUE;
}

/**
 * imp_agent_count_pending:
 * @self: an agent
 *
 * Counts the requests that have been read and not answered yet.
 *
 * Returns: their number
 */
guint
imp_agent_count_pending (ImpAgent *self)
{
  GHashTableIter iter;
  gpointer request;
  guint n = 0;

  g_return_val_if_fail (IMP_IS_AGENT (self), 0);

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, &request, NULL))
    n += imp_request_is_pending (request) ? 1 : 0;

  return n;
}

/**
 * imp_agent_close:
 * @self: an agent
 *
 * Stops listening and closes all connections.
 */
void
imp_agent_close (ImpAgent *self)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  self->draining = TRUE;
  imp_listener_close (self->listener);
  soup_server_disconnect (self->server);
}

const char *
imp_agent_get_role (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return self->role;
}

const ImpLimits *
imp_agent_get_limits (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return &self->limits;
}

/**
 * imp_agent_dup_uri:
 * @self: an agent that listens
 *
 * Gets where the agent can be asked.
 *
 * Returns: (transfer full): a URL without a path or a slash at its end
 */
char *
imp_agent_dup_uri (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return imp_listener_dup_uri (self->listener);
}

ImpMetrics *
imp_agent_get_metrics (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return self->metrics;
}

ImpEventLog *
imp_agent_get_events (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return self->events;
}

/**
 * imp_agent_list_routes:
 * @self: an agent
 *
 * Lists what the agent answers.
 *
 * Returns: (transfer container) (element-type ImpRoute): the routes
 */
GPtrArray *
imp_agent_list_routes (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return imp_router_list (self->router);
}
