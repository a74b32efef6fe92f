/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-command.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>

#include "imp-output.h"

/* In the order of the work. */
static const ImpCommand *const rooms[] = {
  imp_key_commands,
  imp_author_commands,
  imp_manifest_commands,
  imp_publish_commands,
  imp_update_commands,
  imp_trust_commands,
  imp_compare_commands,
  imp_ledger_commands,
  imp_device_commands,
  imp_rehearse_commands,
  imp_timings_commands,
  imp_agents_commands,
  imp_demo_commands,
};

static gboolean
is_flag (const char *word)
{
  return word[0] == '-' && word[1] != '\0';
}

static gboolean
is_help (const char *word)
{
  return g_strcmp0 (word, "--help") == 0 || g_strcmp0 (word, "-h") == 0;
}

static void
add_common_options (GOptionGroup  *group,
                    ImpRunOptions *options)
{
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &options->json,
      N_("Print JSON"), NULL },
    { "quiet", 'q', 0, G_OPTION_ARG_NONE, &options->quiet,
      N_("Print results and errors only"), NULL },
    { "connection", 'c', 0, G_OPTION_ARG_STRING, &options->connection,
      N_("Use the agents of this connection"), N_("NAME") },
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &options->data_dir,
      N_("Keep devices, trust and the embedded agents’ data here"), N_("DIR") },
    { "author", 0, 0, G_OPTION_ARG_STRING, &options->author,
      N_("The author agent’s address"), N_("URL") },
    { "register", 0, 0, G_OPTION_ARG_STRING, &options->register_,
      N_("The register agent’s address"), N_("URL") },
    { "retrieval", 0, 0, G_OPTION_ARG_STRING, &options->retrieval,
      N_("The retrieval agent’s address"), N_("URL") },
    { "verification", 0, 0, G_OPTION_ARG_STRING, &options->verification,
      N_("The verification agent’s address"), N_("URL") },
    { "pin-fd", 0, 0, G_OPTION_ARG_INT, &options->pin_fd,
      N_("Read the PIN of a PKCS#11 token from this file descriptor"), N_("N") },
    { "help", 'h', 0, G_OPTION_ARG_NONE, &options->help,
      N_("Show help"), NULL },
    { NULL }
  };

  g_option_group_add_entries (group, entries);
}

/* A command’s own options are shown first and those of every command behind them; to GOption both
 * are one list.
 */
static GOptionContext *
make_context (const ImpCommand *command,
              ImpRunOptions    *options)
{
  g_autofree char *name = NULL;
  GOptionContext *context;
  GOptionGroup *group = g_option_group_new ("main", "", "", NULL, NULL);

  if (command != NULL)
    name = g_strdup_printf ("%s%s%s%s%s",
                            command->group != NULL ? command->group : "",
                            command->group != NULL ? " " : "", command->name,
                            command->arguments != NULL ? " " : "",
                            command->arguments != NULL ? command->arguments : "");

  context = g_option_context_new (name);
  g_option_context_set_help_enabled (context, FALSE);
  if (command != NULL)
    {
      g_option_context_set_summary (context, _(command->summary));
      if (command->options != NULL)
        g_option_group_add_entries (group, command->options);
    }
  add_common_options (group, options);
  g_option_group_set_translation_domain (group, IMP_GETTEXT_PACKAGE);
  g_option_context_set_main_group (context, group);

  return context;
}

/* Options before any command. */
static GOptionContext *
make_leading_context (ImpRunOptions *options,
                      gboolean      *version)
{
  GOptionContext *context = make_context (NULL, options);
  const GOptionEntry entries[] = {
    { "version", 0, 0, G_OPTION_ARG_NONE, version, N_("Print the version"), NULL },
    { NULL }
  };

  g_option_context_add_main_entries (context, entries, IMP_GETTEXT_PACKAGE);
  g_option_context_set_strict_posix (context, TRUE);

  return context;
}

static gboolean
in_group (const ImpCommand *command,
          const char       *group)
{
  return g_strcmp0 (command->group, group) == 0;
}

static void
print_commands (const char *group)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(ImpTable) table = imp_table_new (columns);

  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      for (const ImpCommand *command = rooms[i]; command->name != NULL; command++)
        {
          g_autofree char *name = NULL;

          if (group != NULL && !in_group (command, group))
            continue;

          name = g_strdup_printf ("  %s%s%s", command->group != NULL ? command->group : "",
                                  command->group != NULL ? " " : "", command->name);
          imp_table_add (table, name, _(command->summary), NULL);
        }
    }

  imp_table_print (table);
}

static void
print_help (const char *group)
{
  g_autoptr(ImpRun) run = imp_run_new ();
  gboolean version;
  g_autoptr(GOptionContext) context = make_leading_context (imp_run_get_options (run), &version);
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);
  /* GOption’s own usage line knows of no commands. */
  const char *options = strstr (help, "\n\n");

  imp_print (_("Usage: imprimaturctl [OPTION…] COMMAND [ARGUMENT…]\n\n"));
  if (group == NULL)
    imp_print (_("Makes keys, signs and publishes firmware updates, reads and checks the ledger, "
                 "runs emulated devices.\n\n"));
  imp_print (_("Commands:\n"));
  print_commands (group);
  if (group == NULL)
    imp_print ("  help [COMMAND]\n");
  imp_print ("%s", options != NULL ? options + 1 : "");
  imp_print (_("“imprimaturctl help COMMAND” tells more about one; see also imprimaturctl(1).\n"));
}

static void
print_command_help (const ImpCommand *command)
{
  g_autoptr(ImpRun) run = imp_run_new ();
  g_autoptr(GOptionContext) context = make_context (command, imp_run_get_options (run));
  g_autofree char *help = g_option_context_get_help (context, TRUE, NULL);

  imp_print ("%s", help);
}

static gboolean
group_exists (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      if (rooms[i]->group != NULL && in_group (rooms[i], name))
        return TRUE;
    }

  return FALSE;
}

/* Finds the command that @words begin with, and how many of them name it. */
static const ImpCommand *
find_command (char  **words,
              guint  *n_words)
{
  for (guint i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      for (const ImpCommand *command = rooms[i]; command->name != NULL; command++)
        {
          guint n = command->group != NULL ? 2 : 1;

          if (g_strv_length (words) < n ||
              (command->group != NULL && g_strcmp0 (words[0], command->group) != 0) ||
              g_strcmp0 (words[n - 1], command->name) != 0)
            continue;

          *n_words = n;
          return command;
        }
    }

  return NULL;
}

static GError *
make_unknown_error (char **words)
{
  if (group_exists (words[0]) && words[1] != NULL && !is_flag (words[1]))
    return g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        _("There is no command “%s %s”; see “imprimaturctl help %s”"),
                        words[0], words[1], words[0]);
  if (group_exists (words[0]))
    return g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                        _("“%s” needs to know what to do; see “imprimaturctl help %s”"),
                        words[0], words[0]);

  return g_error_new (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                      _("There is no command “%s”; see “imprimaturctl help”"), words[0]);
}

static int
run_help (ImpRun  *run,
          char   **words)
{
  g_autoptr(GError) error = NULL;
  const ImpCommand *command;
  guint n_words;

  if (words[0] == NULL)
    print_help (NULL);
  else if ((command = find_command (words, &n_words)) != NULL)
    print_command_help (command);
  else if (words[1] == NULL && group_exists (words[0]))
    print_help (words[0]);
  else
    error = make_unknown_error (words);

  if (error != NULL || !imp_print_flush (&error))
    return imp_run_report (run, error);

  return IMP_EXIT_DONE;
}

static gboolean
check_arguments (ImpRun            *run,
                 const ImpCommand  *command,
                 GError           **error)
{
  guint n = imp_run_get_n_arguments (run);

  if (n < command->min_arguments)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("“%s” needs more than that: %s"), command->name, command->arguments);
      return FALSE;
    }

  if (n > command->max_arguments)
    {
      g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                   _("“%s” has no use for “%s”"), command->name,
                   imp_run_get_argument (run, command->max_arguments));
      return FALSE;
    }

  return TRUE;
}

static gboolean
parse_command (ImpRun            *run,
               const ImpCommand  *command,
               char             **words,
               GError           **error)
{
  g_autoptr(GOptionContext) context = make_context (command, imp_run_get_options (run));
  g_auto(GStrv) arguments = NULL;
  char **rest;

  /* GOption takes the first word for the program's name. */
  arguments = g_strdupv (words);
  if (!g_option_context_parse_strv (context, &arguments, error))
    return FALSE;

  /* A “--” that ended the options is no argument. */
  rest = arguments + 1;
  if (*rest != NULL && g_strcmp0 (*rest, "--") == 0)
    rest++;
  imp_run_set_arguments (run, g_strdupv (rest));

  return imp_run_get_options (run)->help || check_arguments (run, command, error);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  /* The second Ctrl+C finds the system's own answer to it. */
  return G_SOURCE_REMOVE;
}

static int
run_command (ImpRun            *run,
             const ImpCommand  *command,
             char             **words)
{
  g_autoptr(GError) error = NULL;

  if (!parse_command (run, command, words, &error))
    return imp_run_report (run, error);

  if (imp_run_get_options (run)->help)
    print_command_help (command);
  else
    {
      g_unix_signal_add (SIGINT, cancel_cb, imp_run_get_cancellable (run));
      g_unix_signal_add (SIGTERM, cancel_cb, imp_run_get_cancellable (run));
      if (!command->run (run, &error))
        {
          g_autoptr(GError) ignored = NULL;

          /* What was found out before it failed. */
          imp_print_flush (&ignored);
          return imp_run_report (run, error);
        }
    }

  if (!imp_print_flush (&error))
    return imp_run_report (run, error);

  return IMP_EXIT_DONE;
}

/**
 * imp_command_main:
 * @arguments: the program's arguments, its own name first
 *
 * Finds the command and runs it.
 *
 * Returns: the status to end with
 */
int
imp_command_main (char **arguments)
{
  g_autoptr(ImpRun) run = imp_run_new ();
  gboolean version = FALSE;
  g_autoptr(GOptionContext) context = make_leading_context (imp_run_get_options (run), &version);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) words = g_strdupv (arguments);
  const ImpCommand *command;
  guint n_words;

  /* Wrong usage is told in JSON too, wherever the word stands. */
  imp_run_get_options (run)->json = g_strv_contains ((const char *const *) arguments, "--json");

  if (!g_option_context_parse_strv (context, &words, &error))
    return imp_run_report (run, error);

  if (version)
    {
      imp_print ("imprimaturctl %s\n", IMP_VERSION);
      return IMP_EXIT_DONE;
    }

  if (words[1] == NULL && !imp_run_get_options (run)->help)
    {
      error = g_error_new_literal (G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                                   _("No command was given; see “imprimaturctl help”"));
      return imp_run_report (run, error);
    }

  if (g_strcmp0 (words[1], "help") == 0)
    return run_help (run, words + 2);
  if (imp_run_get_options (run)->help)
    return run_help (run, words + 1);
  if (group_exists (words[1]) && words[2] != NULL && is_help (words[2]))
    return run_help (run, (char *[]) { words[1], NULL });

  command = find_command (words + 1, &n_words);
  if (command == NULL)
    {
      error = make_unknown_error (words + 1);
      return imp_run_report (run, error);
    }

  return run_command (run, command, words + n_words);
}
