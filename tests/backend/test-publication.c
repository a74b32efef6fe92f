/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "backend-fixture.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-submissions.h"
#include "imp-text.h"
#include "imp-time.h"
#include "raw-agent.h"

/* Publications that do not go well: files that change, agents that refuse, hang or vanish. How one
 * goes well stands in test-main-job.
 */
static char *home;
static ImpKey *key;

static ImpPublication *
new_publication (ImpAgentClient *client,
                 const char     *path,
                 const char     *class_id,
                 const char     *expected)
{
  g_autoptr(GFile) file = g_file_new_for_path (path);

  return imp_publication_new (client, key, file, test_new_manifest (class_id, "V_1"), expected);
}

static gboolean
run (ImpPublication  *publication,
     GCancellable    *cancellable,
     GError         **error)
{
  gboolean done;
  TEST_RESULT (result);

  imp_publication_run_async (publication, cancellable, test_keep_result, &result);
  done = imp_publication_run_finish (publication, test_wait (&result), error);
  if (error != NULL && *error != NULL)
    g_test_message ("%s", (*error)->message);

  return done;
}

static void
assert_failed_step (ImpPublication *publication,
                    ImpStep         failed)
{
  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      ImpStepState state = imp_publication_get_step_state (publication, i);

      g_assert_cmpint (state, !=, IMP_STEP_RUNNING);
      g_assert_cmpint (state == IMP_STEP_FAILED, ==, i == failed);
    }
  g_assert_null (imp_publication_get_transaction (publication));
}

/* An agent that knows every author and does with updates what the test wants. */
typedef struct
{
  RawHandler  updates;
  guint64     n_body;     /* bytes of the update’s body that it took */
  gboolean    asked;      /* whether the client asked before it sent */
  const char *upstream;   /* (nullable): where a proxy passes requests on to */
} Agent;

static void
agent_cb (const RawRequest *request,
          gpointer          user_data)
{
  Agent *agent = user_data;
  g_autofree char *until = imp_time_format (imp_time_now () + 20 * 60 * 1000);
  g_autofree char *author = g_strdup_printf ("{\"registered\": true, \"since\": \"%1$s\", "
                                             "\"tokenExpires\": \"%1$s\"}", until);

  if (g_str_has_prefix (request->path, "/v1/authors/"))
    raw_agent_reply (request, "200 OK", author);
  else if (g_str_equal (request->method, "POST") && g_str_equal (request->path, "/v1/updates"))
    {
      agent->asked = strstr (request->head, "100-continue") != NULL;
      agent->updates (request, agent);
    }
  else if (g_str_has_prefix (request->path, "/v1/updates?"))
    raw_agent_reply (request, "200 OK", "{\"updates\": [], \"next\": null}");
  else
    raw_agent_reply (request, "404 Not Found", "{}");
}

typedef struct
{
  Agent           agent;
  RawAgent       *raw;
  ImpConnection  *connection;
  ImpAgentClient *client;
} Fixture;

static void
start (Fixture    *fixture,
       RawHandler  updates)
{
  const char *url;
  g_autoptr(GError) error = NULL;

  memset (fixture, 0, sizeof *fixture);
  fixture->agent.updates = updates;
  fixture->raw = raw_agent_new (agent_cb, &fixture->agent);
  url = raw_agent_get_url (fixture->raw);
  fixture->connection = imp_connection_new_remote ("Fake", url, NULL, url, NULL, &error);
  g_assert_no_error (error);
  fixture->client = imp_agent_client_new (fixture->connection);
}

static void
stop (Fixture *fixture)
{
  test_assert_finalizes (fixture->client);
  test_assert_finalizes (fixture->connection);
  raw_agent_free (fixture->raw);
}

static void
refuse_large_cb (const RawRequest *request,
                 gpointer          user_data)
{
  raw_agent_reply (request, "413 Payload Too Large",
                   "{\"code\": \"ERR_PAYLOAD_TOO_LARGE\", \"detail\": \"at most 1 MB\"}");
}

/* Nothing of a payload that is too large leaves this computer. */
static void
test_too_large (void)
{
  g_autofree char *path = test_write_pattern (home, "large.bin", 8 * 1024 * 1024);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, refuse_large_cb);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_assert_false (run (publication, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_TOO_LARGE);
  g_assert_cmpstr (error->message, ==, "at most 1 MB");
  g_assert_true (fixture.agent.asked);
  g_assert_cmpuint (imp_publication_get_sent (publication), ==, 0);
  g_assert_null (imp_publication_get_update (publication));
  assert_failed_step (publication, IMP_STEP_UPLOAD);
  g_clear_object (&publication);
  stop (&fixture);
}

static void
take_all (const RawRequest *request,
          Agent            *agent)
{
  if (agent->asked)
    raw_agent_say (request, "HTTP/1.1 100 Continue\r\n\r\n");
  agent->n_body = raw_agent_drain (request, request->length);
}

static void
take_and_cut_cb (const RawRequest *request,
                 gpointer          user_data)
{
  take_all (request, user_data);
}

static void
take_and_babble_cb (const RawRequest *request,
                    gpointer          user_data)
{
  take_all (request, user_data);
  raw_agent_reply (request, "201 Created", "<h1>It worked!</h1>");
}

static void
take_and_omit_cb (const RawRequest *request,
                  gpointer          user_data)
{
  take_all (request, user_data);
  raw_agent_reply (request, "201 Created", "{\"transaction\": \"00\"}");
}

static void
take_some_and_cut_cb (const RawRequest *request,
                      gpointer          user_data)
{
  Agent *agent = user_data;

  if (agent->asked)
    raw_agent_say (request, "HTTP/1.1 100 Continue\r\n\r\n");
  agent->n_body = raw_agent_drain (request, 100 * 1000);
}

static void
take_and_hang_cb (const RawRequest *request,
                  gpointer          user_data)
{
  take_all (request, user_data);
  raw_agent_hang (request);
}

static void
store_unavailable_cb (const RawRequest *request,
                      gpointer          user_data)
{
  take_all (request, user_data);
  raw_agent_reply (request, "503 Service Unavailable",
                   "{\"code\": \"ERR_STORE_UNAVAILABLE\", \"detail\": \"the disk is full\"}");
}

static void
many_problems_cb (const RawRequest *request,
                  gpointer          user_data)
{
  g_autoptr(GString) body = g_string_new ("{\"code\": \"ERR_INCORRECT_MANIFEST_FORMAT\", "
                                          "\"detail\": \"see below\", \"problems\": [{}");

  take_all (request, user_data);
  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (body, ", {\"pointer\": \"/manifest/%u\", \"detail\": \"wrong\"}", i);
  g_string_append (body, "]}");
  raw_agent_reply (request, "403 Forbidden", body->str);
}

static void
long_problem_cb (const RawRequest *request,
                 gpointer          user_data)
{
  g_autofree char *filler = g_strnfill (50 * 1000, 'x');
  g_autofree char *body = g_strdup_printf ("{\"code\": \"ERR_KEY_NOT_VALID\", "
                                           "\"detail\": \"\\u202e\\u0007\\n%s\"}", filler);

  take_all (request, user_data);
  raw_agent_reply (request, "403 Forbidden", body);
}

static void
garbage_problem_cb (const RawRequest *request,
                    gpointer          user_data)
{
  g_autofree char *garbage = g_strnfill (300 * 1000, '\377');

  take_all (request, user_data);
  raw_agent_reply (request, "500 Internal Server Error", garbage);
}

/* All bytes are there, the answer is not, and the ledger does not have the update. */
static void
test_no_answer (void)
{
  g_autofree char *path = test_write_pattern (home, "firmware.bin", 5000);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_cut_cb);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_assert_false (run (publication, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
  g_assert_nonnull (strstr (error->message, "everything was sent"));
  g_assert_cmpuint (fixture.agent.n_body, >, 5000);
  g_assert_false (fixture.agent.asked);
  g_assert_nonnull (imp_publication_get_update (publication));
  assert_failed_step (publication, IMP_STEP_STORE);
  g_clear_object (&publication);
  stop (&fixture);
}

typedef struct
{
  const char *name;
  RawHandler  handler;
  gsize       size;
  GQuark    (*domain) (void);
  int         code;
  ImpStep     failed;
} Answer;

static const Answer answers[] = {
  { "babble", take_and_babble_cb, 1000, imp_error_quark, IMP_ERROR_BAD_REPLY, IMP_STEP_STORE },
  { "omits", take_and_omit_cb, 1000, imp_error_quark, IMP_ERROR_BAD_REPLY, IMP_STEP_STORE },
  { "store-unavailable", store_unavailable_cb, 1000, imp_error_quark, IMP_ERROR_STORE_UNAVAILABLE,
    IMP_STEP_STORE },
};

static void
test_answer (gconstpointer data)
{
  const Answer *answer = data;
  g_autofree char *path = test_write_pattern (home, "firmware.bin", answer->size);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, answer->handler);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_assert_false (run (publication, NULL, &error));
  g_assert_error (error, answer->domain (), answer->code);
  assert_failed_step (publication, answer->failed);
  g_clear_object (&publication);
  stop (&fixture);
}

/* Whatever an agent refuses with, a person gets a sentence that can be read and a record that stays
 * small.
 */
static void
test_hostile_refusal (gconstpointer data)
{
  g_autofree char *path = test_write_pattern (home, "firmware.bin", 1000);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  gunichar unseen;
  guint position;
  Fixture fixture;

  start (&fixture, (RawHandler) data);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_assert_false (run (publication, NULL, &error));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_false (imp_text_find_unseen (error->message, &unseen, &position));
  g_assert_cmpuint (g_utf8_strlen (error->message, -1), <, 1000);
  g_assert_true (g_utf8_validate (imp_publication_get_reply (publication), -1, NULL));
  g_assert_cmpuint (strlen (imp_publication_get_reply (publication)), <=, 3 * 64 * 1024);
  g_clear_object (&publication);
  stop (&fixture);
}

static void
test_cut_while_sending (void)
{
  g_autofree char *path = test_write_pattern (home, "large.bin", 16 * 1024 * 1024);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_some_and_cut_cb);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_assert_false (run (publication, NULL, &error));
  g_assert_nonnull (error);
  g_assert_true (error->domain == G_IO_ERROR);
  g_assert_nonnull (strstr (error->message, raw_agent_get_url (fixture.raw)));
  assert_failed_step (publication, IMP_STEP_UPLOAD);
  g_assert_null (imp_publication_get_update (publication));
  g_clear_object (&publication);
  stop (&fixture);
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
  g_autofree char *path = test_write_pattern (home, "firmware.bin", 1000);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_hang_cb);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_timeout_add (200, cancel_cb, cancellable);
  g_assert_false (run (publication, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_nonnull (strstr (error->message, "may still register"));
  g_clear_object (&publication);
  stop (&fixture);
}

static void
cancel_when_sent_cb (ImpPublication *publication,
                     GCancellable   *cancellable)
{
  if (imp_publication_get_sent (publication) > 0)
    g_cancellable_cancel (cancellable);
}

static char *
make_sparse (const char *name,
             off_t       size)
{
  char *path = g_build_filename (home, name, NULL);
  int fd = g_creat (path, 0600);

  g_assert_cmpint (ftruncate (fd, size), ==, 0);
  close (fd);

  return path;
}

static void
test_cancels_sending (void)
{
  g_autofree char *path = make_sparse ("sparse.bin", (off_t) 1 << 40);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_cut_cb);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_signal_connect (publication, "changed", G_CALLBACK (cancel_when_sent_cb), cancellable);
  g_assert_false (run (publication, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_null (imp_publication_get_update (publication));
  g_clear_object (&publication);
  stop (&fixture);
  g_unlink (path);
}

static void
test_cancelled_before (void)
{
  g_autofree char *path = test_write_pattern (home, "firmware.bin", 1000);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_cut_cb);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_cancellable_cancel (cancellable);
  g_assert_false (run (publication, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture.agent.n_body, ==, 0);
  g_clear_object (&publication);
  stop (&fixture);
}

/* What was shown is what is signed: another file under the same name is not. */
static void
test_other_digest (void)
{
  g_autofree char *path = test_write_pattern (home, "firmware.bin", 300 * 1000);
  g_autofree char *shown = imp_digest_hex (IMP_DIGEST_SHA384, "before", 6);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_babble_cb);
  publication = new_publication (fixture.client, path, "Class_1", shown);
  g_assert_false (run (publication, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "has changed since it was chosen"));
  g_assert_null (imp_publication_get_update (publication));
  assert_failed_step (publication, IMP_STEP_HASH);
  g_clear_object (&publication);
  stop (&fixture);
}

typedef struct
{
  const char *path;
  off_t       new_size;
  gboolean    done;
} Meddler;

static void
meddle_cb (ImpPublication *publication,
           Meddler        *meddler)
{
  if (meddler->done || imp_publication_get_sent (publication) == 0)
    return;

  g_assert_cmpint (truncate (meddler->path, meddler->new_size), ==, 0);
  meddler->done = TRUE;
}

static void
take_slowly_cb (const RawRequest *request,
                gpointer          user_data)
{
  take_all (request, user_data);
}

static void
test_changes (gconstpointer data)
{
  const off_t size = 128 * 1024 * 1024;
  g_autofree char *path = make_sparse ("changing.bin", size);
  Meddler meddler = { path, size + GPOINTER_TO_INT (data), FALSE };
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_slowly_cb);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_signal_connect (publication, "changed", G_CALLBACK (meddle_cb), &meddler);
  g_assert_false (run (publication, NULL, &error));
  g_assert_true (meddler.done);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_nonnull (strstr (error->message, "changed while it was read"));
  g_assert_null (imp_publication_get_update (publication));
  assert_failed_step (publication, IMP_STEP_HASH);
  g_clear_object (&publication);
  stop (&fixture);
  g_unlink (path);
}

static void
test_no_file (gconstpointer data)
{
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_babble_cb);
  publication = new_publication (fixture.client, data != NULL ? data : home, "Class_1", NULL);
  g_assert_false (run (publication, NULL, &error));
  g_assert_error (error, G_IO_ERROR,
                  (data != NULL ? G_IO_ERROR_NOT_FOUND : G_IO_ERROR_IS_DIRECTORY));
  assert_failed_step (publication, IMP_STEP_HASH);
  g_assert_cmpuint (fixture.agent.n_body, ==, 0);
  g_clear_object (&publication);
  stop (&fixture);
}

static void
test_wrong_manifest (void)
{
  g_autofree char *path = test_write_pattern (home, "firmware.bin", 1000);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_babble_cb);
  publication = new_publication (fixture.client, path, "../Class", NULL);
  g_assert_null (imp_publication_get_class_id (publication));
  g_assert_false (run (publication, NULL, &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_INCORRECT_MANIFEST_FORMAT);
  g_assert_nonnull (strstr (error->message, "classID"));
  g_assert_cmpuint (fixture.agent.n_body, ==, 0);
  g_clear_object (&publication);
  stop (&fixture);
}

static void
test_no_agent (void)
{
  g_autofree char *path = test_write_pattern (home, "firmware.bin", 1000);
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  start (&fixture, take_and_babble_cb);
  raw_agent_free (fixture.raw);
  publication = new_publication (fixture.client, path, "Class_1", NULL);
  g_assert_false (run (publication, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  assert_failed_step (publication, IMP_STEP_UPLOAD);
  g_clear_object (&publication);
  test_assert_finalizes (fixture.client);
  test_assert_finalizes (fixture.connection);
}

/* Real agents, and a proxy before the author agent that swallows its answer. */

static GSocketConnection *
connect_upstream (const char *url)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GError) error = NULL;
  GSocketConnection *connection = g_socket_client_connect_to_uri (client, url, 80, NULL, &error);

  g_assert_no_error (error);
  return connection;
}

static void
proxy_cb (const RawRequest *request,
          gpointer          user_data)
{
  Agent *agent = user_data;
  g_autoptr(GSocketConnection) upstream = connect_upstream (agent->upstream);
  GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (upstream));
  GInputStream *in = g_io_stream_get_input_stream (G_IO_STREAM (upstream));
  g_autofree char *body = g_malloc (request->length + 1);
  g_autoptr(GOutputStream) swallowed = g_memory_output_stream_new_resizable ();
  gsize n_read;

  g_input_stream_read_all (request->in, body, request->length, &n_read, NULL, NULL);
  g_output_stream_write_all (out, request->head, strlen (request->head), NULL, NULL, NULL);
  g_output_stream_write_all (out, body, n_read, NULL, NULL, NULL);
  if (g_str_equal (request->path, "/v1/events"))
    return;

  g_output_stream_splice (g_str_equal (request->path, "/v1/updates") ? swallowed : request->out,
                          in, G_OUTPUT_STREAM_SPLICE_NONE, NULL, NULL);
}

static void
test_answer_swallowed (void)
{
  g_autofree char *path = NULL;
  ImpConnection *agents;
  ImpConnection *connection;
  ImpAgentClient *client;
  g_autoptr(ImpPublication) publication = NULL;
  g_autoptr(GError) error = NULL;
  Agent proxy = { 0 };
  RawAgent *raw;

  if (!test_have_agents ())
    return;

  agents = test_open_agents (home);
  proxy.upstream = imp_connection_get_url (agents, "author");
  raw = raw_agent_new (proxy_cb, &proxy);
  connection = imp_connection_new_remote ("Proxy", raw_agent_get_url (raw), NULL,
                                          imp_connection_get_url (agents, "retrieval"), NULL,
                                          &error);
  g_assert_no_error (error);
  client = imp_agent_client_new (connection);

  path = test_write_pattern (home, "firmware.bin", 100 * 1000);
  publication = new_publication (client, path, "Class_1", NULL);
  g_assert_true (run (publication, NULL, &error));
  g_assert_no_error (error);
  g_assert_nonnull (imp_publication_get_transaction (publication));
  g_assert_nonnull (imp_publication_get_cid (publication));
  g_assert_null (imp_publication_get_reply (publication));

  g_clear_object (&publication);
  test_assert_finalizes (client);
  test_assert_finalizes (connection);
  raw_agent_free (raw);
  test_close_agents (agents);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  int status;

  home = test_make_home ();
  key = imp_key_generate (IMP_KEY_EC_P256, &error);
  g_assert_no_error (error);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/publication/too-large", test_too_large);
  g_test_add_func ("/publication/no-answer", test_no_answer);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strconcat ("/publication/answer/", answers[i].name, NULL);

      g_test_add_data_func (path, &answers[i], test_answer);
    }
  g_test_add_func ("/publication/answer/swallowed", test_answer_swallowed);
  g_test_add_data_func ("/publication/refusal/many-problems", many_problems_cb,
                        test_hostile_refusal);
  g_test_add_data_func ("/publication/refusal/long-problem", long_problem_cb, test_hostile_refusal);
  g_test_add_data_func ("/publication/refusal/garbage", garbage_problem_cb, test_hostile_refusal);
  g_test_add_func ("/publication/cut", test_cut_while_sending);
  g_test_add_func ("/publication/cancels/hanging", test_cancels_hanging);
  g_test_add_func ("/publication/cancels/sending", test_cancels_sending);
  g_test_add_func ("/publication/cancels/before", test_cancelled_before);
  g_test_add_func ("/publication/other-digest", test_other_digest);
  g_test_add_data_func ("/publication/changes/grows", GINT_TO_POINTER (1), test_changes);
  g_test_add_data_func ("/publication/changes/shrinks", GINT_TO_POINTER (-1), test_changes);
  g_test_add_data_func ("/publication/no-file/missing", "/nonexistent/f.bin", test_no_file);
  g_test_add_data_func ("/publication/no-file/folder", NULL, test_no_file);
  g_test_add_func ("/publication/wrong-manifest", test_wrong_manifest);
  g_test_add_func ("/publication/no-agent", test_no_agent);

  status = g_test_run ();
  g_clear_object (&key);
  test_remove_home (home);
  return status;
}
