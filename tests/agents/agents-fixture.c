/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "agents-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#include "imp-digest.h"
#include "imp-json.h"

#define BOUNDARY "----agents-test-boundary"
#define TIMEOUT  20  /* s */

struct _Call
{
  char *host_and_port;
  GBytes *request;
  GThread *thread;
  Reply *reply;
  gint done;
};

static void
remove_recursively (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_recursively (child);
    }

  g_remove (path);
}

static void
finished_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

void
agents_fixture_start (AgentsFixture *fixture)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) result = NULL;

  fixture->daemon = imp_daemon_open (fixture->config, &error);
  g_assert_no_error (error);

  imp_daemon_start_async (fixture->daemon, finished_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (imp_daemon_start_finish (fixture->daemon, result, &error));
  g_assert_no_error (error);
}

void
agents_fixture_stop (AgentsFixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;

  imp_daemon_stop_async (fixture->daemon, finished_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (imp_daemon_stop_finish (fixture->daemon, result, NULL));
  g_clear_object (&result);

  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&fixture->daemon));
}

/* @data, if there is any, changes the configuration: a function of its pointer. */
void
agents_fixture_set_up (AgentsFixture *fixture,
                       gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  void (*change) (ImpConfig * config) = data;

  fixture->folder = g_dir_make_tmp ("imprimatur-agents-XXXXXX", &error);
  g_assert_no_error (error);

  fixture->config = imp_config_new ();
  g_free (fixture->config->data_dir);
  fixture->config->data_dir = g_build_filename (fixture->folder, "data", NULL);
  imp_config_set_embedded (fixture->config);
  if (change != NULL)
    change (fixture->config);

  fixture->author = imp_key_generate (IMP_KEY_ED25519, &error);
  g_assert_no_error (error);
  agents_fixture_start (fixture);
}

void
agents_fixture_tear_down (AgentsFixture *fixture,
                          gconstpointer  data)
{
  if (fixture->daemon != NULL)
    agents_fixture_stop (fixture);

  g_object_unref (fixture->author);
  imp_config_free (fixture->config);
  remove_recursively (fixture->folder);
  g_free (fixture->folder);
}

static char *
get_host_and_port (AgentsFixture *fixture,
                   ImpRole        role)
{
  g_autofree char *uri = imp_agent_dup_uri (imp_daemon_get_agent (fixture->daemon, role));

  return g_strdup (uri + strlen ("http://"));
}

static GSocketClient *
new_client (void)
{
  GSocketClient *client = g_socket_client_new ();

  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, TIMEOUT);
  return client;
}

GSocketConnection *
agents_connect (AgentsFixture  *fixture,
                ImpRole         role,
                GError        **error)
{
  g_autoptr(GSocketClient) client = new_client ();
  g_autofree char *address = get_host_and_port (fixture, role);

  return g_socket_client_connect_to_host (client, address, 1, NULL, error);
}

static Reply *
parse_reply (GByteArray *bytes)
{
  Reply *reply = g_new0 (Reply, 1);
  const char *text = (const char *) bytes->data;
  const char *end = bytes->len > 0 ? g_strstr_len (text, bytes->len, "\r\n\r\n") : NULL;

  if (end == NULL)
    {
      reply->head = g_strndup (text != NULL ? text : "", bytes->len);
      reply->body = g_strdup ("");
      return reply;
    }

  reply->head = g_strndup (text, end - text);
  reply->length = bytes->len - (end + 4 - text);
  reply->body = g_malloc0 (reply->length + 1);
  memcpy (reply->body, end + 4, reply->length);
  if (g_str_has_prefix (reply->head, "HTTP/1.1 "))
    reply->status = g_ascii_strtoull (reply->head + strlen ("HTTP/1.1 "), NULL, 10);

  return reply;
}

/* Reads while it writes: an agent may answer before it has read all. */
static gpointer
drain_thread (gpointer data)
{
  GInputStream *input = data;
  GByteArray *bytes = g_byte_array_new ();
  char buffer[16 * 1024];
  gssize size;

  while ((size = g_input_stream_read (input, buffer, sizeof buffer, NULL, NULL)) > 0)
    g_byte_array_append (bytes, (const guint8 *) buffer, size);

  return bytes;
}

static gpointer
call_thread (gpointer data)
{
  Call *call = data;
  g_autoptr(GSocketClient) client = new_client ();
  g_autoptr(GSocketConnection) connection = NULL;
  g_autoptr(GByteArray) bytes = NULL;
  GThread *reader;
  gsize size;
  gconstpointer request = g_bytes_get_data (call->request, &size);

  connection = g_socket_client_connect_to_host (client, call->host_and_port, 1, NULL, NULL);
  if (connection != NULL)
    {
      GIOStream *stream = G_IO_STREAM (connection);

      reader = g_thread_new ("reader", drain_thread, g_io_stream_get_input_stream (stream));
      g_output_stream_write_all (g_io_stream_get_output_stream (stream), request, size, NULL, NULL,
                                 NULL);
      bytes = g_thread_join (reader);
    }
  else
    bytes = g_byte_array_new ();

  call->reply = parse_reply (bytes);
  g_atomic_int_set (&call->done, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

Call *
agents_begin (AgentsFixture *fixture,
              ImpRole        role,
              GBytes        *request)
{
  Call *call = g_new0 (Call, 1);

  call->host_and_port = get_host_and_port (fixture, role);
  call->request = g_bytes_ref (request);
  call->thread = g_thread_new ("client", call_thread, call);
  return call;
}

Reply *
agents_end (Call *call)
{
  Reply *reply;

  while (!g_atomic_int_get (&call->done))
    g_main_context_iteration (NULL, TRUE);

  g_thread_join (call->thread);
  reply = call->reply;
  g_free (call->host_and_port);
  g_bytes_unref (call->request);
  g_free (call);
  return reply;
}

Reply *
agents_ask_raw (AgentsFixture *fixture,
                ImpRole        role,
                const char    *request,
                gssize         length)
{
  g_autoptr(GBytes) bytes = g_bytes_new (request, length < 0 ? strlen (request) : (gsize) length);

  return agents_end (agents_begin (fixture, role, bytes));
}

static GBytes *
format_request (const char *method,
                const char *path,
                const char *headers,
                const void *body,
                gsize       length)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text, "%s %s HTTP/1.1\r\nHost: localhost\r\n%s", method, path,
                          headers != NULL ? headers : "");
  if (body != NULL)
    g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n", length);
  g_string_append (text, "\r\n");
  if (body != NULL)
    g_string_append_len (text, body, length);

  return g_string_free_to_bytes (text);
}

Reply *
agents_ask (AgentsFixture *fixture,
            ImpRole        role,
            const char    *method,
            const char    *path,
            const char    *headers,
            const char    *body,
            gssize         length)
{
  g_autoptr(GBytes) request = NULL;

  if (length < 0)
    length = body != NULL ? strlen (body) : 0;

  request = format_request (method, path, headers, body, length);
  return agents_end (agents_begin (fixture, role, request));
}

Reply *
agents_get (AgentsFixture *fixture,
            ImpRole        role,
            const char    *path)
{
  return agents_ask (fixture, role, "GET", path, NULL, NULL, 0);
}

Reply *
agents_post_json (AgentsFixture *fixture,
                  ImpRole        role,
                  const char    *path,
                  const char    *json)
{
  return agents_ask (fixture, role, "POST", path, "Content-Type: application/json\r\n", json, -1);
}

GBytes *
agents_format_parts (AgentsFixture *fixture,
                     ImpRole        role,
                     const char    *path,
                     const Part    *parts)
{
  g_autoptr(GString) body = g_string_new (NULL);

  for (const Part *part = parts; part->name != NULL; part++)
    {
      g_string_append_printf (body, "--" BOUNDARY "\r\nContent-Disposition: form-data; name=\"%s\"",
                              part->name);
      if (part->file_name != NULL)
        g_string_append_printf (body, "; filename=\"%s\"\r\nContent-Type: application/octet-stream",
                                part->file_name);
      g_string_append (body, "\r\n\r\n");
      g_string_append_len (body, part->data, part->size < 0 ? (gssize) strlen (part->data) : part->size);
      g_string_append (body, "\r\n");
    }

  g_string_append (body, "--" BOUNDARY "--\r\n");
  return format_request ("POST", path,
                         "Content-Type: multipart/form-data; boundary=" BOUNDARY "\r\n",
                         body->str, body->len);
}

Reply *
agents_post_parts (AgentsFixture *fixture,
                   ImpRole        role,
                   const char    *path,
                   const Part    *parts)
{
  g_autoptr(GBytes) request = agents_format_parts (fixture, role, path, parts);

  return agents_end (agents_begin (fixture, role, request));
}

void
reply_free (Reply *reply)
{
  g_free (reply->head);
  g_free (reply->body);
  g_free (reply);
}

JsonNode *
reply_parse (const Reply *reply)
{
  g_autoptr(GError) error = NULL;
  JsonNode *node = imp_json_parse (reply->body, reply->length, 64 * 1024 * 1024, &error);

  g_assert_no_error (error);
  return node;
}

/* What an error is called: a problem's code, or the reference's string. */
char *
reply_get_code (const Reply *reply)
{
  g_autoptr(JsonNode) node = reply_parse (reply);
  JsonObject *object;

  if (JSON_NODE_HOLDS_VALUE (node))
    return json_node_dup_string (node);

  object = json_node_get_object (node);
  g_assert_cmpint (json_object_get_int_member (object, "status"), ==, reply->status);
  if (json_object_has_member (object, "code"))
    return g_strdup (json_object_get_string_member (object, "code"));

  return g_strdup (json_object_get_string_member (object, "detail"));
}

ImpUpdate *
make_update (ImpKey     *author,
             const char *class_id,
             const char *version,
             gint64      sequence,
             const void *payload,
             gsize       size)
{
  static const char *const none[] = { NULL };
  g_autoptr(ImpManifestBuilder) builder = imp_manifest_builder_new ();
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, payload, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  ImpUpdate *update;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, version);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, sequence);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VENDOR_ID, "Vendor_1");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, class_id);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "./updates");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, size);
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, none);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");

  manifest = imp_manifest_builder_end (builder, &error);
  g_assert_no_error (error);
  update = imp_update_sign (manifest, author, &error);
  g_assert_no_error (error);
  return update;
}

char *
print_update (ImpUpdate *update)
{
  g_autoptr(JsonNode) node = imp_update_to_json (update);

  return imp_json_canonicalize (node);
}

char *
print_device_id (ImpKey     *author,
                 const char *class_id)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (author));
  json_object_set_string_member (object, "classID", class_id);
  json_node_take_object (node, object);
  return imp_json_canonicalize (node);
}

char *
make_petition (ImpKey     *author,
               const char *message)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autoptr(GError) error = NULL;
  g_autofree char *signature = imp_key_sign_text (author, message, &error);

  g_assert_no_error (error);
  json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (author));
  json_object_set_string_member (object, "message", message);
  json_object_set_string_member (object, "signedMessage", signature);
  json_node_take_object (node, object);
  return imp_json_canonicalize (node);
}

void
register_author (AgentsFixture *fixture)
{
  g_autofree char *message = g_uuid_string_random ();
  g_autofree char *petition = make_petition (fixture->author, message);
  g_autoptr(Reply) reply = agents_post_json (fixture, IMP_ROLE_AUTHOR, "/register/author", petition);

  g_assert_cmpuint (reply->status, ==, 201);
}

JsonNode *
publish (AgentsFixture *fixture,
         const char    *class_id,
         const char    *version,
         gint64         sequence,
         const void    *payload,
         gsize          size)
{
  g_autoptr(ImpUpdate) update = make_update (fixture->author, class_id, version, sequence, payload,
                                             size);
  g_autofree char *text = print_update (update);
  const Part parts[] = {
    { "publicKey", NULL, imp_key_get_public_pem (fixture->author), -1 },
    { "update", NULL, text, -1 },
    { "payload", "firmware.bin", payload, size },
    { NULL },
  };
  g_autoptr(Reply) reply = agents_post_parts (fixture, IMP_ROLE_AUTHOR, "/v1/updates", parts);

  g_assert_cmpuint (reply->status, ==, 201);
  return reply_parse (reply);
}
