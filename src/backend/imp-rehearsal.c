/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-rehearsal-trial.h"

#include <glib/gi18n.h>

#include "imp-device-rehearsal.h"

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

/* A run of several attacks. */
typedef struct
{
  ImpStage  *stage;    /* (owned) */
  GPtrArray *attacks;  /* (owned) (element-type ImpAttack) in the order in which they are tried */
  guint      next;
  GPtrArray *results;  /* (owned) (element-type ImpAttackResult) */
  GError    *error;    /* (owned) (nullable): what ended the run before its end */
} Run;

static void
run_free (Run *run)
{
  g_clear_pointer (&run->stage, imp_stage_free);
  g_clear_pointer (&run->attacks, g_ptr_array_unref);
  g_clear_pointer (&run->results, g_ptr_array_unref);
  g_clear_error (&run->error);
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

/**
 * imp_rehearsal_get_done:
 * @self: a rehearsal
 *
 * Returns: how many attacks of the run are over
 */
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
tried_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  GTask *task = user_data;
  ImpRehearsal *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  ImpAttackResult *tried = imp_trial_run_finish (run->stage, result, &run->error);

  if (tried == NULL)
    {
      end_run (task);
      return;
    }

  g_ptr_array_add (run->results, tried);
  imp_rehearsal_results_see_head (self->results, imp_device_get_head (run->stage->device));
  imp_rehearsal_results_add (self->results, tried);
  try_next (task);
}

static void
begin_attack (GTask *task)
{
  ImpRehearsal *self = g_task_get_source_object (task);
  Run *run = g_task_get_task_data (task);
  const ImpAttack *next = g_ptr_array_index (run->attacks, run->next);

  set_current (self, next, run->next, run->attacks->len);
  run->next++;
  imp_trial_run_async (run->stage, next, self->results, g_task_get_cancellable (task), tried_cb, task);
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

/**
 * imp_rehearsal_check_ready:
 * @self: a rehearsal
 * @client: the agents
 * @device: a device
 * @error: return location for an error
 *
 * Returns: whether a rehearsal may begin, or %G_IO_ERROR_BUSY that says why not
 */
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
