/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>
#include <stdio.h>

#include "imp-demo.h"
#include "imp-demo-firmware.h"
#include "imp-output.h"

static struct
{
  gboolean keep;
} options;

static void
report_step (ImpRun      *run,
             JsonBuilder *steps,
             guint        number,
             double       ms,
             const char  *detail)
{
  const ImpDemoStep *step = &imp_demo_steps[number];

  json_builder_begin_object (steps);
  imp_json_add_string (steps, "name", step->name);
  imp_json_add_string (steps, "title", _(step->title));
  imp_json_add_double (steps, "ms", ms);
  imp_json_add_string (steps, "detail", detail);
  json_builder_end_object (steps);

  if (!imp_run_is_json (run))
    {
      g_autofree char *time = imp_format_duration (ms);
      g_autofree char *printable = imp_printable (detail);

      imp_print ("%2u  %-42s %10s  %s\n", number + 1, _(step->title), time, printable);
      fflush (stdout);
    }
}

static double
ms_since (gint64 started)
{
  return (g_get_monotonic_time () - started) / 1000.0;
}

static gboolean
run_step (ImpRun       *run,
          ImpDemo      *demo,
          JsonBuilder  *steps,
          guint         number,
          GError      **error)
{
  const ImpDemoStep *step = &imp_demo_steps[number];
  g_autofree char *detail = NULL;
  gint64 started = g_get_monotonic_time ();

  if (g_cancellable_set_error_if_cancelled (imp_run_get_cancellable (run), error))
    return FALSE;

  if (!step->run (demo, &detail, error))
    {
      g_prefix_error (error, "%s: ", _(step->title));
      return FALSE;
    }

  report_step (run, steps, number, ms_since (started), detail);
  return TRUE;
}

static gboolean
run_steps (ImpRun       *run,
           ImpDemo      *demo,
           JsonBuilder  *steps,
           GError      **error)
{
  json_builder_begin_array (steps);
  for (guint i = 0; imp_demo_steps[i].name != NULL; i++)
    {
      if (!run_step (run, demo, steps, i, error))
        return FALSE;
    }
  json_builder_end_array (steps);

  return TRUE;
}

static void
print_end_json (ImpDemo     *demo,
                JsonBuilder *steps,
                double       ms,
                const char  *directory)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;

  json_builder_begin_object (builder);
  imp_json_add_boolean (builder, "firmwareGenerated", imp_demo_is_generated (demo));
  imp_json_add_node (builder, "steps", json_builder_get_root (steps));
  imp_json_add_double (builder, "ms", ms);
  imp_json_add_string (builder, "directory", options.keep ? directory : NULL);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static gboolean
play (ImpRun      *run,
      const char  *directory,
      GError     **error)
{
  g_autoptr(ImpDemo) demo = NULL;
  g_autoptr(JsonBuilder) steps = json_builder_new ();
  gint64 started = g_get_monotonic_time ();
  double ms;

  if (!(demo = imp_demo_new (run, directory, error)))
    return FALSE;
  if (imp_demo_is_generated (demo))
    imp_run_note (run, _("There is no firmware on this machine that is known here "
                         "(opensbi, u-boot-qemu, seabios, …); the payloads are generated"));

  if (!run_steps (run, demo, steps, error))
    return FALSE;

  ms = ms_since (started);
  if (imp_run_is_json (run))
    print_end_json (demo, steps, ms, directory);
  else
    {
      g_autofree char *time = imp_format_duration (ms);

      imp_print (_("All of it in %s\n"), time);
    }

  return TRUE;
}

static gboolean
check_usage (ImpRun  *run,
             GError **error)
{
  ImpRunOptions *common = imp_run_get_options (run);

  if (common->connection == NULL && common->data_dir == NULL && common->author == NULL &&
      common->register_ == NULL && common->retrieval == NULL && common->verification == NULL)
    return TRUE;

  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("The demonstration has agents and a folder of its own"));
  return FALSE;
}

static gboolean
run_demo (ImpRun  *run,
          GError **error)
{
  g_autofree char *directory = NULL;
  gboolean done;

  if (!check_usage (run, error) ||
      !(directory = g_dir_make_tmp ("imprimatur-demo-XXXXXX", error)))
    return FALSE;

  /* The agents have ended when it returns, so nobody writes there any more. */
  done = play (run, directory, error);
  if (!options.keep)
    imp_demo_remove_directory (directory);
  else if (!imp_run_is_json (run))
    imp_print (_("Kept in %s\n"), directory);

  return done;
}

static const GOptionEntry demo_options[] = {
  { "keep", 0, 0, G_OPTION_ARG_NONE, &options.keep,
    N_("Keep the folder with the ledger, the store and the device, and print where it is"), NULL },
  { NULL }
};

const ImpCommand imp_demo_commands[] = {
  { NULL, "demo", NULL, 0, 0, N_("Do the whole job once, on this machine alone"),
    demo_options, run_demo },
  { NULL }
};
