/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-update-private.h"

#include <string.h>

#include "imp-device-checks.h"
#include "imp-device-folder-private.h"
#include "imp-error.h"
#include "imp-time.h"

/* The first half of a round: what can be decided before the payload is fetched, and how it all ends.
 *
 * The checks fail in the order of the protocol, but not all are made in it: what can be refused before
 * the download is not downloaded. So 9 and 10, and the author's signature of 8, are decided before the
 * bytes that 7 and 8 wait for; those that pass are told of in order once the bytes are there.
 */

static void
update_clear (ImpDeviceUpdate *self)
{
  g_clear_pointer (&self->agent, imp_device_agent_free);
  g_clear_pointer (&self->state, imp_device_state_free);
  g_clear_pointer (&self->offer, imp_device_offer_free);
  for (int check = 1; check <= IMP_N_CHECKS; check++)
    g_clear_pointer (&self->waived[check], g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImpDeviceUpdate, update_clear)

/**
 * imp_device_result_free:
 * @self: (transfer full): what came of an update, not `NULL`
 *
 * Frees it, with the state that nobody took out.
 */
void
imp_device_result_free (ImpDeviceResult *self)
{
  g_free (self->reason);
  g_clear_pointer (&self->state, imp_device_state_free);
  g_free (self);
}

/**
 * imp_device_update_tell_passed:
 * @self: an update
 * @check: a check that is behind it
 *
 * Tells that a check let the update pass, and whether it did so only because it is off.
 */
void
imp_device_update_tell_passed (ImpDeviceUpdate *self,
                               ImpCheck         check)
{
  self->funcs->check (check, TRUE, self->waived[check], self->user_data);
}

/* A check is failed by what the agent has sent. Where the network, the disk or the agent itself fails,
 * nothing is decided.
 */
static gboolean
is_refusal (const GError *error)
{
  return error->domain == IMP_ERROR &&
         error->code != IMP_ERROR_CORRUPT &&
         error->code != IMP_ERROR_STORE_UNAVAILABLE &&
         error->code != IMP_ERROR_LEDGER_UNAVAILABLE;
}

/**
 * imp_device_update_is_off:
 * @self: an update
 * @check: a check
 *
 * Returns: whether this device leaves the check out
 */
gboolean
imp_device_update_is_off (ImpDeviceUpdate *self,
                          ImpCheck         check)
{
  return (self->state->checks_off & IMP_CHECK_BIT (check)) != 0;
}

/**
 * imp_device_update_settle:
 * @self: a round
 * @check: a check
 * @passed: whether it is passed
 * @local_error: (transfer full) (nullable): why not
 * @error: return location for the same
 *
 * Decides what follows from a check. One that is switched off for a rehearsal is made all the same: what it would
 * have refused is told, and let in.
 *
 * Returns: whether to go on
 */
gboolean
imp_device_update_settle (ImpDeviceUpdate  *self,
                          ImpCheck          check,
                          gboolean          passed,
                          GError           *local_error,
                          GError          **error)
{
  if (passed)
    return TRUE;

  if (is_refusal (local_error) && imp_device_update_is_off (self, check))
    {
      g_free (self->waived[check]);
      self->waived[check] = g_strdup (local_error->message);
      g_error_free (local_error);
      return TRUE;
    }

  if (is_refusal (local_error))
    self->failed = check;
  g_propagate_error (error, local_error);

  return FALSE;
}

static gint64
get_now (ImpDeviceUpdate *self)
{
  return imp_time_now () + self->clock_ahead;
}

static gboolean
check_quietly (ImpDeviceUpdate  *self,
               ImpCheck          check,
               GError          **error)
{
  GError *local_error = NULL;
  gboolean passed = imp_check_offer (check, self->state, self->offer, get_now (self), &local_error);

  return imp_device_update_settle (self, check, passed, local_error, error);
}

static gboolean
check_aloud (ImpDeviceUpdate  *self,
             ImpCheck          check,
             GError          **error)
{
  if (!check_quietly (self, check, error))
    return FALSE;

  imp_device_update_tell_passed (self, check);
  return TRUE;
}

static gboolean
ask (ImpDeviceUpdate  *self,
     GError          **error)
{
  g_autoptr(JsonNode) reply = NULL;
  GError *local_error = NULL;

  self->funcs->state ("asking", self->user_data);
  reply = imp_device_agent_ask_latest (self->agent, imp_key_get_public_pem (self->state->author),
                                       self->state->class_id, error);
  if (reply == NULL)
    return FALSE;

  self->offer = imp_device_offer_parse (reply, &local_error);
  if (!imp_device_update_settle (self, IMP_CHECK_FORMAT, self->offer != NULL, local_error, error))
    return FALSE;

  imp_device_update_tell_passed (self, IMP_CHECK_FORMAT);
  return TRUE;
}

static gboolean
pin_log_key (ImpDeviceUpdate  *self,
             GError          **error)
{
  if (self->state->log_key == NULL)
    self->state->log_key = imp_device_agent_get_log_key (self->agent, error);

  return self->state->log_key != NULL;
}

static gboolean
check_consistency (ImpDeviceUpdate  *self,
                   GError          **error)
{
  g_autoptr(ImpCheckpoint) last = NULL;
  g_autoptr(GArray) path = NULL;
  guint64 from, to = imp_checkpoint_get_size (self->offer->checkpoint);

  if (self->state->checkpoint == NULL)
    return TRUE;

  last = imp_checkpoint_new_from_text (self->state->checkpoint, -1, error);
  if (last == NULL)
    return FALSE;

  from = imp_checkpoint_get_size (last);
  path = from > 0 && from < to ? imp_device_agent_get_consistency (self->agent, from, to, error) :
         g_array_new (FALSE, FALSE, sizeof (ImpHash));

  return path != NULL && imp_check_consistency (last, self->offer->checkpoint, path, error);
}

static gboolean
verify_ledger (ImpDeviceUpdate  *self,
               gint64           *time,
               GError          **error)
{
  return pin_log_key (self, error) &&
         imp_check_checkpoint (self->state, self->offer, get_now (self), time, error) &&
         check_consistency (self, error) &&
         imp_check_inclusion (self->offer, error);
}

/* The checkpoint is remembered even if the update fails later: the agent cannot take it back. */
static gboolean
check_ledger (ImpDeviceUpdate  *self,
              GError          **error)
{
  GError *local_error = NULL;
  gboolean pinned = self->state->log_key != NULL;
  const char *checkpoint = imp_checkpoint_get_text (self->offer->checkpoint);
  gint64 time = -1;
  gboolean verified = verify_ledger (self, &time, &local_error);

  if (!verified && !pinned)
    g_clear_pointer (&self->state->log_key, g_free);
  if (!verified)
    return imp_device_update_settle (self, IMP_CHECK_LEDGER, FALSE, local_error, error);

  if (g_strcmp0 (checkpoint, self->state->checkpoint) == 0)
    return TRUE;

  g_free (self->state->checkpoint);
  self->state->checkpoint = g_strdup (checkpoint);
  self->state->checkpoint_time = time;

  return imp_device_state_save (self->state, self->folder, error);
}

/* That nothing is newer has to be as well-founded as an update: else an agent could keep a device on an
 * old version for ever.
 */
static gboolean
confirm_current (ImpDeviceUpdate  *self,
                 GError          **error)
{
  if (!check_aloud (self, IMP_CHECK_MANIFEST, error) ||
      !check_aloud (self, IMP_CHECK_TARGET, error) ||
      !check_ledger (self, error))
    return FALSE;

  imp_device_update_tell_passed (self, IMP_CHECK_LEDGER);
  return TRUE;
}

/**
 * imp_device_update_lap:
 * @self: a round
 * @step: the step that ends now
 *
 * Adds the time since the last step ended to that of @step.
 */
void
imp_device_update_lap (ImpDeviceUpdate *self,
                       ImpDeviceStep    step)
{
  gint64 now = g_get_monotonic_time ();

  self->times[step] += (now - self->lap) / 1000.0;
  self->lap = now;
}

static void
record_run (ImpDeviceUpdate *self)
{
  ImpDeviceRun run = {
    imp_time_now (), self->state->class_id, self->state->version, self->written, { 0 },
  };

  imp_device_update_lap (self, IMP_DEVICE_STEP_INSTALL);
  memcpy (run.steps, self->times, sizeof run.steps);
  imp_device_run_append (&run, imp_device_folder_get_path (self->folder));
}

static gboolean
update (ImpDeviceUpdate   *self,
        ImpDeviceOutcome  *outcome,
        GError           **error)
{
  self->lap = g_get_monotonic_time ();
  if (!ask (self, error))
    return FALSE;
  imp_device_update_lap (self, IMP_DEVICE_STEP_ASK);

  *outcome = IMP_DEVICE_CURRENT;
  if (g_strcmp0 (imp_manifest_get_version (self->offer->manifest), self->state->version) == 0)
    return confirm_current (self, error);

  *outcome = IMP_DEVICE_INSTALLED;
  return check_aloud (self, IMP_CHECK_MANIFEST, error) &&
         check_aloud (self, IMP_CHECK_TARGET, error) &&
         check_aloud (self, IMP_CHECK_NEWER, error) &&
         check_aloud (self, IMP_CHECK_EXPIRY, error) &&
         check_aloud (self, IMP_CHECK_DEPENDENCIES, error) &&
         check_quietly (self, IMP_CHECK_SIZE, error) &&
         check_quietly (self, IMP_CHECK_PAYLOAD, error) &&
         check_quietly (self, IMP_CHECK_LOCATION, error) &&
         check_ledger (self, error) &&
         imp_device_update_install (self, error);
}

/* Whether it has come to an end: without one, there is only the error. */
static gboolean
conclude (ImpDeviceUpdate *self,
          gboolean         done,
          const GError    *error,
          ImpDeviceResult *result)
{
  if (done)
    return TRUE;

  if (self->offer == NULL && g_error_matches (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT))
    {
      result->outcome = IMP_DEVICE_CURRENT;

      /* What the ledger has shown once it cannot have lost. */
      if (self->state->checkpoint != NULL && imp_device_update_is_off (self, IMP_CHECK_LEDGER))
        self->funcs->check (IMP_CHECK_LEDGER, TRUE, error->message, self->user_data);
      else if (self->state->checkpoint != NULL)
        self->failed = IMP_CHECK_LEDGER;
    }
  else if (self->failed == 0)
    return FALSE;

  if (self->failed != 0)
    {
      result->outcome = IMP_DEVICE_REFUSED;
      result->check = self->failed;
      result->reason = g_strdup (error->message);
      self->funcs->check (self->failed, FALSE, error->message, self->user_data);
    }

  return TRUE;
}

static ImpDeviceResult *
run (ImpDeviceUpdate  *self,
     GError          **error)
{
  g_autoptr(ImpDeviceResult) result = g_new0 (ImpDeviceResult, 1);
  g_autoptr(GError) local_error = NULL;
  gboolean done = update (self, &result->outcome, &local_error);

  if (!conclude (self, done, local_error, result))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (result->outcome == IMP_DEVICE_INSTALLED)
    record_run (self);
  imp_device_update_report (self, result);
  result->state = g_steal_pointer (&self->state);

  return g_steal_pointer (&result);
}

/**
 * imp_device_update_run:
 * @folder: the device's folder
 * @retrieval: URL of an agent
 * @conditions: how patient the device is, and what time it has
 * @funcs: what is told meanwhile
 * @user_data: data for @funcs
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Does one round of an update; blocking.
 *
 * Returns: (transfer full) (nullable): how it ended, or `NULL` with @error set when the agent could not be asked
 */
ImpDeviceResult *
imp_device_update_run (ImpDeviceFolder             *folder,
                       const char                  *retrieval,
                       const ImpDeviceConditions   *conditions,
                       const ImpDeviceUpdateFuncs  *funcs,
                       gpointer                     user_data,
                       GCancellable                *cancellable,
                       GError                     **error)
{
  g_auto(ImpDeviceUpdate) self = { folder, funcs, user_data, cancellable, };
  ImpDeviceResult *result;

  self.clock_ahead = conditions->clock_ahead;
  if (!imp_device_folder_lock (folder, error))
    return NULL;

  /* Another process may have updated it since it was opened here. */
  self.state = imp_device_state_load (folder, error);
  if (self.state == NULL)
    {
      imp_device_folder_unlock (folder);
      return NULL;
    }

  self.agent = imp_device_agent_new (retrieval, self.state->id, &conditions->pace, cancellable,
                                     funcs->exchange, user_data);
  result = run (&self, error);
  imp_device_folder_unlock (folder);

  return result;
}
