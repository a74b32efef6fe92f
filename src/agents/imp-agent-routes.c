/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-agent-private.h"

#include "imp-agents-resources.h"
#include "imp-error.h"

#define RESOURCE_PATH "/io/github/imprimatur/agents/openapi/"

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

/* Whoever reads the status wants all that can be said of a store that takes nothing; whoever asks for
 * the health wants to know that it does not.
 */
static gboolean
check_store (JsonObject  *status,
             GError     **error)
{
  JsonNode *store = json_object_get_member (status, "store");
  const char *trouble = NULL;

  if (store != NULL)
    trouble = json_object_get_string_member_with_default (json_node_get_object (store), "trouble",
                                                          NULL);
  if (trouble == NULL)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE,
               "the store: payloads cannot be stored: %s", trouble);
  return FALSE;
}

static void
health_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error) &&
      check_store (g_task_get_task_data (G_TASK (result)), &error))
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

/**
 * imp_agent_add_shared_routes:
 * @self: an agent that has no routes yet
 *
 * Adds what every agent answers, and names what every agent counts.
 */
void
imp_agent_add_shared_routes (ImpAgent *self)
{
  describe_metrics (self->metrics);
  imp_agent_add_routes (self, shared_routes, G_N_ELEMENTS (shared_routes), self);
}
