/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-cache.h"

#include <glib/gstdio.h>
#include <utime.h>

#include "imp-cid.h"
#include "imp-error.h"
#include "imp-firmware-file.h"
#include "imp-payload-facts.h"
#include "imp-state-file.h"

/* A payload that is kept. */
typedef struct
{
  char    *path;  /* (owned) */
  guint64  size;
  gint64   used;  /* seconds */
} Kept;

static void
kept_free (gpointer data)
{
  Kept *kept = data;

  g_free (kept->path);
  g_free (kept);
}

/**
 * imp_payload_cache_dup_directory:
 *
 * Returns: (transfer full): where payloads are kept that may be fetched again at any time:
 * `$XDG_CACHE_HOME/imprimatur/payloads`
 */
char *
imp_payload_cache_dup_directory (void)
{
  return g_build_filename (g_get_user_cache_dir (), "imprimatur", "payloads", NULL);
}

static int
compare_used (gconstpointer a,
              gconstpointer b)
{
  const Kept *left = *(const Kept *const *) a;
  const Kept *right = *(const Kept *const *) b;

  return left->used < right->used ? -1 : left->used > right->used;
}

static GPtrArray *
list_kept (const char *directory)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func (kept_free);
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      GStatBuf status;
      Kept *item;

      if (g_stat (path, &status) != 0 || !S_ISREG (status.st_mode))
        continue;

      item = g_new (Kept, 1);
      item->path = g_steal_pointer (&path);
      item->size = status.st_size;
      item->used = status.st_mtime;
      g_ptr_array_add (kept, item);
    }

  g_ptr_array_sort (kept, compare_used);
  return kept;
}

/* Those that nobody has looked at for longest go first. */
static void
make_room (const char *directory,
           guint64     max_size,
           guint64     wanted)
{
  g_autoptr(GPtrArray) kept = list_kept (directory);
  guint64 total = wanted;

  for (guint i = 0; i < kept->len; i++)
    total += ((Kept *) g_ptr_array_index (kept, i))->size;

  for (guint i = 0; i < kept->len && total > max_size; i++)
    {
      const Kept *item = g_ptr_array_index (kept, i);

      if (g_unlink (item->path) == 0)
        total -= item->size;
    }
}

/* The file may have been changed since it was fetched: what is used is what was just hashed. */
static gboolean
verify (GFile         *file,
        ImpManifest   *manifest,
        const char    *cid,
        GCancellable  *cancellable,
        GError       **error)
{
  g_autoptr(ImpFirmwareFile) opened = imp_firmware_file_open (file, cancellable, error);
  g_autoptr(ImpPayloadFacts) facts = NULL;

  return opened != NULL &&
         (facts = imp_payload_facts_read (imp_firmware_file_get_stream (opened), manifest, cid, NULL,
                                          cancellable, error)) &&
         imp_payload_facts_check_cid (facts, cid, error) &&
         imp_payload_facts_check_digest (facts, manifest, error);
}

/* A CID has no “/”, but who says that it is one. */
static char *
build_path (const char  *directory,
            const char  *cid,
            GError     **error)
{
  g_autoptr(ImpCid) parsed = imp_cid_new_from_string (cid, error);

  return parsed != NULL ? g_build_filename (directory, imp_cid_get_string (parsed), NULL) : NULL;
}

static gboolean
download (const char    *directory,
          guint64        max_size,
          ImpAgentSync  *agent,
          ImpManifest   *manifest,
          const char    *cid,
          GFile         *file,
          ImpProgress   *progress,
          GCancellable  *cancellable,
          GError       **error)
{
  guint64 size = imp_manifest_get_size (manifest);

  g_unlink (g_file_peek_path (file));
  make_room (directory, max_size, size);

  return imp_agent_sync_download (agent, cid, file, size, progress, cancellable, error) &&
         verify (file, manifest, cid, cancellable, error);
}

/**
 * imp_payload_cache_fetch:
 * @directory: where payloads are kept
 * @max_size: how many bytes of them at most
 * @agent: the retrieval agent
 * @manifest: what the author says of the payload
 * @cid: the payload’s CID
 * @progress: told how many bytes have come, of how many
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Gets a payload that has this CID and the size and digest of its manifest, from the cache or else from
 * the agent.
 *
 * Returns: (transfer full) (nullable): the file; %IMP_ERROR_PAYLOAD_TOO_LARGE if it would not fit
 */
GFile *
imp_payload_cache_fetch (const char    *directory,
                         guint64        max_size,
                         ImpAgentSync  *agent,
                         ImpManifest   *manifest,
                         const char    *cid,
                         ImpProgress   *progress,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autofree char *path = build_path (directory, cid, error);
  g_autoptr(GFile) file = NULL;

  if (path == NULL || !imp_state_make_dir (directory, error))
    return NULL;

  if (imp_manifest_get_size (manifest) > max_size)
    {
      imp_error_set (error, IMP_ERROR_PAYLOAD_TOO_LARGE,
                     "the payload has %" G_GUINT64_FORMAT " bytes, and at most %" G_GUINT64_FORMAT
                     " are fetched to be looked into", imp_manifest_get_size (manifest), max_size);
      return NULL;
    }

  file = g_file_new_for_path (path);
  if (!verify (file, manifest, cid, cancellable, NULL) &&
      !download (directory, max_size, agent, manifest, cid, file, progress, cancellable, error))
    return NULL;

  utime (path, NULL);
  return g_steal_pointer (&file);
}

/* What a thread needs. */
typedef struct
{
  ImpAgentSync *agent;     /* (owned) */
  ImpManifest  *manifest;  /* (owned) */
  char         *cid;       /* (owned) */
  ImpProgress  *progress;  /* (owned) */
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_clear_pointer (&job->agent, imp_agent_sync_free);
  g_object_unref (job->manifest);
  g_free (job->cid);
  imp_progress_end (job->progress);
  g_free (job);
}

static void
fetch_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  Job *job = task_data;
  g_autofree char *directory = imp_payload_cache_dup_directory ();
  GError *error = NULL;
  GFile *file = imp_payload_cache_fetch (directory, IMP_PAYLOAD_CACHE_MAX_SIZE, job->agent,
                                         job->manifest, job->cid, job->progress, cancellable, &error);

  if (file != NULL)
    g_task_return_pointer (task, file, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_payload_cache_fetch_async:
 * @client: a client whose connection is open
 * @manifest: what the author says of the payload
 * @cid: the payload’s CID
 * @progress: (nullable): told how many bytes have come, of how many
 * @progress_data: data for @progress
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Does the same as imp_payload_cache_fetch() in a thread, with the user’s own cache.
 */
void
imp_payload_cache_fetch_async (ImpAgentClient        *client,
                               ImpManifest           *manifest,
                               const char            *cid,
                               GFileProgressCallback  progress,
                               gpointer               progress_data,
                               GCancellable          *cancellable,
                               GAsyncReadyCallback    callback,
                               gpointer               user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, imp_payload_cache_fetch_async);
  g_task_set_task_data (task, job, job_free);
  job->manifest = g_object_ref (manifest);
  job->cid = g_strdup (cid);
  job->progress = imp_progress_new (progress, progress_data);
  if ((job->agent = imp_agent_sync_new (client, "retrieval", &error)))
    g_task_run_in_thread (task, fetch_thread);
  else
    g_task_return_error (task, error);
}

/**
 * imp_payload_cache_fetch_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the file with the payload, or `NULL` with @error set
 */
GFile *
imp_payload_cache_fetch_finish (GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
