/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-step-track.h"

#include "imp-json.h"

/**
 * imp_step_track_init:
 * @self: the steps of a publication
 *
 * Sets every step to waiting, with no time.
 */
void
imp_step_track_init (ImpStepTrack *self)
{
  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      self->states[i] = IMP_STEP_WAITING;
      self->times[i] = -1;
    }
}

static void
start_step (ImpStepTrack *self,
            ImpStep       step)
{
  if (self->states[step] == IMP_STEP_WAITING)
    self->states[step] = IMP_STEP_RUNNING;
}

static void
end_step (ImpStepTrack *self,
          ImpStep       step,
          double        ms)
{
  self->states[step] = IMP_STEP_DONE;
  if (ms >= 0)
    self->times[step] = ms;
}

/**
 * imp_step_track_follow_sender:
 * @self: a track
 * @progress: how far the sender is
 *
 * Takes over what happens here: hashing and sending side by side, then two signatures. What comes
 * after them is the agent’s part.
 */
void
imp_step_track_follow_sender (ImpStepTrack            *self,
                              const ImpSenderProgress *progress)
{
  start_step (self, IMP_STEP_HASH);
  start_step (self, IMP_STEP_UPLOAD);
  if (progress->hash >= 0)
    {
      end_step (self, IMP_STEP_HASH, progress->hash);
      start_step (self, IMP_STEP_SIGN_MANIFEST);
    }
  if (progress->sign_manifest >= 0)
    {
      end_step (self, IMP_STEP_SIGN_MANIFEST, progress->sign_manifest);
      start_step (self, IMP_STEP_SIGN_PAYLOAD);
    }
  if (progress->sign_payload >= 0)
    end_step (self, IMP_STEP_SIGN_PAYLOAD, progress->sign_payload);
  if (progress->upload >= 0)
    {
      end_step (self, IMP_STEP_UPLOAD, progress->upload);
      start_step (self, IMP_STEP_STORE);
    }
}

static double
get_ms (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "ms");
  GType type = node != NULL ? json_node_get_value_type (node) : G_TYPE_INVALID;

  if (type == G_TYPE_INT64)
    return json_node_get_int (node);

  return type == G_TYPE_DOUBLE ? json_node_get_double (node) : -1;
}

/**
 * imp_step_track_follow_event:
 * @self: a track
 * @event: what an agent says of a step of ours
 *
 * Takes over what happens there. The agent stores what it has received, lets the contract verify it,
 * and records.
 *
 * Returns: whether that was news
 */
gboolean
imp_step_track_follow_event (ImpStepTrack *self,
                             JsonObject   *event)
{
  ImpStep step;

  if (!imp_step_from_id (imp_json_get_string (event, "step", NULL), &step) ||
      self->states[step] >= IMP_STEP_DONE)
    return FALSE;

  end_step (self, step, get_ms (event));
  if (step == IMP_STEP_STORE)
    start_step (self, IMP_STEP_VERIFY);
  else if (step == IMP_STEP_VERIFY)
    start_step (self, IMP_STEP_RECORD);
  return TRUE;
}

/**
 * imp_step_track_take_times:
 * @self: a track
 * @receipt: the agent’s answer, which has the last word
 *
 * Takes over how long the agent’s steps took.
 */
void
imp_step_track_take_times (ImpStepTrack *self,
                           JsonObject   *receipt)
{
  JsonArray *array = imp_json_get_array (receipt, "steps", NULL);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      ImpStep step;

      if (object != NULL && imp_step_from_id (imp_json_get_string (object, "name", NULL), &step) &&
          step >= IMP_STEP_VERIFY)
        self->times[step] = get_ms (object);
    }
}

/**
 * imp_step_track_end:
 * @self: the steps of a publication
 *
 * Sets every step to done: the ledger has the update, whatever was missed on the way.
 */
void
imp_step_track_end (ImpStepTrack *self)
{
  for (guint i = 0; i < IMP_N_STEPS; i++)
    self->states[i] = IMP_STEP_DONE;
}

/**
 * imp_step_track_fail:
 * @self: the steps of a publication
 * @failed: the step that failed
 *
 * Sets one step to failed. Those that were running wait again, because they will not end.
 */
void
imp_step_track_fail (ImpStepTrack *self,
                     ImpStep       failed)
{
  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      if (self->states[i] == IMP_STEP_RUNNING)
        self->states[i] = IMP_STEP_WAITING;
    }
  self->states[failed] = IMP_STEP_FAILED;
}
