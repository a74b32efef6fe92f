/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <string.h>

/* One request, as its bytes, and what it is answered with. */
typedef struct
{
  const char *name;
  ImpRole role;
  const char *path;          /* POST */
  const char *content_type;
  const char *body;
  guint status;
  const char *detail;        /* is in the reply */
} Case;

#define FORM "multipart/form-data; boundary=x"
#define PART(name, text) "--x\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" text "\r\n"
#define END "--x--\r\n"

#define AUTHOR(name, body, status, detail) \
  { name, IMP_ROLE_AUTHOR, "/v1/updates", FORM, body, status, detail }
#define PETITION(name, body, status, detail) \
  { name, IMP_ROLE_AUTHOR, "/register/author", "application/json", body, status, detail }
#define DEVICE(name, body, status, detail) \
  { name, IMP_ROLE_RETRIEVAL, "/retrieve/version", "application/json", body, status, detail }
#define REPORT(name, path, body, status, detail) \
  { name, IMP_ROLE_RETRIEVAL, path, "application/json", body, status, detail }

static const Case cases[] = {
  AUTHOR ("multipart-empty", "", 400, "truncated"),
  AUTHOR ("multipart-without-parts", END, 400, "publicKey"),
  AUTHOR ("multipart-missing-key", PART ("update", "{}") PART ("payload", "f") END, 400, "publicKey"),
  AUTHOR ("multipart-missing-update", PART ("payload", "f") PART ("publicKey", "k") END, 400, "update"),
  AUTHOR ("multipart-missing-payload", PART ("publicKey", "k") PART ("update", "{}") END, 400, "payload"),
  AUTHOR ("multipart-repeated-part", PART ("update", "{}") PART ("update", "{}") END, 400, "twice"),
  AUTHOR ("multipart-repeated-payload", PART ("payload", "f") PART ("payload", "f") END, 400, "twice"),
  AUTHOR ("multipart-misnamed-part", PART ("paylod", "f") END, 400, "“paylod”"),
  AUTHOR ("multipart-truncated", PART ("update", "{}") "--x\r\nContent-Dispo", 400, ""),
  AUTHOR ("multipart-without-end", PART ("publicKey", "k"), 400, ""),
  AUTHOR ("multipart-other-boundary", "--y\r\n\r\n\r\n--y--\r\n", 400, ""),
  AUTHOR ("multipart-part-not-utf-8", PART ("update", "\xff\xfe") END, 400, "UTF-8"),
  { "multipart-without-boundary", IMP_ROLE_AUTHOR, "/v1/updates", "multipart/form-data", "x", 400, "boundary" },
  { "multipart-boundary-too-long", IMP_ROLE_AUTHOR, "/v1/updates",
    "multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x",
    "x", 400, "boundary" },
  { "upload-of-another-type", IMP_ROLE_AUTHOR, "/v1/updates", "text/plain", "x", 400, "multipart" },
  { "upload-without-type", IMP_ROLE_AUTHOR, "/v1/updates", NULL, "x", 400, "multipart" },
  { "reference-multipart-truncated", IMP_ROLE_AUTHOR, "/register", FORM, PART ("update", "{}"), 405, "" },
  { "register-missing-token", IMP_ROLE_REGISTER, "/v1/updates", FORM,
    PART ("update", "{}") PART ("payload", "f") END, 400, "authorKey" },
  { "verify-missing-device", IMP_ROLE_VERIFICATION, "/verify", FORM,
    PART ("update", "{}") PART ("payload", "f") END, 405, "deviceID" },
  { "verify-device-is-no-object", IMP_ROLE_VERIFICATION, "/verify", FORM,
    PART ("update", "{}") PART ("payload", "f") PART ("deviceID", "[]") END, 405, "deviceID" },
  { "upload-json-is-no-object", IMP_ROLE_AUTHOR, "/register", "application/json", "[]", 405, "object" },
  { "upload-json-broken", IMP_ROLE_AUTHOR, "/register", "application/json", "{\"publicKey\":", 405, "" },
  { "upload-json-without-payload", IMP_ROLE_AUTHOR, "/register", "application/json",
    "{\"publicKey\":\"k\",\"update\":{}}", 405, "payload" },
  { "upload-json-nul-in-key", IMP_ROLE_AUTHOR, "/register", "application/json",
    "{\"publicKey\":\"k\\u0000\",\"update\":{\"payload\":\"f\"}}", 405, "" },

  PETITION ("json-empty", "", 405, ""),
  PETITION ("json-not-an-object", "[1]", 405, "object"),
  PETITION ("json-truncated", "{\"publicKey\": \"x", 405, ""),
  PETITION ("json-text-after-it", "{} {}", 405, ""),
  PETITION ("json-duplicate-keys", "{\"message\":\"a\",\"message\":\"b\"}", 405, "message"),
  PETITION ("json-invalid-utf-8", "{\"message\":\"\xff\"}", 405, "UTF-8"),
  PETITION ("json-nan", "{\"message\":NaN}", 405, ""),
  PETITION ("json-missing-member", "{\"publicKey\":\"x\",\"message\":\"m\"}", 405, "signedMessage"),
  PETITION ("json-member-of-other-type",
            "{\"publicKey\":1,\"message\":\"m\",\"signedMessage\":\"s\"}", 405, "publicKey"),
  PETITION ("key-that-is-none",
            "{\"publicKey\":\"x\",\"message\":\"m\",\"signedMessage\":\"s\"}", 403, "ERR_KEY_NOT_VALID"),

  DEVICE ("device-without-class", "{\"publicKey\":\"x\"}", 405, "classID"),
  DEVICE ("device-with-bad-key", "{\"publicKey\":\"x\",\"classID\":\"c\"}", 403, "ERR_KEY_NOT_VALID"),
  DEVICE ("device-number", "{\"publicKey\":\"x\",\"classID\":9223372036854775808}", 405, "classID"),

  REPORT ("report-unknown-outcome", "/v1/devices/d/reports",
          "{\"class\":\"c\",\"outcome\":\"exploded\"}", 400, "exploded"),
  REPORT ("report-without-class", "/v1/devices/d/reports", "{\"outcome\":\"installed\"}", 400, "class"),
  REPORT ("report-check-out-of-range", "/v1/devices/d/reports",
          "{\"class\":\"c\",\"outcome\":\"refused\",\"check\":11}", 400, "check"),
  REPORT ("report-check-2-63", "/v1/devices/d/reports",
          "{\"class\":\"c\",\"outcome\":\"refused\",\"check\":9223372036854775808}", 400, "check"),
  REPORT ("report-device-with-slash", "/v1/devices/a%2Fb/reports", "{}", 400, "id"),
  REPORT ("report-device-with-newline", "/v1/devices/a%0Ab/reports", "{}", 400, "id"),
  REPORT ("report-device-with-nul", "/v1/devices/a%00b/reports", "{}", 404, ""),
  REPORT ("report-device-not-utf-8", "/v1/devices/%FF/reports", "{}", 404, ""),
};

static void
assert_reply (Reply      *reply_owned,
              guint       status,
              const char *detail)
{
  g_autoptr(Reply) reply = reply_owned;

  if (reply->status != status || strstr (reply->body, detail) == NULL)
    g_test_fail_printf ("expected %u with “%s”, got %u: %s", status, detail, reply->status, reply->body);
}

static void
assert_empty (AgentsFixture *fixture)
{
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_REGISTER, "/v1/status");

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (strstr (reply->body, "\"height\":0"));
  g_assert_nonnull (strstr (reply->body, "\"payloads\":0"));
}

/* One daemon for all cases: none of them may change anything. */
static AgentsFixture shared;

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autofree char *headers = c->content_type != NULL
                               ? g_strdup_printf ("Content-Type: %s\r\n", c->content_type)
                               : NULL;

  assert_reply (agents_ask (&shared, c->role, "POST", c->path, headers, c->body, -1), c->status,
                c->detail);
  assert_empty (&shared);
}

typedef struct
{
  const char *name;
  const char *path;
  const char *detail;
} QueryCase;

static const QueryCase query_cases[] = {
  { "query-nul", "/v1/ledger?text=a%00b", "NUL" },
  { "query-nul-in-key", "/v1/ledger?te%00xt=a", "NUL" },
  { "query-nul-of-device", "/v1/fetches?device=a%00b", "NUL" },
  { "query-half-escape", "/v1/ledger?text=%zz", "" },
  { "query-cut-escape", "/v1/ledger?text=a%2", "" },
  { "query-not-utf-8", "/v1/ledger?text=%FF", "cannot be read" },
  { "query-unknown-key", "/v1/ledger?txet=a", "“txet”" },
  { "query-limit-no-number", "/v1/ledger?limit=ten", "limit" },
};

static void
test_query (gconstpointer data)
{
  const QueryCase *c = data;
  g_autoptr(Reply) sound = agents_get (&shared, IMP_ROLE_RETRIEVAL, "/v1/ledger?text=%2500+b%26&limit=1");

  g_assert_cmpuint (sound->status, ==, 200);
  assert_reply (agents_get (&shared, IMP_ROLE_RETRIEVAL, c->path), 400, c->detail);
}

static void
test_deep_json (void)
{
  g_autoptr(GString) body = g_string_new (NULL);

  for (guint i = 0; i < 100000; i++)
    g_string_append_c (body, '[');

  assert_reply (agents_post_json (&shared, IMP_ROLE_AUTHOR, "/register/author", body->str), 405, "");
  assert_reply (agents_post_json (&shared, IMP_ROLE_AUTHOR, "/register", body->str), 405, "");
  assert_empty (&shared);
}

static void
test_long_fields (void)
{
  g_autofree char *manifest = g_strnfill (10 * 1024 * 1024, ' ');
  g_autofree char *name = g_strnfill (10 * 1024, 'v');
  g_autofree char *device = g_strdup_printf ("{\"publicKey\":\"x\",\"classID\":\"%s\"}", name);
  g_autofree char *path = g_strdup_printf ("/v1/devices/%s/reports", name);
  const Part parts[] = { { "update", NULL, manifest, -1 }, { NULL } };

  assert_reply (agents_post_parts (&shared, IMP_ROLE_AUTHOR, "/v1/updates", parts), 400, "“update”");
  assert_reply (agents_post_json (&shared, IMP_ROLE_RETRIEVAL, "/retrieve/version", device), 405,
                "classID");
  assert_reply (agents_post_json (&shared, IMP_ROLE_RETRIEVAL, path, "{}"), 400, "id");
  assert_reply (agents_post_json (&shared, IMP_ROLE_AUTHOR, "/register/author", manifest), 413, "");
  assert_empty (&shared);
}

/* Parts without end, each of them small. */
static void
test_endless_parts (void)
{
  g_autoptr(GString) body = g_string_new (NULL);

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (body, PART ("part%u", "x"), i);

  assert_reply (agents_ask (&shared, IMP_ROLE_AUTHOR, "POST", "/v1/updates",
                            "Content-Type: " FORM "\r\n", body->str, -1),
                400, "part0");
  assert_empty (&shared);
}

static void
test_endless_part_headers (void)
{
  g_autoptr(GString) body = g_string_new ("--x\r\n");

  for (guint i = 0; i < 10000; i++)
    g_string_append (body, "X-Header: value\r\n");

  assert_reply (agents_ask (&shared, IMP_ROLE_AUTHOR, "POST", "/v1/updates",
                            "Content-Type: " FORM "\r\n", body->str, -1),
                400, "");
}

/* Headers without end: the connection is closed, and the agent lives. */
static void
test_endless_headers (void)
{
  g_autoptr(GString) request = g_string_new ("GET /healthz HTTP/1.1\r\nHost: localhost\r\n");
  g_autoptr(Reply) reply = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (request, "X-Header-%u: value\r\n", i);

  reply = agents_ask_raw (&shared, IMP_ROLE_RETRIEVAL, request->str, request->len);
  g_assert_cmpuint (reply->status, !=, 200);
  assert_empty (&shared);
}

static void
test_chunked_body_too_long (void)
{
  g_autoptr(GString) request = g_string_new (
    "POST /v1/devices/d/reports HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");

  for (guint i = 0; i < 64; i++)
    {
      g_autofree char *chunk = g_strnfill (1024, ' ');

      g_string_append_printf (request, "400\r\n%s\r\n", chunk);
    }

  assert_reply (agents_ask_raw (&shared, IMP_ROLE_RETRIEVAL, request->str, request->len), 413, "");
}

/* What a browser sends for somebody else’s page, and what it sends for nobody’s. */
static const struct
{
  const char *headers;
  guint       status;
} origins[] = {
  { "Host: localhost\r\n", 200 },
  { "Host: LOCALHOST:3000\r\n", 200 },
  { "Host: agents.localhost\r\n", 200 },
  { "Host: 127.9.9.9:80\r\n", 200 },
  { "Host: [::1]:80\r\n", 200 },
  { "Host: evil.example\r\n", 421 },
  { "Host: evil.example:3000\r\n", 421 },
  { "Host: 127.0.0.1.evil.example\r\n", 421 },
  { "Host: notlocalhost\r\n", 421 },
  { "Host: .localhost\r\n", 421 },
  { "Host: 192.168.1.7\r\n", 421 },
  { "Host: localhost\r\nOrigin: http://localhost\r\n", 200 },
  { "Host: localhost\r\nOrigin: http://localhost:8080\r\n", 403 },
  { "Host: localhost\r\nOrigin: https://evil.example\r\n", 403 },
  { "Host: localhost\r\nOrigin: null\r\n", 403 },
};

static void
test_origins (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    {
      g_autofree char *get = g_strconcat ("GET /healthz HTTP/1.1\r\n", origins[i].headers, "\r\n", NULL);
      g_autoptr(Reply) reply = agents_ask_raw (&shared, IMP_ROLE_RETRIEVAL, get, -1);

      g_test_message ("%s", origins[i].headers);
      g_assert_cmpuint (reply->status, ==, origins[i].status);
    }
}

/* An upload is refused before any of it is kept. */
static void
test_foreign_upload (void)
{
  assert_reply (agents_ask_raw (&shared, IMP_ROLE_AUTHOR,
                                "POST /v1/updates HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n"
                                "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 9\r\n\r\n"
                                "--b--\r\n\r\n", -1),
                403, "");
  assert_empty (&shared);
}

static void
test_no_such_path (void)
{
  g_autoptr(Reply) unknown = agents_get (&shared, IMP_ROLE_AUTHOR, "/nothing/here");
  g_autoptr(Reply) method = agents_get (&shared, IMP_ROLE_AUTHOR, "/register/author");

  g_assert_cmpuint (unknown->status, ==, 404);
  g_assert_nonnull (strstr (unknown->head, "application/problem+json"));
  g_assert_cmpuint (method->status, ==, 405);
  g_assert_nonnull (strstr (method->head, "Allow: POST"));
}

static void
test_not_http (void)
{
  g_autoptr(Reply) reply = agents_ask_raw (&shared, IMP_ROLE_AUTHOR, "\x16\x03\x01\r\n\r\n", -1);

  g_assert_cmpuint (reply->status, !=, 200);
  assert_empty (&shared);
}

static void
be_impatient (ImpConfig *config)
{
  config->limits.idle_timeout = 1;
  config->limits.connections = 8;
}

static gboolean
is_closed (GSocketConnection *connection)
{
  char byte;
  g_autoptr(GError) error = NULL;
  gssize size = g_socket_receive_with_blocking (g_socket_connection_get_socket (connection), &byte, 1,
                                                FALSE, NULL, &error);

  return size >= 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

/* Waits until @connections are closed, all but the first of which are sent a byte now and then. */
static void
await_closed (GSocketConnection **connections,
              guint               n_connections)
{
  gint64 end = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  guint closed = 0;

  while (closed < n_connections)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      closed = 0;
      for (guint i = 0; i < n_connections; i++)
        {
          if (i > 0)
            g_output_stream_write (g_io_stream_get_output_stream (G_IO_STREAM (connections[i])), " ", 1,
                                   NULL, NULL);
          closed += is_closed (connections[i]) ? 1 : 0;
        }

      for (guint i = 0; i < 10; i++)
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (10000);
        }
    }
}

static GSocketConnection *
begin_request (AgentsFixture *fixture,
               const char    *head)
{
  g_autoptr(GSocketConnection) connection = agents_connect (fixture, IMP_ROLE_AUTHOR, NULL);

  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                                            head, strlen (head), NULL, NULL, NULL));
  return g_steal_pointer (&connection);
}

/* One says nothing, one a byte of its headers now and then, one a byte of a body that it need not
 * take long over: all are closed in time.
 */
static void
test_slow_requests (AgentsFixture *fixture,
                    gconstpointer  data)
{
  g_autoptr(GSocketConnection) silent = begin_request (fixture, "");
  g_autoptr(GSocketConnection) headers = begin_request (fixture, "GET /healthz HTTP/1.1\r\nX:");
  g_autoptr(GSocketConnection) body = begin_request (
    fixture, "POST /register/author HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
  GSocketConnection *connections[] = { silent, headers, body };

  await_closed (connections, G_N_ELEMENTS (connections));
}

static void
allow_two_uploads (ImpConfig *config)
{
  config->limits.uploads = 2;
}

/* Uploads that do not go on make room for one that does. */
static void
test_stalled_uploads (AgentsFixture *fixture,
                      gconstpointer  data)
{
  static const char head[] = "POST /v1/updates HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
                             "Content-Type: " FORM "\r\n\r\n--x\r\n";
  g_autoptr(GSocketConnection) one = NULL;
  g_autoptr(GSocketConnection) other = NULL;
  g_autoptr(JsonNode) published = NULL;
  gint64 end = g_get_monotonic_time () + 1500 * 1000;

  register_author (fixture);
  one = begin_request (fixture, head);
  other = begin_request (fixture, head);
  while (g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }

  published = publish (fixture, "class", "1.0.0", 1, "firmware", 8);
  g_assert_nonnull (published);
  g_assert_cmpint (is_closed (one) + is_closed (other), ==, 1);
}

/* More connections than are allowed are closed at once, and make room again when they go. */
static void
test_many_connections (AgentsFixture *fixture,
                       gconstpointer  data)
{
  GSocketConnection *connections[20];
  guint closed = 0;
  g_autoptr(Reply) reply = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    connections[i] = agents_connect (fixture, IMP_ROLE_AUTHOR, NULL);
  for (guint i = 0; i < 20; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (5000);
    }

  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    {
      closed += is_closed (connections[i]) ? 1 : 0;
      g_clear_object (&connections[i]);
    }

  g_assert_cmpuint (closed, ==, 12);
  for (guint i = 0; i < 20; i++)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_usleep (5000);
    }

  reply = agents_get (fixture, IMP_ROLE_AUTHOR, "/healthz");
  g_assert_cmpuint (reply->status, ==, 200);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  agents_fixture_set_up (&shared, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/bad-input/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }

  for (guint i = 0; i < G_N_ELEMENTS (query_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/bad-input/", query_cases[i].name, NULL);

      g_test_add_data_func (path, &query_cases[i], test_query);
    }

  g_test_add_func ("/bad-input/deep-json", test_deep_json);
  g_test_add_func ("/bad-input/long-fields", test_long_fields);
  g_test_add_func ("/bad-input/endless-parts", test_endless_parts);
  g_test_add_func ("/bad-input/endless-part-headers", test_endless_part_headers);
  g_test_add_func ("/bad-input/endless-headers", test_endless_headers);
  g_test_add_func ("/bad-input/chunked-body-too-long", test_chunked_body_too_long);
  g_test_add_func ("/bad-input/no-such-path", test_no_such_path);
  g_test_add_func ("/bad-input/origins", test_origins);
  g_test_add_func ("/bad-input/foreign-upload", test_foreign_upload);
  g_test_add_func ("/bad-input/not-http", test_not_http);
  g_test_add ("/bad-input/slow-requests", AgentsFixture, be_impatient, agents_fixture_set_up,
              test_slow_requests, agents_fixture_tear_down);
  g_test_add ("/bad-input/stalled-uploads", AgentsFixture, allow_two_uploads, agents_fixture_set_up,
              test_stalled_uploads, agents_fixture_tear_down);
  g_test_add ("/bad-input/many-connections", AgentsFixture, be_impatient, agents_fixture_set_up,
              test_many_connections, agents_fixture_tear_down);

  status = g_test_run ();
  agents_fixture_tear_down (&shared, NULL);
  return status;
}
