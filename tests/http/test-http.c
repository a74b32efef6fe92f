/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-error.h"
#include "imp-http.h"
#include "imp-json.h"
#include "imp-problem.h"

typedef struct
{
  SoupServer        *server;
  SoupSession       *session;
  char              *base;
  GAsyncResult      *result;
  SoupServerMessage *paused;    /* (nullable) a request that is never answered */
  guint              n_elsewhere;
} Fixture;

static void
respond (SoupServerMessage *message,
         const char        *body,
         gsize              length)
{
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, length);
}

static void
respond_long (SoupServerMessage *message,
              gboolean           announce)
{
  g_autofree char *body = g_strnfill (IMP_REPLY_MAX_SIZE + 1, ' ');

  respond (message, body, IMP_REPLY_MAX_SIZE + 1);
  if (!announce)
    soup_message_headers_set_encoding (soup_server_message_get_response_headers (message),
                                       SOUP_ENCODING_CHUNKED);
}

static void
server_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;
  SoupMessageBody *request = soup_server_message_get_request_body (message);

  if (g_str_equal (path, "/echo"))
    respond (message, request->data, request->length);
  else if (g_str_equal (path, "/query"))
    respond (message, g_hash_table_contains (query, "a/b") ? "true" : "false", 4);
  else if (g_str_equal (path, "/garbage"))
    respond (message, "<html>", 6);
  else if (g_str_equal (path, "/nothing"))
    respond (message, "", 0);
  else if (g_str_equal (path, "/long"))
    respond_long (message, TRUE);
  else if (g_str_equal (path, "/endless"))
    respond_long (message, FALSE);
  else if (g_str_equal (path, "/hang"))
    {
      fixture->paused = g_object_ref (message);
      soup_server_message_pause (message);
    }
  else if (g_str_equal (path, "/elsewhere"))
    fixture->n_elsewhere++;
  else if (g_str_equal (path, "/redirect"))
    soup_server_message_set_redirect (message, SOUP_STATUS_FOUND, "/elsewhere");
  else
    {
      respond (message, "\"ERR_UPDATE_NON_EXISTENT\"", 25);
      soup_server_message_set_status (message, SOUP_STATUS_FORBIDDEN, NULL);
    }
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  GSList *uris;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, server_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (fixture->server);
  fixture->base = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fixture->session = imp_http_session_new ();
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->result);
  soup_session_abort (fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (fixture->session);
  g_clear_object (&fixture->paused);
  soup_server_disconnect (fixture->server);
  g_clear_object (&fixture->server);
  g_free (fixture->base);
}

static void
keep_result_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  fixture->result = g_object_ref (result);
}

static JsonNode *
ask (Fixture       *fixture,
     const char    *path,
     JsonNode      *body,
     GCancellable  *cancellable,
     GError       **error)
{
  g_autoptr(SoupMessage) message = imp_http_message_new ("POST", fixture->base, path, error);

  if (message == NULL)
    return NULL;
  if (body != NULL)
    imp_http_set_json (message, body);

  imp_http_send_json_async (fixture->session, message, cancellable, keep_result_cb, fixture);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return imp_http_send_json_finish (fixture->session, fixture->result, error);
}

static void
test_asks (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) body = imp_json_parse ("{\"b\":[1,\"é\"],\"a\":null}", -1, 100, NULL);
  g_autoptr(JsonNode) reply = ask (fixture, "/echo", body, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (json_node_equal (body, reply));
}

static void
test_asks_query (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) reply = ask (fixture, "/query?a%2Fb=1", NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (json_node_get_boolean (reply));
}

static void
assert_fails (Fixture    *fixture,
              const char *path,
              GQuark      domain,
              int         code,
              const char *reason)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (ask (fixture, path, NULL, NULL, &error));
  g_assert_error (error, domain, code);
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” does not say “%s”", error->message, reason);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  assert_fails (fixture, "/other", IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT, "NON_EXISTENT");
}

static void
test_garbage (Fixture       *fixture,
              gconstpointer  data)
{
  assert_fails (fixture, "/garbage", IMP_ERROR, IMP_ERROR_BAD_REPLY, "line 1, column 1");
}

static void
test_nothing (Fixture       *fixture,
              gconstpointer  data)
{
  assert_fails (fixture, "/nothing", IMP_ERROR, IMP_ERROR_BAD_REPLY, "the text ends");
}

static void
test_long (Fixture       *fixture,
           gconstpointer  data)
{
  assert_fails (fixture, data, IMP_ERROR, IMP_ERROR_BAD_REPLY, "longer than 16777216");
}

static void
test_redirection (Fixture       *fixture,
                  gconstpointer  data)
{
  assert_fails (fixture, "/redirect", IMP_ERROR, IMP_ERROR_BAD_REPLY, "302");
  g_assert_cmpuint (fixture->n_elsewhere, ==, 0);
}

static void
test_hangs (Fixture       *fixture,
            gconstpointer  data)
{
  guint timeout;

  g_object_get (fixture->session, "timeout", &timeout, NULL);
  g_assert_cmpuint (timeout, ==, 30);
  g_object_set (fixture->session, "timeout", 1, NULL);

  assert_fails (fixture, "/hang", G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "");
}

static void
test_nobody (Fixture       *fixture,
             gconstpointer  data)
{
  soup_server_disconnect (fixture->server);
  assert_fails (fixture, "/echo", G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED, "");
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancels (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  g_timeout_add (20, cancel_cb, cancellable);
  g_assert_null (ask (fixture, "/hang", NULL, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_addresses (void)
{
  static const char *const addresses[][2] = {
    { "http://127.0.0.1:3000", "http://127.0.0.1:3000/v1/status?a=b" },
    { "http://127.0.0.1:3000/", "http://127.0.0.1:3000/v1/status?a=b" },
    { "https://[::1]:3000/agent", "https://[::1]:3000/agent/v1/status?a=b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(SoupMessage) message = imp_http_message_new ("GET", addresses[i][0],
                                                             "/v1/status?a=b", &error);
      g_autofree char *address = NULL;

      g_assert_no_error (error);
      address = g_uri_to_string (soup_message_get_uri (message));
      g_assert_cmpstr (address, ==, addresses[i][1]);
    }
}

static void
test_refuses_address (gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_http_message_new ("GET", data, "/", &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_null (strstr (error->message, "secret"));
}

#define add(path, data, func) g_test_add ("/http/" path, Fixture, data, set_up, func, tear_down)
#define refuses(name, address) \
  g_test_add_data_func ("/http/refuses-address/" name, address, test_refuses_address)

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("asks", NULL, test_asks);
  add ("asks-query", NULL, test_asks_query);
  add ("refused", NULL, test_refused);
  add ("garbage", NULL, test_garbage);
  add ("nothing", NULL, test_nothing);
  add ("long/announced", "/long", test_long);
  add ("long/chunked", "/endless", test_long);
  add ("redirection", NULL, test_redirection);
  add ("hangs", NULL, test_hangs);
  add ("nobody", NULL, test_nobody);
  add ("cancels", NULL, test_cancels);
  g_test_add_func ("/http/addresses", test_addresses);
  refuses ("empty", "");
  refuses ("no-scheme", "localhost:3000");
  refuses ("no-host", "http://");
  refuses ("other-scheme", "ftp://localhost");
  refuses ("file", "file:///etc/passwd");
  refuses ("password", "http://alice:secret@localhost");
  refuses ("query", "http://localhost/?a=b");
  refuses ("fragment", "http://localhost/#a");
  refuses ("port", "http://localhost:99999");
  refuses ("space", "http://local host");
  refuses ("line-break", "http://localhost\r\nX-Secret: y");

  return g_test_run ();
}
