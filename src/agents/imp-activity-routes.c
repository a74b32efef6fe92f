/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-activity-routes.h"

#include "imp-device-id.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"
#include "imp-time.h"

#define REPORT_SIZE (16 * 1024)
#define MAX_REASON  4096
#define MAX_LIMIT   1000

/* What the handlers are given; an agent owns its own. */
typedef struct
{
  ImpAgent *agent;
  ImpActivityLog *activity;  /* (owned) */
} Routes;

static void
routes_free (Routes *routes)
{
  g_object_unref (routes->activity);
  g_free (routes);
}

static void
activity_listed_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_activity_log_list_finish (IMP_ACTIVITY_LOG (object), result,
                                                           &error);

  if (node != NULL)
    imp_request_reply_json (request, SOUP_STATUS_OK, node);
  else
    imp_request_reply_error (request, error);
}

static void
list_activity (ImpActivityLog *log,
               ImpRequest     *request,
               ImpActivity     activity,
               const char     *device)
{
  static const char *const names[] = { "before", "limit", "device", NULL };
  g_autoptr(GError) error = NULL;
  guint64 before = 0;
  guint64 limit = 100;

  if (!imp_request_check_query (request, names, &error) ||
      !imp_request_get_query_int (request, "before", 1, G_MAXINT64, &before, &error) ||
      !imp_request_get_query_int (request, "limit", 1, MAX_LIMIT, &limit, &error))
    imp_request_reply_error (request, error);
  else
    imp_activity_log_list_async (log, activity, before, limit, device,
                                 imp_request_get_cancellable (request), activity_listed_cb,
                                 g_object_ref (request));
}

static void
handle_fetches (ImpRequest *request,
                gpointer    user_data)
{
  Routes *routes = user_data;

  list_activity (routes->activity, request, IMP_ACTIVITY_FETCHES,
                 imp_request_get_query (request, "device"));
}

static void
handle_reports (ImpRequest *request,
                gpointer    user_data)
{
  Routes *routes = user_data;

  if (imp_device_name_check_request (request))
    list_activity (routes->activity, request, IMP_ACTIVITY_REPORTS,
                   imp_request_get_parameter (request, "id"));
}

/* An optional text of a report: absent, null, or a string that is not too long. */
static gboolean
copy_text (JsonObject  *from,
           JsonObject  *to,
           const char  *name,
           gsize        max_length,
           GError     **error)
{
  JsonNode *node = json_object_get_member (from, name);
  const char *text;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (!(text = imp_json_get_string (from, name, error)))
    return FALSE;

  if (strlen (text) > max_length)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "“%s” is longer than %" G_GSIZE_FORMAT " bytes", name, max_length);
      return FALSE;
    }

  json_object_set_string_member (to, name, text);
  return TRUE;
}

static gboolean
copy_check (JsonObject  *from,
            JsonObject  *to,
            GError     **error)
{
  JsonNode *node = json_object_get_member (from, "check");
  gint64 check;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return TRUE;

  if (!imp_json_get_int (from, "check", &check, error))
    return FALSE;

  if (check < 1 || check > 10)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                           "“check” is the number of a device’s check, 1 to 10");
      return FALSE;
    }

  json_object_set_int_member (to, "check", check);
  return TRUE;
}

static JsonObject *
parse_report (ImpRequest  *request,
              GError     **error)
{
  static const char *const outcomes[] = { "installed", "refused", "current", NULL };
  g_autoptr(JsonObject) body = imp_request_parse_body (request, error);
  g_autoptr(JsonObject) report = json_object_new ();
  g_autofree char *time = imp_time_format (imp_time_now ());
  const char *outcome;

  if (body == NULL ||
      !imp_json_get_string (body, "class", error) ||
      !copy_text (body, report, "class", IMP_MANIFEST_MAX_NAME, error) ||
      !copy_text (body, report, "version", IMP_MANIFEST_MAX_NAME, error) ||
      !copy_text (body, report, "reason", MAX_REASON, error) ||
      !copy_check (body, report, error) ||
      !(outcome = imp_json_get_string (body, "outcome", error)))
    return NULL;

  if (!g_strv_contains (outcomes, outcome))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "“outcome” is “installed”, “refused” or “current”, not “%.64s”", outcome);
      return NULL;
    }

  json_object_set_string_member (report, "device", imp_request_get_parameter (request, "id"));
  json_object_set_string_member (report, "outcome", outcome);
  json_object_set_string_member (report, "time", time);
  return g_steal_pointer (&report);
}

/* A report that is being written down. */
typedef struct
{
  ImpAgent *agent;      /* (owned) */
  ImpRequest *request;  /* (owned) */
  JsonObject *report;   /* (owned) */
} Report;

static void
report_free (Report *report)
{
  g_object_unref (report->agent);
  g_object_unref (report->request);
  json_object_unref (report->report);
  g_free (report);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Report, report_free)

static void
report_added_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Report) report = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) event = NULL;
  g_autoptr(JsonNode) reply = NULL;
  g_autoptr(JsonObject) object_with_id = json_object_new ();
  guint64 id = imp_activity_log_add_finish (IMP_ACTIVITY_LOG (object), result, &error);

  if (error != NULL)
    {
      imp_request_reply_error (report->request, error);
      return;
    }

  json_object_set_int_member (report->report, "id", id);
  event = json_node_init_object (json_node_alloc (), report->report);
  imp_event_log_append (imp_agent_get_events (report->agent), "report", event);

  json_object_set_int_member (object_with_id, "id", id);
  reply = json_node_init_object (json_node_alloc (), object_with_id);
  imp_request_reply_json (report->request, SOUP_STATUS_CREATED, reply);
}

static void
handle_report (ImpRequest *request,
               gpointer    user_data)
{
  Routes *routes = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) record = NULL;
  Report *report;

  if (!imp_device_name_check_request (request))
    return;

  if (!(record = parse_report (request, &error)))
    {
      imp_request_reply_error (request, error);
      return;
    }

  report = g_new0 (Report, 1);
  report->agent = g_object_ref (routes->agent);
  report->request = g_object_ref (request);
  report->report = json_object_ref (record);
  imp_activity_log_add_async (routes->activity, IMP_ACTIVITY_REPORTS, record, report_added_cb,
                              report);
}

static const ImpRoute activity_routes[] = {
  { "GET", "/v1/fetches", IMP_ROUTE_PLAIN, 0, handle_fetches },
  { "POST", "/v1/devices/{id}/reports", IMP_ROUTE_PLAIN, REPORT_SIZE, handle_report },
  { "GET", "/v1/devices/{id}/reports", IMP_ROUTE_PLAIN, 0, handle_reports },
};

/**
 * imp_activity_routes_add:
 * @agent: an agent
 * @activity: where fetches and reports are written down
 *
 * Lets @agent take reports of devices, and answer what @activity holds.
 */
void
imp_activity_routes_add (ImpAgent       *agent,
                         ImpActivityLog *activity)
{
  Routes *routes;

  g_return_if_fail (IMP_IS_AGENT (agent));
  g_return_if_fail (IMP_IS_ACTIVITY_LOG (activity));

  routes = g_new0 (Routes, 1);
  routes->agent = agent;
  routes->activity = g_object_ref (activity);
  g_object_set_data_full (G_OBJECT (agent), "imp-activity-routes", routes,
                          (GDestroyNotify) routes_free);
  imp_agent_add_routes (agent, activity_routes, G_N_ELEMENTS (activity_routes), routes);
}
