/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-trust.h"

#include "imp-error.h"
#include "imp-firmware-file.h"
#include "imp-progress.h"

static ImpTrustPath *
load (GFile         *file,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr(ImpFirmwareFile) opened = imp_firmware_file_open (file, cancellable, error);
  g_autofree char *text = NULL;
  gssize n_read;

  if (opened == NULL)
    return NULL;

  if (imp_firmware_file_get_size (opened) > IMP_TRUST_PATH_MAX_SIZE)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED,
                     "this is not a trust path: it has %" G_GUINT64_FORMAT
                     " bytes, and no trust path has more than %d",
                     imp_firmware_file_get_size (opened), IMP_TRUST_PATH_MAX_SIZE);
      return NULL;
    }

  text = g_malloc (IMP_TRUST_PATH_MAX_SIZE);
  n_read = imp_firmware_file_read (opened, text, IMP_TRUST_PATH_MAX_SIZE, cancellable, error);
  if (n_read < 0)
    return NULL;

  return imp_trust_path_new_from_text (text, n_read, error);
}

static void
load_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  ImpTrustPath *path = load (task_data, cancellable, &error);

  if (path != NULL)
    g_task_return_pointer (task, path, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_trust_path_load_async:
 * @file: a file
 * @cancellable: (nullable): cancels the reading
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads a path from a file.
 */
void
imp_trust_path_load_async (GFile               *file,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_return_if_fail (G_IS_FILE (file));

  g_task_set_source_tag (task, imp_trust_path_load_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, load_thread);
}

/**
 * imp_trust_path_load_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the path, which is not verified, or `NULL` with @error set
 */
ImpTrustPath *
imp_trust_path_load_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What a thread needs of an examination. */
typedef struct
{
  ImpTrustPath *path;      /* (owned) */
  char         *log_key;   /* (owned) (nullable) */
  char         *author;    /* (owned) (nullable) */
  GFile        *payload;   /* (owned) (nullable) */
  ImpProgress  *progress;  /* (owned) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->path);
  g_free (job->log_key);
  g_free (job->author);
  g_clear_object (&job->payload);
  imp_progress_end (job->progress);
  g_free (job);
}

/* A key that was given is trusted; so is one that this machine has pinned. */
static const char *
choose_log_key (ImpTrust *trust,
                Job      *job)
{
  const char *said = imp_trust_path_get_log_key (job->path);

  if (job->log_key != NULL)
    return job->log_key;

  return imp_trust_has_key (trust, said) ? said : NULL;
}

static void
verify_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Job *job = task_data;
  g_autoptr(ImpFirmwareFile) payload = NULL;
  GPtrArray *steps = NULL;
  GError *error = NULL;

  if (job->payload == NULL ||
      (payload = imp_firmware_file_open (job->payload, cancellable, &error)) != NULL)
    steps = imp_trust_path_verify (job->path, choose_log_key (source_object, job), job->author,
                                   payload != NULL ? imp_firmware_file_get_stream (payload) : NULL,
                                   job->progress, cancellable, &error);

  if (steps != NULL)
    g_task_return_pointer (task, steps, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_trust_verify_path_async:
 * @self: what was seen
 * @path: a path
 * @log_key: (nullable): the verifier key of the log that is trusted, or `NULL` for one that is pinned
 * @author: (nullable): the fingerprint of the author who is trusted
 * @payload: (nullable): the file with the firmware
 * @progress: (nullable): told how many bytes of @payload have been read, of how many
 * @progress_data: data for @progress
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Recomputes every step of a path in a thread, without any agent.
 */
void
imp_trust_verify_path_async (ImpTrust              *self,
                             ImpTrustPath          *path,
                             const char            *log_key,
                             const char            *author,
                             GFile                 *payload,
                             GFileProgressCallback  progress,
                             gpointer               progress_data,
                             GCancellable          *cancellable,
                             GAsyncReadyCallback    callback,
                             gpointer               user_data)
{
  g_autoptr(GTask) task = NULL;
  Job *job;

  g_return_if_fail (IMP_IS_TRUST (self));
  g_return_if_fail (IMP_IS_TRUST_PATH (path));

  job = g_new0 (Job, 1);
  job->path = g_object_ref (path);
  job->log_key = g_strdup (log_key);
  job->author = g_strdup (author);
  g_set_object (&job->payload, payload);
  job->progress = imp_progress_new (progress, progress_data);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_trust_verify_path_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, verify_thread);
}

/**
 * imp_trust_verify_path_finish:
 * @self: what was seen
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable) (element-type ImpTrustStep): all steps, passed or not; it is
 *   only an error if the payload could not be read
 */
GPtrArray *
imp_trust_verify_path_finish (ImpTrust      *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
