/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-submission-resumer.h"

#include "imp-submission-retry.h"

/* One whose program ended so often may well be why it ended. */
#define MAX_ATTEMPTS 3

/**
 * ImpSubmissionResumer:
 *
 * Takes up submissions that were under way when the program ended, once the ledger has said that it
 * does not have them and the keys are there. One that cannot be taken up, because its file has changed
 * for example, stays interrupted: Activity offers to try it again, and says why it cannot.
 */
struct _ImpSubmissionResumer
{
  GObject parent_instance;

  ImpSession *session;      /* (not owned): it lives as long as the application does */
  GPtrArray  *interrupted;  /* (owned) of ImpSubmission, not taken up yet */
};

G_DEFINE_FINAL_TYPE (ImpSubmissionResumer, imp_submission_resumer, G_TYPE_OBJECT)

static void
retried_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpSubmission) interrupted = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpSubmission) submission = imp_submission_retry_finish (IMP_SESSION (object), result,
                                                                     &error);

  if (submission == NULL)
    g_message ("submission %s is not taken up: %s", imp_submission_get_id (interrupted),
               error->message);
}

static void
take_up (ImpSubmissionResumer *self)
{
  if (!imp_session_get_keys_loaded (self->session) || imp_session_get_client (self->session) == NULL)
    return;

  for (guint i = 0; i < self->interrupted->len; i++)
    {
      ImpSubmission *submission = g_ptr_array_index (self->interrupted, i);

      imp_submission_retry_async (self->session, submission, NULL, retried_cb,
                                  g_object_ref (submission));
    }

  g_ptr_array_set_size (self->interrupted, 0);
}

static void
interrupted_cb (ImpSubmissionResumer *self,
                ImpSubmission        *submission)
{
  if (imp_submission_get_attempt (submission) >= MAX_ATTEMPTS)
    return;

  g_ptr_array_add (self->interrupted, g_object_ref (submission));
  take_up (self);
}

static void
imp_submission_resumer_finalize (GObject *object)
{
  g_ptr_array_unref (IMP_SUBMISSION_RESUMER (object)->interrupted);

  G_OBJECT_CLASS (imp_submission_resumer_parent_class)->finalize (object);
}

static void
imp_submission_resumer_class_init (ImpSubmissionResumerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_submission_resumer_finalize;
}

static void
imp_submission_resumer_init (ImpSubmissionResumer *self)
{
  self->interrupted = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * imp_submission_resumer_new:
 * @session: a session that has not been opened; it must outlive the resumer
 *
 * Makes a resumer.
 *
 * Returns: (transfer full): the resumer
 */
ImpSubmissionResumer *
imp_submission_resumer_new (ImpSession *session)
{
  ImpSubmissionResumer *self = g_object_new (IMP_TYPE_SUBMISSION_RESUMER, NULL);

  self->session = session;
  g_signal_connect_object (imp_session_get_submissions (session), "interrupted",
                           G_CALLBACK (interrupted_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::keys-loaded", G_CALLBACK (take_up), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::client", G_CALLBACK (take_up), self,
                           G_CONNECT_SWAPPED);
  return self;
}
