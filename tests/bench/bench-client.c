/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <libsoup/soup.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "imp-agent-client.h"
#include "imp-device.h"
#include "imp-json.h"
#include "imp-publication.h"

/* A long-running client, as the console is one: connected, registered, and told over standard input
 * what to do next. Each line is answered with the milliseconds that it took, or with an error.
 *
 *   publish FILE CLASS VERSION
 *   device FOLDER CLASS
 *   update
 *   version CLASS
 */
typedef struct
{
  ImpConnection  *connection;
  ImpAgentClient *client;
  SoupSession    *session;
  ImpKey         *key;
  ImpDevice      *device;
} Bench;

static void
result_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_set_object ((GAsyncResult **) user_data, result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return *result;
}

static gboolean
publish (Bench       *bench,
         char       **words,
         GError     **error)
{
  static const char *const none[] = { NULL };
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GFile) file = g_file_new_for_path (words[1]);
  g_autoptr(ImpPublication) publication = NULL;
  ImpManifestBuilder *builder = imp_manifest_builder_new ();

  imp_manifest_builder_set_string (builder, IMP_MANIFEST_CLASS_ID, words[2]);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_VERSION_ID, words[3]);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SEQUENCE, g_get_real_time () / 1000);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_FORMAT, "bin");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_STORAGE_LOCATION, "firmware.img");
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");
  imp_manifest_builder_set_strv (builder, IMP_MANIFEST_DEPENDENCIES, none);

  publication = imp_publication_new (bench->client, bench->key, file, builder, NULL);
  imp_publication_run_async (publication, NULL, result_cb, &result);
  return imp_publication_run_finish (publication, wait_for (&result), error);
}

static gboolean
make_device (Bench   *bench,
             char   **words,
             GError **error)
{
  const ImpDeviceConfig config = {
    .id = "bench",
    .class_id = words[2],
    .author = bench->key,
    .sequence = -1,
  };

  g_clear_object (&bench->device);
  bench->device = imp_device_create (words[1], &config, error);
  return bench->device != NULL;
}

static gboolean
update (Bench   *bench,
        char   **words,
        GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *reason = NULL;
  ImpDeviceOutcome outcome;
  ImpCheck check;

  imp_device_update_async (bench->device, imp_connection_get_url (bench->connection, "retrieval"),
                           NULL, result_cb, &result);
  if (!imp_device_update_finish (bench->device, wait_for (&result), &outcome, &check, &reason, error))
    return FALSE;
  if (outcome == IMP_DEVICE_INSTALLED)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the device did not install it: %s",
               reason != NULL ? reason : "it is current");
  return FALSE;
}

/* What a device of the reference asks first. */
static gboolean
ask_version (Bench   *bench,
             char   **words,
             GError **error)
{
  g_autofree char *url = g_strconcat (imp_connection_get_url (bench->connection, "retrieval"),
                                      "/retrieve/version", NULL);
  g_autoptr(SoupMessage) message = soup_message_new (SOUP_METHOD_POST, url);
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GBytes) request = NULL;
  g_autoptr(GBytes) reply = NULL;
  char *text;

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "publicKey");
  json_builder_add_string_value (builder, imp_key_get_public_pem (bench->key));
  json_builder_set_member_name (builder, "classID");
  json_builder_add_string_value (builder, words[1]);
  json_builder_end_object (builder);
  node = json_builder_get_root (builder);
  text = imp_json_canonicalize (node);
  request = g_bytes_new_take (text, strlen (text));

  soup_message_set_request_body_from_bytes (message, "application/json", request);
  soup_session_send_and_read_async (bench->session, message, G_PRIORITY_DEFAULT, NULL,
                                    result_cb, &result);
  reply = soup_session_send_and_read_finish (bench->session, wait_for (&result), error);
  if (reply == NULL)
    return FALSE;
  if (soup_message_get_status (message) == SOUP_STATUS_CREATED)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "the version query was answered with %u",
               soup_message_get_status (message));
  return FALSE;
}

static const struct
{
  const char *word;
  guint       n_words;
  gboolean  (*run) (Bench   *bench,
                    char   **words,
                    GError **error);
} commands[] = {
  { "publish", 4, publish },
  { "device", 3, make_device },
  { "update", 1, update },
  { "version", 2, ask_version },
};

static gboolean
obey (Bench       *bench,
      const char  *line,
      GError     **error)
{
  g_auto(GStrv) words = g_strsplit (line, " ", -1);

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (g_strcmp0 (words[0], commands[i].word) == 0 &&
          g_strv_length (words) == commands[i].n_words)
        return commands[i].run (bench, words, error);
    }

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is no command", line);
  return FALSE;
}

/* The key in a file, or one of the default type. */
static ImpKey *
open_key (const char  *path,
          GError     **error)
{
  g_autofree char *pem = NULL;
  gsize length;

  if (path == NULL)
    return imp_key_generate (IMP_KEY_RSA_2048, error);
  if (!g_file_get_contents (path, &pem, &length, error))
    return NULL;

  return imp_key_new_from_pem (pem, length, NULL, error);
}

static gboolean
begin (Bench        *bench,
       char        **arguments,
       GError      **error)
{
  g_autoptr(GAsyncResult) opened = NULL;
  g_autoptr(GAsyncResult) registered = NULL;
  ImpAuthorStatus status;

  bench->session = soup_session_new ();
  bench->connection = imp_connection_new_remote ("bench", arguments[1], arguments[2], arguments[3],
                                                 arguments[4], error);
  if (bench->connection == NULL || !(bench->key = open_key (arguments[5], error)))
    return FALSE;

  imp_connection_open_async (bench->connection, NULL, result_cb, &opened);
  if (!imp_connection_open_finish (bench->connection, wait_for (&opened), error))
    return FALSE;

  bench->client = imp_agent_client_new (bench->connection);
  imp_agent_client_register_author_async (bench->client, bench->key, NULL, result_cb, &registered);
  return imp_agent_client_register_author_finish (bench->client, wait_for (&registered), &status,
                                                  error);
}

static void
answer (gboolean      done,
        gint64        started,
        const GError *error)
{
  if (done)
    printf ("%.3f\n", (g_get_monotonic_time () - started) / 1000.0);
  else
    printf ("error: %s\n", error->message);
  fflush (stdout);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GError) error = NULL;
  gint64 began = g_get_monotonic_time ();
  char line[4096];
  Bench bench = { NULL };

  if (argc < 5 || argc > 6)
    {
      fprintf (stderr, "Usage: bench-client AUTHOR REGISTER RETRIEVAL VERIFICATION [KEY-FILE]\n");
      return 2;
    }

  answer (begin (&bench, argv, &error), began, error);
  while (error == NULL && fgets (line, sizeof line, stdin) != NULL)
    {
      gint64 started = g_get_monotonic_time ();

      answer (obey (&bench, g_strchomp (line), &error), started, error);
    }

  g_clear_object (&bench.device);
  g_clear_object (&bench.client);
  g_clear_object (&bench.connection);
  g_clear_object (&bench.session);
  g_clear_object (&bench.key);

  return error == NULL ? EXIT_SUCCESS : EXIT_FAILURE;
}
