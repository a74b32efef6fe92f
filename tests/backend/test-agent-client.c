/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "backend-fixture.h"
#include "imp-error.h"
#include "raw-agent.h"

/* What the client makes of agents that answer oddly. What it does with good ones stands in
 * test-main-job.
 */
typedef struct
{
  const char *name;
  const char *head;   /* (nullable): a good one is put before the body */
  const char *body;
  GQuark    (*domain) (void);
  int         code;
} Odd;

typedef struct
{
  RawAgent       *agent;
  ImpConnection  *connection;
  ImpAgentClient *client;
} Fixture;

static char *home;

static void
odd_cb (const RawRequest *request,
        gpointer          user_data)
{
  const Odd *odd = user_data;

  if (odd->head == NULL)
    raw_agent_reply (request, "200 OK", odd->body);
  else
    {
      raw_agent_say (request, odd->head);
      raw_agent_say (request, odd->body);
    }
}

static void
hang_cb (const RawRequest *request,
         gpointer          user_data)
{
  raw_agent_hang (request);
}

static void
start (Fixture    *fixture,
       RawHandler  handler,
       gpointer    user_data)
{
  g_autoptr(GError) error = NULL;

  fixture->agent = raw_agent_new (handler, user_data);
  fixture->connection = imp_connection_new_remote ("Odd", raw_agent_get_url (fixture->agent), NULL,
                                                   raw_agent_get_url (fixture->agent), NULL,
                                                   &error);
  g_assert_no_error (error);
  fixture->client = imp_agent_client_new (fixture->connection);
}

static void
stop (Fixture *fixture)
{
  test_assert_finalizes (fixture->client);
  test_assert_finalizes (fixture->connection);
  raw_agent_free (fixture->agent);
}

static void
assert_odd (const GError *error,
            const Odd    *odd,
            const char   *url)
{
  g_test_message ("%s", error != NULL ? error->message : "no error");
  g_assert_error (error, odd->domain (), odd->code);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (strlen (error->message), <, 2000);
  if (odd->code == IMP_ERROR_BAD_REPLY && odd->domain == imp_error_quark)
    g_assert_nonnull (strstr (error->message, url));
}

static void
test_odd_page (gconstpointer data)
{
  const ImpPageQuery query = { 0 };
  g_autoptr(ImpPage) page = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, odd_cb, (gpointer) data);
  {
    TEST_RESULT (result);

    imp_agent_client_list_transactions_async (fixture.client, &query, NULL, test_keep_result,
                                              &result);
    page = imp_agent_client_list_transactions_finish (fixture.client, test_wait (&result), &error);
  }
  g_assert_null (page);
  assert_odd (error, data, raw_agent_get_url (fixture.agent));
  stop (&fixture);
}

static void
test_odd_update (gconstpointer data)
{
  g_autoptr(ImpRegisteredUpdate) update = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, odd_cb, (gpointer) data);
  {
    TEST_RESULT (result);

    imp_agent_client_get_update_async (fixture.client, "00", NULL, test_keep_result, &result);
    update = imp_agent_client_get_update_finish (fixture.client, test_wait (&result), &error);
  }
  g_assert_null (update);
  assert_odd (error, data, raw_agent_get_url (fixture.agent));
  stop (&fixture);
}

static void
test_odd_author (gconstpointer data)
{
  ImpAuthorStatus status;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, odd_cb, (gpointer) data);
  {
    TEST_RESULT (result);

    imp_agent_client_get_author_async (fixture.client, "00", NULL, test_keep_result, &result);
    g_assert_false (imp_agent_client_get_author_finish (fixture.client, test_wait (&result),
                                                        &status, &error));
  }
  assert_odd (error, data, raw_agent_get_url (fixture.agent));
  stop (&fixture);
}

/* A file that was there stays, and nothing is left beside it. */
static void
test_odd_download (gconstpointer data)
{
  g_autofree char *folder = g_build_filename (home, "download", NULL);
  g_autofree char *path = NULL;
  g_autofree char *kept = NULL;
  g_autoptr(GFile) file = NULL;
  g_autoptr(GDir) dir = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  g_mkdir_with_parents (folder, 0700);
  path = test_write_file (folder, "firmware.bin", "before", 6);
  file = g_file_new_for_path (path);
  start (&fixture, odd_cb, (gpointer) data);
  {
    TEST_RESULT (result);

    imp_agent_client_download_async (fixture.client,
                                     "QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o", file, NULL,
                                     NULL, NULL, test_keep_result, &result);
    g_assert_false (imp_agent_client_download_finish (fixture.client, test_wait (&result),
                                                      &error));
  }
  assert_odd (error, data, raw_agent_get_url (fixture.agent));
  stop (&fixture);

  g_clear_error (&error);
  g_file_get_contents (path, &kept, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kept, ==, "before");
  dir = g_dir_open (folder, 0, &error);
  g_assert_cmpstr (g_dir_read_name (dir), ==, "firmware.bin");
  g_assert_null (g_dir_read_name (dir));
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancels_hanging (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(JsonObject) status = NULL;
  g_autoptr(GError) error = NULL;
  double latency = -1;
  Fixture fixture;

  start (&fixture, hang_cb, NULL);
  {
    TEST_RESULT (result);

    g_timeout_add (50, cancel_cb, cancellable);
    imp_agent_client_get_status_async (fixture.client, "retrieval", cancellable, test_keep_result,
                                       &result);
    status = imp_agent_client_get_status_finish (fixture.client, test_wait (&result), &latency,
                                                 &error);
  }
  g_assert_null (status);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (error->message, !=, "");
  stop (&fixture);
}

static void
test_cancels_hanging_download (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "imprimatur-hanging-download", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (path);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, hang_cb, NULL);
  {
    TEST_RESULT (result);

    g_timeout_add (50, cancel_cb, cancellable);
    imp_agent_client_download_async (fixture.client,
                                     "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnvJmp", file,
                                     cancellable, NULL, NULL, test_keep_result, &result);
    g_assert_false (imp_agent_client_download_finish (fixture.client, test_wait (&result), &error));
  }
  g_assert_false (g_file_query_exists (file, NULL));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  stop (&fixture);
}

static void
test_no_agent (void)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *url = NULL;
  Fixture fixture;
  TEST_RESULT (result);

  /* A port that was free a moment ago. */
  start (&fixture, hang_cb, NULL);
  url = g_strdup (raw_agent_get_url (fixture.agent));
  raw_agent_free (g_steal_pointer (&fixture.agent));

  imp_agent_client_get_json_async (fixture.client, "retrieval", "/v1/status", NULL,
                                   test_keep_result, &result);
  g_assert_null (imp_agent_client_get_json_finish (fixture.client, test_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_nonnull (strstr (error->message, "retrieval agent"));
  g_assert_nonnull (strstr (error->message, url));
  g_clear_object (&result);
  test_assert_finalizes (fixture.client);
  test_assert_finalizes (fixture.connection);
}

static void
test_no_role (void)
{
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, hang_cb, NULL);
  {
    TEST_RESULT (result);

    imp_agent_client_get_json_async (fixture.client, "verification", "/v1/status", NULL,
                                     test_keep_result, &result);
    g_assert_null (imp_agent_client_get_json_finish (fixture.client, test_wait (&result),
                                                     &error));
  }
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  stop (&fixture);
}

/* Two thousand requests that are refused leave nothing behind, and each has its own answer. */
static void
count_problem_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  guint *n_left = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;

  node = imp_agent_client_get_json_finish (IMP_AGENT_CLIENT (object), result, &error);
  g_assert_null (node);
  g_assert_error (error, IMP_ERROR, IMP_ERROR_TOKEN_EXPIRED);
  (*n_left)--;
}

static void
problem_cb (const RawRequest *request,
            gpointer          user_data)
{
  raw_agent_reply (request, "403 Forbidden",
                   "{\"code\": \"ERR_TOKEN_EXPIRED\", \"detail\": \"the token ended\"}");
}

static void
test_many_problems (void)
{
  Fixture fixture;
  guint n_left = 0;

  start (&fixture, problem_cb, NULL);
  for (guint i = 0; i < 500; i++)
    {
      for (guint j = 0; j < 4; j++, n_left++)
        imp_agent_client_get_json_async (fixture.client, "retrieval", "/v1/status", NULL,
                                         count_problem_cb, &n_left);
      while (n_left > 0)
        g_main_context_iteration (NULL, TRUE);
    }
  stop (&fixture);
}

/* Streams of events: odd ones are passed over, a break is resumed where it was. */
typedef struct
{
  int    n_streams;  /* atomic */
  int    resumed;    /* atomic */
  guint  n_events;
} Events;

static void
events_cb (const RawRequest *request,
           gpointer          user_data)
{
  Events *events = user_data;

  if (strstr (request->head, "Last-Event-ID: 7\r\n") != NULL)
    g_atomic_int_inc (&events->resumed);

  raw_agent_say (request, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n");
  if (g_atomic_int_add (&events->n_streams, 1) < 2)
    raw_agent_say (request, "id: 6\nevent: fetch\ndata: not JSON\n\n"
                            "event: fetch\ndata: [1]\n\n: nothing\n\nid: 7\nevent: fetch\ndata: {}\n\n"
                            "id: 8\nevent: fetch\ndata: {\"half\":");
  else
    raw_agent_hang (request);
}

static void
event_cb (ImpAgentClient *client,
          const char     *name,
          JsonObject     *data,
          Events         *events)
{
  g_assert_cmpstr (name, ==, "fetch");
  g_assert_cmpuint (json_object_get_size (data), ==, 0);
  events->n_events++;
}

static void
test_resumes_events (void)
{
  Events events = { 0 };
  Fixture fixture;

  start (&fixture, events_cb, &events);
  g_signal_connect (fixture.client, "event", G_CALLBACK (event_cb), &events);
  imp_agent_client_follow (fixture.client);
  imp_agent_client_follow (fixture.client);

  /* Two agents are followed, each breaks once. */
  while (g_atomic_int_get (&events.resumed) < 2)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (events.n_events, ==, 2);
  stop (&fixture);
}

#define GOOD_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define BAD imp_error_quark, IMP_ERROR_BAD_REPLY

static const Odd odd_pages[] = {
  { "empty", NULL, "", BAD },
  { "no-json", NULL, "<html>", BAD },
  { "array", NULL, "[]", BAD },
  { "no-member", NULL, "{}", BAD },
  { "member-type", NULL, "{\"transactions\": {}}", BAD },
  { "no-next", NULL, "{\"transactions\": []}", BAD },
  { "next-type", NULL, "{\"transactions\": [], \"next\": \"1\"}", BAD },
  { "next-negative", NULL, "{\"transactions\": [], \"next\": -1}", BAD },
  { "item-type", NULL, "{\"transactions\": [1], \"next\": null}", BAD },
  { "item-empty", NULL, "{\"transactions\": [{}], \"next\": null}", BAD },
  { "trailing", NULL, "{\"transactions\": [], \"next\": null} x", BAD },
  { "not-http", "ho ho ho\r\n\r\n", "", soup_session_error_quark, SOUP_SESSION_ERROR_PARSING },
  { "cut", GOOD_HEAD "Content-Length: 100\r\n\r\n", "{", g_io_error_quark,
    G_IO_ERROR_PARTIAL_INPUT },
  { "nothing", "", "", g_io_error_quark, G_IO_ERROR_PARTIAL_INPUT },
  { "too-long", GOOD_HEAD "Content-Length: 99999999999\r\n\r\n", "{", BAD },
  { "redirect", "HTTP/1.1 302 Found\r\nLocation: http://example.invalid/\r\n"
    "Content-Length: 0\r\n\r\n", "", BAD },
  { "500", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 4\r\n\r\n", "\1\xff\n?", BAD },
  { "404", "HTTP/1.1 404 Not Found\r\nContent-Length: 6\r\n\r\n", "<html>", imp_error_quark,
    IMP_ERROR_NOT_FOUND },
  { "503", "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 65\r\n\r\n",
    "{\"code\": \"ERR_LEDGER_UNAVAILABLE\", \"detail\": \"the disk is full\"}  ", imp_error_quark,
    IMP_ERROR_LEDGER_UNAVAILABLE },
  { "unknown-code", "HTTP/1.1 403 Forbidden\r\nContent-Length: 35\r\n\r\n",
    "{\"code\": \"ERR_NEW\", \"detail\": \"no\"}  ", imp_error_quark, IMP_ERROR_REFUSED },
};

static const Odd odd_updates[] = {
  { "empty", NULL, "{}", BAD },
  { "transaction", NULL, "{\"transaction\": {}, \"update\": {}, \"publicKey\": \"\", \"cid\": \"\"}",
    BAD },
  { "types", NULL, "{\"transaction\": 1, \"update\": 2, \"publicKey\": 3, \"cid\": 4}", BAD },
};

static const Odd odd_authors[] = {
  { "array", NULL, "[]", BAD },
  { "since", NULL, "{\"registered\": true, \"since\": \"yesterday\", \"tokenExpires\": null}", BAD },
  { "expires", NULL, "{\"registered\": true, \"since\": \"2026-01-01T00:00:00.000Z\", "
    "\"tokenExpires\": 12}", BAD },
  { "500", "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n", "", BAD },
};

static const Odd odd_downloads[] = {
  { "other", NULL, "other bytes", BAD },
  { "nothing", NULL, "", BAD },
  { "cut", GOOD_HEAD "Content-Length: 12\r\n\r\n", "hello", g_io_error_quark,
    G_IO_ERROR_PARTIAL_INPUT },
  { "no-length", "HTTP/1.1 200 OK\r\n\r\n", "hello world\n", BAD },
  { "404", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "", imp_error_quark,
    IMP_ERROR_NOT_FOUND },
};

static void
add_odd (const char    *prefix,
         const Odd     *odd,
         gsize          n_odd,
         GTestDataFunc  func)
{
  for (gsize i = 0; i < n_odd; i++)
    {
      g_autofree char *path = g_strconcat ("/agent-client/", prefix, "/", odd[i].name, NULL);

      g_test_add_data_func (path, &odd[i], func);
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  home = test_make_home ();
  g_test_init (&argc, &argv, NULL);

  add_odd ("odd-page", odd_pages, G_N_ELEMENTS (odd_pages), test_odd_page);
  add_odd ("odd-update", odd_updates, G_N_ELEMENTS (odd_updates), test_odd_update);
  add_odd ("odd-author", odd_authors, G_N_ELEMENTS (odd_authors), test_odd_author);
  add_odd ("odd-download", odd_downloads, G_N_ELEMENTS (odd_downloads), test_odd_download);
  g_test_add_func ("/agent-client/cancels/json", test_cancels_hanging);
  g_test_add_func ("/agent-client/cancels/download", test_cancels_hanging_download);
  g_test_add_func ("/agent-client/no-agent", test_no_agent);
  g_test_add_func ("/agent-client/no-role", test_no_role);
  g_test_add_func ("/agent-client/many-problems", test_many_problems);
  g_test_add_func ("/agent-client/events", test_resumes_events);

  status = g_test_run ();
  test_remove_home (home);
  return status;
}
