/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-statistics-routes.h"

#include "imp-error.h"
#include "imp-time.h"

#define DAY (24 * IMP_HOUR)
#define MAX_DAYS 400

/* What the handler is given; the agent owns it. */
typedef struct
{
  ImpLedger      *ledger;    /* (owned) */
  ImpActivityLog *activity;  /* (owned) */
} Routes;

/* A request that waits for the counts of the activity, and then for those of the ledger. */
typedef struct
{
  ImpLedger  *ledger;   /* (owned) */
  ImpRequest *request;  /* (owned) */
  JsonNode   *reply;    /* (owned) (nullable) */
  gint64      since;
} Query;

static void
routes_free (Routes *routes)
{
  g_object_unref (routes->ledger);
  g_object_unref (routes->activity);
  g_free (routes);
}

static void
query_free (Query *query)
{
  g_clear_pointer (&query->reply, json_node_unref);
  g_object_unref (query->ledger);
  g_object_unref (query->request);
  g_free (query);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Query, query_free)

static void
add_updates (JsonObject    *reply,
             ImpStatistics *statistics)
{
  JsonArray *updates = json_array_new ();

  for (guint i = 0; i < statistics->hours->len; i++)
    {
      const ImpHourCount *hour = &g_array_index (statistics->hours, ImpHourCount, i);
      g_autofree char *time = imp_time_format (hour->time);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "hour", time);
      json_object_set_int_member (object, "count", hour->count);
      json_array_add_object_element (updates, object);
    }

  json_object_set_array_member (reply, "updates", updates);
}

static void
add_newest (JsonObject    *reply,
            ImpStatistics *statistics)
{
  JsonArray *devices = json_object_get_array_member (reply, "devices");

  for (guint i = 0; i < json_array_get_length (devices); i++)
    json_object_set_boolean_member (json_array_get_object_element (devices, i), "newest",
                                    g_array_index (statistics->newest, gboolean, i));
}

static void
ledger_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpStatistics) statistics = NULL;
  g_autofree char *since = imp_time_format (query->since);
  JsonObject *reply = json_node_get_object (query->reply);

  statistics = imp_ledger_read_statistics_finish (IMP_LEDGER (object), result, &error);
  if (statistics == NULL)
    {
      imp_request_reply_error (query->request, error);
      return;
    }

  json_object_set_string_member (reply, "since", since);
  add_updates (reply, statistics);
  add_newest (reply, statistics);
  imp_request_reply_json (query->request, SOUP_STATUS_OK, query->reply);
}

/* The ledger knows whether a version that devices run is the newest. */
static void
ask_ledger (Query *query_owned)
{
  g_autoptr(Query) query = query_owned;
  JsonArray *devices = json_object_get_array_member (json_node_get_object (query->reply), "devices");
  guint n = json_array_get_length (devices);
  g_autofree ImpClassVersion *versions = g_new0 (ImpClassVersion, n);
  ImpStatisticsQuery question = { query->since, versions, n };
  GCancellable *cancellable = imp_request_get_cancellable (query->request);
  ImpLedger *ledger = query->ledger;

  for (guint i = 0; i < n; i++)
    {
      JsonObject *device = json_array_get_object_element (devices, i);

      versions[i].class_id = json_object_get_string_member (device, "class");
      versions[i].version = json_object_get_string_member (device, "version");
    }

  imp_ledger_read_statistics_async (ledger, &question, cancellable, ledger_cb,
                                    g_steal_pointer (&query));
}

static void
activity_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(Query) query = user_data;
  g_autoptr(GError) error = NULL;

  query->reply = imp_activity_log_count_finish (IMP_ACTIVITY_LOG (object), result, &error);
  if (query->reply != NULL)
    ask_ledger (g_steal_pointer (&query));
  else
    imp_request_reply_error (query->request, error);
}

/* A day when nothing is said. Whoever asks for more than a year wants the ledger, not an overview. */
static gboolean
parse_since (ImpRequest  *request,
             gint64      *since,
             GError     **error)
{
  static const char *const names[] = { "since", NULL };
  const char *text = imp_request_get_query (request, "since");
  gint64 now = imp_time_now ();

  *since = now - DAY;
  if (!imp_request_check_query (request, names, error))
    return FALSE;

  if (text != NULL && !imp_time_parse (text, since, error))
    {
      g_prefix_error (error, "“since”: ");
      return FALSE;
    }

  if (*since >= now - MAX_DAYS * DAY)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "“since” is more than %d days ago", MAX_DAYS);
  return FALSE;
}

static void
handle_statistics (ImpRequest *request,
                   gpointer    user_data)
{
  Routes *routes = user_data;
  GCancellable *cancellable = imp_request_get_cancellable (request);
  g_autoptr(GError) error = NULL;
  g_autofree char *since = NULL;
  Query *query;
  gint64 time;

  if (!parse_since (request, &time, &error))
    {
      imp_request_reply_error (request, error);
      return;
    }

  since = imp_time_format (time);
  query = g_new0 (Query, 1);
  query->ledger = g_object_ref (routes->ledger);
  query->request = g_object_ref (request);
  query->since = time;
  imp_activity_log_count_async (routes->activity, since, cancellable, activity_cb, query);
}

static const ImpRoute statistics_routes[] = {
  { "GET", "/v1/statistics", IMP_ROUTE_PLAIN, 0, handle_statistics },
};

/**
 * imp_statistics_routes_add:
 * @agent: an agent
 * @ledger: what was registered
 * @activity: what was fetched and reported
 *
 * Lets @agent say how much of both there was.
 */
void
imp_statistics_routes_add (ImpAgent       *agent,
                           ImpLedger      *ledger,
                           ImpActivityLog *activity)
{
  Routes *routes;

  g_return_if_fail (IMP_IS_AGENT (agent));
  g_return_if_fail (IMP_IS_LEDGER (ledger));
  g_return_if_fail (IMP_IS_ACTIVITY_LOG (activity));

  routes = g_new0 (Routes, 1);
  routes->ledger = g_object_ref (ledger);
  routes->activity = g_object_ref (activity);
  g_object_set_data_full (G_OBJECT (agent), "imp-statistics-routes", routes,
                          (GDestroyNotify) routes_free);
  imp_agent_add_routes (agent, statistics_routes, G_N_ELEMENTS (statistics_routes), routes);
}
