/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-problem.h"

static const struct
{
  GQuark   domain;  /* 0 for ours */
  int      code;
  guint    status;
  guint    reference_status;
} statuses[] = {
  { 0, IMP_ERROR_MALFORMED, 405, 405 },
  { 0, IMP_ERROR_NOT_FOUND, 404, 404 },
  { 0, IMP_ERROR_REFUSED, 403, 403 },
  { 0, IMP_ERROR_CORRUPT, 500, 500 },
  { 0, IMP_ERROR_BAD_REPLY, 502, 502 },
  { 0, IMP_ERROR_KEY_NOT_VALID, 403, 403 },
  { 0, IMP_ERROR_INCORRECT_MANIFEST_FORMAT, 403, 403 },
  { 0, IMP_ERROR_UPDATE_NON_EXISTENT, 404, 403 },
  { 0, IMP_ERROR_PAYLOAD_TOO_LARGE, 413, 413 },
  { 0, IMP_ERROR_STORE_UNAVAILABLE, 503, 503 },
  { 0, IMP_ERROR_LEDGER_UNAVAILABLE, 503, 503 },
};

static void
test_statuses (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      g_autoptr(GError) error = g_error_new (IMP_ERROR, statuses[i].code, "x");

      g_assert_cmpuint (imp_problem_get_status (error), ==, statuses[i].status);
      g_assert_cmpuint (imp_problem_get_reference_status (error), ==, statuses[i].reference_status);
    }
}

static void
test_system_statuses (void)
{
  g_autoptr(GError) timed_out = g_error_new (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "x");
  g_autoptr(GError) no_space = g_error_new (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "x");
  g_autoptr(GError) other = g_error_new (G_IO_ERROR, G_IO_ERROR_FAILED, "x");

  g_assert_cmpuint (imp_problem_get_status (timed_out), ==, 504);
  g_assert_cmpuint (imp_problem_get_status (no_space), ==, 507);
  g_assert_cmpuint (imp_problem_get_status (other), ==, 500);
}

static void
test_prints (void)
{
  g_autoptr(GError) error = g_error_new (IMP_ERROR, IMP_ERROR_VERSION_NOT_NEWER, "“V_1” is old");
  g_autoptr(GError) nameless = g_error_new (IMP_ERROR, IMP_ERROR_NOT_FOUND, "no “x”");
  g_autofree char *json = imp_problem_to_json (error);
  g_autofree char *reference = imp_problem_to_reference_json (error);
  g_autofree char *nameless_json = imp_problem_to_json (nameless);
  g_autofree char *nameless_reference = imp_problem_to_reference_json (nameless);

  g_assert_cmpstr (json, ==, "{\"code\":\"ERR_VERSION_NOT_NEWER\",\"detail\":\"“V_1” is old\","
                             "\"status\":403,\"title\":\"Forbidden\",\"type\":\"about:blank\"}");
  g_assert_cmpstr (reference, ==, "\"ERR_VERSION_NOT_NEWER\"");
  g_assert_cmpstr (nameless_json, ==, "{\"detail\":\"no “x”\",\"status\":404,"
                                      "\"title\":\"Not Found\",\"type\":\"about:blank\"}");
  g_assert_cmpstr (nameless_reference, ==, "\"no “x”\"");
}

/* A path on the agent's disk is nothing to tell a client. */
static void
test_keeps_secrets (void)
{
  g_autoptr(GError) error = g_error_new (G_FILE_ERROR, G_FILE_ERROR_ACCES, "/home/alice/key.pem");
  g_autofree char *json = imp_problem_to_json (error);
  g_autofree char *reference = imp_problem_to_reference_json (error);

  g_assert_null (strstr (json, "alice"));
  g_assert_null (strstr (reference, "alice"));
}

typedef struct
{
  const char *name;
  guint       status;
  const char *body;
  ImpError    code;
  const char *message;
} Reply;

static const Reply replies[] = {
  { "problem", 403, "{\"code\":\"ERR_VERSION_NOT_NEWER\",\"detail\":\"old\"}",
    IMP_ERROR_VERSION_NOT_NEWER, "old" },
  { "problem/no-detail", 403, "{\"code\":\"ERR_KEY_NOT_VALID\"}", IMP_ERROR_KEY_NOT_VALID,
    "ERR_KEY_NOT_VALID" },
  { "problem/no-code", 404, "{\"detail\":\"no such thing\"}", IMP_ERROR_NOT_FOUND, "no such thing" },
  { "problem/unknown-code", 403, "{\"code\":\"ERR_NEW\",\"detail\":\"d\"}", IMP_ERROR_REFUSED, "d" },
  { "problem/mistyped", 403, "{\"code\":1,\"detail\":[]}", IMP_ERROR_REFUSED,
    "the other side answered 403 Forbidden: “{\"code\":1,\"detail\":[]}”" },
  { "problem/control", 403, "{\"detail\":\"a\\n\\u001b[31mb\\u0000\"}", IMP_ERROR_REFUSED,
    "the other side answered 403 Forbidden: “{\"detail\":\"a\\n\\u001b[31mb\\u0000\"}”" },
  { "problem/escape", 403, "{\"detail\":\"a\\n\\u001b[31mb\\u202e\"}", IMP_ERROR_REFUSED,
    "a\\u{a}\\u{1b}[31mb\\u{202e}" },
  { "reference", 403, "\"ERR_UPDATE_ALREADY_EXISTS\"", IMP_ERROR_UPDATE_ALREADY_EXISTS,
    "ERR_UPDATE_ALREADY_EXISTS" },
  { "reference/words", 405, "\"publicKey is missing\"", IMP_ERROR_MALFORMED,
    "publicKey is missing" },
  { "reference/empty", 403, "\"\"", IMP_ERROR_REFUSED, "" },
  { "nothing", 404, "", IMP_ERROR_NOT_FOUND, "the other side answered 404 Not Found" },
  { "html", 502, "<html>\n<b>", IMP_ERROR_BAD_REPLY,
    "the other side answered 502 Bad Gateway: “<html>\\u{a}<b>”" },
  { "not-utf-8", 500, "\xff\xfe", IMP_ERROR_BAD_REPLY,
    "the other side answered 500 Internal Server Error: “\xef\xbf\xbd\xef\xbf\xbd”" },
  { "number", 403, "42", IMP_ERROR_REFUSED, "the other side answered 403 Forbidden: “42”" },
  { "redirection", 302, "", IMP_ERROR_BAD_REPLY, "the other side answered 302 Found" },
  { "too-large", 413, "", IMP_ERROR_PAYLOAD_TOO_LARGE,
    "the other side answered 413 Request Entity Too Large" },
  { "bad-request", 400, "", IMP_ERROR_MALFORMED, "the other side answered 400 Bad Request" },
  { "unavailable", 503, "{\"code\":\"ERR_LEDGER_UNAVAILABLE\",\"detail\":\"d\"}",
    IMP_ERROR_LEDGER_UNAVAILABLE, "d" },
};

static void
server_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  const Reply *reply = user_data;

  soup_server_message_set_status (message, reply->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, reply->body,
                                    strlen (reply->body));
}

/* Asks a real server, because a message has no status before it has been answered. */
static gboolean
ask (const Reply  *reply,
     GError      **error)
{
  g_autoptr(SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GBytes) body = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, server_cb, (gpointer) reply, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (server);
  message = soup_message_new_from_uri ("GET", uris->data);
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  while (soup_message_get_status (message) == 0)
    g_main_context_iteration (NULL, TRUE);

  body = g_bytes_new (reply->body, strlen (reply->body));

  return imp_problem_check (message, body, error);
}

static void
test_reads (gconstpointer data)
{
  const Reply *reply = data;
  g_autoptr(GError) error = NULL;

  g_assert_false (ask (reply, &error));
  g_assert_error (error, IMP_ERROR, (int) reply->code);
  g_assert_cmpstr (error->message, ==, reply->message);
}

static void
test_success (void)
{
  static const Reply ok = { "ok", 201, "{\"code\":\"ERR_KEY_NOT_VALID\"}", 0, NULL };
  g_autoptr(GError) error = NULL;

  g_assert_true (ask (&ok, &error));
  g_assert_no_error (error);
}

static void
test_cuts (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autofree char *long_detail = g_strdup_printf ("{\"detail\":\"%.60000s\"}", long_text);
  Reply garbage = { "garbage", 500, long_text, 0, NULL };
  Reply problem = { "problem", 500, long_detail, 0, NULL };
  g_autoptr(GError) garbage_error = NULL, problem_error = NULL;

  g_assert_false (ask (&garbage, &garbage_error));
  g_assert_cmpuint (strlen (garbage_error->message), <, 200);
  g_assert_false (ask (&problem, &problem_error));
  g_assert_cmpuint (strlen (problem_error->message), <, 600);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/problem/statuses", test_statuses);
  g_test_add_func ("/problem/system-statuses", test_system_statuses);
  g_test_add_func ("/problem/prints", test_prints);
  g_test_add_func ("/problem/keeps-secrets", test_keeps_secrets);
  for (guint i = 0; i < G_N_ELEMENTS (replies); i++)
    {
      g_autofree char *path = g_strconcat ("/problem/reads/", replies[i].name, NULL);

      g_test_add_data_func (path, &replies[i], test_reads);
    }
  g_test_add_func ("/problem/success", test_success);
  g_test_add_func ("/problem/cuts", test_cuts);

  return g_test_run ();
}
