/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-output.h"
#include "imp-submissions.h"
#include "imp-timings.h"

static gboolean csv;

/* The longest step says where the time went. */
static char *
describe_longest (const ImpTimingRun *run)
{
  g_autofree char *time = NULL;
  guint longest = 0;

  for (guint i = 1; i < IMP_N_TIMING_STEPS; i++)
    {
      if (run->steps[i] > run->steps[longest])
        longest = i;
    }

  if (run->steps[longest] < 0)
    return g_strdup ("");

  time = imp_format_duration (run->steps[longest]);
  return g_strdup_printf ("%s %s", imp_timing_step_get_id (longest), time);
}

static void
print_table (GPtrArray *runs)
{
  const char *const header[] = { _("KIND"), _("TIME"), _("CLASS"), _("VERSION"), _("SIZE"), _("TOOK"),
                                 _("LONGEST STEP"), NULL };
  g_autoptr(ImpTable) table = imp_table_new (header);

  for (guint i = 0; i < runs->len; i++)
    {
      const ImpTimingRun *run = g_ptr_array_index (runs, i);
      g_autofree char *time = imp_format_local_time (run->time);
      g_autofree char *size = g_format_size (run->size);
      g_autofree char *took = imp_format_duration (run->total);
      g_autofree char *longest = describe_longest (run);

      imp_table_add (table, imp_timing_kind_get_id (run->kind), time,
                     run->class_id != NULL ? run->class_id : "",
                     run->version != NULL ? run->version : "", size, took, longest, NULL);
    }

  imp_table_print (table);
}

static void
print_runs (ImpRun    *run,
            GPtrArray *runs)
{
  if (csv)
    {
      g_autofree char *text = imp_timings_to_csv (runs);

      imp_print ("%s", text);
    }
  else if (imp_run_is_json (run))
    {
      g_autoptr(JsonNode) node = imp_timings_to_json (runs);

      imp_print_json (node);
    }
  else if (runs->len == 0)
    imp_run_note (run, _("Nothing was timed yet: publish an update in the console, or let a device "
                         "install one."));
  else
    print_table (runs);
}

static gboolean
run_timings (ImpRun  *run,
             GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *submissions_dir = imp_run_dup_path (run, "submissions");
  g_autofree char *devices = imp_run_dup_path (run, "devices");
  g_autoptr(ImpSubmissions) submissions = NULL;
  g_autoptr(GPtrArray) runs = NULL;
  ImpAgentClient *client;

  if (csv && imp_run_is_json (run))
    {
      g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                           _("--csv and --json do not go together"));
      return FALSE;
    }

  if (!(client = imp_run_connect (run, error)))
    return FALSE;

  submissions = imp_submissions_new (submissions_dir);
  imp_timings_collect_async (submissions, devices, client,
                             imp_run_get_cancellable (run), imp_wait_cb, &wait);
  if (!(runs = imp_timings_collect_finish (imp_wait (&wait), error)))
    return FALSE;

  print_runs (run, runs);
  return TRUE;
}

static const GOptionEntry timings_options[] = {
  { "csv", 0, 0, G_OPTION_ARG_NONE, &csv, N_("Print a table for spreadsheets (RFC 4180)"), NULL },
  { NULL }
};

const ImpCommand imp_timings_commands[] = {
  { NULL, "timings", NULL, 0, 0,
    N_("List how long registrations and retrievals took, and each of their steps"),
    timings_options, run_timings },
  { NULL }
};
