/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-trust-private.h"

#include "imp-data-path.h"
#include "imp-state-file.h"

/**
 * ImpTrust:
 *
 * What this machine has seen of ledgers and holds them to.
 *
 * The key of a log is pinned when a connection shows it first; its newest head is remembered, a file
 * a log. From then on every head must be signed by that key and fit the heads seen before, whichever
 * connection shows it. Everything that an agent says is recomputed here.
 */
struct _ImpTrust
{
  GObject parent_instance;

  char *directory;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpTrust, imp_trust, G_TYPE_OBJECT)

/* What a thread needs of the objects that belong to the main context. */
typedef struct
{
  char         *directory;     /* (owned) */
  char         *identity;      /* (owned) */
  ImpAgentSync *agent;         /* (owned) */
  char         *transaction;   /* (owned) (nullable) */
  gboolean      with_payload;
  ImpProgress  *progress;      /* (owned) (nullable) */
} Job;

static void
job_free (Job *job)
{
  g_free (job->directory);
  g_free (job->identity);
  g_clear_pointer (&job->agent, imp_agent_sync_free);
  g_free (job->transaction);
  g_clear_pointer (&job->progress, imp_progress_end);
  g_free (job);
}

/**
 * imp_verdict_free:
 * @self: (transfer full): a verdict, not `NULL`
 *
 * Frees a verdict and its detail.
 */
void
imp_verdict_free (ImpVerdict *self)
{
  g_free (self->detail);
  g_free (self);
}

/**
 * imp_trust_head_free:
 * @self: (transfer full): a head, not `NULL`
 *
 * Frees a head and its texts.
 */
void
imp_trust_head_free (ImpTrustHead *self)
{
  g_free (self->origin);
  g_free (self->key);
  g_free (self->root);
  g_free (self);
}

static void
imp_trust_finalize (GObject *object)
{
  ImpTrust *self = IMP_TRUST (object);

  g_free (self->directory);

  G_OBJECT_CLASS (imp_trust_parent_class)->finalize (object);
}

static void
imp_trust_class_init (ImpTrustClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_trust_finalize;
}

static void
imp_trust_init (ImpTrust *self)
{
}

/**
 * imp_trust_new:
 * @directory: (nullable): a folder, or `NULL` for `$XDG_DATA_HOME/imprimatur/trust`
 *
 * Returns: (transfer full): what was seen so far
 */
ImpTrust *
imp_trust_new (const char *directory)
{
  ImpTrust *self = g_object_new (IMP_TYPE_TRUST, NULL);

  self->directory = imp_dup_data_path (directory, "trust");

  return self;
}

static GTask *
new_task (ImpTrust            *self,
          ImpAgentClient      *client,
          gpointer             source_tag,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  ImpConnection *connection = imp_agent_client_get_connection (client);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  job->directory = g_strdup (self->directory);
  job->identity = g_strdup (imp_connection_get_identity (connection));

  if (!imp_state_make_dir (self->directory, &error) ||
      !(job->agent = imp_agent_sync_new (client, "retrieval", &error)))
    {
      g_task_return_error (task, error);
      return NULL;
    }

  return g_steal_pointer (&task);
}

static ImpPinnedLog *
open_log (Job           *job,
          GCancellable  *cancellable,
          GError       **error)
{
  return imp_pinned_log_open (job->directory, job->identity, job->agent, cancellable, error);
}

static ImpTrustHead *
check_head (Job           *job,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(ImpPinnedLog) log = open_log (job, cancellable, error);
  g_autoptr(ImpCheckpoint) head = NULL;
  ImpTrustHead *result;
  gint64 time;

  if (log == NULL ||
      !(head = imp_fetch_checkpoint (job->agent, cancellable, error)) ||
      !imp_pinned_log_check (log, head, &time, error) ||
      !imp_pinned_log_check_age (time, error) ||
      !imp_pinned_log_hold (log, job->agent, head, time, cancellable, error))
    return NULL;

  result = g_new0 (ImpTrustHead, 1);
  result->origin = g_strdup (log->origin);
  result->key = g_strdup (log->key);
  result->size = imp_checkpoint_get_size (head);
  result->root = imp_hash_to_base64 (imp_checkpoint_get_root (head));
  result->time = time;
  result->pinned_now = log->pinned_now;

  return result;
}

static void
check_head_thread (GTask        *task,
                   gpointer      source_object,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  GError *error = NULL;
  ImpTrustHead *head = check_head (task_data, cancellable, &error);

  if (head != NULL)
    g_task_return_pointer (task, head, (GDestroyNotify) imp_trust_head_free);
  else
    g_task_return_error (task, error);
}

/**
 * imp_trust_check_head_async:
 * @self: what was seen
 * @client: a client whose connection is open
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Fetches the log’s newest head and holds it to what was seen: its key, its signature, its age, and
 * that it begins with what was there before.
 */
void
imp_trust_check_head_async (ImpTrust            *self,
                            ImpAgentClient      *client,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_TRUST (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));

  task = new_task (self, client, imp_trust_check_head_async, cancellable, callback, user_data);
  if (task != NULL)
    g_task_run_in_thread (task, check_head_thread);
}

/**
 * imp_trust_check_head_finish:
 * @self: what was seen
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the head, or `NULL` with %IMP_ERROR_REFUSED if it does not fit
 */
ImpTrustHead *
imp_trust_check_head_finish (ImpTrust      *self,
                             GAsyncResult  *result,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
verify_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr(ImpPinnedLog) log = open_log (job, cancellable, &error);
  GPtrArray *verdicts = NULL;

  if (log != NULL)
    verdicts = imp_trust_verify_update (log, job->agent, job->transaction, job->with_payload,
                                        cancellable, &error);

  if (verdicts != NULL)
    g_task_return_pointer (task, verdicts, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_trust_verify_update_async:
 * @self: what was seen
 * @client: a client whose connection is open
 * @transaction: the identity of the transaction that registered the update
 * @with_payload: whether to fetch the firmware too, and check its every byte
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Recomputes all that can be recomputed of a registered update.
 */
void
imp_trust_verify_update_async (ImpTrust            *self,
                               ImpAgentClient      *client,
                               const char          *transaction,
                               gboolean             with_payload,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (IMP_IS_TRUST (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));
  g_return_if_fail (transaction != NULL);

  task = new_task (self, client, imp_trust_verify_update_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  job = g_task_get_task_data (task);
  job->transaction = g_strdup (transaction);
  job->with_payload = with_payload;
  g_task_run_in_thread (task, verify_thread);
}

/**
 * imp_trust_verify_update_finish:
 * @self: what was seen
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type ImpVerdict): all verdicts, passed or not; it is
 *   only an error if the agent could not be asked
 */
GPtrArray *
imp_trust_verify_update_finish (ImpTrust      *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What the log has not signed is for the steps to say; two heads that it signed and that do not fit
 * are no path at all.
 */
static gboolean
hold_head (Job           *job,
           ImpPinnedLog  *log,
           const char    *checkpoint,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(ImpCheckpoint) head = imp_checkpoint_new_from_text (checkpoint, -1, NULL);
  gint64 time;

  if (head == NULL || !imp_pinned_log_check (log, head, &time, NULL))
    return TRUE;

  return imp_pinned_log_hold (log, job->agent, head, time, cancellable, error);
}

static ImpTrustPath *
get_path (Job           *job,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autoptr(ImpPinnedLog) log = open_log (job, cancellable, error);
  g_autoptr(ImpRegisteredUpdate) update = NULL;

  if (log == NULL ||
      !(update = imp_trust_fetch_update (job->agent, job->transaction, cancellable, error)) ||
      !hold_head (job, log, update->checkpoint, cancellable, error))
    return NULL;

  return imp_trust_path_new (update, log->key);
}

static void
path_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  ImpTrustPath *path = get_path (task_data, cancellable, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_trust_get_path_async:
 * @self: what was seen
 * @client: a client whose connection is open
 * @transaction: the identity of the transaction that registered an update
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Fetches what proves an update, with the key that is pinned for its log. Nothing is verified yet.
 */
void
imp_trust_get_path_async (ImpTrust            *self,
                          ImpAgentClient      *client,
                          const char          *transaction,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_TRUST (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));
  g_return_if_fail (transaction != NULL);

  task = new_task (self, client, imp_trust_get_path_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  ((Job *) g_task_get_task_data (task))->transaction = g_strdup (transaction);
  g_task_run_in_thread (task, path_thread);
}

/**
 * imp_trust_get_path_finish:
 * @self: what was seen
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the path, or `NULL` with @error set
 */
ImpTrustPath *
imp_trust_get_path_finish (ImpTrust      *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_trust_has_key:
 * @self: what was seen
 * @log_key: the verifier key of a log
 *
 * Returns: whether a connection of this computer showed a log of this key, so that it is pinned
 */
gboolean
imp_trust_has_key (ImpTrust   *self,
                   const char *log_key)
{
  g_return_val_if_fail (IMP_IS_TRUST (self), FALSE);
  g_return_val_if_fail (log_key != NULL, FALSE);

  return imp_pinned_log_is_known (self->directory, log_key);
}

static void
audit_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job *job = task_data;
  GError *error = NULL;
  g_autoptr(ImpPinnedLog) log = open_log (job, cancellable, &error);
  char *sentence = NULL;

  if (log != NULL)
    sentence = imp_trust_audit (log, job->agent, job->progress, cancellable, &error);

  if (sentence != NULL)
    g_task_return_pointer (task, sentence, g_free);
  else
    g_task_return_error (task, error);
}

/**
 * imp_trust_audit_async:
 * @self: what was seen
 * @client: a client whose connection is open
 * @cancellable: (nullable): cancels it
 * @progress: (nullable): told how many entries are done, of how many
 * @progress_data: data for @progress
 * @callback: called once
 * @user_data: data for @callback
 *
 * Checks the whole log from its first entry against the pinned key and all that was seen.
 */
void
imp_trust_audit_async (ImpTrust              *self,
                       ImpAgentClient        *client,
                       GCancellable          *cancellable,
                       GFileProgressCallback  progress,
                       gpointer               progress_data,
                       GAsyncReadyCallback    callback,
                       gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (IMP_IS_TRUST (self));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));

  task = new_task (self, client, imp_trust_audit_async, cancellable, callback, user_data);
  if (task == NULL)
    return;

  job = g_task_get_task_data (task);
  job->progress = imp_progress_new (progress, progress_data);
  g_task_run_in_thread (task, audit_thread);
}

/**
 * imp_trust_audit_finish:
 * @self: what was seen
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): one sentence that says what was proven, or `NULL` with an
 *   error that names the entry where it breaks
 */
char *
imp_trust_audit_finish (ImpTrust      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
