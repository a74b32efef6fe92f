/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <gio/gnetworking.h>
#include <string.h>

#include "imp-checkpoint.h"
#include "imp-merkle.h"

#define PAYLOAD_SIZE (700 * 1000)

static guint8 payload[PAYLOAD_SIZE];

/* A daemon with one author and versions V_1 to V_3 of one class. */
typedef struct
{
  AgentsFixture agents;
  char *cid;
  char *transaction;  /* of V_3 */
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  agents_fixture_set_up (&fixture->agents, NULL);
  register_author (&fixture->agents);

  for (guint i = 1; i <= 3; i++)
    {
      g_autofree char *version = g_strdup_printf ("V_%u", i);
      g_autoptr(JsonNode) node = publish (&fixture->agents, "Class_1", version, i, payload,
                                          sizeof payload);
      JsonObject *object = json_node_get_object (node);

      g_free (fixture->cid);
      g_free (fixture->transaction);
      fixture->cid = g_strdup (json_object_get_string_member (object, "cid"));
      fixture->transaction = g_strdup (json_object_get_string_member (object, "transaction"));
    }
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  agents_fixture_tear_down (&fixture->agents, NULL);
  g_free (fixture->cid);
  g_free (fixture->transaction);
}

static Reply *
get_payload (Fixture    *fixture,
             const char *method,
             const char *headers)
{
  g_autofree char *path = g_strconcat ("/v1/payloads/", fixture->cid, NULL);

  return agents_ask (&fixture->agents, IMP_ROLE_RETRIEVAL, method, path, headers, NULL, 0);
}

static JsonNode *
get_json (Fixture    *fixture,
          const char *path)
{
  g_autoptr(Reply) reply = agents_get (&fixture->agents, IMP_ROLE_RETRIEVAL, path);

  g_assert_cmpuint (reply->status, ==, 200);
  return reply_parse (reply);
}

static void
assert_status (Fixture    *fixture,
               const char *path,
               guint       status)
{
  g_autoptr(Reply) reply = agents_get (&fixture->agents, IMP_ROLE_RETRIEVAL, path);

  g_assert_cmpuint (reply->status, ==, status);
}

typedef struct
{
  const char *header;
  guint status;
  gsize offset;
  gsize length;
} Range;

static const Range ranges[] = {
  { NULL, 200, 0, PAYLOAD_SIZE },
  { "Range: bytes=0-0\r\n", 206, 0, 1 },
  { "Range: bytes=100-199\r\n", 206, 100, 100 },
  { "Range: bytes=262143-262144\r\n", 206, 262143, 2 },
  { "Range: bytes=600000-\r\n", 206, 600000, 100000 },
  { "Range: bytes=-5\r\n", 206, PAYLOAD_SIZE - 5, 5 },
  { "Range: bytes=699999-99999999999\r\n", 206, 699999, 1 },
  { "Range: bytes=0-9,20-29\r\n", 200, 0, PAYLOAD_SIZE },
  { "Range: lines=0-9\r\n", 200, 0, PAYLOAD_SIZE },
  { "Range: bytes=0-9\r\nIf-Range: \"other\"\r\n", 200, 0, PAYLOAD_SIZE },
};

static void
test_ranges (Fixture       *fixture,
             gconstpointer  data)
{
  for (guint i = 0; i < G_N_ELEMENTS (ranges); i++)
    {
      g_autoptr(Reply) reply = get_payload (fixture, "GET", ranges[i].header);

      g_test_message ("%s", ranges[i].header);
      g_assert_cmpuint (reply->status, ==, ranges[i].status);
      g_assert_cmpmem (reply->body, reply->length, payload + ranges[i].offset, ranges[i].length);
    }
}

static void
test_range_beyond (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(Reply) reply = get_payload (fixture, "GET", "Range: bytes=700000-\r\n");

  g_assert_cmpuint (reply->status, ==, 416);
  g_assert_nonnull (strstr (reply->head, "Content-Range: bytes */700000"));
}

static void
test_head (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(Reply) reply = get_payload (fixture, "HEAD", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (reply->length, ==, 0);
  g_assert_nonnull (strstr (reply->head, "Content-Length: 700000"));
  g_assert_nonnull (strstr (reply->head, "ETag: \"Qm"));
}

static void
test_not_modified (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *same = g_strdup_printf ("If-None-Match: \"x\", \"%s\"\r\n", fixture->cid);
  g_autoptr(Reply) known = get_payload (fixture, "GET", same);
  g_autoptr(Reply) other = get_payload (fixture, "GET", "If-None-Match: \"x\"\r\n");

  g_assert_cmpuint (known->status, ==, 304);
  g_assert_cmpuint (known->length, ==, 0);
  g_assert_cmpuint (other->status, ==, 200);
}

static void
test_unknown_payload (Fixture       *fixture,
                      gconstpointer  data)
{
  assert_status (fixture, "/v1/payloads/QmUNLLsPACCz1vLxQVkXqqLX5R1X345qqfHbsf67hvA3Nn", 404);
  assert_status (fixture, "/v1/payloads/nonsense", 400);
}

static void
test_reference (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *id = print_device_id (fixture->agents.author, "Class_1");
  g_autofree char *none = print_device_id (fixture->agents.author, "Class_2");
  g_autoptr(Reply) version = agents_post_json (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                               "/retrieve/version", id);
  g_autoptr(Reply) update = agents_post_json (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                              "/retrieve/update", id);
  g_autoptr(Reply) bytes = agents_post_json (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                             "/retrieve/payload", id);
  g_autoptr(Reply) missing = agents_post_json (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                               "/retrieve/update", none);
  g_autoptr(JsonNode) node = reply_parse (update);

  g_assert_cmpuint (version->status, ==, 201);
  g_assert_cmpstr (version->body, ==, "\"V_3\"");
  g_assert_cmpuint (update->status, ==, 200);
  g_assert_cmpuint (json_object_get_size (json_node_get_object (node)), ==, 3);
  g_assert_cmpuint (bytes->status, ==, 200);
  g_assert_cmpmem (bytes->body, bytes->length, payload, sizeof payload);
  g_assert_cmpuint (missing->status, ==, 403);
  g_assert_cmpstr (missing->body, ==, "\"ERR_UPDATE_NON_EXISTENT\"");
}

static void
test_verifies (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(ImpUpdate) update = make_update (fixture->agents.author, "Class_1", "V_3", 3, payload,
                                             sizeof payload);
  g_autofree char *text = print_update (update);
  g_autofree char *id = print_device_id (fixture->agents.author, "Class_1");
  g_autofree char *other = print_device_id (fixture->agents.author, "Class_2");
  Part parts[] = {
    { "payload", "f", payload, sizeof payload },
    { "update", NULL, text, -1 },
    { "deviceID", NULL, id, -1 },
    { NULL },
  };
  g_autoptr(Reply) good = agents_post_parts (&fixture->agents, IMP_ROLE_VERIFICATION, "/verify",
                                             parts);
  g_autoptr(Reply) shorter = NULL;
  g_autoptr(Reply) foreign = NULL;

  g_assert_cmpuint (good->status, ==, 200);
  g_assert_cmpstr (good->body, ==, "true");

  parts[0].size -= 1;
  shorter = agents_post_parts (&fixture->agents, IMP_ROLE_VERIFICATION, "/verify", parts);
  g_assert_cmpuint (shorter->status, ==, 403);
  g_assert_cmpstr (shorter->body, ==, "\"ERR_PAYLOAD_NOT_VERIFIABLE\"");

  parts[0].size += 1;
  parts[2].data = other;
  foreign = agents_post_parts (&fixture->agents, IMP_ROLE_VERIFICATION, "/verify", parts);
  g_assert_cmpuint (foreign->status, ==, 403);
  g_assert_cmpstr (foreign->body, ==, "\"ERR_MANIFEST_NOT_VERIFIABLE\"");
}

static GArray *
read_path (JsonArray *array)
{
  GArray *path = g_array_new (FALSE, FALSE, sizeof (ImpHash));

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      ImpHash hash;

      g_assert_true (imp_hash_from_base64 (json_array_get_string_element (array, i), &hash, NULL));
      g_array_append_val (path, hash);
    }

  return path;
}

/* All that a device needs is there, and fits together. */
static void
assert_details (Fixture  *fixture,
                JsonNode *node)
{
  JsonObject *details = json_node_get_object (node);
  JsonObject *transaction = json_object_get_object_member (details, "transaction");
  JsonObject *inclusion = json_object_get_object_member (details, "inclusion");
  const char *leaf = json_object_get_string_member (transaction, "leaf");
  g_autoptr(GArray) path = read_path (json_object_get_array_member (inclusion, "path"));
  g_autoptr(JsonNode) key = get_json (fixture, "/v1/ledger/key");
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  g_autoptr(ImpKey) author = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(GError) error = NULL;
  gint64 time;
  ImpHash hash;

  checkpoint = imp_checkpoint_new_from_text (json_object_get_string_member (inclusion, "checkpoint"),
                                             -1, &error);
  g_assert_no_error (error);
  imp_checkpoint_verify (checkpoint,
                         json_object_get_string_member (json_node_get_object (key), "key"), &time,
                         &error);
  g_assert_no_error (error);

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);
  imp_merkle_verify_inclusion (&hash, json_object_get_int_member (inclusion, "leaf"),
                               json_object_get_int_member (inclusion, "size"),
                               (const ImpHash *) path->data, path->len,
                               imp_checkpoint_get_root (checkpoint), &error);
  g_assert_no_error (error);

  author = imp_key_new_from_pem (json_object_get_string_member (details, "publicKey"), -1, NULL,
                                 &error);
  g_assert_no_error (error);
  update = imp_update_new_from_json (json_object_get_member (details, "update"), &error);
  g_assert_no_error (error);
  g_assert_true (imp_update_verify_manifest (update, author, &error));
  g_assert_cmpstr (json_object_get_string_member (details, "cid"), ==, fixture->cid);
}

static void
test_details (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *path = g_strconcat ("/v1/updates/", fixture->transaction, NULL);
  g_autoptr(JsonNode) node = get_json (fixture, path);

  assert_details (fixture, node);
  assert_status (fixture, "/v1/updates/0000000000000000000000000000000000000000000000000000000000000000",
                 404);
}

/* The device is told of the update, and its fetch is listed by it. */
static void
test_latest (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *id = print_device_id (fixture->agents.author, "Class_1");
  g_autofree char *none = print_device_id (fixture->agents.author, "Class_2");
  g_autoptr(Reply) latest = agents_post_json (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                              "/v1/devices/lamp%201/latest", id);
  g_autoptr(Reply) missing = agents_post_json (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                               "/v1/devices/lamp%201/latest", none);
  g_autoptr(JsonNode) node = reply_parse (latest);
  g_autofree char *code = reply_get_code (missing);
  g_autoptr(Reply) bytes = NULL;
  g_autoptr(JsonNode) fetches = NULL;
  g_autoptr(JsonNode) others = NULL;
  JsonObject *fetch;

  g_assert_cmpuint (latest->status, ==, 200);
  assert_details (fixture, node);
  g_assert_cmpuint (missing->status, ==, 404);
  g_assert_cmpstr (code, ==, "ERR_UPDATE_NON_EXISTENT");

  bytes = get_payload (fixture, "GET", "X-Device-Id: lamp 1\r\n");
  g_assert_cmpuint (bytes->status, ==, 200);
  fetches = get_json (fixture, "/v1/fetches?device=lamp%201");
  fetch = json_array_get_object_element (
    json_object_get_array_member (json_node_get_object (fetches), "fetches"), 0);
  g_assert_cmpstr (json_object_get_string_member (fetch, "device"), ==, "lamp 1");
  g_assert_cmpstr (json_object_get_string_member (fetch, "version"), ==, "V_3");
  g_assert_cmpstr (json_object_get_string_member (fetch, "outcome"), ==, "complete");
  g_assert_cmpint (json_object_get_int_member (fetch, "bytes"), ==, PAYLOAD_SIZE);

  others = get_json (fixture, "/v1/fetches?device=other");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (
                      json_node_get_object (others), "fetches")),
                    ==, 0);
}

static void
test_bad_device_header (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(Reply) reply = get_payload (fixture, "GET", "X-Device-Id: a/b\r\n");

  g_assert_cmpuint (reply->status, ==, 400);
}

/* A client that goes away in the middle leaves a record that says so. */
static void
test_cut_fetch (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *request = g_strdup_printf (
    "GET /v1/payloads/%s HTTP/1.1\r\nHost: localhost\r\nX-Device-Id: cut\r\n\r\n", fixture->cid);
  g_autoptr(GSocketConnection) connection = NULL;
  GSocket *socket;
  g_autoptr(JsonNode) fetches = NULL;
  JsonArray *array = NULL;
  char buffer[16];

  connection = agents_connect (&fixture->agents, IMP_ROLE_RETRIEVAL, NULL);
  socket = g_socket_connection_get_socket (connection);
  g_socket_set_option (socket, SOL_SOCKET, SO_RCVBUF, 4096, NULL);
  g_assert_cmpint (g_socket_send (socket, request, strlen (request), NULL, NULL), ==,
                   strlen (request));
  while (g_socket_receive_with_blocking (socket, buffer, sizeof buffer, FALSE, NULL, NULL) <= 0)
    g_main_context_iteration (NULL, FALSE);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);

  for (guint i = 0; i < 100 && (array == NULL || json_array_get_length (array) == 0); i++)
    {
      g_clear_pointer (&fetches, json_node_unref);
      fetches = get_json (fixture, "/v1/fetches?device=cut");
      array = json_object_get_array_member (json_node_get_object (fetches), "fetches");
    }

  g_assert_cmpuint (json_array_get_length (array), ==, 1);
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (array, 0),
                                                  "outcome"),
                   ==, "cut");
}

static void
test_reports (Fixture       *fixture,
              gconstpointer  data)
{
  static const char report[] =
    "{\"class\":\"Class_1\",\"version\":\"V_3\",\"outcome\":\"refused\",\"check\":8,"
    "\"reason\":\"other bytes\"}";
  g_autoptr(JsonNode) page = NULL;
  g_autoptr(JsonNode) rest = NULL;
  JsonObject *object;
  JsonObject *first;
  g_autofree char *next = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr(Reply) reply = agents_post_json (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                                 "/v1/devices/lamp/reports", report);

      g_assert_cmpuint (reply->status, ==, 201);
    }

  page = get_json (fixture, "/v1/devices/lamp/reports?limit=2");
  object = json_node_get_object (page);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "reports")), ==, 2);
  first = json_array_get_object_element (json_object_get_array_member (object, "reports"), 0);
  g_assert_cmpint (json_object_get_int_member (first, "check"), ==, 8);
  g_assert_cmpstr (json_object_get_string_member (first, "reason"), ==, "other bytes");
  g_assert_nonnull (json_object_get_string_member (first, "time"));

  next = g_strdup_printf ("/v1/devices/lamp/reports?before=%" G_GINT64_FORMAT,
                          json_object_get_int_member (object, "next"));
  rest = get_json (fixture, next);
  object = json_node_get_object (rest);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (object, "reports")), ==, 1);
  g_assert_true (json_object_get_null_member (object, "next"));
}

static guint
count (Fixture    *fixture,
       const char *path,
       const char *member)
{
  g_autoptr(JsonNode) node = get_json (fixture, path);

  return json_array_get_length (json_object_get_array_member (json_node_get_object (node), member));
}

static void
test_pages (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *author = g_strconcat ("/v1/updates?author=",
                                         imp_key_get_fingerprint (fixture->agents.author), NULL);
  g_autoptr(JsonNode) page = get_json (fixture, "/v1/ledger?limit=2");
  g_autoptr(JsonNode) rest = NULL;
  JsonObject *object = json_node_get_object (page);

  g_assert_cmpint (json_object_get_int_member (object, "next"), ==, 2);
  rest = get_json (fixture, "/v1/ledger?limit=2&before=2");
  g_assert_true (json_object_get_null_member (json_node_get_object (rest), "next"));
  g_assert_cmpuint (count (fixture, "/v1/ledger?before=0", "transactions"), ==, 0);
  g_assert_cmpuint (count (fixture, "/v1/ledger", "transactions"), ==, 4);
  g_assert_cmpuint (count (fixture, "/v1/ledger?contract=RegisterAuthor", "transactions"), ==, 1);
  g_assert_cmpuint (count (fixture, "/v1/ledger?version=V_2", "transactions"), ==, 1);
  g_assert_cmpuint (count (fixture, "/v1/ledger?text=lass_1", "transactions"), ==, 3);
  g_assert_cmpuint (count (fixture, "/v1/updates", "updates"), ==, 3);
  g_assert_cmpuint (count (fixture, author, "updates"), ==, 3);
  g_assert_cmpuint (count (fixture, "/v1/updates?class=Class_2", "updates"), ==, 0);
  g_assert_cmpuint (count (fixture, "/v1/ledger/leaves?from=1&limit=2", "leaves"), ==, 2);
  g_assert_cmpuint (count (fixture, "/v1/ledger/leaves", "leaves"), ==, 4);
  g_assert_cmpuint (count (fixture, "/v1/ledger/leaves?from=3", "leaves"), ==, 1);
  g_assert_cmpuint (count (fixture, "/v1/ledger/leaves?from=4", "leaves"), ==, 0);
}

static void
test_transaction (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = g_strconcat ("/v1/ledger/", fixture->transaction, NULL);
  g_autoptr(JsonNode) node = get_json (fixture, path);
  JsonObject *object = json_node_get_object (node);

  g_assert_cmpint (json_object_get_int_member (object, "sequence"), ==, 3);
  g_assert_nonnull (json_object_get_string_member (object, "leaf"));
  assert_status (fixture, "/v1/ledger/nonsense", 404);
}

static void
test_proofs (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(Reply) checkpoint = agents_get (&fixture->agents, IMP_ROLE_RETRIEVAL,
                                            "/v1/ledger/checkpoint");

  g_assert_cmpuint (checkpoint->status, ==, 200);
  g_assert_nonnull (strstr (checkpoint->head, "text/plain"));
  g_assert_cmpuint (count (fixture, "/v1/ledger/proof?leaf=0&size=4", "path"), ==, 2);
  g_assert_cmpuint (count (fixture, "/v1/ledger/consistency?from=3&to=4", "path"), ==, 3);
  assert_status (fixture, "/v1/ledger/proof?leaf=4&size=4", 404);
  assert_status (fixture, "/v1/ledger/proof?leaf=0&size=5", 404);
  assert_status (fixture, "/v1/ledger/proof?leaf=0", 400);
  assert_status (fixture, "/v1/ledger/consistency?from=3&to=5", 404);
}

static void
test_bad_queries (Fixture       *fixture,
                  gconstpointer  data)
{
  static const char *const paths[] = {
    "/v1/ledger?limit=0",          "/v1/ledger?limit=1001",    "/v1/ledger?limit=x",
    "/v1/ledger?before=-1",        "/v1/ledger?nonsense=1",    "/v1/updates?text=x",
    "/v1/ledger?text=%ff",         "/v1/fetches?limit=1e3",    "/v1/fetches?before=9223372036854775808",
    "/v1/ledger/leaves?from=-1",   "/v1/ledger/proof?leaf=a&size=4",
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_test_message ("%s", paths[i]);
      assert_status (fixture, paths[i], 400);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (gsize i = 0; i < sizeof payload; i++)
    payload[i] = (i * i + 7 * i + 3) % 251;

#define ADD_CASE(path, func) g_test_add ("/retrieval/" path, Fixture, NULL, set_up, func, tear_down)

  ADD_CASE ("ranges", test_ranges);
  ADD_CASE ("range-beyond", test_range_beyond);
  ADD_CASE ("head", test_head);
  ADD_CASE ("not-modified", test_not_modified);
  ADD_CASE ("unknown-payload", test_unknown_payload);
  ADD_CASE ("reference", test_reference);
  ADD_CASE ("verifies", test_verifies);
  ADD_CASE ("details", test_details);
  ADD_CASE ("latest", test_latest);
  ADD_CASE ("bad-device-header", test_bad_device_header);
  ADD_CASE ("cut-fetch", test_cut_fetch);
  ADD_CASE ("reports", test_reports);
  ADD_CASE ("pages", test_pages);
  ADD_CASE ("transaction", test_transaction);
  ADD_CASE ("proofs", test_proofs);
  ADD_CASE ("bad-queries", test_bad_queries);

  return g_test_run ();
}
