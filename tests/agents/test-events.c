/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <string.h>

/* A listener: what has arrived so far. */
typedef struct
{
  GSocketConnection *connection;
  GString *text;
} Listener;

static Listener *
listen_to (AgentsFixture *fixture,
           ImpRole        role,
           const char    *last_id)
{
  Listener *listener = g_new0 (Listener, 1);
  g_autofree char *header = last_id != NULL ? g_strdup_printf ("Last-Event-ID: %s\r\n", last_id)
                                            : g_strdup ("");
  g_autofree char *request = g_strdup_printf (
    "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n%s\r\n", header);

  listener->connection = agents_connect (fixture, role, NULL);
  listener->text = g_string_new (NULL);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (listener->connection)),
                             request, strlen (request), NULL, NULL, NULL);
  return listener;
}

static void
listener_free (Listener *listener)
{
  g_io_stream_close (G_IO_STREAM (listener->connection), NULL, NULL);
  g_object_unref (listener->connection);
  g_string_free (listener->text, TRUE);
  g_free (listener);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listener, listener_free)

static void
read_some (Listener *listener)
{
  char buffer[4096];
  gssize size;

  g_main_context_iteration (NULL, FALSE);
  size = g_socket_receive_with_blocking (g_socket_connection_get_socket (listener->connection),
                                         buffer, sizeof buffer, FALSE, NULL, NULL);
  if (size > 0)
    g_string_append_len (listener->text, buffer, size);
}

static void
wait_for (Listener   *listener,
          const char *text)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (strstr (listener->text->str, text) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      read_some (listener);
    }
}

static guint
count (const char *text,
       const char *part)
{
  guint n = 0;

  while ((text = strstr (text, part)) != NULL)
    {
      n++;
      text += strlen (part);
    }

  return n;
}

/* The id of the nth event that is there. */
static char *
get_id (Listener *listener,
        guint     n)
{
  const char *id = listener->text->str;

  for (guint i = 0; i <= n; i++)
    {
      id = strstr (id, "id: ");
      g_assert_nonnull (id);
      id += strlen ("id: ");
    }

  return g_strndup (id, strcspn (id, "\r\n"));
}

static void
test_registration (AgentsFixture *fixture,
                   gconstpointer  data)
{
  g_autoptr(Listener) at_author = listen_to (fixture, IMP_ROLE_AUTHOR, NULL);
  g_autoptr(Listener) at_register = listen_to (fixture, IMP_ROLE_REGISTER, NULL);
  g_autoptr(Listener) at_retrieval = listen_to (fixture, IMP_ROLE_RETRIEVAL, NULL);
  g_autoptr(JsonNode) node = NULL;

  wait_for (at_author, "text/event-stream");
  wait_for (at_register, "text/event-stream");
  wait_for (at_retrieval, "text/event-stream");
  register_author (fixture);
  node = publish (fixture, "Class_1", "V_1", 1, "firmware", 8);

  wait_for (at_author, "\"step\":\"answer\"");
  wait_for (at_register, "\"step\":\"answer\"");
  wait_for (at_retrieval, "\"function\":\"createUpdate\"");
  g_assert_cmpuint (count (at_author->text->str, "event: registration"), ==, 5);
  g_assert_cmpuint (count (at_author->text->str, "event: transaction"), ==, 0);
  g_assert_cmpuint (count (at_register->text->str, "event: registration"), ==, 5);
  g_assert_cmpuint (count (at_register->text->str, "event: transaction"), ==, 2);
  g_assert_cmpuint (count (at_retrieval->text->str, "event: transaction"), ==, 2);
  g_assert_null (strstr (at_retrieval->text->str, "\"leaf\""));
}

static void
test_failed_registration (AgentsFixture *fixture,
                          gconstpointer  data)
{
  g_autoptr(Listener) listener = listen_to (fixture, IMP_ROLE_AUTHOR, NULL);
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1, "firmware", 8);
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
    { "update", NULL, text, -1 },
    { "payload", "f", "other fw", -1 },
    { NULL },
  };
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  wait_for (listener, "text/event-stream");
  reply = agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts);
  g_assert_cmpuint (reply->status, ==, 403);
  wait_for (listener, "\"step\":\"failed\"");
  wait_for (listener, "ERR_PAYLOAD_NOT_VERIFIABLE");
}

/* A client follows its own request by the id that it gave. */
static void
test_request_id (AgentsFixture *fixture,
                 gconstpointer  data)
{
  g_autoptr(Listener) listener = listen_to (fixture, IMP_ROLE_AUTHOR, NULL);
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1, "firmware", 8);
  g_autofree char *text = print_update (update);
  g_autoptr(JsonNode) body = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonNode) update_node = json_from_string (text, NULL);
  JsonObject *object = json_object_new ();
  g_autofree char *json = NULL;
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  wait_for (listener, "text/event-stream");
  json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (fixture->author));
  json_object_set_member (object, "update", g_steal_pointer (&update_node));
  json_object_set_string_member (object, "payload", "firmware");
  json_node_take_object (body, object);
  json = json_to_string (body, FALSE);
  reply = agents_ask (fixture, IMP_ROLE_AUTHOR, "POST", "/v1/updates",
                      "Content-Type: application/json\r\nX-Request-Id: my request\r\n", json, -1);
  g_assert_cmpuint (reply->status, ==, 201);
  wait_for (listener, "\"step\":\"answer\"");
  g_assert_cmpuint (count (listener->text->str, "\"request\":\"my request\""), ==, 5);
}

static void
send_reports (AgentsFixture *fixture,
              guint          n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(Reply) reply = agents_post_json (fixture, IMP_ROLE_RETRIEVAL, "/v1/devices/d/reports",
                                                 "{\"class\":\"c\",\"outcome\":\"current\"}");

      g_assert_cmpuint (reply->status, ==, 201);
    }
}

static void
test_resumes (AgentsFixture *fixture,
              gconstpointer  data)
{
  g_autoptr(Listener) first = listen_to (fixture, IMP_ROLE_RETRIEVAL, NULL);
  g_autoptr(Listener) second = NULL;
  g_autofree char *id = NULL;

  wait_for (first, "text/event-stream");
  send_reports (fixture, 3);
  wait_for (first, "\"id\":3");
  id = get_id (first, 0);

  second = listen_to (fixture, IMP_ROLE_RETRIEVAL, id);
  wait_for (second, "\"id\":3");
  g_assert_cmpuint (count (second->text->str, "event: report"), ==, 2);
  g_assert_null (strstr (second->text->str, "event: reset"));

  send_reports (fixture, 1);
  wait_for (second, "\"id\":4");
}

/* What is not remembered any more, or never was, begins anew. */
static void
test_resets (AgentsFixture *fixture,
             gconstpointer  data)
{
  static const char *const ids[] = { "1", "nonsense", "99999999999999999" };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autoptr(Listener) listener = listen_to (fixture, IMP_ROLE_RETRIEVAL, ids[i]);

      wait_for (listener, "event: reset");
      send_reports (fixture, 1);
      wait_for (listener, "event: report");
    }
}

static void
test_forgets_old_events (AgentsFixture *fixture,
                         gconstpointer  data)
{
  ImpEventLog *events = imp_agent_get_events (imp_daemon_get_agent (fixture->daemon,
                                                                    IMP_ROLE_RETRIEVAL));
  g_autoptr(Listener) first = listen_to (fixture, IMP_ROLE_RETRIEVAL, NULL);
  g_autoptr(Listener) late = NULL;
  g_autoptr(Listener) in_time = NULL;
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *id = NULL;
  g_autofree char *next_id = NULL;

  json_node_take_object (node, json_object_new ());
  wait_for (first, "text/event-stream");
  for (guint i = 0; i < IMP_EVENT_LOG_SIZE + 2; i++)
    imp_event_log_append (events, "report", node);

  wait_for (first, "id: ");
  while (count (first->text->str, "id: ") < 3)
    read_some (first);
  id = get_id (first, 0);
  next_id = get_id (first, 1);

  late = listen_to (fixture, IMP_ROLE_RETRIEVAL, id);
  wait_for (late, "event: reset");
  in_time = listen_to (fixture, IMP_ROLE_RETRIEVAL, next_id);
  wait_for (in_time, "event: report");
  g_assert_null (strstr (in_time->text->str, "event: reset"));
}

/* One who does not read is cut off instead of being remembered for. */
static void
test_cuts_off_sleepers (AgentsFixture *fixture,
                        gconstpointer  data)
{
  ImpEventLog *events = imp_agent_get_events (imp_daemon_get_agent (fixture->daemon,
                                                                    IMP_ROLE_RETRIEVAL));
  g_autoptr(Listener) sleeper = listen_to (fixture, IMP_ROLE_RETRIEVAL, NULL);
  g_autofree char *text = g_strnfill (64 * 1024, 'x');
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  json_object_set_string_member (object, "text", text);
  json_node_take_object (node, object);
  wait_for (sleeper, "text/event-stream");
  g_assert_cmpuint (imp_event_log_count_listeners (events), ==, 1);

  while (imp_event_log_count_listeners (events) > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      imp_event_log_append (events, "report", node);
      for (guint i = 0; i < 10; i++)
        g_main_context_iteration (NULL, FALSE);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_CASE(path, func) \
  g_test_add ("/events/" path, AgentsFixture, NULL, agents_fixture_set_up, func, \
              agents_fixture_tear_down)

  ADD_CASE ("registration", test_registration);
  ADD_CASE ("failed-registration", test_failed_registration);
  ADD_CASE ("request-id", test_request_id);
  ADD_CASE ("resumes", test_resumes);
  ADD_CASE ("resets", test_resets);
  ADD_CASE ("forgets-old-events", test_forgets_old_events);
  ADD_CASE ("cuts-off-sleepers", test_cuts_off_sleepers);

  return g_test_run ();
}
