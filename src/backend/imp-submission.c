/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-submission-private.h"

#include <unistd.h>

#include "imp-file-name.h"
#include "imp-time.h"

/**
 * ImpSubmission:
 *
 * What became of one publication, as it is remembered.
 *
 * Its state is “running”, “recorded”, “failed”, “cancelled”, or “interrupted”: the program ended
 * in the middle, and the ledger does not have the update. The properties “state” and “detail”
 * notify.
 *
 * While a publication runs, a lock beside its record says that some process is still at it; the
 * lock goes with the process, however that ends.
 */

enum
{
  PROP_STATE = 1,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ImpSubmission, imp_submission, G_TYPE_OBJECT)

/**
 * imp_submission_set_text:
 * @field: (inout): a string that the submission owns
 * @value: (nullable): its new text, which may be a part of the old one
 *
 * Replaces a string by a copy.
 */
void
imp_submission_set_text (char       **field,
                         const char  *value)
{
  char *copy = g_strdup (value);

  g_free (*field);
  *field = copy;
}

/**
 * imp_submission_set_state:
 * @self: a submission
 * @state: the new state
 * @detail: (nullable): more of it, for people
 *
 * Sets both, and then notifies of what has changed. Nothing is written down here.
 */
void
imp_submission_set_state (ImpSubmission *self,
                          const char    *state,
                          const char    *detail)
{
  g_object_freeze_notify (G_OBJECT (self));
  if (g_strcmp0 (self->state, state) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
  if (g_strcmp0 (self->detail, detail) != 0)
    g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DETAIL]);
  imp_submission_set_text (&self->state, state);
  imp_submission_set_text (&self->detail, detail);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * imp_submission_make_path:
 * @self: a submission
 * @ending: what follows the name that all its files have in common
 *
 * Returns: (transfer full): the path of one of its files
 */
char *
imp_submission_make_path (ImpSubmission *self,
            const char    *ending)
{
  return g_strconcat (self->path, ending, NULL);
}

static void
imp_submission_finalize (GObject *object)
{
  ImpSubmission *self = IMP_SUBMISSION (object);

  if (self->lock >= 0)
    close (self->lock);
  g_cancellable_disconnect (self->caller, self->caller_id);
  g_clear_object (&self->caller);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->publication);
  g_free (self->path);
  g_free (self->id);
  g_free (self->author);
  g_free (self->file_name);
  g_free (self->class_id);
  g_free (self->version);
  g_free (self->connection);
  g_free (self->identity);
  g_free (self->state);
  g_free (self->detail);
  g_free (self->transaction);
  g_free (self->cid);
  g_free (self->reply);
  g_free (self->digest);
  g_clear_object (&self->draft);

  G_OBJECT_CLASS (imp_submission_parent_class)->finalize (object);
}

static void
imp_submission_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ImpSubmission *self = IMP_SUBMISSION (object);

  switch (property_id)
    {
    case PROP_STATE:
      g_value_set_string (value, self->state);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imp_submission_class_init (ImpSubmissionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->finalize = imp_submission_finalize;
  object_class->get_property = imp_submission_get_property;

  props[PROP_STATE] = g_param_spec_string ("state", NULL, NULL, NULL, flags);
  props[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
imp_submission_init (ImpSubmission *self)
{
  self->lock = -1;
  self->attempt = 1;
  self->cancellable = g_cancellable_new ();
  for (guint i = 0; i < IMP_N_STEPS; i++)
    self->times[i] = -1;
}

static void
caller_cancelled_cb (GCancellable *caller,
                     gpointer      user_data)
{
  g_cancellable_cancel (user_data);
}

static guint64
query_size (GFile *file)
{
  g_autoptr(GFileInfo) info = g_file_query_info (file, G_FILE_ATTRIBUTE_STANDARD_SIZE,
                                                 G_FILE_QUERY_INFO_NONE, NULL, NULL);

  return info != NULL ? g_file_info_get_attribute_uint64 (info, G_FILE_ATTRIBUTE_STANDARD_SIZE) : 0;
}

/**
 * imp_submission_new:
 * @publication: a publication that is about to run
 * @draft: (nullable): what it was made of
 * @directory: where records are kept
 * @cancellable: (nullable): the caller’s, which cancels it too
 *
 * Begins a record.
 *
 * Returns: (transfer full): a submission that is running, and not saved yet
 */
ImpSubmission *
imp_submission_new (ImpPublication *publication,
                    ImpDraft       *draft,
                    const char     *directory,
                    GCancellable   *cancellable)
{
  ImpSubmission *self = g_object_new (IMP_TYPE_SUBMISSION, NULL);
  ImpConnection *connection =
    imp_agent_client_get_connection (imp_publication_get_client (publication));
  GFile *file = imp_publication_get_file (publication);

  self->publication = g_object_ref (publication);
  self->id = g_strdup (imp_publication_get_id (publication));
  self->path = g_build_filename (directory, self->id, NULL);
  self->author = g_strdup (imp_publication_get_author (publication));
  self->file_name = imp_file_dup_name (file);
  self->size = query_size (file);
  self->class_id = g_strdup (imp_publication_get_class_id (publication));
  self->version = g_strdup (imp_publication_get_version (publication));
  self->sequence = imp_publication_get_manifest_sequence (publication);
  self->connection = g_strdup (imp_connection_get_name (connection));
  self->identity = g_strdup (imp_connection_get_identity (connection));
  self->digest = g_strdup (imp_publication_get_expected (publication));
  self->draft = draft != NULL ? g_object_ref (draft) : NULL;
  self->time = imp_time_now ();
  self->state = g_strdup (IMP_SUBMISSION_RUNNING);

  if (g_set_object (&self->caller, cancellable))
    self->caller_id = g_cancellable_connect (cancellable, G_CALLBACK (caller_cancelled_cb),
                                             g_object_ref (self->cancellable), g_object_unref);

  return self;
}

/**
 * imp_submission_get_cancellable:
 * @self: a submission
 *
 * Returns: (transfer none): what cancels its publication
 */
GCancellable *
imp_submission_get_cancellable (ImpSubmission *self)
{
  return self->cancellable;
}

/**
 * imp_submission_get_manifest_sequence:
 * @self: a submission
 *
 * Returns: the sequence of its manifest, by which the ledger is asked for it
 */
gint64
imp_submission_get_manifest_sequence (ImpSubmission *self)
{
  return self->sequence;
}

/**
 * imp_submission_cancel:
 * @self: a submission
 *
 * Cancels a publication that runs here; what has ended stays as it is.
 */
void
imp_submission_cancel (ImpSubmission *self)
{
  g_return_if_fail (IMP_IS_SUBMISSION (self));

  g_cancellable_cancel (self->cancellable);
}

/**
 * imp_submission_get_id:
 * @self: a submission
 *
 * Returns: the publication’s identity, a UUID
 */
const char *
imp_submission_get_id (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->id;
}

/**
 * imp_submission_get_author:
 * @self: a submission
 *
 * Returns: the fingerprint of the author who signs it
 */
const char *
imp_submission_get_author (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->author;
}

/**
 * imp_submission_get_file_name:
 * @self: a submission
 *
 * Returns: what the payload's file is called, for people
 */
const char *
imp_submission_get_file_name (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->file_name;
}

/**
 * imp_submission_get_class_id:
 * @self: a submission
 *
 * Returns: (nullable): the class, `NULL` if the manifest was wrong
 */
const char *
imp_submission_get_class_id (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->class_id;
}

/**
 * imp_submission_get_version:
 * @self: a submission
 *
 * Returns: (nullable): the version, `NULL` if the manifest was wrong
 */
const char *
imp_submission_get_version (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->version;
}

/**
 * imp_submission_get_time:
 * @self: a submission
 *
 * Returns: when it began, in milliseconds since 1970
 */
gint64
imp_submission_get_time (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), 0);

  return self->time;
}

/**
 * imp_submission_get_size:
 * @self: a submission
 *
 * Returns: the payload's bytes
 */
guint64
imp_submission_get_size (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), 0);

  return self->size;
}

/**
 * imp_submission_get_connection:
 * @self: a submission
 *
 * Returns: the name of the connection that it went to
 */
const char *
imp_submission_get_connection (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->connection;
}

/**
 * imp_submission_get_digest:
 * @self: a submission
 *
 * Returns: (nullable): the SHA-384 of the firmware that was to be submitted, where it was known before
 */
const char *
imp_submission_get_digest (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->digest;
}

/**
 * imp_submission_get_draft:
 * @self: a submission
 *
 * Returns: (nullable): what it was made of, where that was written down; not to be changed
 */
ImpDraft *
imp_submission_get_draft (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->draft;
}

/**
 * imp_submission_get_attempt:
 * @self: a submission
 *
 * Returns: 1 for the first one, and one more for each that tries it again
 */
guint
imp_submission_get_attempt (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), 0);

  return self->attempt;
}

/**
 * imp_submission_set_attempt:
 * @self: a submission
 * @attempt: which try it is
 *
 * Sets which try to publish the same update this is.
 */
void
imp_submission_set_attempt (ImpSubmission *self,
                            guint          attempt)
{
  self->attempt = attempt;
}

/**
 * imp_submission_get_state:
 * @self: a submission
 *
 * Returns: “running”, “recorded”, “failed”, “cancelled” or “interrupted”
 */
const char *
imp_submission_get_state (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->state;
}

/**
 * imp_submission_get_detail:
 * @self: a submission
 *
 * Returns: (nullable): why it failed
 */
const char *
imp_submission_get_detail (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->detail;
}

/**
 * imp_submission_get_transaction:
 * @self: a submission
 *
 * Returns: (nullable): the identity of the transaction, once it is recorded
 */
const char *
imp_submission_get_transaction (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->transaction;
}

/**
 * imp_submission_get_cid:
 * @self: a submission
 *
 * Returns: (nullable): the payload's CID, once the agent has said it
 */
const char *
imp_submission_get_cid (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->cid;
}

/**
 * imp_submission_get_reply:
 * @self: a submission
 *
 * Returns: (nullable): what the agent answered, as it came
 */
const char *
imp_submission_get_reply (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->reply;
}

/**
 * imp_submission_get_step_ms:
 * @self: a submission
 * @step: a step
 *
 * Returns: how long the step took, in milliseconds, or -1
 */
double
imp_submission_get_step_ms (ImpSubmission *self,
                            ImpStep        step)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), -1);
  g_return_val_if_fail (step < IMP_N_STEPS, -1);

  return self->publication != NULL ? imp_publication_get_step_ms (self->publication, step)
                                   : self->times[step];
}

/**
 * imp_submission_get_publication:
 * @self: a submission
 *
 * Returns: (transfer none) (nullable): the publication, while it runs here
 */
ImpPublication *
imp_submission_get_publication (ImpSubmission *self)
{
  g_return_val_if_fail (IMP_IS_SUBMISSION (self), NULL);

  return self->publication;
}
