/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-rehearsal-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-device-rehearsal.h"
#include "imp-error.h"
#include "imp-time.h"

#define MINUTE (G_GINT64_CONSTANT (60) * 1000)

/* For attacks that a device would sit out for longer than a room of people does. */
static const ImpDevicePace impatient = {
  .answer_seconds = 1,
  .idle_seconds = 1,
  .window_ms = 500,
  .window_bytes = 1000,
};

/**
 * ImpRehearsal:
 *
 * Attacks on a device, one after another.
 *
 * The device is the one of the fleet and runs the code that it always runs; what is hostile is a real network
 * between it and its agent, which changes real bytes. After each attack the running slot is read and compared with
 * what was in it before.
 */
struct _ImpRehearsal
{
  GObject parent_instance;

  ImpRehearsalResults *results;  /* (owned) */
  const ImpAttack     *current;  /* (nullable) */
  guint                done;
  guint                total;
};

G_DEFINE_FINAL_TYPE (ImpRehearsal, imp_rehearsal, G_TYPE_OBJECT)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A run of several attacks, and the one that goes on. */
typedef struct
{
  ImpStage          *stage;       /* (owned) */
  GPtrArray         *attacks;     /* (owned) (element-type ImpAttack) in the order in which they are tried */
  guint              next;
  GPtrArray         *results;     /* (owned) (element-type ImpAttackResult) */

  ImpAttacker       *attacker;    /* (owned) (nullable): until the network has it */
  ImpHostileNetwork *network;     /* (owned) (nullable) */
  ImpAttackResult   *result;      /* (owned) (nullable) */
  char              *digest;      /* (owned) (nullable): of the running slot, before */
  char               slot;        /* that ran before */
  gint64             started;
  gulong             handler;
  GError            *error;       /* (owned) (nullable): what ended the run before its end */
} Run;

static void
run_free (Run *run)
{
  g_clear_pointer (&run->stage, imp_stage_free);
  g_clear_pointer (&run->attacks, g_ptr_array_unref);
  g_clear_pointer (&run->results, g_ptr_array_unref);
  g_clear_pointer (&run->attacker, imp_attacker_free);
  g_clear_pointer (&run->network, imp_hostile_network_free);
  g_clear_object (&run->result);
  g_clear_error (&run->error);
  g_free (run->digest);
  g_free (run);
}

static void
imp_rehearsal_finalize (GObject *object)
{
  g_clear_object (&IMP_REHEARSAL (object)->results);

  G_OBJECT_CLASS (imp_rehearsal_parent_class)->finalize (object);
}

static void
imp_rehearsal_class_init (ImpRehearsalClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_rehearsal_finalize;

  /**
   * ImpRehearsal::changed:
   *
   * Another attack goes on, or none any more.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
imp_rehearsal_init (ImpRehearsal *self)
{
}

/**
 * imp_rehearsal_new:
 * @results: where results are kept
 *
 * Returns: (transfer full): a rehearsal
 */
ImpRehearsal *
imp_rehearsal_new (ImpRehearsalResults *results)
{
  ImpRehearsal *self = g_object_new (IMP_TYPE_REHEARSAL, NULL);

  self->results = g_object_ref (results);

  return self;
}

/**
 * imp_rehearsal_get_current:
 * @self: a rehearsal
 *
 * Returns: (nullable): the attack that goes on
 */
const ImpAttack *
imp_rehearsal_get_current (ImpRehearsal *self)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL (self), NULL);

  return self->current;
}

guint
imp_rehearsal_get_done (ImpRehearsal *self)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL (self), 0);

  return self->done;
}

/**
 * imp_rehearsal_get_total:
 * @self: a rehearsal
 *
 * Returns: how many attacks are tried, 0 while none are
 */
guint
imp_rehearsal_get_total (ImpRehearsal *self)
{
  g_return_val_if_fail (IMP_IS_REHEARSAL (self), 0);

  return self->total;
}

static void
set_current (ImpRehearsal    *self,
             const ImpAttack *current,
             guint            done,
             guint            total)
{
  self->current = current;
  self->done = done;
  self->total = total;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void try_next (GTask *task);

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
release_device (Run *run)
{
  ImpDevice *device = run->stage->device;

  imp_device_set_pace (device, &imp_device_default_pace);
  imp_device_set_clock_ahead (device, 0);
  if (run->handler != 0)
    g_signal_handler_disconnect (device, run->handler);
  run->handler = 0;
}

static void
conclude (GTask *task)
{
  ImpRehearsal *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  imp_device_set_rehearsing (run->stage->device, FALSE);
  set_current (self, NULL, 0, 0);
  if (run->error != NULL)
    g_task_return_error (task, g_steal_pointer (&run->error));
  else
    g_task_return_pointer (task, g_steal_pointer (&run->results), (GDestroyNotify) g_ptr_array_unref);
  g_object_unref (task);
}

static void
put_right_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  if (!imp_stage_update_finish (run->stage, result, &error))
    g_debug ("the device stays behind: %s", error->message);
  conclude (task);
}

/* A device that was taken back gets its version again, unless the room shall see what got in. */
static void
end_run (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  ImpStage *stage = run->stage;

  if (stage->taken_back && imp_stage_has_newer (stage) && !imp_device_is_breached (stage->device))
    imp_stage_update_async (stage, put_right_cb, task);
  else
    conclude (task);
}

static void
keep_result (GTask *task)
{
  ImpRehearsal *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  run->result->version = g_strdup (imp_device_get_version (run->stage->device));
  g_ptr_array_add (run->results, g_object_ref (run->result));
  imp_rehearsal_results_see_head (self->results, imp_device_get_head (run->stage->device));
  imp_rehearsal_results_add (self->results, run->result);
  g_clear_object (&run->result);
  try_next (task);
}

static void
digested_after_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);
  g_autofree char *digest = imp_device_digest_finish (IMP_DEVICE (object), result, NULL);

  run->result->unchanged = imp_device_get_running_slot (run->stage->device) == run->slot &&
                           g_strcmp0 (digest, run->digest) == 0;
  keep_result (task);
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
judge (Run              *run,
       ImpDeviceOutcome  outcome)
{
  ImpAttackResult *result = run->result;

  if (outcome == IMP_DEVICE_INSTALLED)
    return IMP_VERDICT_INSTALLED;
  if (outcome == IMP_DEVICE_CURRENT)
    return imp_stage_has_newer (run->stage) ? IMP_VERDICT_HELD_BACK : IMP_VERDICT_ELSEWHERE;

  return result->check == result->attack->check ? IMP_VERDICT_STOPPED : IMP_VERDICT_ELSEWHERE;
}

static void
take_tampers (Run *run)
{
  GPtrArray *tampers = imp_hostile_network_stop (run->network);

  g_ptr_array_extend_and_steal (run->result->tampers, g_ptr_array_ref (tampers));
}

static void
attacked_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);
  ImpAttackResult *attacked = run->result;
  ImpDeviceOutcome outcome;
  gboolean ended;

  ended = imp_device_update_finish (IMP_DEVICE (object), result, &outcome, &attacked->check, &attacked->reason,
                                    &run->error);
  attacked->ms = (g_get_monotonic_time () - run->started) / 1000.0;
  take_tampers (run);
  release_device (run);

  if (g_error_matches (run->error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      end_run (task);
      return;
    }

  if (ended)
    attacked->verdict = judge (run, outcome);
  else
    attacked->verdict = attacked->attack->check == 0 ? IMP_VERDICT_STOPPED : IMP_VERDICT_ELSEWHERE;
  if (!ended)
    attacked->reason = g_strdup (run->error->message);
  g_clear_error (&run->error);

  if (!has_struck (attacked))
    {
      attacked->verdict = IMP_VERDICT_NOT_TRIED;
      attacked->check = 0;
      g_free (attacked->reason);
      attacked->reason = g_strdup (explain_miss (attacked->attack));
    }

  imp_device_digest_async (run->stage->device, NULL, digested_after_cb, task);
}

/* Time that passes for the device is a change as well, though not of a byte. */
static void
let_time_pass (Run *run)
{
  const ImpAttack *attack = run->result->attack;
  gint64 ahead = attack->clock_ahead;
  g_autofree char *text = NULL;
  ImpTamper *tamper;

  if (attack->needs & IMP_NEEDS_EXPIRY)
    ahead = MAX (run->stage->expiry - imp_time_now (), 0) + MINUTE;
  imp_device_set_clock_ahead (run->stage->device, ahead);
  if (ahead == 0)
    return;

  text = imp_time_format (imp_time_now () + ahead);
  tamper = g_new0 (ImpTamper, 1);
  tamper->where = g_strdup_printf ("POST /v1/devices/%s/latest", imp_device_get_id (run->stage->device));
  tamper->after = g_strdup_printf ("delivered when the device’s clock says %s", text);
  g_ptr_array_add (run->result->tampers, tamper);
}

static void
attack (GTask *task)
{
  Run *run = g_task_get_task_data (task);
  ImpDevice *device = run->stage->device;

  if (run->result->attack->impatient)
    imp_device_set_pace (device, &impatient);
  let_time_pass (run);
  run->slot = imp_device_get_running_slot (device);
  run->handler = g_signal_connect (device, "exchange", G_CALLBACK (exchange_cb), run->result);
  run->started = g_get_monotonic_time ();
  imp_device_update_async (device, imp_hostile_network_get_url (run->network), g_task_get_cancellable (task),
                           attacked_cb, task);
}

static void
digested_before_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);
  const ImpAttack *current = run->result->attack;

  g_free (run->digest);
  run->digest = imp_device_digest_finish (IMP_DEVICE (object), result, NULL);
  run->network = imp_hostile_network_new (current, g_steal_pointer (&run->attacker), &run->error);
  if (run->network != NULL)
    attack (task);
  else
    end_run (task);
}

static void
prepare_head (GTask *task)
{
  ImpRehearsal *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  run->attacker->old_head = imp_rehearsal_results_dup_older_head (self->results,
                                                                  imp_device_get_head (run->stage->device));
}

static void
skip_attack (GTask      *task,
             const char *reason)
{
  Run *run = g_task_get_task_data (task);

  run->result->verdict = IMP_VERDICT_NOT_TRIED;
  run->result->unchanged = TRUE;
  run->result->reason = g_strdup (reason);
  keep_result (task);
}

static void
set_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  GTask *task = user_data;
  Run *run = g_task_get_task_data (task);
  gboolean ready = imp_stage_set_finish (run->stage, result, &run->error);
  g_autofree char *reason = NULL;

  if (ready)
    prepare_head (task);

  if (g_error_matches (run->error, IMP_ERROR, IMP_ERROR_NOT_FOUND))
    {
      reason = g_strdup (run->error->message);
      g_clear_error (&run->error);
      skip_attack (task, reason);
    }
  else if (!ready)
    end_run (task);
  else if ((run->result->attack->needs & IMP_NEEDS_OLD_HEAD) && run->attacker->old_head == NULL)
    skip_attack (task, _("no older head of this ledger has been seen yet"));
  else
    imp_device_digest_async (run->stage->device, NULL, digested_before_cb, task);
}

static void
begin_attack (GTask *task)
{
  ImpRehearsal *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  const ImpAttack *next = g_ptr_array_index (run->attacks, run->next);

  g_clear_pointer (&run->network, imp_hostile_network_free);
  g_clear_pointer (&run->attacker, imp_attacker_free);
  run->attacker = imp_attacker_new (imp_stage_get_retrieval (run->stage), &run->error);
  if (run->attacker == NULL)
    {
      end_run (task);
      return;
    }

  run->result = imp_attack_result_new (imp_device_get_id (run->stage->device), next);
  run->result->checks_off = imp_device_get_checks_off (run->stage->device);
  set_current (self, next, run->next, run->attacks->len);
  run->next++;
  imp_stage_set_async (run->stage, next, run->attacker, set_cb, task);
}

/* Takes over @task. */
static void
try_next (GTask *task)
{
  Run *run = g_task_get_task_data (task);

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &run->error) ||
      run->next >= run->attacks->len)
    end_run (task);
  else
    begin_attack (task);
}

/* Those first for which the device is where it has to be: to take it back and forth costs downloads. That which
 * needs a ledger that has grown comes before the device has looked at it.
 */
static int
compare_attacks (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  const ImpAttack *attacks[] = { *(const ImpAttack *const *) a, *(const ImpAttack *const *) b };
  gboolean has_newer = GPOINTER_TO_INT (user_data);
  int ranks[2];

  for (guint i = 0; i < 2; i++)
    {
      gboolean fits = ((attacks[i]->needs & IMP_NEEDS_NEWER) != 0) == has_newer;

      ranks[i] = (fits ? 0 : 2) + (attacks[i]->needs & IMP_NEEDS_GROWTH ? 0 : 1);
    }

  return ranks[0] != ranks[1] ? ranks[0] - ranks[1] : attacks[0] < attacks[1] ? -1 : 1;
}

static void
looked_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  GTask *task = user_data;
  ImpRehearsal *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);

  if (!imp_stage_look_finish (run->stage, result, &run->error))
    {
      conclude (task);
      return;
    }

  imp_rehearsal_results_see_head (self->results, imp_device_get_head (run->stage->device));
  g_ptr_array_sort_with_data (run->attacks, compare_attacks, GINT_TO_POINTER (imp_stage_has_newer (run->stage)));
  try_next (task);
}

gboolean
imp_rehearsal_check_ready (ImpRehearsal    *self,
                           ImpAgentClient  *client,
                           ImpDevice       *device,
                           GError         **error)
{
  const char *message = NULL;

  if (self->total > 0 || imp_device_get_rehearsing (device))
    message = _("another rehearsal goes on");
  else if (!g_str_equal (imp_device_get_state (device), "idle"))
    message = _("the device is being updated");
  else if (imp_connection_get_url (imp_agent_client_get_connection (client), "retrieval") == NULL)
    message = _("there is no retrieval agent to ask");

  if (message == NULL)
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BUSY, message);
  return FALSE;
}

/**
 * imp_rehearsal_run_async:
 * @self: a rehearsal that does not run
 * @client: the agents
 * @device: a device that is idle
 * @attacks: (element-type ImpAttack): what to try
 * @cancellable: (nullable): cancels it; the results up to then are kept
 * @callback: called once
 * @user_data: data for @callback
 *
 * Tries attacks on a device.
 */
void
imp_rehearsal_run_async (ImpRehearsal        *self,
                         ImpAgentClient      *client,
                         ImpDevice           *device,
                         GPtrArray           *attacks,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  GTask *task;
  GError *error = NULL;
  Run *run;

  g_return_if_fail (IMP_IS_REHEARSAL (self));
  g_return_if_fail (IMP_IS_DEVICE (device));
  g_return_if_fail (attacks->len > 0);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_rehearsal_run_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!imp_rehearsal_check_ready (self, client, device, &error))
    {
      g_task_return_error (task, error);
      g_object_unref (task);
      return;
    }

  run = g_new0 (Run, 1);
  run->stage = imp_stage_new (client, device, cancellable);
  run->attacks = g_ptr_array_copy (attacks, NULL, NULL);
  run->results = g_ptr_array_new_with_free_func (g_object_unref);
  g_task_set_task_data (task, run, (GDestroyNotify) run_free);

  imp_device_set_rehearsing (device, TRUE);
  set_current (self, g_ptr_array_index (attacks, 0), 0, attacks->len);
  imp_stage_look_async (run->stage, looked_cb, task);
}

/**
 * imp_rehearsal_run_finish:
 * @self: a rehearsal
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type ImpAttackResult) (nullable): how each attack ended, in the order in which
 *   they were tried; or `NULL` with @error set
 */
GPtrArray *
imp_rehearsal_run_finish (ImpRehearsal  *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
