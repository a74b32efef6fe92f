/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"
#include "imp-time.h"

#define PAYLOAD_SIZE 5000

static guint8 payload[PAYLOAD_SIZE];

static void
set_up (AgentsFixture *fixture,
        gconstpointer  data)
{
  agents_fixture_set_up (fixture, data);
  register_author (fixture);
}

static JsonObject *
ask (AgentsFixture *fixture,
     const char    *query)
{
  g_autofree char *path = g_strconcat ("/v1/statistics", query, NULL);
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);
  g_autoptr(JsonNode) node = NULL;

  g_assert_cmpuint (reply->status, ==, 200);
  node = reply_parse (reply);
  return json_node_dup_object (node);
}

static char *
publish_version (AgentsFixture *fixture,
                 const char    *version,
                 gint64         sequence)
{
  g_autoptr(JsonNode) receipt = NULL;

  payload[0] = sequence;
  receipt = publish (fixture, "Class_1", version, sequence, payload, sizeof payload);
  return g_strdup (json_object_get_string_member (json_node_get_object (receipt), "cid"));
}

static void
report (AgentsFixture *fixture,
        const char    *device,
        const char    *version,
        const char    *outcome)
{
  g_autofree char *path = g_strdup_printf ("/v1/devices/%s/reports", device);
  g_autofree char *json = g_strdup_printf ("{\"class\":\"Class_1\",\"version\":\"%s\","
                                           "\"outcome\":\"%s\"}", version, outcome);
  g_autoptr(Reply) reply = agents_post_json (fixture, IMP_ROLE_RETRIEVAL, path, json);

  g_assert_cmpuint (reply->status, ==, 201);
}

static gint64
sum (JsonObject *statistics,
     const char *array,
     const char *member)
{
  JsonArray *rows = json_object_get_array_member (statistics, array);
  gint64 total = 0;

  for (guint i = 0; i < json_array_get_length (rows); i++)
    total += json_object_get_int_member (json_array_get_object_element (rows, i), member);

  return total;
}

static JsonObject *
find_version (JsonObject *statistics,
              const char *version)
{
  JsonArray *rows = json_object_get_array_member (statistics, "devices");

  for (guint i = 0; i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (g_str_equal (json_object_get_string_member (row, "version"), version))
        return row;
    }

  return NULL;
}

static void
assert_running (JsonObject *statistics,
                const char *version,
                gint64      devices,
                gboolean    newest)
{
  JsonObject *row = find_version (statistics, version);

  if (devices == 0)
    {
      g_assert_null (row);
      return;
    }

  g_assert_nonnull (row);
  g_assert_cmpstr (json_object_get_string_member (row, "class"), ==, "Class_1");
  g_assert_cmpint (json_object_get_int_member (row, "devices"), ==, devices);
  g_assert_cmpint (json_object_get_boolean_member (row, "newest"), ==, newest);
}

static void
test_empty (AgentsFixture *fixture,
            gconstpointer  data)
{
  g_autoptr(JsonObject) statistics = ask (fixture, "");

  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (statistics, "updates")), ==, 0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (statistics, "fetches")), ==, 0);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (statistics, "devices")), ==, 0);
}

static void
test_updates (AgentsFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *first = publish_version (fixture, "V_1", 1);
  g_autofree char *second = publish_version (fixture, "V_2", 2);
  g_autofree char *later = imp_time_format (imp_time_now () + 2 * 3600 * 1000);
  g_autofree char *query = g_strconcat ("?since=", later, NULL);
  g_autoptr(JsonObject) statistics = ask (fixture, "");
  g_autoptr(JsonObject) future = ask (fixture, query);
  g_autofree char *hour = imp_time_format (imp_time_now () / 3600000 * 3600000);
  JsonArray *hours = json_object_get_array_member (statistics, "updates");
  JsonObject *last = json_array_get_object_element (hours, json_array_get_length (hours) - 1);

  g_assert_cmpint (sum (statistics, "updates", "count"), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (last, "hour"), <=, hour);
  g_assert_cmpint (sum (future, "updates", "count"), ==, 0);
}

static void
test_fetches (AgentsFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *cid = publish_version (fixture, "V_1", 1);
  g_autofree char *path = g_strconcat ("/v1/payloads/", cid, NULL);
  g_autoptr(JsonObject) statistics = NULL;
  gint64 complete = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);

      g_assert_cmpuint (reply->status, ==, 200);
    }

  /* A fetch is written down once its last byte is on the way. */
  for (guint i = 0; i < 100 && complete < 3; i++)
    {
      g_clear_pointer (&statistics, json_object_unref);
      statistics = ask (fixture, "");
      complete = sum (statistics, "fetches", "complete");
    }

  g_assert_cmpint (complete, ==, 3);
  g_assert_cmpint (sum (statistics, "fetches", "cut"), ==, 0);
  g_assert_cmpint (sum (statistics, "fetches", "bytes"), ==, 3 * PAYLOAD_SIZE);
}

/* Devices move from one version to the next; one that refuses stays where it is. */
static void
test_devices (AgentsFixture *fixture,
              gconstpointer  data)
{
  g_autofree char *first = publish_version (fixture, "V_1", 1);
  g_autofree char *second = NULL;
  g_autoptr(JsonObject) before = NULL;
  g_autoptr(JsonObject) after = NULL;

  report (fixture, "lamp-1", "V_1", "installed");
  report (fixture, "lamp-2", "V_1", "installed");
  report (fixture, "lamp-2", "V_1", "current");
  report (fixture, "lamp-3", "V_1", "refused");
  before = ask (fixture, "");
  assert_running (before, "V_1", 2, TRUE);
  assert_running (before, "", 1, FALSE);

  second = publish_version (fixture, "V_2", 2);
  report (fixture, "lamp-1", "V_2", "installed");
  report (fixture, "lamp-2", "V_2", "refused");
  report (fixture, "lamp-3", "V_2", "installed");
  after = ask (fixture, "");
  assert_running (after, "V_1", 1, FALSE);
  assert_running (after, "V_2", 2, TRUE);
  assert_running (after, "", 0, FALSE);
}

static void
test_bad_queries (AgentsFixture *fixture,
                  gconstpointer  data)
{
  static const char *const queries[] = {
    "?since=yesterday", "?since=1", "?since=2001-01-01T00:00:00.000Z", "?until=2026-01-01T00:00:00.000Z",
  };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autofree char *path = g_strconcat ("/v1/statistics", queries[i], NULL);
      g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);

      g_test_message ("%s: %s", queries[i], reply->body);
      g_assert_cmpuint (reply->status, ==, 400);
    }
}

#define ADD(path, func) \
  g_test_add (path, AgentsFixture, NULL, set_up, func, agents_fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("/statistics/empty", test_empty);
  ADD ("/statistics/updates", test_updates);
  ADD ("/statistics/fetches", test_fetches);
  ADD ("/statistics/devices", test_devices);
  ADD ("/statistics/bad-queries", test_bad_queries);

  return g_test_run ();
}
