/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-submission-private.h"

#include "imp-run-lock.h"
#include "imp-state-file.h"

/* How a submission goes on: written down, ended by its publication, or settled by the ledger. */

/**
 * imp_submission_save:
 * @self: a submission
 * @error: return location for an error
 *
 * Writes the record; one that is running holds its lock from then on.
 *
 * Returns: whether it was written
 */
gboolean
imp_submission_save (ImpSubmission  *self,
                     GError        **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *path = imp_submission_make_path (self, ".json");
  g_autofree char *lock = imp_submission_make_path (self, ".lock");
  g_autoptr(JsonObject) record = imp_submission_print (self);

  if (!imp_state_make_dir (folder, error))
    return FALSE;

  /* Before the record, so that no other process finds one that runs and is not locked. */
  if (self->publication != NULL && self->lock < 0)
    self->lock = imp_run_lock_take (lock);

  return imp_state_file_write (path, record, error);
}

static void
save_or_warn (ImpSubmission *self)
{
  g_autoptr(GError) error = NULL;

  if (!imp_submission_save (self, &error))
    g_warning ("submission %s is not remembered: %s", self->id, error->message);
}

/**
 * imp_submission_end:
 * @self: a submission that is running
 * @error: (nullable): why it failed
 *
 * Takes over what the publication came to.
 */
void
imp_submission_end (ImpSubmission *self,
                    const GError  *error)
{
  g_autoptr(ImpPublication) publication = g_steal_pointer (&self->publication);
  g_autofree char *lock = imp_submission_make_path (self, ".lock");

  for (guint i = 0; i < IMP_N_STEPS; i++)
    self->times[i] = imp_publication_get_step_ms (publication, i);
  imp_submission_set_text (&self->transaction, imp_publication_get_transaction (publication));
  imp_submission_set_text (&self->cid, imp_publication_get_cid (publication));
  imp_submission_set_text (&self->reply, imp_publication_get_reply (publication));
  if (imp_publication_get_total (publication) > 0)
    self->size = imp_publication_get_total (publication);

  if (error == NULL)
    imp_submission_set_state (self, IMP_SUBMISSION_RECORDED, NULL);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    imp_submission_set_state (self, IMP_SUBMISSION_CANCELLED, error->message);
  else
    imp_submission_set_state (self, IMP_SUBMISSION_FAILED, error->message);

  save_or_warn (self);
  imp_run_lock_drop (lock, self->lock);
  self->lock = -1;
}

/**
 * imp_submission_settle:
 * @self: a submission whose program ended in the middle
 * @update: (nullable): what the ledger has of it
 *
 * Takes over what the ledger says.
 */
void
imp_submission_settle (ImpSubmission       *self,
                       ImpRegisteredUpdate *update)
{
  if (update != NULL)
    {
      imp_submission_set_text (&self->transaction, imp_transaction_get_id (update->transaction));
      imp_submission_set_text (&self->cid, update->cid);
      imp_submission_set_state (self, IMP_SUBMISSION_RECORDED, NULL);
    }
  else
    imp_submission_set_state (self, IMP_SUBMISSION_INTERRUPTED,
                              "the program ended before the update was on the ledger");

  save_or_warn (self);
}

/**
 * imp_submission_is_forsaken:
 * @self: a submission
 * @connection: a connection that is open
 *
 * Says whether a submission is recorded as running though no process is at it any more, and whether
 * @connection leads to the ledger that would have it.
 *
 * Returns: whether the ledger should be asked
 */
gboolean
imp_submission_is_forsaken (ImpSubmission *self,
                            ImpConnection *connection)
{
  g_autofree char *lock = imp_submission_make_path (self, ".lock");

  return self->publication == NULL && g_str_equal (self->state, IMP_SUBMISSION_RUNNING) &&
         g_str_equal (self->identity, imp_connection_get_identity (connection)) &&
         !imp_run_lock_is_held (lock);
}
