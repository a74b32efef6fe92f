/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-rehearsal-trial.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-device-rehearsal.h"
#include "imp-error.h"
#include "imp-time.h"

#define MINUTE (G_GINT64_CONSTANT (60) * 1000)

/* One attack. The stage is set for it, the running slot is read, the device looks for an update over a network
 * that is hostile, and the slot is read again.
 */
typedef struct
{
  ImpStage            *stage;
  ImpRehearsalResults *results;   /* (owned) where older heads are */
  ImpAttacker         *attacker;  /* (owned) (nullable): until the network has it */
  ImpHostileNetwork   *network;   /* (owned) (nullable) */
  ImpAttackResult     *result;    /* (owned) (nullable) */
  char                *digest;    /* (owned) (nullable): of the running slot, before */
  char                 slot;      /* that ran before */
  gint64               started;
  gulong               handler;
} Trial;

/* For attacks that a device would sit out for longer than a room of people does. */
static const ImpDevicePace impatient = {
  .answer_seconds = 1,
  .idle_seconds = 1,
  .window_ms = 500,
  .window_bytes = 1000,
};

static void
trial_free (Trial *trial)
{
  g_clear_object (&trial->results);
  g_clear_pointer (&trial->attacker, imp_attacker_free);
  g_clear_pointer (&trial->network, imp_hostile_network_free);
  g_clear_object (&trial->result);
  g_free (trial->digest);
  g_free (trial);
}

static void
return_error (GTask  *task,
              GError *error)
{
  g_task_return_error (task, error);
  g_object_unref (task);
}

static void
return_result (GTask *task)
{
  Trial *trial = g_task_get_task_data (task);

  trial->result->version = g_strdup (imp_device_get_version (trial->stage->device));
  g_task_return_pointer (task, g_steal_pointer (&trial->result), g_object_unref);
  g_object_unref (task);
}

static void
exchange_cb (ImpDevice       *device,
             const char      *request,
             const char      *answer,
             guint64          bytes,
             double           ms,
             ImpAttackResult *result)
{
  g_autofree char *size = g_format_size (bytes);

  result->bytes += bytes;
  g_ptr_array_add (result->conversation, g_strdup_printf ("%s → %s (%s, %.1f ms)", request, answer, size, ms));
}

/* Puts everything back that only the rehearsal has set. */
static void
release_device (Trial *trial)
{
  ImpDevice *device = trial->stage->device;

  imp_device_set_pace (device, &imp_device_default_pace);
  imp_device_set_clock_ahead (device, 0);
  if (trial->handler != 0)
    g_signal_handler_disconnect (device, trial->handler);
  trial->handler = 0;
}

static void
digested_after_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  Trial *trial = g_task_get_task_data (task);
  g_autofree char *digest = imp_device_digest_finish (IMP_DEVICE (object), result, NULL);

  trial->result->unchanged = imp_device_get_running_slot (trial->stage->device) == trial->slot &&
                             g_strcmp0 (digest, trial->digest) == 0;
  return_result (task);
}

static gboolean
has_struck (ImpAttackResult *result)
{
  return result->tampers->len > 0;
}

static const char *
explain_miss (const ImpAttack *attack)
{
  return attack->needs & IMP_NEEDS_GROWTH ? _("the ledger has not grown since the device looked last")
                                          : _("the device asked for nothing that could have been changed");
}

static ImpAttackVerdict
judge (Trial            *trial,
       ImpDeviceOutcome  outcome)
{
  ImpAttackResult *result = trial->result;

  if (outcome == IMP_DEVICE_INSTALLED)
    return IMP_VERDICT_INSTALLED;
  if (outcome == IMP_DEVICE_CURRENT)
    return imp_stage_has_newer (trial->stage) ? IMP_VERDICT_HELD_BACK : IMP_VERDICT_ELSEWHERE;

  return result->check == result->attack->check ? IMP_VERDICT_STOPPED : IMP_VERDICT_ELSEWHERE;
}

static void
take_tampers (Trial *trial)
{
  GPtrArray *tampers = imp_hostile_network_stop (trial->network);

  g_ptr_array_extend_and_steal (trial->result->tampers, g_ptr_array_ref (tampers));
}

static void
attacked_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Trial *trial = g_task_get_task_data (task);
  ImpAttackResult *attacked = trial->result;
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;
  gboolean ended;

  ended = imp_device_update_finish (IMP_DEVICE (object), result, &outcome, &attacked->check, &attacked->reason,
                                    &error);
  attacked->ms = (g_get_monotonic_time () - trial->started) / 1000.0;
  take_tampers (trial);
  release_device (trial);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      return_error (task, g_steal_pointer (&error));
      return;
    }

  if (ended)
    attacked->verdict = judge (trial, outcome);
  else
    attacked->verdict = attacked->attack->check == 0 ? IMP_VERDICT_STOPPED : IMP_VERDICT_ELSEWHERE;
  if (!ended)
    attacked->reason = g_strdup (error->message);

  if (!has_struck (attacked))
    {
      attacked->verdict = IMP_VERDICT_NOT_TRIED;
      attacked->check = 0;
      g_free (attacked->reason);
      attacked->reason = g_strdup (explain_miss (attacked->attack));
    }

  imp_device_digest_async (trial->stage->device, NULL, digested_after_cb, task);
}

/* Time that passes for the device is a change as well, though not of a byte. */
static void
let_time_pass (Trial *trial)
{
  const ImpAttack *attack = trial->result->attack;
  gint64 ahead = attack->clock_ahead;
  g_autofree char *text = NULL;
  ImpTamper *tamper;

  if (attack->needs & IMP_NEEDS_EXPIRY)
    ahead = MAX (trial->stage->expiry - imp_time_now (), 0) + MINUTE;
  imp_device_set_clock_ahead (trial->stage->device, ahead);
  if (ahead == 0)
    return;

  text = imp_time_format (imp_time_now () + ahead);
  tamper = g_new0 (ImpTamper, 1);
  tamper->where = g_strdup_printf ("POST /v1/devices/%s/latest", imp_device_get_id (trial->stage->device));
  tamper->after = g_strdup_printf ("delivered when the device’s clock says %s", text);
  g_ptr_array_add (trial->result->tampers, tamper);
}

static void
attack (GTask *task)
{
  Trial *trial = g_task_get_task_data (task);
  ImpDevice *device = trial->stage->device;

  if (trial->result->attack->impatient)
    imp_device_set_pace (device, &impatient);
  let_time_pass (trial);
  trial->slot = imp_device_get_running_slot (device);
  trial->handler = g_signal_connect (device, "exchange", G_CALLBACK (exchange_cb), trial->result);
  trial->started = g_get_monotonic_time ();
  imp_device_update_async (device, imp_hostile_network_get_url (trial->network), g_task_get_cancellable (task),
                           attacked_cb, task);
}

static void
digested_before_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  GTask *task = user_data;
  Trial *trial = g_task_get_task_data (task);
  const ImpAttack *current = trial->result->attack;
  g_autoptr(GError) error = NULL;

  trial->digest = imp_device_digest_finish (IMP_DEVICE (object), result, NULL);
  trial->network = imp_hostile_network_new (current, g_steal_pointer (&trial->attacker), &error);
  if (trial->network != NULL)
    attack (task);
  else
    return_error (task, g_steal_pointer (&error));
}

static void
skip_attack (GTask      *task,
             const char *reason)
{
  Trial *trial = g_task_get_task_data (task);

  trial->result->verdict = IMP_VERDICT_NOT_TRIED;
  trial->result->unchanged = TRUE;
  trial->result->reason = g_strdup (reason);
  return_result (task);
}

static void
set_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  GTask *task = user_data;
  Trial *trial = g_task_get_task_data (task);
  ImpDevice *device = trial->stage->device;
  g_autoptr(GError) error = NULL;

  if (!imp_stage_set_finish (trial->stage, result, &error))
    {
      if (g_error_matches (error, IMP_ERROR, IMP_ERROR_NOT_FOUND))
        skip_attack (task, error->message);
      else
        return_error (task, g_steal_pointer (&error));
      return;
    }

  trial->attacker->old_head = imp_rehearsal_results_dup_older_head (trial->results, imp_device_get_head (device));
  if ((trial->result->attack->needs & IMP_NEEDS_OLD_HEAD) && trial->attacker->old_head == NULL)
    skip_attack (task, _("no older head of this ledger has been seen yet"));
  else
    imp_device_digest_async (device, NULL, digested_before_cb, task);
}

/**
 * imp_trial_run_async:
 * @stage: a stage that was looked at; it stays until the end
 * @attack: what is to be tried
 * @results: where older heads of the ledger are
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Tries an attack. One that cannot be tried has a result, too, which says why.
 */
void
imp_trial_run_async (ImpStage            *stage,
                     const ImpAttack     *attack,
                     ImpRehearsalResults *results,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  GTask *task = g_task_new (stage->device, cancellable, callback, user_data);
  Trial *trial = g_new0 (Trial, 1);
  GError *error = NULL;

  trial->stage = stage;
  trial->results = g_object_ref (results);
  trial->result = imp_attack_result_new (imp_device_get_id (stage->device), attack);
  trial->result->checks_off = imp_device_get_checks_off (stage->device);
  g_task_set_source_tag (task, imp_trial_run_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, trial, (GDestroyNotify) trial_free);

  trial->attacker = imp_attacker_new (imp_stage_get_retrieval (stage), &error);
  if (trial->attacker != NULL)
    imp_stage_set_async (stage, attack, trial->attacker, set_cb, task);
  else
    return_error (task, error);
}

/**
 * imp_trial_run_finish:
 * @stage: the stage
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): how the attack ended, or `NULL` with @error set
 */
ImpAttackResult *
imp_trial_run_finish (ImpStage      *stage,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stage->device), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
