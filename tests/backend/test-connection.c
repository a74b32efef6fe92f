/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <signal.h>

#include "backend-fixture.h"
#include "imp-connections.h"
#include "imp-error.h"
#include "raw-agent.h"

static char *home;

static gboolean
open_connection (ImpConnection  *connection,
                 GCancellable   *cancellable,
                 GError        **error)
{
  TEST_RESULT (result);

  imp_connection_open_async (connection, cancellable, test_keep_result, &result);
  return imp_connection_open_finish (connection, test_wait (&result), error);
}

/* Remote agents */

static void
health_cb (const RawRequest *request,
           gpointer          user_data)
{
  int *healthy = user_data;

  if (g_atomic_int_get (healthy))
    raw_agent_reply (request, "200 OK", "{\"status\": \"ok\"}");
  else
    raw_agent_reply (request, "503 Service Unavailable",
                     "{\"code\": \"ERR_STORE_UNAVAILABLE\", \"detail\": \"the disk is full\"}");
}

static void
test_remote (void)
{
  int healthy = TRUE;
  RawAgent *agent = raw_agent_new (health_cb, &healthy);
  const char *url = raw_agent_get_url (agent);
  g_autofree char *slashed = g_strconcat (url, "/", NULL);
  ImpConnection *connection;
  g_autoptr(GError) error = NULL;

  connection = imp_connection_new_remote ("Far", slashed, NULL, url, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (imp_connection_is_embedded (connection));
  g_assert_cmpstr (imp_connection_get_url (connection, "author"), ==, url);
  g_assert_null (imp_connection_get_url (connection, "register"));
  g_assert_cmpstr (imp_connection_get_identity (connection), ==, url);
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_CLOSED);

  g_assert_true (open_connection (connection, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_ANSWERING);
  g_assert_null (imp_connection_get_detail (connection));

  /* It goes away, and comes back. */
  g_atomic_int_set (&healthy, FALSE);
  while (imp_connection_get_state (connection) != IMP_CONNECTION_FAILED)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (strstr (imp_connection_get_detail (connection), "the disk is full"));
  g_atomic_int_set (&healthy, TRUE);
  while (imp_connection_get_state (connection) != IMP_CONNECTION_ANSWERING)
    g_main_context_iteration (NULL, TRUE);

  imp_connection_close (connection);
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_CLOSED);
  test_assert_finalizes (connection);
  raw_agent_free (agent);
}

static void
test_remote_degraded (void)
{
  int healthy = TRUE;
  int ailing = FALSE;
  RawAgent *good = raw_agent_new (health_cb, &healthy);
  RawAgent *bad = raw_agent_new (health_cb, &ailing);
  g_autoptr(GError) error = NULL;
  ImpConnection *connection = imp_connection_new_remote ("Half", raw_agent_get_url (good), NULL,
                                                         raw_agent_get_url (bad), NULL, &error);

  g_assert_no_error (error);
  g_assert_true (open_connection (connection, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_DEGRADED);
  g_assert_nonnull (strstr (imp_connection_get_detail (connection), "The retrieval agent"));

  test_assert_finalizes (connection);
  raw_agent_free (good);
  raw_agent_free (bad);
}

static void
hang_cb (const RawRequest *request,
         gpointer          user_data)
{
  raw_agent_hang (request);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

/* Who cancels stops waiting; who waits for the same opening goes on, until it is closed. */
static void
test_remote_hanging (void)
{
  RawAgent *agent = raw_agent_new (hang_cb, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  ImpConnection *connection = imp_connection_new_remote ("Slow", raw_agent_get_url (agent), NULL,
                                                         NULL, NULL, &error);
  g_autoptr(GAsyncResult) other = NULL;

  g_assert_no_error (error);
  imp_connection_open_async (connection, NULL, test_keep_result, &other);
  g_timeout_add (30, cancel_cb, cancellable);
  g_assert_false (open_connection (connection, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_OPENING);
  g_assert_null (other);
  g_clear_error (&error);

  imp_connection_close (connection);
  g_assert_false (imp_connection_open_finish (connection, test_wait (&other), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_object (&other);
  test_assert_finalizes (connection);
  raw_agent_free (agent);
}

static void
test_remote_absent (void)
{
  RawAgent *agent = raw_agent_new (hang_cb, NULL);
  g_autofree char *url = g_strdup (raw_agent_get_url (agent));
  g_autoptr(GError) error = NULL;
  ImpConnection *connection = imp_connection_new_remote ("Gone", url, NULL, url, NULL, &error);

  raw_agent_free (agent);
  g_assert_false (open_connection (connection, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED);
  g_assert_nonnull (strstr (error->message, url));
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_FAILED);
  test_assert_finalizes (connection);
}

static void
test_wrong_url (gconstpointer data)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_connection_new_remote ("Wrong", data, NULL, NULL, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "author"));
  g_assert_null (strstr (error->message, "hunter2"));
}

static void
test_no_url (void)
{
  g_autoptr(GError) error = NULL;

  g_assert_null (imp_connection_new_remote ("None", NULL, NULL, NULL, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (imp_connection_new_remote ("", "http://localhost", NULL, NULL, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
}

static void
test_wrong_name (void)
{
  g_autofree char *long_name = g_strnfill (129, 'n');
  const char *names[][2] = {
    { "Fac\xe2\x80\xaetory", "U+202E as character 4" },
    { "Factory\n", "U+000A as character 8" },
    { "\xe2\x80\x8b", "U+200B as character 1" },
    { long_name, "more than 128 characters" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (imp_connection_new_remote (names[i][0], "http://localhost", NULL, NULL, NULL, &error));
      g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, names[i][1]));
    }
}

/* The agents of this computer */

static int
read_pid (ImpConnection *connection)
{
  g_autofree char *path = g_build_filename (imp_connection_get_data_dir (connection),
                                            "agents.json", NULL);
  g_autoptr(JsonParser) parser = json_parser_new ();
  g_autoptr(GError) error = NULL;

  json_parser_load_from_file (parser, path, &error);
  g_assert_no_error (error);

  return json_object_get_int_member (json_node_get_object (json_parser_get_root (parser)), "pid");
}

static void
test_embedded_restarts (void)
{
  ImpConnection *connection;
  g_autofree char *before = NULL;
  int pid;

  if (!test_have_agents ())
    return;

  connection = test_open_agents (home);
  g_assert_true (imp_connection_is_embedded (connection));
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_ANSWERING);
  before = g_strdup (imp_connection_get_url (connection, "retrieval"));
  pid = read_pid (connection);

  g_assert_cmpint (kill (pid, SIGKILL), ==, 0);
  while (imp_connection_get_state (connection) == IMP_CONNECTION_ANSWERING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_OPENING);
  g_assert_nonnull (imp_connection_get_detail (connection));
  while (imp_connection_get_state (connection) != IMP_CONNECTION_ANSWERING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (read_pid (connection), !=, pid);
  g_assert_nonnull (imp_connection_get_url (connection, "retrieval"));

  test_close_agents (connection);
}

/* A second console uses the agents of the first, and starts its own when they go. */
static void
test_embedded_shared (void)
{
  ImpConnection *first;
  ImpConnection *second;
  int pid;

  if (!test_have_agents ())
    return;

  first = test_open_agents (home);
  second = test_open_agents (home);
  g_assert_cmpstr (imp_connection_get_url (first, "author"), ==,
                   imp_connection_get_url (second, "author"));
  pid = read_pid (first);

  imp_connection_close (first);
  while (imp_connection_get_state (second) == IMP_CONNECTION_ANSWERING)
    g_main_context_iteration (NULL, TRUE);
  while (imp_connection_get_state (second) != IMP_CONNECTION_ANSWERING)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (read_pid (second), !=, pid);

  test_assert_finalizes (first);
  test_close_agents (second);
}

/* Two that are opened at the same moment come to one daemon. */
static void
test_embedded_race (void)
{
  g_autofree char *data_dir = g_build_filename (home, "race", NULL);
  ImpConnection *connections[3];
  GAsyncResult *results[3] = { NULL };
  g_autoptr(GError) error = NULL;

  if (!test_have_agents ())
    return;

  for (guint i = 0; i < 3; i++)
    {
      connections[i] = imp_connection_new_embedded (data_dir);
      imp_connection_open_async (connections[i], NULL, test_keep_result, &results[i]);
    }
  for (guint i = 0; i < 3; i++)
    {
      imp_connection_open_finish (connections[i], test_wait (&results[i]), &error);
      g_assert_no_error (error);
      g_assert_cmpstr (imp_connection_get_url (connections[i], "author"), ==,
                       imp_connection_get_url (connections[0], "author"));
      g_clear_object (&results[i]);
    }
  for (guint i = 0; i < 3; i++)
    test_assert_finalizes (connections[i]);
}

typedef struct
{
  const char *name;
  const char *script;
  GQuark    (*domain) (void);
  int         code;
  const char *words;
} FakeDaemon;

static const FakeDaemon fakes[] = {
  { "absent", NULL, g_io_error_quark, G_IO_ERROR_NOT_FOUND, "does-not-exist" },
  { "dies", "echo 'the disk is on fire' >&2; exit 1", g_io_error_quark, G_IO_ERROR_FAILED,
    "the disk is on fire" },
  { "dies-silently", "exit 1", g_io_error_quark, G_IO_ERROR_FAILED, "without a word" },
  { "garbage", "echo hello; cat", imp_error_quark, IMP_ERROR_MALFORMED, "JSON" },
  { "array", "echo '[]'; cat", imp_error_quark, IMP_ERROR_BAD_REPLY, "object" },
  { "no-urls", "echo '{}'; cat", imp_error_quark, IMP_ERROR_MALFORMED, "author" },
  { "elsewhere", "echo '{\"author\": \"http://example.invalid/\", \"register\": \"\", "
    "\"retrieval\": \"\", \"verification\": \"\"}'; cat", imp_error_quark, IMP_ERROR_BAD_REPLY,
    "strange" },
  { "endless", "head -c 100000 /dev/zero | tr '\\0' x; cat", imp_error_quark, IMP_ERROR_BAD_REPLY,
    "line" },
};

static void
test_fake_daemon (gconstpointer data)
{
  const FakeDaemon *fake = data;
  g_autofree char *data_dir = g_build_filename (home, "fake", NULL);
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\n%s\n", fake->script);
  g_autofree char *program = fake->script != NULL
                               ? test_write_file (home, "fake-imprimaturd", text, strlen (text))
                               : g_strdup ("/nonexistent/does-not-exist");
  g_autofree char *before = g_strdup (g_getenv ("IMPRIMATURD"));
  ImpConnection *connection;
  g_autoptr(GError) error = NULL;

  g_chmod (program, 0700);
  g_setenv ("IMPRIMATURD", program, TRUE);
  connection = imp_connection_new_embedded (data_dir);
  g_assert_false (open_connection (connection, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_cmpint (imp_connection_get_state (connection), ==, IMP_CONNECTION_FAILED);
  g_assert_nonnull (strstr (error->message, fake->words));
  g_assert_true (error->domain == fake->domain () || error->domain == G_SPAWN_ERROR);
  if (error->domain == fake->domain ())
    g_assert_cmpint (error->code, ==, fake->code);

  test_assert_finalizes (connection);
  if (before != NULL)
    g_setenv ("IMPRIMATURD", before, TRUE);
  else
    g_unsetenv ("IMPRIMATURD");
}

static void
test_silent_daemon (void)
{
  g_autofree char *data_dir = g_build_filename (home, "silent", NULL);
  static const char text[] = "#!/bin/sh\nexec sleep 1000\n";
  g_autofree char *program = test_write_file (home, "silent-imprimaturd", text, strlen (text));
  g_autofree char *before = g_strdup (g_getenv ("IMPRIMATURD"));
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  ImpConnection *connection;
  g_autoptr(GError) error = NULL;

  g_chmod (program, 0700);
  g_setenv ("IMPRIMATURD", program, TRUE);
  connection = imp_connection_new_embedded (data_dir);
  g_timeout_add (100, cancel_cb, cancellable);
  g_assert_false (open_connection (connection, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  test_assert_finalizes (connection);

  if (before != NULL)
    g_setenv ("IMPRIMATURD", before, TRUE);
  else
    g_unsetenv ("IMPRIMATURD");
}

/* A file that a killed daemon left behind names ports on which something else may listen now. */
static void
test_stale_announcement (void)
{
  g_autofree char *data_dir = g_build_filename (home, "agents", NULL);
  RawAgent *stranger;
  g_autofree char *text = NULL;
  g_autofree char *path = NULL;
  ImpConnection *connection;
  int healthy = FALSE;

  if (!test_have_agents ())
    return;

  stranger = raw_agent_new (health_cb, &healthy);
  g_mkdir_with_parents (data_dir, 0700);
  text = g_strdup_printf ("{\"author\": \"%1$s\", \"register\": \"%1$s\", \"retrieval\": \"%1$s\", "
                          "\"verification\": \"%1$s\", \"pid\": 1}", raw_agent_get_url (stranger));
  path = test_write_file (data_dir, "agents.json", text, strlen (text));

  connection = test_open_agents (home);
  g_assert_cmpstr (imp_connection_get_url (connection, "author"), !=, raw_agent_get_url (stranger));
  test_close_agents (connection);
  raw_agent_free (stranger);
}

/* The list of connections */

static void
test_list (void)
{
  g_autoptr(ImpConnections) list = imp_connections_new (NULL);
  g_autoptr(ImpConnections) again = NULL;
  g_autoptr(ImpConnection) factory = NULL;
  g_autoptr(ImpConnection) twin = NULL;
  g_autoptr(ImpConnection) found = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 1);
  g_assert_true (imp_connection_is_embedded (imp_connections_get_active (list)));

  factory = imp_connection_new_remote ("Fábrica [1] = “x”", "https://a.example", NULL,
                                       "https://r.example:8443/base", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (imp_connections_add (list, factory, &error));
  g_assert_no_error (error);
  twin = imp_connection_new_remote ("Fábrica [1] = “x”", "https://b.example", NULL, NULL, NULL,
                                    &error);
  g_assert_false (imp_connections_add (list, twin, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  imp_connections_set_active (list, factory);

  again = imp_connections_new (NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (again)), ==, 2);
  found = imp_connections_find (again, "Fábrica [1] = “x”");
  g_assert_nonnull (found);
  g_assert_true (imp_connections_get_active (again) == found);
  g_assert_cmpstr (imp_connection_get_url (found, "retrieval"), ==, "https://r.example:8443/base");
  g_assert_null (imp_connection_get_url (found, "register"));

  g_assert_true (imp_connections_remove (again, found, &error));
  g_assert_no_error (error);
  g_assert_true (imp_connection_is_embedded (imp_connections_get_active (again)));
  g_assert_false (imp_connections_remove (again, imp_connections_get_active (again), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
test_list_damaged (void)
{
  g_autofree char *folder = g_build_filename (home, "config", "imprimatur", NULL);
  g_autofree char *path = g_build_filename (folder, "connections.conf", NULL);
  static const char text[] = "[connection Good]\nauthor=http://127.0.0.1:1\n"
                             "[connection Bad]\nauthor=ftp://127.0.0.1\n";
  g_autoptr(ImpConnections) list = NULL;
  g_autoptr(ImpConnection) good = NULL;
  g_autoptr(GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);

  g_test_expect_message ("Imprimatur-backend", G_LOG_LEVEL_WARNING, "*connection Bad*");
  list = imp_connections_new (NULL);
  g_test_assert_expected_messages ();
  good = imp_connections_find (list, "Good");
  g_assert_nonnull (good);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 2);
}

int
main (int   argc,
      char *argv[])
{
  static const char *const wrong[] = {
    "", "localhost", "ftp://localhost", "http://", "http:///path", "http://me:hunter2@localhost",
    "http://localhost/?a=b", "http://localhost/#a", "file:///etc/passwd", "http://loc alhost",
    "http://local\nhost",
  };
  int status;

  home = test_make_home ();
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/connection/list", test_list);
  g_test_add_func ("/connection/list-damaged", test_list_damaged);
  g_test_add_func ("/connection/remote", test_remote);
  g_test_add_func ("/connection/remote-degraded", test_remote_degraded);
  g_test_add_func ("/connection/remote-hanging", test_remote_hanging);
  g_test_add_func ("/connection/remote-absent", test_remote_absent);
  g_test_add_func ("/connection/no-url", test_no_url);
  g_test_add_func ("/connection/wrong-name", test_wrong_name);
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *path = g_strdup_printf ("/connection/wrong-url/%u", i);

      g_test_add_data_func (path, wrong[i], test_wrong_url);
    }
  g_test_add_func ("/connection/embedded/stale", test_stale_announcement);
  g_test_add_func ("/connection/embedded/restarts", test_embedded_restarts);
  g_test_add_func ("/connection/embedded/shared", test_embedded_shared);
  g_test_add_func ("/connection/embedded/race", test_embedded_race);
  g_test_add_func ("/connection/embedded/silent", test_silent_daemon);
  for (guint i = 0; i < G_N_ELEMENTS (fakes); i++)
    {
      g_autofree char *path = g_strconcat ("/connection/fake/", fakes[i].name, NULL);

      g_test_add_data_func (path, &fakes[i], test_fake_daemon);
    }

  status = g_test_run ();
  test_remove_home (home);
  return status;
}
