/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-round.h"

#include <glib/gi18n.h>

#include "imp-error.h"
#include "imp-output.h"

typedef struct
{
  ImpCheck  check;
  gboolean  passed;
  char     *reason;  /* (owned) (nullable) */
} ImpRoundCheck;

static void
round_check_clear (ImpRoundCheck *self)
{
  g_free (self->reason);
}

/**
 * ImpRound:
 *
 * One device's look for an update: what was asked, what was checked, and what came of it.
 */
ImpRound *
imp_round_new (ImpDevice *device)
{
  ImpRound *self = g_new0 (ImpRound, 1);

  self->device = g_object_ref (device);
  self->checks = g_array_new (FALSE, FALSE, sizeof (ImpRoundCheck));
  g_array_set_clear_func (self->checks, (GDestroyNotify) round_check_clear);
  self->trace = g_ptr_array_new_with_free_func (g_free);

  return self;
}

/**
 * imp_round_free:
 * @self: (transfer full): a round, not `NULL`
 *
 * Frees what was noted of the round.
 */
void
imp_round_free (ImpRound *self)
{
  g_clear_object (&self->device);
  g_clear_pointer (&self->checks, g_array_unref);
  g_clear_pointer (&self->trace, g_ptr_array_unref);
  g_free (self->reason);
  g_free (self);
}

/* For programs; imp_check_get_title is for people. */
const char *
imp_check_get_id (ImpCheck check)
{
  static const char *const ids[] = {
    [IMP_CHECK_FORMAT] = "format",
    [IMP_CHECK_MANIFEST] = "manifest",
    [IMP_CHECK_TARGET] = "target",
    [IMP_CHECK_NEWER] = "newer",
    [IMP_CHECK_EXPIRY] = "expiry",
    [IMP_CHECK_DEPENDENCIES] = "dependencies",
    [IMP_CHECK_SIZE] = "size",
    [IMP_CHECK_PAYLOAD] = "payload",
    [IMP_CHECK_LOCATION] = "location",
    [IMP_CHECK_LEDGER] = "ledger",
  };

  g_return_val_if_fail (check < G_N_ELEMENTS (ids) && ids[check] != NULL, "unknown");

  return ids[check];
}

/* The code that a refusal ends the command with. */
static const char *
get_failure_code (ImpCheck check)
{
  static const char *const codes[] = {
    [IMP_CHECK_FORMAT] = "CHECK_FORMAT",
    [IMP_CHECK_MANIFEST] = "CHECK_MANIFEST",
    [IMP_CHECK_TARGET] = "CHECK_TARGET",
    [IMP_CHECK_NEWER] = "CHECK_NEWER",
    [IMP_CHECK_EXPIRY] = "CHECK_EXPIRY",
    [IMP_CHECK_DEPENDENCIES] = "CHECK_DEPENDENCIES",
    [IMP_CHECK_SIZE] = "CHECK_SIZE",
    [IMP_CHECK_PAYLOAD] = "CHECK_PAYLOAD",
    [IMP_CHECK_LOCATION] = "CHECK_LOCATION",
    [IMP_CHECK_LEDGER] = "CHECK_LEDGER",
  };

  return check < G_N_ELEMENTS (codes) ? codes[check] : NULL;
}

static void
check_cb (ImpDevice  *device,
          ImpCheck    check,
          gboolean    passed,
          const char *reason,
          gpointer    user_data)
{
  ImpRound *self = user_data;
  ImpRoundCheck item = { check, passed, g_strdup (reason) };

  g_array_append_val (self->checks, item);
}

static void
exchange_cb (ImpDevice  *device,
             const char *request,
             const char *answer,
             guint64     bytes,
             double      ms,
             gpointer    user_data)
{
  ImpRound *self = user_data;

  g_ptr_array_add (self->trace, g_strdup_printf ("%s: %s, %" G_GUINT64_FORMAT " bytes (%.1f ms)",
                                                 request, answer, bytes, ms));
}

static void
progress_cb (ImpDevice  *device,
             GParamSpec *pspec,
             gpointer    user_data)
{
  imp_progress_bar_update (user_data, imp_device_get_progress (device) * 1000, 1000);
}

/**
 * imp_round_run:
 * @self: a round that has not run yet
 * @run: the command
 * @retrieval: the retrieval agent’s address
 * @error: return location for an error
 *
 * Lets the device look for an update once. A refusal is an outcome and no error.
 *
 * Returns: whether the agent could be asked
 */
gboolean
imp_round_run (ImpRound    *self,
               ImpRun      *run,
               const char  *retrieval,
               GError     **error)
{
  g_auto(ImpWait) wait = IMP_WAIT_INIT;
  g_autofree char *title = imp_printable (imp_device_get_id (self->device));
  g_autoptr(ImpProgressBar) bar = imp_run_start_progress (run, title, IMP_PROGRESS_SHARE);
  gint64 started = g_get_monotonic_time ();
  gulong handlers[] = {
    g_signal_connect (self->device, "check", G_CALLBACK (check_cb), self),
    g_signal_connect (self->device, "exchange", G_CALLBACK (exchange_cb), self),
    g_signal_connect (self->device, "notify::progress", G_CALLBACK (progress_cb), bar),
  };
  gboolean done;

  imp_device_update_async (self->device, retrieval, imp_run_get_cancellable (run),
                           imp_wait_cb, &wait);
  done = imp_device_update_finish (self->device, imp_wait (&wait), &self->outcome, &self->failed,
                                   &self->reason, error);
  self->ms = (g_get_monotonic_time () - started) / 1000.0;

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_handler_disconnect (self->device, handlers[i]);

  return done;
}

static const char *
get_outcome_id (ImpDeviceOutcome outcome)
{
  switch (outcome)
    {
    case IMP_DEVICE_INSTALLED:
      return "installed";
    case IMP_DEVICE_CURRENT:
      return "current";
    case IMP_DEVICE_REFUSED:
    default:
      return "refused";
    }
}

static void
add_checks (JsonBuilder *builder,
            ImpRound    *self)
{
  json_builder_set_member_name (builder, "checks");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->checks->len; i++)
    {
      const ImpRoundCheck *item = &g_array_index (self->checks, ImpRoundCheck, i);

      json_builder_begin_object (builder);
      imp_json_add_int (builder, "check", item->check);
      imp_json_add_string (builder, "id", imp_check_get_id (item->check));
      imp_json_add_boolean (builder, "passed", item->passed);
      imp_json_add_string (builder, "reason", item->reason);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

static void
add_trace (JsonBuilder *builder,
           ImpRound    *self)
{
  json_builder_set_member_name (builder, "trace");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->trace->len; i++)
    json_builder_add_string_value (builder, g_ptr_array_index (self->trace, i));
  json_builder_end_array (builder);
}

static JsonNode *
round_to_json (ImpRound *self,
               gboolean  trace)
{
  const char running[] = { imp_device_get_running_slot (self->device), '\0' };
  g_autoptr(JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  imp_json_add_string (builder, "id", imp_device_get_id (self->device));
  imp_json_add_string (builder, "outcome", get_outcome_id (self->outcome));
  imp_json_add_string (builder, "version", imp_device_get_version (self->device));
  imp_json_add_string (builder, "runningSlot", running);
  imp_json_add_string (builder, "check", self->outcome == IMP_DEVICE_REFUSED
                                           ? imp_check_get_id (self->failed) : NULL);
  imp_json_add_string (builder, "reason", self->reason);
  add_checks (builder, self);
  if (trace)
    add_trace (builder, self);
  imp_json_add_double (builder, "ms", self->ms);
  json_builder_end_object (builder);

  return json_builder_get_root (builder);
}

static void
print_checks (ImpRound *self)
{
  static const char *const columns[] = { "", "", "", NULL };
  g_autoptr(ImpTable) table = imp_table_new (columns);

  for (guint i = 0; i < self->checks->len; i++)
    {
      const ImpRoundCheck *item = &g_array_index (self->checks, ImpRoundCheck, i);

      imp_table_add (table, item->passed ? _("passed") : _("FAILED"),
                     imp_check_get_title (item->check), item->reason != NULL ? item->reason : "",
                     NULL);
    }
  imp_table_print (table);
}

static void
print_outcome (ImpRound *self)
{
  const char *version = imp_device_get_version (self->device);
  g_autofree char *id = imp_printable (imp_device_get_id (self->device));
  g_autofree char *running = imp_printable (version != NULL ? version : _("nothing"));
  g_autofree char *time = imp_format_duration (self->ms);

  switch (self->outcome)
    {
    case IMP_DEVICE_INSTALLED:
      imp_print (_("%s: installed %s in slot %c (%s)\n"), id, running,
                 imp_device_get_running_slot (self->device), time);
      break;
    case IMP_DEVICE_CURRENT:
      imp_print (_("%s: runs %s, there is nothing newer (%s)\n"), id, running, time);
      break;
    case IMP_DEVICE_REFUSED:
    default:
      imp_print (_("%s: refused, still runs %s (%s)\n"), id, running, time);
      break;
    }
}

static void
print_round (ImpRound *self,
             ImpRun   *run,
             gboolean  trace)
{
  for (guint i = 0; trace && i < self->trace->len; i++)
    {
      g_autofree char *line = imp_printable (g_ptr_array_index (self->trace, i));

      imp_print ("%s\n", line);
    }

  if (!imp_run_get_options (run)->quiet)
    print_checks (self);
  print_outcome (self);
}

static void
print_rounds_json (GPtrArray *rounds,
                   gboolean   array,
                   gboolean   trace)
{
  g_autoptr(JsonArray) nodes = json_array_new ();

  for (guint i = 0; i < rounds->len; i++)
    json_array_add_element (nodes, round_to_json (g_ptr_array_index (rounds, i), trace));

  imp_print_json_items (nodes, array);
}

/* The first refusal is what the command fails with. */
static gboolean
conclude (ImpRun     *run,
          GPtrArray  *rounds,
          GError    **error)
{
  for (guint i = 0; i < rounds->len; i++)
    {
      ImpRound *round = g_ptr_array_index (rounds, i);

      if (round->outcome != IMP_DEVICE_REFUSED)
        continue;

      imp_run_set_failure (run, IMP_EXIT_REFUSED, get_failure_code (round->failed));
      g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED, _("%s refused the update: %s"),
                   imp_device_get_id (round->device),
                   round->reason != NULL ? round->reason : imp_check_get_title (round->failed));
      return FALSE;
    }

  return TRUE;
}

/**
 * imp_device_rounds_run:
 * @run: the command
 * @devices: (element-type ImpDevice): which devices
 * @array: whether the JSON is an array even of one
 * @trace: whether to show the conversations
 * @error: return location for an error
 *
 * Lets devices look for updates, one after another, and prints what came of it.
 *
 * Returns: whether every device could ask and none refused
 */
gboolean
imp_device_rounds_run (ImpRun     *run,
                       GPtrArray  *devices,
                       gboolean    array,
                       gboolean    trace,
                       GError    **error)
{
  g_autoptr(GPtrArray) rounds = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_round_free);
  ImpAgentClient *client = imp_run_connect (run, error);
  const char *retrieval;
  gboolean done = client != NULL;

  if (!done)
    return FALSE;

  retrieval = imp_connection_get_url (imp_agent_client_get_connection (client), "retrieval");
  if (retrieval == NULL)
    {
      imp_run_set_failure (run, IMP_EXIT_USAGE, "USAGE");
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                           _("There is no retrieval agent to ask; name one with --retrieval URL"));
      return FALSE;
    }

  for (guint i = 0; done && i < devices->len; i++)
    {
      g_autoptr(ImpRound) round = imp_round_new (g_ptr_array_index (devices, i));

      done = imp_round_run (round, run, retrieval, error);
      if (done && !imp_run_is_json (run))
        print_round (round, run, trace);
      if (done)
        g_ptr_array_add (rounds, g_steal_pointer (&round));
    }

  if (imp_run_is_json (run))
    print_rounds_json (rounds, array, trace);

  return done && conclude (run, rounds, error);
}
