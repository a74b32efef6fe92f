/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "imp-json.h"
#include "imp-token.h"

static const char payload[] = "firmware";

static void
assert_refused (Reply      *reply_owned,
                guint       status,
                const char *code)
{
  g_autoptr(Reply) reply = reply_owned;
  g_autofree char *found = reply_get_code (reply);

  g_assert_cmpstr (found, ==, code);
  g_assert_cmpuint (reply->status, ==, status);
}

static gint64
get_height (AgentsFixture *fixture)
{
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, "/v1/status");
  g_autoptr(JsonNode) node = reply_parse (reply);
  JsonObject *ledger = json_object_get_object_member (json_node_get_object (node), "ledger");

  g_assert_cmpuint (reply->status, ==, 200);
  return json_object_get_int_member (ledger, "height");
}

static gint64
get_payloads (AgentsFixture *fixture)
{
  g_autoptr(Reply) reply = agents_get (fixture, IMP_ROLE_REGISTER, "/v1/status");
  g_autoptr(JsonNode) node = reply_parse (reply);
  JsonObject *store = json_object_get_object_member (json_node_get_object (node), "store");

  return json_object_get_int_member (store, "payloads");
}

static void
test_publishes (AgentsFixture *fixture,
                gconstpointer  data)
{
  static const char *const names[] = { "receive", "store", "verify", "record", "answer" };
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;
  JsonArray *steps;

  register_author (fixture);
  node = publish (fixture, "Class_1", "V_1", 1, payload, sizeof payload);
  object = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (object, "sequence"), ==, 1);
  g_assert_cmpuint (strlen (json_object_get_string_member (object, "transaction")), ==, 64);
  g_assert_nonnull (strstr (json_object_get_string_member (object, "checkpoint"), "\n2\n"));

  steps = json_object_get_array_member (object, "steps");
  g_assert_cmpuint (json_array_get_length (steps), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonObject *step = json_array_get_object_element (steps, i);

      g_assert_cmpstr (json_object_get_string_member (step, "name"), ==, names[i]);
      g_assert_cmpfloat (json_object_get_double_member (step, "ms"), >=, 0);
    }
}

/* Every order in which three parts can come. */
static void
test_any_order (AgentsFixture *fixture,
                gconstpointer  data)
{
  static const guint orders[][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
                                     { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

  register_author (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      g_autofree char *version = g_strdup_printf ("V_%u", i + 1);
      g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", version, i + 1, payload,
                                                 sizeof payload);
      g_autofree char *text = print_update (update);
      const Part parts[] = {
        { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
        { "update", NULL, text, -1 },
        { "payload", i % 2 == 0 ? "firmware.bin" : NULL, payload, sizeof payload },
      };
      Part ordered[4] = { { NULL } };
      g_autoptr(Reply) reply = NULL;

      for (guint j = 0; j < 3; j++)
        ordered[j] = parts[orders[i][j]];

      reply = agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/register", ordered);
      g_assert_cmpuint (reply->status, ==, 201);
    }
}

static void
test_large_payload (AgentsFixture *fixture,
                    gconstpointer  data)
{
  gsize size = 9 * 1024 * 1024 + 1;
  g_autofree guint8 *bytes = g_malloc (size);
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *path = NULL;
  g_autoptr(Reply) reply = NULL;

  for (gsize i = 0; i < size; i++)
    bytes[i] = (i * i + 7 * i) % 251;

  register_author (fixture);
  node = publish (fixture, "Class_1", "V_1", 1, bytes, size);
  path = g_strconcat ("/v1/payloads/",
                      json_object_get_string_member (json_node_get_object (node), "cid"), NULL);
  reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpmem (reply->body, reply->length, bytes, size);
}

static void
test_empty_payload (AgentsFixture *fixture,
                    gconstpointer  data)
{
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *path = NULL;
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  node = publish (fixture, "Class_1", "V_1", 1, "", 0);
  path = g_strconcat ("/v1/payloads/",
                      json_object_get_string_member (json_node_get_object (node), "cid"), NULL);
  reply = agents_get (fixture, IMP_ROLE_RETRIEVAL, path);
  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_cmpuint (reply->length, ==, 0);
}

/* Sends an update whose parts are what @change makes of good ones, and leaves all as it was. */
typedef struct
{
  const char *name;
  guint status;
  const char *code;
  const char *(*change_update) (char *text);
  const char *payload;
  gboolean other_author;
} Refusal;

static const char *
spoil_manifest (char *text)
{
  memcpy (strstr (text, "Vendor_1"), "Vendor_2", strlen ("Vendor_2"));
  return text;
}

static const char *
spoil_size (char *text)
{
  *(strstr (text, "\"size\":") + strlen ("\"size\":")) = '9';
  return text;
}

static const char *
misspell_key (char *text)
{
  memcpy (strstr (text, "vendorID"), "vendorId", strlen ("vendorId"));
  return text;
}

static const char *
break_json (char *text)
{
  *text = '[';
  return text;
}

static const Refusal refusals[] = {
  { "changed-manifest", 403, "ERR_MANIFEST_NOT_VERIFIABLE", spoil_manifest },
  { "size-that-does-not-match", 403, "ERR_MANIFEST_NOT_VERIFIABLE", spoil_size },
  { "unknown-manifest-key", 403, "ERR_INCORRECT_MANIFEST_FORMAT", misspell_key },
  { "other-payload", 403, "ERR_PAYLOAD_NOT_VERIFIABLE", NULL, "Firmware" },
  { "shorter-payload", 403, "ERR_PAYLOAD_NOT_VERIFIABLE", NULL, "firm" },
  { "longer-payload", 403, "ERR_PAYLOAD_NOT_VERIFIABLE", NULL, "firmware and more" },
  { "author-who-is-not-registered", 403, "ERR_KEY_NOT_VALID", NULL, NULL, TRUE },
};

static void
set_up_refusal (AgentsFixture *fixture,
                gconstpointer  data)
{
  agents_fixture_set_up (fixture, NULL);
}

static void
test_refuses (AgentsFixture *fixture,
              gconstpointer  data)
{
  const Refusal *refusal = data;
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  ImpKey *author = refusal->other_author ? other : fixture->author;
  g_autoptr(ImpUpdate) update = make_update (author, "Class_1", "V_1", 1, "firmware", 8);
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "payload", "f", refusal->payload != NULL ? refusal->payload : "firmware", -1 },
    { "publicKey", NULL, imp_key_get_public_pem (author), -1 },
    { "update", NULL, refusal->change_update != NULL ? refusal->change_update (text) : text, -1 },
    { NULL },
  };

  register_author (fixture);
  assert_refused (agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts),
                  refusal->status, refusal->code);
  assert_refused (agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/register", parts),
                  refusal->status, refusal->code);
  g_assert_cmpint (get_height (fixture), ==, 1);
  g_assert_cmpint (get_payloads (fixture), ==, 0);
}

static void
test_refuses_broken_update (AgentsFixture *fixture,
                            gconstpointer  data)
{
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1, "firmware", 8);
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "payload", "f", "firmware", -1 },
    { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
    { "update", NULL, break_json (text), -1 },
    { NULL },
  };
  g_autoptr(Reply) reply = NULL;
  g_autoptr(Reply) reference = NULL;

  register_author (fixture);
  reply = agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts);
  g_assert_cmpuint (reply->status, ==, 400);
  reference = agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/register", parts);
  g_assert_cmpuint (reference->status, ==, 405);
  g_assert_cmpint (get_height (fixture), ==, 1);
  g_assert_cmpint (get_payloads (fixture), ==, 0);
}

static void
assert_publish_refused (AgentsFixture *fixture,
                        const char    *version,
                        gint64         sequence,
                        const char    *code)
{
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", version, sequence, payload,
                                             sizeof payload);
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
    { "payload", "f", payload, sizeof payload },
    { "update", NULL, text, -1 },
    { NULL },
  };

  assert_refused (agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts), 403, code);
}

/* V_9 and then V_10; nothing goes back. */
static void
test_order_of_versions (AgentsFixture *fixture,
                        gconstpointer  data)
{
  g_autoptr(JsonNode) first = NULL;
  g_autoptr(JsonNode) second = NULL;
  g_autofree char *id = print_device_id (fixture->author, "Class_1");
  g_autoptr(Reply) reply = NULL;

  register_author (fixture);
  first = publish (fixture, "Class_1", "V_9", 9, payload, sizeof payload);
  second = publish (fixture, "Class_1", "V_10", 10, payload, sizeof payload);
  assert_publish_refused (fixture, "V_10", 11, "ERR_UPDATE_ALREADY_EXISTS");
  assert_publish_refused (fixture, "V_2", 12, "ERR_VERSION_NOT_NEWER");
  assert_publish_refused (fixture, "V_11", 10, "ERR_SEQUENCE_NOT_MONOTONIC");

  reply = agents_post_json (fixture, IMP_ROLE_RETRIEVAL, "/retrieve/version", id);
  g_assert_cmpuint (reply->status, ==, 201);
  g_assert_cmpstr (reply->body, ==, "\"V_10\"");
  g_assert_cmpint (get_payloads (fixture), ==, 1);
}

/* Two publishes of one version at once: one wins, the other is told so. */
static void
test_race (AgentsFixture *fixture,
           gconstpointer  data)
{
  static const char *const payloads[] = { "one payload", "another" };
  Call *calls[2];
  guint created = 0;
  guint refused = 0;

  register_author (fixture);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1 + i,
                                                 payloads[i], strlen (payloads[i]));
      g_autofree char *text = print_update (update);
      const Part parts[] = {
        { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
        { "update", NULL, text, -1 },
        { "payload", "f", payloads[i], -1 },
        { NULL },
      };
      g_autoptr(GBytes) request = agents_format_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates",
                                                       parts);

      calls[i] = agents_begin (fixture, IMP_ROLE_AUTHOR, request);
    }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(Reply) reply = agents_end (calls[i]);

      created += reply->status == 201;
      if (reply->status == 403)
        {
          g_autofree char *code = reply_get_code (reply);

          g_assert_cmpstr (code, ==, "ERR_UPDATE_ALREADY_EXISTS");
          refused++;
        }
    }

  g_assert_cmpuint (created, ==, 1);
  g_assert_cmpuint (refused, ==, 1);
  g_assert_cmpint (get_height (fixture), ==, 2);
  g_assert_cmpint (get_payloads (fixture), ==, 1);
}

static char *
get_token (AgentsFixture *fixture,
           ImpKey        *author)
{
  g_autofree char *message = g_uuid_string_random ();
  g_autofree char *petition = make_petition (author, message);
  g_autoptr(Reply) reply = agents_post_json (fixture, IMP_ROLE_REGISTER, "/register/author",
                                             petition);
  g_autoptr(JsonNode) node = reply_parse (reply);

  g_assert_cmpuint (reply->status, ==, 201);
  return json_node_dup_string (node);
}

static Reply *
send_with_token (AgentsFixture *fixture,
                 const char    *token,
                 const char    *path)
{
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "Class_1", "V_1", 1, payload,
                                             sizeof payload);
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "payload", "f", payload, sizeof payload },
    { "update", NULL, text, -1 },
    { "authorKey", NULL, token, -1 },
    { NULL },
  };

  return agents_post_parts (fixture, IMP_ROLE_REGISTER, path, parts);
}

static void
test_takes_token (AgentsFixture *fixture,
                  gconstpointer  data)
{
  g_autofree char *token = get_token (fixture, fixture->author);
  g_autoptr(Reply) reply = send_with_token (fixture, token, "/v1/updates");

  g_assert_cmpuint (reply->status, ==, 201);
}

static void
test_refuses_token_of_another (AgentsFixture *fixture,
                               gconstpointer  data)
{
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autofree char *token = get_token (fixture, other);

  assert_refused (send_with_token (fixture, token, "/register"), 403, "ERR_MANIFEST_NOT_VERIFIABLE");
  g_assert_cmpint (get_payloads (fixture), ==, 0);
}

/* A token that another ledger signed, though the author is the same. */
static void
test_refuses_foreign_token (AgentsFixture *fixture,
                            gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpKey) ledger = imp_key_generate (IMP_KEY_RSA_2048, &error);
  g_autofree char *token = imp_token_issue (ledger, fixture->author,
                                            g_get_real_time () / 1000, &error);

  g_assert_no_error (error);
  assert_refused (send_with_token (fixture, token, "/v1/updates"), 403, "ERR_KEY_NOT_VALID");
}

static char *
encode_part (const char *json)
{
  char *text = g_base64_encode ((const guint8 *) json, strlen (json));

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  g_strdelimit (text, "=", '\0');
  return text;
}

static void
test_refuses_token_without_signature (AgentsFixture *fixture,
                                      gconstpointer  data)
{
  g_autofree char *token = get_token (fixture, fixture->author);
  g_auto(GStrv) parts = g_strsplit (token, ".", 3);
  g_autofree char *header = encode_part ("{\"alg\":\"none\",\"typ\":\"JWT\"}");
  g_autofree char *forged = g_strdup_printf ("%s.%s.", header, parts[1]);

  assert_refused (send_with_token (fixture, forged, "/v1/updates"), 403, "ERR_KEY_NOT_VALID");
}

static void
test_answers_challenge (AgentsFixture *fixture,
                        gconstpointer  data)
{
  g_autoptr(Reply) challenge = agents_post_json (fixture, IMP_ROLE_AUTHOR, "/v1/challenges", "");
  g_autoptr(JsonNode) node = reply_parse (challenge);
  JsonObject *object = json_node_get_object (node);
  g_autofree char *message = NULL;
  g_autofree char *petition = NULL;
  g_autoptr(Reply) first = NULL;

  g_assert_cmpuint (challenge->status, ==, 201);
  json_object_remove_member (object, "expires");
  json_object_set_string_member (object, "fingerprint", imp_key_get_fingerprint (fixture->author));
  message = imp_json_canonicalize (node);
  petition = make_petition (fixture->author, message);

  first = agents_post_json (fixture, IMP_ROLE_AUTHOR, "/register/author", petition);
  g_assert_cmpuint (first->status, ==, 201);
  assert_refused (agents_post_json (fixture, IMP_ROLE_AUTHOR, "/register/author", petition), 403,
                  "ERR_PETITION_REPLAYED");
}

static void
test_refuses_invented_challenge (AgentsFixture *fixture,
                                 gconstpointer  data)
{
  g_autofree char *message = g_strdup_printf (
    "{\"agent\":\"%s\",\"challenge\":\"invented\",\"fingerprint\":\"%s\"}", fixture->config->name,
    imp_key_get_fingerprint (fixture->author));
  g_autofree char *petition = make_petition (fixture->author, message);

  assert_refused (agents_post_json (fixture, IMP_ROLE_AUTHOR, "/register/author", petition), 403,
                  "ERR_PETITION_REPLAYED");
  g_assert_cmpint (get_height (fixture), ==, 0);
}

static void
test_refuses_foreign_signature (AgentsFixture *fixture,
                                gconstpointer  data)
{
  g_autoptr(ImpKey) other = imp_key_generate (IMP_KEY_ED25519, NULL);
  g_autofree char *petition = make_petition (other, "hello");
  g_autoptr(JsonNode) node = json_from_string (petition, NULL);
  g_autofree char *forged = NULL;

  json_object_set_string_member (json_node_get_object (node), "publicKey",
                                 imp_key_get_public_pem (fixture->author));
  forged = imp_json_canonicalize (node);
  assert_refused (agents_post_json (fixture, IMP_ROLE_REGISTER, "/register/author", forged), 403,
                  "ERR_KEY_NOT_VERIFIABLE");
  g_assert_cmpint (get_height (fixture), ==, 0);
}

static void
test_shows_author (AgentsFixture *fixture,
                   gconstpointer  data)
{
  g_autofree char *path = g_strconcat ("/v1/authors/", imp_key_get_fingerprint (fixture->author),
                                       NULL);
  g_autoptr(Reply) unknown = agents_get (fixture, IMP_ROLE_AUTHOR, path);
  g_autoptr(Reply) known = NULL;
  g_autoptr(Reply) at_register = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonNode) other = NULL;

  g_assert_cmpuint (unknown->status, ==, 404);
  register_author (fixture);

  known = agents_get (fixture, IMP_ROLE_AUTHOR, path);
  node = reply_parse (known);
  g_assert_cmpuint (known->status, ==, 200);
  g_assert_nonnull (json_object_get_string_member (json_node_get_object (node), "tokenExpires"));
  g_assert_nonnull (json_object_get_string_member (json_node_get_object (node), "since"));

  at_register = agents_get (fixture, IMP_ROLE_REGISTER, path);
  other = reply_parse (at_register);
  g_assert_true (json_object_get_null_member (json_node_get_object (other), "tokenExpires"));
}

/* Tokens are there again after a restart; nothing of them is in any reply. */
static void
test_keeps_token (AgentsFixture *fixture,
                  gconstpointer  data)
{
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *path = g_build_filename (fixture->config->data_dir, "tokens.json", NULL);
  GStatBuf info;

  register_author (fixture);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);

  agents_fixture_stop (fixture);
  agents_fixture_start (fixture);
  node = publish (fixture, "Class_1", "V_1", 1, payload, sizeof payload);
  g_assert_nonnull (node);
}

static void
test_never_signs (AgentsFixture *fixture,
                  gconstpointer  data)
{
  g_autoptr(Reply) reply = agents_post_json (fixture, IMP_ROLE_AUTHOR, "/sign", "{}");

  g_assert_cmpuint (reply->status, ==, 410);
  g_assert_nonnull (strstr (reply->body, "never sent"));
}

static void
test_refuses_private_key (AgentsFixture *fixture,
                          gconstpointer  data)
{
  g_autoptr(GBytes) pem = imp_key_export_private (fixture->author, NULL);
  const Part parts[] = {
    { "publicKey", NULL, g_bytes_get_data (pem, NULL), g_bytes_get_size (pem) },
    { "update", NULL, "{}", -1 },
    { "payload", "f", "firmware", -1 },
    { NULL },
  };

  assert_refused (agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts), 403,
                  "ERR_KEY_NOT_VALID");
}

static void
limit_payload (ImpConfig *config)
{
  config->limits.payload_size = 1024 * 1024;
}

/* Nothing of the body is sent: the answer comes all the same. */
static void
test_refuses_large_by_headers (AgentsFixture *fixture,
                               gconstpointer  data)
{
  assert_refused (agents_ask_raw (fixture, IMP_ROLE_AUTHOR,
                                  "POST /v1/updates HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Type: multipart/form-data; boundary=x\r\n"
                                  "Content-Length: 1073741824\r\n\r\n",
                                  -1),
                  413, "ERR_PAYLOAD_TOO_LARGE");
}

static void
test_refuses_large_instead_of_continue (AgentsFixture *fixture,
                                        gconstpointer  data)
{
  assert_refused (agents_ask_raw (fixture, IMP_ROLE_AUTHOR,
                                  "POST /register HTTP/1.1\r\nHost: localhost\r\n"
                                  "Content-Type: multipart/form-data; boundary=x\r\n"
                                  "Expect: 100-continue\r\nContent-Length: 1073741824\r\n\r\n",
                                  -1),
                  413, "ERR_PAYLOAD_TOO_LARGE");
}

/* One whose headers say nothing is refused when it has become too large. */
static void
test_refuses_large_while_it_arrives (AgentsFixture *fixture,
                                     gconstpointer  data)
{
  gsize size = 3 * 1024 * 1024;
  g_autofree char *bytes = g_malloc0 (size);
  const Part parts[] = {
    { "payload", "f", bytes, 2 * 1024 * 1024 },
    { NULL },
  };

  assert_refused (agents_post_parts (fixture, IMP_ROLE_REGISTER, "/v1/updates", parts), 413,
                  "ERR_PAYLOAD_TOO_LARGE");
  g_assert_cmpint (get_payloads (fixture), ==, 0);
}

static void
limit_uploads (ImpConfig *config)
{
  config->limits.uploads = 1;
}

static void
test_bounds_uploads (AgentsFixture *fixture,
                     gconstpointer  data)
{
  static const char begun[] = "POST /v1/updates HTTP/1.1\r\nHost: localhost\r\n"
                              "Content-Type: multipart/form-data; boundary=x\r\n"
                              "Content-Length: 1000\r\n\r\n--x\r\n";
  g_autoptr(GSocketConnection) first = agents_connect (fixture, IMP_ROLE_AUTHOR, NULL);
  g_autoptr(Reply) second = NULL;

  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (first)),
                                            begun, strlen (begun), NULL, NULL, NULL));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  second = agents_ask_raw (fixture, IMP_ROLE_AUTHOR, begun, -1);
  g_assert_cmpuint (second->status, ==, 503);
  g_assert_nonnull (strstr (second->head, "Retry-After: "));
}

/* The body ends in the middle: nothing stays. */
static void
test_cut_upload (AgentsFixture *fixture,
                 gconstpointer  data)
{
  gsize size = 3 * 1024 * 1024;
  g_autofree char *bytes = g_malloc0 (size);
  const Part parts[] = { { "payload", "f", bytes, size }, { NULL } };
  g_autoptr(GBytes) request = agents_format_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts);
  g_autoptr(GSocketConnection) connection = agents_connect (fixture, IMP_ROLE_AUTHOR, NULL);
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  gsize sent = 0;

  while (sent < size)
    {
      gssize n = g_pollable_output_stream_write_nonblocking (
        G_POLLABLE_OUTPUT_STREAM (output),
        (const guint8 *) g_bytes_get_data (request, NULL) + sent, size - sent, NULL, NULL);

      if (n > 0)
        sent += n;
      g_main_context_iteration (NULL, FALSE);
    }

  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  g_usleep (50000);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (get_payloads (fixture), ==, 0);
  g_assert_cmpint (get_height (fixture), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD_CASE(path, func, change) \
  g_test_add ("/registration/" path, AgentsFixture, change, agents_fixture_set_up, func, \
              agents_fixture_tear_down)

  ADD_CASE ("publishes", test_publishes, NULL);
  ADD_CASE ("any-order", test_any_order, NULL);
  ADD_CASE ("large-payload", test_large_payload, NULL);
  ADD_CASE ("empty-payload", test_empty_payload, NULL);
  ADD_CASE ("order-of-versions", test_order_of_versions, NULL);
  ADD_CASE ("race", test_race, NULL);
  ADD_CASE ("token", test_takes_token, NULL);
  ADD_CASE ("token-of-another", test_refuses_token_of_another, NULL);
  ADD_CASE ("foreign-token", test_refuses_foreign_token, NULL);
  ADD_CASE ("token-without-signature", test_refuses_token_without_signature, NULL);
  ADD_CASE ("challenge", test_answers_challenge, NULL);
  ADD_CASE ("invented-challenge", test_refuses_invented_challenge, NULL);
  ADD_CASE ("foreign-signature", test_refuses_foreign_signature, NULL);
  ADD_CASE ("author", test_shows_author, NULL);
  ADD_CASE ("keeps-token", test_keeps_token, NULL);
  ADD_CASE ("never-signs", test_never_signs, NULL);
  ADD_CASE ("private-key", test_refuses_private_key, NULL);
  ADD_CASE ("broken-update", test_refuses_broken_update, NULL);
  ADD_CASE ("large-by-headers", test_refuses_large_by_headers, limit_payload);
  ADD_CASE ("large-instead-of-continue", test_refuses_large_instead_of_continue, limit_payload);
  ADD_CASE ("large-while-it-arrives", test_refuses_large_while_it_arrives, limit_payload);
  ADD_CASE ("bounds-uploads", test_bounds_uploads, limit_uploads);
  ADD_CASE ("cut-upload", test_cut_upload, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *path = g_strconcat ("/registration/refuses/", refusals[i].name, NULL);

      g_test_add_vtable (path, sizeof (AgentsFixture), &refusals[i],
                         (GTestFixtureFunc) set_up_refusal, (GTestFixtureFunc) test_refuses,
                         (GTestFixtureFunc) agents_fixture_tear_down);
    }

  return g_test_run ();
}
