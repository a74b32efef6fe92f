/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-submission-private.h"

#include "imp-run-lock.h"
#include "imp-state-file.h"

/* How a submission goes on: written down, ended by its publication, or settled by the ledger. */

typedef struct
{
  char       *path;    /* (owned) */
  JsonObject *record;  /* (owned) */
} Save;

static void
save_free (Save *save)
{
  g_free (save->path);
  json_object_unref (save->record);
  g_free (save);
}

static void
save_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  Save *save = task_data;
  GError *error = NULL;

  if (imp_state_file_write (save->path, save->record, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * imp_submission_save_async:
 * @self: a submission
 * @callback: called when the record is on the disk, or cannot be
 * @user_data: for @callback
 *
 * Writes the record as the submission is now. One that is running holds its lock from here on, one
 * that has ended until imp_submission_save_finish(). Nobody can cancel it: what becomes of a
 * submission must be known after a crash, too.
 */
void
imp_submission_save_async (ImpSubmission       *self,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autofree char *lock = imp_submission_make_path (self, ".lock");
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autoptr(GTask) task = g_task_new (self, NULL, callback, user_data);
  Save *save = g_new0 (Save, 1);
  GError *error = NULL;

  save->path = imp_submission_make_path (self, ".json");
  save->record = imp_submission_print (self);
  g_task_set_source_tag (task, imp_submission_save_async);
  g_task_set_task_data (task, save, (GDestroyNotify) save_free);

  if (!imp_state_make_dir (folder, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  /* Before the record, so that no other process finds one that runs and is not locked. */
  if (self->publication != NULL && self->lock < 0)
    self->lock = imp_run_lock_take (lock);
  g_task_run_in_thread (task, save_thread);
}

/**
 * imp_submission_save_finish:
 * @self: a submission
 * @result: the result
 *
 * Ends saving. A record that could not be written is only warned of: the submission goes on.
 */
void
imp_submission_save_finish (ImpSubmission *self,
                            GAsyncResult  *result)
{
  g_autofree char *lock = imp_submission_make_path (self, ".lock");
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_warning ("submission %s is not remembered: %s", self->id, error->message);

  if (self->publication == NULL && self->lock >= 0)
    {
      imp_run_lock_drop (lock, self->lock);
      self->lock = -1;
    }
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
