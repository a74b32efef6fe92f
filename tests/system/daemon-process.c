/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "daemon-process.h"

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "imp-json.h"
#include "imp-multipart-stream.h"

const char *daemon_path;

static void
read_line (DaemonProcess *self)
{
  g_autoptr(GDataInputStream) stream =
    g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  JsonObject *object;

  g_filter_input_stream_set_close_base_stream (G_FILTER_INPUT_STREAM (stream), FALSE);
  self->line = g_data_input_stream_read_line (stream, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (self->line);

  node = imp_json_parse (self->line, -1, 4096, &error);
  g_assert_no_error (error);
  object = json_node_get_object (node);
  self->pid = json_object_get_int_member (object, "pid");

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      if (json_object_has_member (object, imp_role_names[role]))
        self->uris[role] = g_strdup (json_object_get_string_member (object, imp_role_names[role]));
    }
}

/* @...: more options. All roles on ports of the system's choosing, unless they say otherwise. */
DaemonProcess *
daemon_process_start (const char *data_dir,
                      ...)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  DaemonProcess *self = g_new0 (DaemonProcess, 1);
  g_autoptr(GError) error = NULL;
  const char *option;
  va_list options;

  g_ptr_array_add (argv, (gpointer) daemon_path);
  g_ptr_array_add (argv, (gpointer) "--embedded");
  g_ptr_array_add (argv, (gpointer) "--data-dir");
  g_ptr_array_add (argv, (gpointer) data_dir);
  va_start (options, data_dir);
  while ((option = va_arg (options, const char *)) != NULL)
    g_ptr_array_add (argv, (gpointer) option);
  va_end (options);
  g_ptr_array_add (argv, NULL);

  self->process = g_subprocess_newv ((const char *const *) argv->pdata,
                                     G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                     &error);
  g_assert_no_error (error);
  read_line (self);
  return self;
}

static void
daemon_process_free (DaemonProcess *self)
{
  for (int role = 0; role < IMP_N_ROLES; role++)
    g_free (self->uris[role]);

  g_object_unref (self->process);
  g_free (self->line);
  g_free (self);
}

void
daemon_process_end (DaemonProcess *self)
{
  g_autoptr(GError) error = NULL;

  g_output_stream_close (g_subprocess_get_stdin_pipe (self->process), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (self->process, NULL, &error));
  g_assert_no_error (error);
  daemon_process_free (self);
}

void
daemon_process_kill (DaemonProcess *self)
{
  g_subprocess_send_signal (self->process, SIGKILL);
  g_assert_true (g_subprocess_wait (self->process, NULL, NULL));
  daemon_process_free (self);
}

/* The most memory that it ever had, in bytes. */
guint64
daemon_process_get_peak (DaemonProcess *self)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", self->pid);
  g_autofree char *text = NULL;
  const char *peak;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  peak = strstr (text, "VmHWM:");
  g_assert_nonnull (peak);
  return g_ascii_strtoull (g_strchug (text + (peak - text) + strlen ("VmHWM:")), NULL, 10) * 1024;
}

/* libsoup takes a body that was cut before its first byte for an empty one: of a daemon that was killed
 * after the head of a reply, that would be an answer which it never gave.
 */
static gboolean
is_cut (SoupMessage *message,
        GBytes      *bytes)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);

  return soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH &&
         soup_message_headers_get_content_length (headers) > (goffset) g_bytes_get_size (bytes);
}

guint
exchange (const char   *method,
          const char   *uri,
          const char   *path,
          const char   *content_type,
          GInputStream *body,
          goffset       length,
          GBytes      **reply)
{
  g_autoptr(SoupSession) session = soup_session_new ();
  g_autofree char *whole = g_strconcat (uri, path, NULL);
  g_autoptr(SoupMessage) message = soup_message_new (method, whole);
  g_autoptr(GBytes) bytes = NULL;

  soup_session_set_proxy_resolver (session, NULL);
  if (body != NULL)
    soup_message_set_request_body (message, content_type, body, length);

  bytes = soup_session_send_and_read (session, message, NULL, NULL);
  if (bytes == NULL || is_cut (message, bytes))
    return 0;

  if (reply != NULL)
    *reply = g_steal_pointer (&bytes);
  return soup_message_get_status (message);
}

guint
exchange_json (const char *uri,
               const char *path,
               const char *json)
{
  g_autoptr(GInputStream) body = g_memory_input_stream_new_from_data (json, strlen (json), NULL);

  return exchange ("POST", uri, path, "application/json", body, strlen (json), NULL);
}

guint
register_author (DaemonProcess *self,
                 ImpKey        *author)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autofree char *message = g_uuid_string_random ();
  g_autofree char *signature = imp_key_sign_text (author, message, NULL);
  g_autofree char *petition = NULL;

  json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (author));
  json_object_set_string_member (object, "message", message);
  json_object_set_string_member (object, "signedMessage", signature);
  json_node_take_object (node, object);
  petition = imp_json_canonicalize (node);
  return exchange_json (self->uris[IMP_ROLE_AUTHOR], "/register/author", petition);
}

guint
publish_stream (DaemonProcess *self,
                ImpKey        *author,
                ImpUpdate     *update,
                GInputStream  *payload,
                GBytes       **reply)
{
  g_autoptr(ImpMultipartStream) body = imp_multipart_stream_new ();
  g_autofree char *type = imp_multipart_stream_dup_content_type (body);
  g_autoptr(JsonNode) node = imp_update_to_json (update);
  g_autofree char *text = imp_json_canonicalize (node);

  imp_multipart_stream_add_stream (body, "payload", "firmware.bin", payload,
                                   imp_manifest_get_size (imp_update_get_manifest (update)));
  imp_multipart_stream_add_text (body, "update", text);
  imp_multipart_stream_add_text (body, "publicKey", imp_key_get_public_pem (author));

  return exchange ("POST", self->uris[IMP_ROLE_AUTHOR], "/v1/updates", type, G_INPUT_STREAM (body),
                   imp_multipart_stream_get_length (body), reply);
}

ImpUpdate *
make_update (ImpKey     *author,
             const char *class_id,
             const char *version,
             gint64      sequence,
             const char *digest,
             guint64     size)
{
  static const char *const none[] = { NULL };
  g_autoptr(ImpManifestBuilder) builder = imp_manifest_builder_new ();
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(GError) error = NULL;
  ImpUpdate *update;

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, version);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, sequence);
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
get_member (GBytes     *json,
            const char *name)
{
  gsize size;
  const char *data = g_bytes_get_data (json, &size);
  g_autoptr(JsonNode) node = imp_json_parse (data, size, size, NULL);

  g_assert_nonnull (node);
  return g_strdup (json_object_get_string_member (json_node_get_object (node), name));
}

void
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
