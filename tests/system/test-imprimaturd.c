/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <string.h>

#include "daemon-process.h"
#include "imp-digest.h"

typedef struct
{
  char *folder;
  char *data_dir;
  ImpKey *author;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("imprimaturd-XXXXXX", NULL);
  fixture->data_dir = g_build_filename (fixture->folder, "data", NULL);
  fixture->author = imp_key_generate (IMP_KEY_ED25519, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  remove_recursively (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->data_dir);
  g_object_unref (fixture->author);
}

/* One line, kept in the data directory too, gone when the process is. */
static void
test_embedded (Fixture       *fixture,
               gconstpointer  data)
{
  DaemonProcess *daemon = daemon_process_start (fixture->data_dir, NULL);
  g_autofree char *path = g_build_filename (fixture->data_dir, "agents.json", NULL);
  g_autofree char *text = NULL;
  GStatBuf info;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (g_strchomp (text), ==, daemon->line);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_stat (fixture->data_dir, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0700);

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      g_assert_true (g_str_has_prefix (daemon->uris[role], "http://127.0.0.1:"));
      g_assert_cmpuint (exchange ("GET", daemon->uris[role], "/healthz", NULL, NULL, 0, NULL), ==,
                        200);
    }

  daemon_process_end (daemon);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_sigterm (Fixture       *fixture,
              gconstpointer  data)
{
  DaemonProcess *daemon = daemon_process_start (fixture->data_dir, NULL);

  g_subprocess_send_signal (daemon->process, SIGTERM);
  g_assert_true (g_subprocess_wait (daemon->process, NULL, NULL));
  g_assert_true (g_subprocess_get_if_exited (daemon->process));
  g_assert_cmpint (g_subprocess_get_exit_status (daemon->process), ==, 0);
  daemon_process_kill (daemon);
}

/* Runs it to its end; gives its exit status and what it said. */
static int
run (char              **said,
     const char *const  *options)
{
  g_autoptr(GPtrArray) argv = g_ptr_array_new ();
  g_autoptr(GSubprocess) process = NULL;

  g_ptr_array_add (argv, (gpointer) daemon_path);
  for (; *options != NULL; options++)
    g_ptr_array_add (argv, (gpointer) *options);
  g_ptr_array_add (argv, NULL);

  process = g_subprocess_newv ((const char *const *) argv->pdata,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                               NULL);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, said, NULL, NULL));
  return g_subprocess_get_exit_status (process);
}

static void
test_in_use (Fixture       *fixture,
             gconstpointer  data)
{
  const char *const options[] = { "--embedded", "--data-dir", fixture->data_dir, NULL };
  DaemonProcess *first = daemon_process_start (fixture->data_dir, NULL);
  g_autofree char *said = NULL;

  g_assert_cmpint (run (&said, options), ==, 3);
  g_assert_nonnull (strstr (said, "is in use by another imprimaturd"));
  g_assert_nonnull (strstr (said, fixture->data_dir));
  daemon_process_end (first);
}

typedef struct
{
  const char *file;   /* of configuration, or NULL */
  const char *option;
  const char *said;
} Mistake;

static const Mistake mistakes[] = {
  { NULL, "--nonsense", "--nonsense" },
  { NULL, "nonsense", "nonsense" },
  { NULL, "--role=writer", "“writer”" },
  { NULL, "--listen=nowhere", "“nowhere”" },
  { NULL, "--listen=writer=127.0.0.1:1", "“writer”" },
  { NULL, "--role=author", "register-agent" },
  { NULL, "--config=/does/not/exist", "/does/not/exist" },
  { "[author]\nlissen=1\n", NULL, "“lissen”" },
  { "[writer]\nlisten=1\n", NULL, "[writer]" },
  { "[author]\nlisten=somewhere:80\n", NULL, "“somewhere:80”" },
  { "[author]\nregister-agent=nowhere\n", NULL, "“nowhere”" },
  { "[limits]\npayload-size=much\n", NULL, "“much”" },
  { "[limits]\nuploads=0\n", NULL, "“0”" },
  { "[store]\nengine=tape\n", NULL, "“tape”" },
  { "[store]\nprofile=v9\n", NULL, "“v9”" },
  { "[imprimaturd]\ndata-dir=relative\n", NULL, "“relative”" },
  { "no group\n", NULL, "imprimaturd.conf" },
};

static void
test_mistakes (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "imprimaturd.conf", NULL);
  g_autofree char *config = g_strconcat ("--config=", path, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (mistakes); i++)
    {
      const char *options[] = { mistakes[i].option != NULL ? mistakes[i].option : config, NULL };
      g_autofree char *said = NULL;

      if (mistakes[i].file != NULL)
        g_assert_true (g_file_set_contents (path, mistakes[i].file, -1, NULL));

      g_assert_cmpint (run (&said, options), ==, 2);
      if (strstr (said, mistakes[i].said) == NULL)
        g_error ("%s is not in: %s", mistakes[i].said, said);
    }
}

static void
test_version (Fixture       *fixture,
              gconstpointer  data)
{
  const char *const options[] = { "--version", NULL };
  g_autofree char *said = NULL;

  g_assert_cmpint (run (&said, options), ==, 0);
  g_assert_true (g_str_has_prefix (said, "imprimaturd "));
}

/* The sample explains every key; as it is, it says what is the default anyway. */
static void
test_sample_configuration (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "data", "imprimaturd.conf", NULL);
  g_autoptr(ImpConfig) sample = imp_config_new ();
  g_autoptr(ImpConfig) plain = imp_config_new ();
  g_autofree char *text = NULL;
  g_auto(GStrv) lines = NULL;
  g_autoptr(GString) uncommented = g_string_new (NULL);
  g_autofree char *all = g_build_filename (fixture->folder, "all.conf", NULL);
  g_autoptr(GError) error = NULL;

  imp_config_load (sample, path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sample->limits.payload_size, ==, plain->limits.payload_size);

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gboolean setting = *lines[i] == '#' && g_ascii_islower (lines[i][1]) &&
                         strchr (lines[i], '=') != NULL;

      g_string_append_printf (uncommented, "%s\n", lines[i] + (setting ? 1 : 0));
    }

  g_assert_true (g_file_set_contents (all, uncommented->str, -1, NULL));
  imp_config_load (sample, all, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sample->limits.payload_size, ==, plain->limits.payload_size);
  g_assert_cmpuint (sample->limits.uploads, ==, plain->limits.uploads);
  g_assert_cmpuint (sample->limits.connections, ==, plain->limits.connections);
  g_assert_cmpuint (sample->limits.idle_timeout, ==, plain->limits.idle_timeout);
  g_assert_cmpuint (sample->keep_activity, ==, plain->keep_activity);
  g_assert_cmpstr (sample->profile, ==, plain->profile);
}

/* What is written to the log while an author registers and publishes has no secret in it. */
static void
test_logs_no_secret (Fixture       *fixture,
                     gconstpointer  data)
{
  const char *argv[] = { daemon_path, "--data-dir", fixture->data_dir, "--port-file", NULL,
                         "--listen=author=127.0.0.1:0", "--listen=register=127.0.0.1:0",
                         "--listen=retrieval=127.0.0.1:0", "--listen=verification=127.0.0.1:0",
                         NULL };
  g_autofree char *port_file = g_build_filename (fixture->folder, "ports", NULL);
  g_autofree char *tokens_path = g_build_filename (fixture->data_dir, "tokens.json", NULL);
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, "firmware", 8);
  g_autoptr(ImpUpdate) update = make_update (fixture->author, "c", "1", 1, digest, 8);
  g_autoptr(GInputStream) payload = g_memory_input_stream_new_from_data ("firmware", 8, NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *ports = NULL;
  g_autofree char *tokens = NULL;
  g_autofree char *said = NULL;
  g_autoptr(GBytes) json = NULL;
  g_auto(GStrv) parts = NULL;
  DaemonProcess self = { NULL };

  argv[4] = port_file;
  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                               NULL);
  for (guint i = 0; i < 1000 && !g_file_get_contents (port_file, &ports, NULL, NULL); i++)
    g_usleep (10000);
  g_assert_nonnull (ports);
  json = g_bytes_new (ports, strlen (ports));
  self.uris[IMP_ROLE_AUTHOR] = get_member (json, "author");

  g_assert_cmpuint (register_author (&self, fixture->author), ==, 201);
  g_assert_cmpuint (publish_stream (&self, fixture->author, update, payload, NULL), ==, 201);
  g_assert_true (g_file_get_contents (tokens_path, &tokens, NULL, NULL));
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &said, NULL, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);

  /* {"<fingerprint>":"<header>.<claims>.<signature>"} */
  parts = g_strsplit_set (tokens, "\".", -1);
  g_assert_cmpuint (g_strv_length (parts), ==, 7);
  g_assert_nonnull (strstr (said, "POST /v1/updates: 201"));
  g_assert_null (strstr (said, parts[4]));
  g_assert_null (strstr (said, parts[5]));
  g_free (self.uris[IMP_ROLE_AUTHOR]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  daemon_path = argv[1];
  g_setenv ("LC_ALL", "C.UTF-8", TRUE);

#define ADD_CASE(path, func) \
  g_test_add ("/imprimaturd/" path, Fixture, NULL, set_up, func, tear_down)

  ADD_CASE ("embedded", test_embedded);
  ADD_CASE ("sigterm", test_sigterm);
  ADD_CASE ("in-use", test_in_use);
  ADD_CASE ("mistakes", test_mistakes);
  ADD_CASE ("version", test_version);
  ADD_CASE ("sample-configuration", test_sample_configuration);
  ADD_CASE ("logs-no-secret", test_logs_no_secret);

  return g_test_run ();
}
