/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-command.h"

#include <glib/gi18n.h>

#include "imp-device-rehearsal.h"
#include "imp-error.h"
#include "imp-output.h"
#include "imp-rehearsal.h"

static struct
{
  char     **attacks;
  char     **without;
  gboolean   csv;
  gboolean   list;
} options;

static void
print_attacks (void)
{
  const char *const header[] = { _("ATTACK"), _("CHECK"), _("WHAT IT DOES"), NULL };
  g_autoptr(ImpTable) table = imp_table_new (header);

  for (guint i = 0; i < imp_attack_count (); i++)
    {
      const ImpAttack *attack = imp_attack_get (i);
      g_autofree char *check = attack->check != 0 ? g_strdup_printf ("%d", attack->check) : g_strdup ("—");

      imp_table_add (table, attack->id, check, _(attack->description), NULL);
    }
  imp_table_print (table);
}

static void
print_attacks_json (void)
{
  g_autoptr(JsonArray) nodes = json_array_new ();

  for (guint i = 0; i < imp_attack_count (); i++)
    {
      const ImpAttack *attack = imp_attack_get (i);
      g_autoptr(JsonBuilder) builder = json_builder_new ();

      json_builder_begin_object (builder);
      imp_json_add_string (builder, "id", attack->id);
      imp_json_add_string (builder, "title", _(attack->title));
      imp_json_add_string (builder, "description", _(attack->description));
      imp_json_add_int (builder, "mustBeStoppedBy", attack->check);
      json_builder_end_object (builder);
      json_array_add_element (nodes, json_builder_get_root (builder));
    }
  imp_print_json_items (nodes, TRUE);
}

static gboolean
choose_attacks (GPtrArray  *attacks,
                GError    **error)
{
  for (guint i = 0; options.attacks == NULL && i < imp_attack_count (); i++)
    g_ptr_array_add (attacks, (gpointer) imp_attack_get (i));

  for (char **id = options.attacks; id != NULL && *id != NULL; id++)
    {
      const ImpAttack *attack = imp_attack_find (*id);

      if (attack == NULL)
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("There is no attack “%s”; --list tells which there are"), *id);
          return FALSE;
        }
      g_ptr_array_add (attacks, (gpointer) attack);
    }

  return TRUE;
}

static gboolean
choose_checks (guint   *off,
               GError **error)
{
  for (char **text = options.without; text != NULL && *text != NULL; text++)
    {
      guint64 check;

      if (!g_ascii_string_to_unsigned (*text, 10, IMP_CHECK_FORMAT + 1, IMP_N_CHECKS, &check, NULL))
        {
          g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                       _("“%s” is no check that can be switched off: they have the numbers 2 to 10"), *text);
          return FALSE;
        }
      *off |= IMP_CHECK_BIT (check);
    }

  return TRUE;
}

/* The one that is named, or the only one. */
static ImpDevice *
find_device (ImpRun  *run,
             GError **error)
{
  ImpFleet *fleet = imp_run_load_fleet (run, error);
  const char *id = imp_run_get_argument (run, 0);

  if (fleet == NULL)
    return NULL;

  if (id != NULL)
    return imp_fleet_find (fleet, id, error);
  if (g_list_model_get_n_items (G_LIST_MODEL (fleet)) == 1)
    return g_list_model_get_item (G_LIST_MODEL (fleet), 0);

  imp_run_set_failure (run, IMP_EXIT_USAGE, "USAGE");
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, _("Name the device to attack"));
  return NULL;
}

static gboolean
switch_off (ImpDevice  *device,
            guint       off,
            GError    **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;

  if (off == 0)
    return TRUE;

  imp_device_change_async (device, IMP_DEVICE_SET_CHECKS, off | imp_device_get_checks_off (device), imp_wait_cb,
                           &wait);
  return imp_device_change_finish (device, imp_wait (&wait), error);
}

static ImpRehearsalResults *
load_results (ImpRun  *run,
              GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpRehearsalResults) results = imp_rehearsal_results_new (imp_run_get_data_dir (run));

  imp_rehearsal_results_load_async (results, imp_wait_cb, &wait);
  if (!imp_rehearsal_results_load_finish (results, imp_wait (&wait), error))
    return NULL;

  return g_steal_pointer (&results);
}

static void
changed_cb (ImpRehearsal   *rehearsal,
            ImpProgressBar *bar)
{
  guint total = imp_rehearsal_get_total (rehearsal);

  if (total > 0)
    imp_progress_bar_update (bar, imp_rehearsal_get_done (rehearsal) * 1000 / total, 1000);
}

static GPtrArray *
try_attacks (ImpRun               *run,
             ImpRehearsalResults  *results,
             ImpDevice            *device,
             GPtrArray            *attacks,
             GError              **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpRehearsal) rehearsal = imp_rehearsal_new (results);
  g_autofree char *title = imp_printable (imp_device_get_id (device));
  g_autoptr(ImpProgressBar) bar = NULL;
  ImpAgentClient *client = imp_run_connect (run, error);
  GPtrArray *tried;
  gulong handler;

  if (client == NULL)
    return NULL;

  bar = imp_run_start_progress (run, title, IMP_PROGRESS_SHARE);
  handler = g_signal_connect (rehearsal, "changed", G_CALLBACK (changed_cb), bar);
  imp_rehearsal_run_async (rehearsal, client, device, attacks, imp_run_get_cancellable (run), imp_wait_cb, &wait);
  tried = imp_rehearsal_run_finish (rehearsal, imp_wait (&wait), error);
  g_signal_handler_disconnect (rehearsal, handler);

  return tried;
}

static void
print_results (GPtrArray *results)
{
  const char *const header[] = { _("ATTACK"), _("HOW IT ENDED"), _("REASON"), _("TIME"), NULL };
  g_autoptr(ImpTable) table = imp_table_new (header);

  for (guint i = 0; i < results->len; i++)
    {
      ImpAttackResult *result = g_ptr_array_index (results, i);
      g_autofree char *verdict = imp_attack_result_dup_verdict (result);
      g_autofree char *time = imp_format_duration (result->ms);

      imp_table_add (table, result->attack->id, verdict, result->reason != NULL ? result->reason : "", time, NULL);
    }
  imp_table_print (table);
}

static void
print_results_json (GPtrArray *results)
{
  g_autoptr(JsonArray) nodes = json_array_new ();

  for (guint i = 0; i < results->len; i++)
    json_array_add_object_element (nodes, imp_attack_result_to_json (g_ptr_array_index (results, i)));
  imp_print_json_items (nodes, TRUE);
}

static void
print_results_csv (GPtrArray *results)
{
  g_autofree char *text = imp_attack_results_to_csv (results);

  imp_print ("%s", text);
}

static void
print (ImpRun    *run,
       GPtrArray *results)
{
  if (options.csv)
    print_results_csv (results);
  else if (imp_run_is_json (run))
    print_results_json (results);
  else
    print_results (results);
}

/* What got in, or was not stopped by what must stop it, is what the command fails with. */
static gboolean
conclude (ImpRun     *run,
          ImpDevice  *device,
          GPtrArray  *results,
          GError    **error)
{
  guint n_in = 0, n_elsewhere = 0;

  for (guint i = 0; i < results->len; i++)
    {
      ImpAttackResult *result = g_ptr_array_index (results, i);

      n_in += imp_attack_result_got_in (result) ? 1 : 0;
      n_elsewhere += result->verdict == IMP_VERDICT_ELSEWHERE ? 1 : 0;
    }

  if (imp_device_get_checks_off (device) != 0)
    {
      g_autofree char *checks = imp_checks_to_text (imp_device_get_checks_off (device));

      imp_run_note (run, _("%s does without check %s until “imprimaturctl device restore %s”"),
                    imp_device_get_id (device), checks, imp_device_get_id (device));
    }

  if (n_in == 0 && n_elsewhere == 0)
    return TRUE;

  imp_run_set_failure (run, IMP_EXIT_NOT_VERIFIED, n_in > 0 ? "ATTACK_SUCCEEDED" : "STOPPED_ELSEWHERE");
  if (n_in > 0)
    g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
                 ngettext ("%u attack succeeded", "%u attacks succeeded", n_in), n_in);
  else
    g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
                 ngettext ("%u attack was stopped by something else than what must stop it",
                           "%u attacks were stopped by something else than what must stop them", n_elsewhere),
                 n_elsewhere);
  return FALSE;
}

static gboolean
run_rehearse (ImpRun  *run,
              GError **error)
{
  g_autoptr(GPtrArray) attacks = g_ptr_array_new ();
  g_autoptr(GPtrArray) tried = NULL;
  g_autoptr(ImpRehearsalResults) results = NULL;
  g_autoptr(ImpDevice) device = NULL;
  guint off = 0;

  if (options.list && imp_run_is_json (run))
    print_attacks_json ();
  else if (options.list)
    print_attacks ();
  if (options.list)
    return TRUE;

  if (!choose_attacks (attacks, error) ||
      !choose_checks (&off, error) ||
      !(device = find_device (run, error)) ||
      !(results = load_results (run, error)) ||
      !switch_off (device, off, error) ||
      !(tried = try_attacks (run, results, device, attacks, error)))
    return FALSE;

  print (run, tried);
  return conclude (run, device, tried, error);
}

static gboolean
run_restore (ImpRun  *run,
             GError **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autoptr(ImpDevice) device = find_device (run, error);
  g_autoptr(ImpRehearsalResults) results = imp_rehearsal_results_new (imp_run_get_data_dir (run));
  g_autoptr(ImpRehearsal) rehearsal = imp_rehearsal_new (results);
  ImpAgentClient *client = device != NULL ? imp_run_connect (run, error) : NULL;
  const char *version;

  if (client == NULL)
    return FALSE;

  imp_rehearsal_restore_async (rehearsal, client, device, imp_run_get_cancellable (run), imp_wait_cb, &wait);
  if (!imp_rehearsal_restore_finish (rehearsal, imp_wait (&wait), error))
    return FALSE;

  version = imp_device_get_version (device);
  imp_run_note (run, _("%s makes all checks again, and runs %s"), imp_device_get_id (device),
                version != NULL ? version : _("nothing"));
  return TRUE;
}

static const GOptionEntry rehearse_options[] = {
  { "attack", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.attacks,
    N_("Try this attack; may be given several times (default: all)"), N_("ATTACK") },
  { "without-check", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.without,
    N_("Let the device do without this check, 2 to 10, until it is restored; may be given several times"),
    N_("N") },
  { "csv", 0, 0, G_OPTION_ARG_NONE, &options.csv,
    N_("Print the results as comma-separated values"), NULL },
  { "list", 0, 0, G_OPTION_ARG_NONE, &options.list,
    N_("Tell which attacks there are, and try none"), NULL },
  { NULL }
};

const ImpCommand imp_rehearse_commands[] = {
  { "device", "rehearse", "[ID]", 0, 1, N_("Attack a device over a hostile network, and see what stops it"),
    rehearse_options, run_rehearse },
  { "device", "restore", "ID", 1, 1, N_("Switch all checks of a device on again, and put its firmware right"),
    NULL, run_restore },
  { NULL }
};
