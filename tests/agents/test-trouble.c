/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "imp-embedded-store.h"

/* What goes wrong around the agents, and what they say of it. */

#define PAYLOAD_SIZE (9 * 1024 * 1024)

static guint8 payload[PAYLOAD_SIZE];

static Reply *
try_to_publish (AgentsFixture *fixture)
{
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1, payload,
                                             sizeof payload);
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "payload", "f", payload, sizeof payload },
    { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
    { "update", NULL, text, -1 },
    { NULL },
  };

  return agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts);
}

static void
assert_payloads (AgentsFixture *fixture,
                 const char    *n)
{
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_REGISTER, "/v1/status");
  g_autofree char *expected = g_strdup_printf ("\"payloads\":%s", n);

  g_assert_nonnull (strstr (reply->body, expected));
}

static void
assert_health (AgentsFixture *fixture,
               guint          status,
               const char    *said)
{
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_REGISTER, "/healthz");

  g_assert_cmpuint (reply->status, ==, status);
  g_assert_nonnull (strstr (reply->body, said));
}

static void
test_full_disk (AgentsFixture *fixture,
                gconstpointer  data)
{
  struct rlimit old;
  struct rlimit small;
  g_autoptr(Reply) refused = NULL;
  g_autoptr(Reply) taken = NULL;
  g_autofree char *code = NULL;

  register_author (fixture);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  small = (struct rlimit) { 4 * 1024 * 1024, old.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  refused = try_to_publish (fixture);
  assert_health (fixture, 200, "ok");
  small.rlim_cur = 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  assert_health (fixture, 503, "cannot be stored");
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  assert_health (fixture, 200, "ok");

  code = reply_get_code (refused);
  g_assert_cmpuint (refused->status, ==, 503);
  g_assert_cmpstr (code, ==, "ERR_STORE_UNAVAILABLE");
  g_assert_nonnull (strstr (refused->head, "Retry-After"));
  assert_payloads (fixture, "0");

  taken = try_to_publish (fixture);
  g_assert_cmpuint (taken->status, ==, 201);
}

/* A folder that somebody took away is the store's trouble as well. */
static void
test_store_gone (AgentsFixture *fixture,
                 gconstpointer  data)
{
  g_autofree char *staged = g_build_filename (fixture->config->data_dir, "store", "staged", NULL);
  g_autoptr(Reply) refused = NULL;
  g_autofree char *code = NULL;

  register_author (fixture);
  assert_health (fixture, 200, "ok");
  g_assert_cmpint (g_rmdir (staged), ==, 0);
  assert_health (fixture, 503, "cannot be stored");
  refused = try_to_publish (fixture);

  code = reply_get_code (refused);
  g_assert_cmpuint (refused->status, ==, 503);
  g_assert_cmpstr (code, ==, "ERR_STORE_UNAVAILABLE");
  assert_payloads (fixture, "0");
}

static void
find_largest (const char  *folder,
              char       **largest,
              goffset     *size)
{
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf info;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        find_largest (path, largest, size);
      else if (g_stat (path, &info) == 0 && info.st_size > *size)
        {
          g_free (*largest);
          *largest = g_steal_pointer (&path);
          *size = info.st_size;
        }
    }
}

static void
flip_byte (const char *path,
           gsize       offset)
{
  g_autofree char *contents = NULL;
  gsize length;
  FILE *file;

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_cmpuint (offset, <, length);
  file = g_fopen (path, "r+");
  g_assert_cmpint (fseek (file, offset, SEEK_SET), ==, 0);
  fputc (contents[offset] ^ 1, file);
  fclose (file);
}

/* A byte of the payload was changed on the disk: it is not given away, and the log says so. */
static void
test_changed_payload (AgentsFixture *fixture,
                      gconstpointer  data)
{
  g_autofree char *store = g_build_filename (fixture->config->data_dir, "store", NULL);
  g_autofree char *largest = NULL;
  goffset size = 0;
  g_autoptr(JsonNode) published = NULL;
  g_autoptr(Reply) reply = NULL;
  g_autoptr(Reply) fetches = NULL;
  g_autofree char *path = NULL;

  register_author (fixture);
  published = publish (fixture, "Class_1", "V_1", 1, payload, sizeof payload);
  path = g_strconcat ("/v1/payloads/",
                      json_object_get_string_member (json_node_get_object (published), "cid"), NULL);
  find_largest (store, &largest, &size);
  flip_byte (largest, size - 1000);

  g_test_expect_message ("Imprimatur-agents", G_LOG_LEVEL_WARNING, "*cannot be sent*");
  reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);
  g_test_assert_expected_messages ();
  g_assert_cmpuint (reply->length, <, sizeof payload);
  g_assert_cmpmem (reply->body, reply->length, payload, reply->length);

  fetches = agents_get (fixture, IMP_ROLE_RETRIEVAL, "/v1/fetches");
  g_assert_nonnull (strstr (fetches->body, "\"outcome\":\"failed\""));
}

static void
staged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpPayloadInfo **info = user_data;

  *info = imp_store_stage_finish (IMP_STORE (object), result, NULL);
}

/* As a crash leaves it: stored, and nobody has said what becomes of it. */
static char *
leave_staged (AgentsFixture *fixture,
              const void    *bytes,
              gsize          size)
{
  g_autofree char *path = g_build_filename (fixture->config->data_dir, "store", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpStore) store = imp_embedded_store_open (path, &imp_unixfs_v0, &error);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (bytes, size, NULL);
  g_autoptr(ImpPayloadInfo) info = NULL;

  g_assert_no_error (error);
  imp_store_stage_async (store, stream, NULL, 0, NULL, staged_cb, &info);
  while (info == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_strdup (imp_cid_get_string (info->cid));
}

static void
test_recovers (AgentsFixture *fixture,
               gconstpointer  data)
{
  g_autoptr(JsonNode) published = NULL;
  g_autofree char *orphan = NULL;
  g_autofree char *registered = NULL;
  g_autofree char *path = NULL;
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  published = publish (fixture, "Class_1", "V_1", 1, "firmware", 8);
  agents_fixture_stop (fixture);
  orphan = leave_staged (fixture, "orphan", 6);
  registered = leave_staged (fixture, "firmware", 8);

  agents_fixture_start (fixture);
  assert_payloads (fixture, "1");
  path = g_strconcat ("/v1/payloads/", registered, NULL);
  reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpmem (reply->body, reply->length, "firmware", 8);
}

static void
assert_does_not_open (AgentsFixture *fixture,
                      const char    *said)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpDaemon) daemon = imp_daemon_open (fixture->config, &error);

  g_assert_null (daemon);
  g_assert_nonnull (error);
  if (strstr (error->message, said) == NULL)
    g_error ("“%s” is not in “%s”", said, error->message);
}

static void
test_truncated_ledger (AgentsFixture *fixture,
                       gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->config->data_dir, "ledger", "ledger.db", NULL);
  g_autoptr(JsonNode) published = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  register_author (fixture);
  published = publish (fixture, "Class_1", "V_1", 1, "firmware", 8);
  agents_fixture_stop (fixture);

  g_assert_true (g_file_get_contents (path, &contents, &length, NULL));
  g_assert_true (g_file_set_contents (path, contents, length / 2, NULL));
  assert_does_not_open (fixture, "the ledger: ");
}

static void
test_spoiled_activity_log (AgentsFixture *fixture,
                           gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->config->data_dir, "agents.db", NULL);

  agents_fixture_stop (fixture);
  g_assert_true (g_file_set_contents (path, "this is no database, but long enough to look at it", -1,
                                      NULL));
  assert_does_not_open (fixture, "agents.db");
}

/* A register agent that answers whatever it likes. */
typedef struct
{
  guint status;
  const char *type;
  const char *body;
} Garbage;

static const Garbage garbage[] = {
  { 200, "text/html", "<html>welcome</html>" },
  { 201, "application/json", "{\"half\":" },
  { 500, "text/plain", "panic" },
  { 302, "text/plain", "" },
  { 201, "application/json", "[]" },
  { 201, "application/json", "5" },
  { 201, "application/json", "{\"transaction\":7}" },
};

static void
garbage_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  const Garbage *g = *(const Garbage **) user_data;

  soup_server_message_set_status (message, g->status, NULL);
  soup_server_message_set_response (message, g->type, SOUP_MEMORY_STATIC, g->body, strlen (g->body));
}

static char *
get_uri (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  char *text = g_uri_to_string (uris->data);

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  text[strlen (text) - 1] = '\0';
  return text;
}

static void
assert_unavailable (Reply *reply_owned)
{
  g_autoptr(Reply) reply = reply_owned;
  g_autofree char *code = reply_get_code (reply);

  g_assert_cmpstr (code, ==, "ERR_LEDGER_UNAVAILABLE");
  g_assert_cmpuint (reply->status, ==, 503);
}

static void
test_garbage (AgentsFixture *fixture,
              gconstpointer  data)
{
  g_autoptr(SoupServer) server = soup_server_new (NULL, NULL);
  const Garbage *current = garbage;
  g_autofree char *petition = make_petition (fixture->author, "hello");

  register_author (fixture);
  agents_fixture_stop (fixture);
  soup_server_add_handler (server, NULL, garbage_cb, &current, NULL);
  g_assert_true (soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  fixture->config->register_agent = get_uri (server);
  g_assert_true (imp_config_set_roles (fixture->config, "author", NULL));
  agents_fixture_start (fixture);

  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++)
    {
      current = &garbage[i];
      assert_unavailable (agents_post_json (fixture, IMP_ROLE_AUTHOR, "/register/author", petition));
      assert_unavailable (agents_post_json (fixture, IMP_ROLE_AUTHOR, "/v1/challenges", ""));
      assert_unavailable (agents_get (fixture, IMP_ROLE_AUTHOR, "/v1/authors/a"));
      assert_unavailable (try_to_publish (fixture));
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < sizeof payload; i++)
    payload[i] = (i * i + 7 * i + 5) % 251;

#define ADD_CASE(path, func) \
  g_test_add ("/trouble/" path, AgentsFixture, NULL, agents_fixture_set_up, func, \
              agents_fixture_tear_down)

  ADD_CASE ("full-disk", test_full_disk);
  ADD_CASE ("store-gone", test_store_gone);
  ADD_CASE ("changed-payload", test_changed_payload);
  ADD_CASE ("recovers", test_recovers);
  ADD_CASE ("truncated-ledger", test_truncated_ledger);
  ADD_CASE ("spoiled-activity-log", test_spoiled_activity_log);
  ADD_CASE ("garbage", test_garbage);

  return g_test_run ();
}
