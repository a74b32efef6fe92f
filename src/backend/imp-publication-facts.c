/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-publication-private.h"

/* What is known of a publication, while it runs and afterwards. */

/**
 * imp_publication_get_step_state:
 * @self: a publication
 * @step: a step
 *
 * Returns: how far the step is
 */
ImpStepState
imp_publication_get_step_state (ImpPublication *self,
                                ImpStep         step)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), IMP_STEP_WAITING);
  g_return_val_if_fail (step < IMP_N_STEPS, IMP_STEP_WAITING);

  return self->track.states[step];
}

/**
 * imp_publication_get_step_ms:
 * @self: a publication
 * @step: a step
 *
 * Returns: how long the step took, in milliseconds, or -1 while that is not known
 */
double
imp_publication_get_step_ms (ImpPublication *self,
                             ImpStep         step)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), -1);
  g_return_val_if_fail (step < IMP_N_STEPS, -1);

  return self->track.times[step];
}

/**
 * imp_publication_get_sent:
 * @self: a publication
 *
 * Returns: how many bytes of the firmware are on their way
 */
guint64
imp_publication_get_sent (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), 0);

  return self->progress.sent;
}

/**
 * imp_publication_get_total:
 * @self: a publication
 *
 * Returns: how many bytes the firmware has, 0 until the file is opened
 */
guint64
imp_publication_get_total (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), 0);

  return self->progress.total;
}

/**
 * imp_publication_get_id:
 * @self: a publication
 *
 * Returns: the identity of its request, a UUID, by which agents speak of it
 */
const char *
imp_publication_get_id (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->id;
}

/**
 * imp_publication_get_client:
 * @self: a publication
 *
 * Returns: (transfer none): the agents that it speaks to
 */
ImpAgentClient *
imp_publication_get_client (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->client;
}

/**
 * imp_publication_get_author:
 * @self: a publication
 *
 * Returns: the author’s fingerprint
 */
const char *
imp_publication_get_author (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->author;
}

/**
 * imp_publication_get_file:
 * @self: a publication
 *
 * Returns: (transfer none): the file that is published
 */
GFile *
imp_publication_get_file (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->file;
}

/**
 * imp_publication_get_expected:
 * @self: a publication
 *
 * Returns: (nullable): the SHA-384 that the file must have, `NULL` if it may be any
 */
const char *
imp_publication_get_expected (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->expected;
}

/**
 * imp_publication_get_class_id:
 * @self: a publication
 *
 * Returns: (nullable): the class, `NULL` if the manifest is wrong
 */
const char *
imp_publication_get_class_id (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->draft != NULL ? imp_manifest_get_class_id (self->draft) : NULL;
}

/**
 * imp_publication_get_version:
 * @self: a publication
 *
 * Returns: (nullable): the version, `NULL` if the manifest is wrong
 */
const char *
imp_publication_get_version (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->draft != NULL ? imp_manifest_get_version (self->draft) : NULL;
}

/**
 * imp_publication_get_manifest_sequence:
 * @self: a publication
 *
 * Returns: the manifest’s sequence number, or -1 if the manifest is wrong
 */
gint64
imp_publication_get_manifest_sequence (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), -1);

  return self->draft != NULL ? imp_manifest_get_sequence (self->draft) : -1;
}

/* The thread that runs an upload owns what it makes until it ends, which is when polling ends. */
static ImpSender *
get_ended_upload (ImpPublication *self)
{
  return self->poll_id == 0 ? self->upload : NULL;
}

/**
 * imp_publication_get_update:
 * @self: a publication
 *
 * Returns: (transfer none) (nullable): what was signed, once the publication has ended
 */
ImpUpdate *
imp_publication_get_update (ImpPublication *self)
{
  ImpSender *upload;

  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  upload = get_ended_upload (self);
  return upload != NULL ? imp_sender_get_update (upload) : NULL;
}

/**
 * imp_publication_get_transaction:
 * @self: a publication
 *
 * Returns: (nullable): the identity of the transaction, once it is recorded
 */
const char *
imp_publication_get_transaction (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->transaction;
}

/**
 * imp_publication_get_sequence:
 * @self: a publication
 *
 * Returns: the place of its transaction in the ledger, once it is recorded
 */
guint64
imp_publication_get_sequence (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), 0);

  return self->sequence;
}

/**
 * imp_publication_get_cid:
 * @self: a publication
 *
 * Returns: (nullable): the payload's CID, once the agent has said it
 */
const char *
imp_publication_get_cid (ImpPublication *self)
{
  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  return self->cid;
}

/**
 * imp_publication_get_reply:
 * @self: a publication
 *
 * Returns: (nullable): what the agent answered, as it came, once the publication has ended
 */
const char *
imp_publication_get_reply (ImpPublication *self)
{
  ImpSender *upload;

  g_return_val_if_fail (IMP_IS_PUBLICATION (self), NULL);

  upload = get_ended_upload (self);
  return upload != NULL ? imp_sender_get_reply (upload) : NULL;
}
