/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-statistics.h"

#include "imp-agent-client-private.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"

/* 400 days of hours, and what docs/api.md says of devices. */
#define MAX_HOURS 9601
#define MAX_VERSIONS 1000

static void
clear_version (gpointer data)
{
  ImpRunningVersion *version = data;

  g_free (version->class_id);
  g_free (version->version);
}

static ImpAgentStatistics *
statistics_new (void)
{
  ImpAgentStatistics *self = g_new0 (ImpAgentStatistics, 1);

  self->updates = g_array_new (FALSE, FALSE, sizeof (ImpUpdatesHour));
  self->fetches = g_array_new (FALSE, FALSE, sizeof (ImpFetchesHour));
  self->devices = g_array_new (FALSE, TRUE, sizeof (ImpRunningVersion));
  g_array_set_clear_func (self->devices, clear_version);
  return self;
}

/**
 * imp_agent_statistics_free:
 * @self: (transfer full): statistics, not `NULL`
 *
 * Frees statistics and their rows.
 */
void
imp_agent_statistics_free (ImpAgentStatistics *self)
{
  g_array_unref (self->updates);
  g_array_unref (self->fetches);
  g_array_unref (self->devices);
  g_free (self);
}

static gboolean
get_count (JsonObject  *object,
           const char  *name,
           guint64     *count,
           GError     **error)
{
  gint64 value;

  if (!imp_json_get_int (object, name, &value, error))
    return FALSE;

  *count = MAX (value, 0);
  if (value >= 0)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "“%s” is negative", name);
  return FALSE;
}

static gboolean
get_hour (JsonObject  *object,
          gint64      *time,
          GError     **error)
{
  const char *text = imp_json_get_string (object, "hour", error);

  return text != NULL && imp_time_parse (text, time, error);
}

static gboolean
read_updates (ImpAgentStatistics  *self,
              JsonObject          *object,
              GError             **error)
{
  ImpUpdatesHour hour;

  if (!get_hour (object, &hour.time, error) ||
      !get_count (object, "count", &hour.updates, error))
    return FALSE;

  g_array_append_val (self->updates, hour);
  return TRUE;
}

static gboolean
read_fetches (ImpAgentStatistics  *self,
              JsonObject          *object,
              GError             **error)
{
  ImpFetchesHour hour;

  if (!get_hour (object, &hour.time, error) ||
      !get_count (object, "complete", &hour.complete, error) ||
      !get_count (object, "cut", &hour.cut, error) ||
      !get_count (object, "failed", &hour.failed, error) ||
      !get_count (object, "bytes", &hour.bytes, error))
    return FALSE;

  g_array_append_val (self->fetches, hour);
  return TRUE;
}

static gboolean
read_version (ImpAgentStatistics  *self,
              JsonObject          *object,
              GError             **error)
{
  JsonNode *newest = json_object_get_member (object, "newest");
  const char *class_id = imp_json_get_string (object, "class", error);
  const char *version = class_id != NULL ? imp_json_get_string (object, "version", error) : NULL;
  ImpRunningVersion *row;
  guint64 devices;

  if (version == NULL || !get_count (object, "devices", &devices, error))
    return FALSE;

  if (newest == NULL || json_node_get_value_type (newest) != G_TYPE_BOOLEAN)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                           "the agent does not say whether a version is the newest");
      return FALSE;
    }

  g_array_set_size (self->devices, self->devices->len + 1);
  row = &g_array_index (self->devices, ImpRunningVersion, self->devices->len - 1);
  row->class_id = g_strdup (class_id);
  row->version = g_strdup (version);
  row->devices = devices;
  row->newest = json_node_get_boolean (newest);
  return TRUE;
}

static gboolean
read_array (ImpAgentStatistics  *self,
            JsonObject          *root,
            const char          *name,
            guint                max_length,
            gboolean           (*read) (ImpAgentStatistics *, JsonObject *, GError **),
            GError             **error)
{
  JsonArray *array = imp_json_get_array (root, name, error);
  guint length = array != NULL ? json_array_get_length (array) : 0;

  if (array == NULL)
    return FALSE;

  if (length > max_length)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "“%s” has %u items", name, length);
      return FALSE;
    }

  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "item %u of “%s” is no object", i,
                       name);
          return FALSE;
        }
      if (!read (self, json_node_get_object (node), error))
        {
          g_prefix_error (error, "item %u of “%s”: ", i, name);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * imp_agent_statistics_new_from_json:
 * @node: the reply to `GET /v1/statistics`
 * @error: return location for an error
 *
 * Reads what the agents counted.
 *
 * Returns: (transfer full) (nullable): the counts, or `NULL` with @error set
 */
ImpAgentStatistics *
imp_agent_statistics_new_from_json (JsonNode  *node,
                                    GError   **error)
{
  g_autoptr(ImpAgentStatistics) self = statistics_new ();
  JsonObject *root;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the reply is not a JSON object");
      return NULL;
    }

  root = json_node_get_object (node);
  if (!read_array (self, root, "updates", MAX_HOURS, read_updates, error) ||
      !read_array (self, root, "fetches", MAX_HOURS, read_fetches, error) ||
      !read_array (self, root, "devices", MAX_VERSIONS, read_version, error))
    return NULL;

  return g_steal_pointer (&self);
}

static gpointer
read_reply (JsonNode  *node,
            GError   **error)
{
  return imp_agent_statistics_new_from_json (node, error);
}

/**
 * imp_agent_client_get_statistics_async:
 * @self: a client
 * @since: from the hour of this time on, in milliseconds since 1970, at most 400 days ago
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks how much was registered and fetched, and what devices run.
 */
void
imp_agent_client_get_statistics_async (ImpAgentClient      *self,
                                       gint64               since,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  g_autofree char *time = imp_time_format (since);
  g_autofree char *path = g_strconcat ("/v1/statistics?since=", time, NULL);

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));

  imp_agent_client_request_async (self, "retrieval", "GET", path, NULL, read_reply,
                                  (GDestroyNotify) imp_agent_statistics_free, cancellable, callback,
                                  user_data);
}

/**
 * imp_agent_client_get_statistics_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the statistics, or `NULL` with @error set
 */
ImpAgentStatistics *
imp_agent_client_get_statistics_finish (ImpAgentClient  *self,
                                        GAsyncResult    *result,
                                        GError         **error)
{
  return imp_agent_client_request_finish (self, result, error);
}
