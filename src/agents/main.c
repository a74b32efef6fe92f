/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib-unix.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imp-daemon.h"
#include "imp-log.h"
#include "imp-notify.h"
#include "imp-secret.h"
#include "imp-thread.h"

/* In imprimaturd(8). */
enum
{
  EXIT_USAGE = 2,   /* options or configuration */
  EXIT_IN_USE = 3,  /* another process has the data directory */
};

typedef struct
{
  char *config_file;
  char *data_dir;
  char *roles;
  char **listen;
  char *port_file;
  gboolean embedded;
  gboolean quiet;
  gboolean version;
} Options;

typedef struct
{
  GMainLoop *loop;
  ImpDaemon *daemon;
  const Options *options;
  gboolean ending;
  int status;
} Run;

/* Each connection is a file: the soft limit is for programs that use select(). */
static void
raise_file_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0)
    {
      limit.rlim_cur = limit.rlim_max;
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

static void
stopped_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Run *run = user_data;

  imp_daemon_stop_finish (IMP_DAEMON (object), result, NULL);
  g_main_loop_quit (run->loop);
}

static void
end (Run *run)
{
  if (run->ending)
    return;

  run->ending = TRUE;
  imp_notify ("STOPPING=1");
  imp_daemon_stop_async (run->daemon, stopped_cb, run);
}

static gboolean
signal_cb (gpointer user_data)
{
  end (user_data);
  return G_SOURCE_CONTINUE;
}

/* The parent ended, however it ended: nobody else closes our standard input. */
static gboolean
stdin_cb (int          fd,
          GIOCondition condition,
          gpointer     user_data)
{
  char buffer[256];

  if (read (fd, buffer, sizeof buffer) > 0)
    return G_SOURCE_CONTINUE;

  end (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
announce (Run     *run,
          GError **error)
{
  g_autofree char *line = imp_daemon_describe (run->daemon);

  if (run->options->port_file != NULL &&
      !g_file_set_contents_full (run->options->port_file, line, -1, G_FILE_SET_CONTENTS_CONSISTENT,
                                 0600, error))
    return FALSE;

  if (!imp_daemon_announce (run->daemon, error))
    return FALSE;

  if (run->options->embedded)
    {
      printf ("%s\n", line);
      fflush (stdout);
    }

  return TRUE;
}

static void
started_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  Run *run = user_data;
  g_autoptr(GError) error = NULL;

  if (imp_daemon_start_finish (IMP_DAEMON (object), result, &error) && announce (run, &error))
    {
      imp_notify ("READY=1");
      return;
    }

  g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  run->status = EXIT_FAILURE;
  end (run);
}

static int
run_daemon (const ImpConfig *config,
            const Options   *options)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpDaemon) daemon = NULL;
  Run run = { loop, NULL, options, FALSE, EXIT_SUCCESS };

  /* Behind a window: while they hash a gigabyte, it still answers a key at once. */
  if (options->embedded)
    imp_thread_give_way ();

  run.daemon = daemon = imp_daemon_open (config, &error);
  if (daemon == NULL)
    {
      g_printerr ("%s: %s\n", g_get_prgname (), error->message);
      return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BUSY) ? EXIT_IN_USE : EXIT_FAILURE;
    }

  g_unix_signal_add (SIGTERM, signal_cb, &run);
  g_unix_signal_add (SIGINT, signal_cb, &run);
  if (options->embedded)
    g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_cb, &run);

  imp_daemon_start_async (daemon, started_cb, &run);
  g_main_loop_run (loop);
  return run.status;
}

static gboolean
apply_options (ImpConfig      *config,
               const Options  *options,
               GError        **error)
{
  static const char system_file[] = IMP_SYSCONFDIR "/imprimatur/imprimaturd.conf";

  if (options->config_file != NULL)
    {
      if (!imp_config_load (config, options->config_file, error))
        return FALSE;
    }
  else if (!options->embedded && g_file_test (system_file, G_FILE_TEST_EXISTS) &&
           !imp_config_load (config, system_file, error))
    return FALSE;

  if (options->data_dir != NULL)
    {
      g_free (config->data_dir);
      config->data_dir = g_canonicalize_filename (options->data_dir, NULL);
    }

  if (options->embedded)
    imp_config_set_embedded (config);
  if (options->roles != NULL && !imp_config_set_roles (config, options->roles, error))
    return FALSE;

  for (guint i = 0; options->listen != NULL && options->listen[i] != NULL; i++)
    {
      if (!imp_config_set_listen (config, options->listen[i], error))
        return FALSE;
    }

  return imp_config_check (config, error);
}

static gboolean
parse_options (Options   *options,
               int       *argc,
               char    ***argv,
               GError   **error)
{
  g_autoptr(GOptionContext) context = g_option_context_new (NULL);
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config_file, "Read this configuration",
      "FILE" },
    { "data-dir", 'd', 0, G_OPTION_ARG_FILENAME, &options->data_dir, "Keep everything here", "DIR" },
    { "role", 'r', 0, G_OPTION_ARG_STRING, &options->roles,
      "Run these: author, register, retrieval, verification (default: all)", "ROLE,…" },
    { "listen", 'l', 0, G_OPTION_ARG_STRING_ARRAY, &options->listen,
      "Listen at this IP address, or one role at an address and port", "[ROLE=]ADDRESS[:PORT]" },
    { "embedded", 0, 0, G_OPTION_ARG_NONE, &options->embedded,
      "Serve the program that started this, on loopback, until it ends", NULL },
    { "port-file", 0, 0, G_OPTION_ARG_FILENAME, &options->port_file,
      "Write here where the agents listen", "FILE" },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet, "Do not log requests", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Show the version", NULL },
    { NULL },
  };

  g_option_context_set_summary (context, "Runs Imprimatur’s agents.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;

  if (*argc > 1)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "unexpected argument “%s”",
                   (*argv)[1]);
      return FALSE;
    }

  return TRUE;
}

static void
clear_options (Options *options)
{
  g_free (options->config_file);
  g_free (options->data_dir);
  g_free (options->roles);
  g_free (options->port_file);
  g_strfreev (options->listen);
}

int
main (int   argc,
      char *argv[])
{
  Options options = { NULL };
  g_autoptr(ImpConfig) config = NULL;
  g_autoptr(GError) error = NULL;
  int status = EXIT_USAGE;

  setlocale (LC_ALL, "");
  imp_secret_hide_memory ();
  umask (077);
  signal (SIGPIPE, SIG_IGN);
  raise_file_limit ();

  config = imp_config_new ();
  if (!parse_options (&options, &argc, &argv, &error))
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  else if (options.version)
    {
      printf ("imprimaturd %s\n", IMP_VERSION);
      status = EXIT_SUCCESS;
    }
  else if (!apply_options (config, &options, &error))
    g_printerr ("%s: %s\n", g_get_prgname (), error->message);
  else
    {
      imp_log_init (!options.embedded && !options.quiet);
      status = run_daemon (config, &options);
    }

  clear_options (&options);
  return status;
}
