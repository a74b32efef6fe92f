/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-activity-log.h"

#include "imp-activity-counts.h"
#include "imp-activity-table.h"

#define PURGE_INTERVAL 256
#define BUSY_TIMEOUT   5000  /* ms: one who had the file before us may still be closing it */

/**
 * ImpActivityLog:
 *
 * Fetches and device reports, in a database of their own.
 *
 * They are no part of the ledger and prove nothing: they tell an operator what is going on. One
 * thread does all that touches the file, so the main loop never waits for a disk.
 */
struct _ImpActivityLog
{
  GObject parent_instance;

  sqlite3 *db;          /* (owned) used by the worker only */
  GThreadPool *worker;  /* (owned) */
  guint keep;
  guint added;          /* since the last purge; used by the worker only */
};

G_DEFINE_FINAL_TYPE (ImpActivityLog, imp_activity_log, G_TYPE_OBJECT)

/* What the worker is asked to do. */
typedef struct
{
  ImpActivity activity;
  JsonObject *record;  /* (owned) (nullable) to add */
  char *since;         /* (owned) (nullable) to count; otherwise to list */
  guint64 before;
  guint limit;
  char *device;        /* (owned) (nullable) */
} Job;

static void
job_free (Job *job)
{
  g_clear_pointer (&job->record, json_object_unref);
  g_free (job->since);
  g_free (job->device);
  g_free (job);
}

/* A device that reports without end fills only its own history. */
static void
purge (ImpActivityLog *self)
{
  if (++self->added < PURGE_INTERVAL)
    return;

  self->added = 0;
  if (!imp_activity_tables_purge (self->db, self->keep) ||
      !imp_activity_counts_purge (self->db, self->keep))
    g_warning ("The activity log cannot be trimmed: %s", sqlite3_errmsg (self->db));
}

static JsonNode *
list_records (ImpActivityLog  *self,
              const Job       *job,
              GError         **error)
{
  return imp_activity_table_list (self->db, job->activity, job->before, job->limit, job->device, error);
}

static JsonNode *
count_records (ImpActivityLog  *self,
               const Job       *job,
               GError         **error)
{
  g_autoptr(JsonObject) counts = imp_activity_counts_read (self->db, job->since);

  if (counts != NULL)
    return json_node_init_object (json_node_alloc (), counts);

  imp_activity_set_error (self->db, error);
  return NULL;
}

static void
return_id (GTask          *task,
           ImpActivityLog *self,
           const Job      *job)
{
  GError *error = NULL;
  gint64 id = imp_activity_table_add (self->db, job->activity, job->record, &error);

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  purge (self);
  g_task_return_int (task, id);
}

static void
work_func (gpointer data,
           gpointer user_data)
{
  g_autoptr(GTask) task = data;
  ImpActivityLog *self = g_task_get_source_object (task);
  const Job *job = g_task_get_task_data (task);
  GError *error = NULL;
  JsonNode *node;

  if (g_task_return_error_if_cancelled (task))
    return;

  if (job->record != NULL)
    {
      return_id (task, self, job);
      return;
    }

  node = job->since != NULL ? count_records (self, job, &error) : list_records (self, job, &error);
  if (node != NULL)
    g_task_return_pointer (task, node, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
imp_activity_log_finalize (GObject *object)
{
  ImpActivityLog *self = IMP_ACTIVITY_LOG (object);

  /* Each job holds us, so there is none left; but we may be in the last one's thread. */
  g_thread_pool_free (self->worker, FALSE, FALSE);
  sqlite3_close (self->db);

  G_OBJECT_CLASS (imp_activity_log_parent_class)->finalize (object);
}

static void
imp_activity_log_class_init (ImpActivityLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_activity_log_finalize;
}

static void
imp_activity_log_init (ImpActivityLog *self)
{
  self->worker = g_thread_pool_new (work_func, NULL, 1, FALSE, NULL);
}

/**
 * imp_activity_log_open:
 * @path: a file, made if it is not there
 * @keep: how many fetches, and how many reports, are kept
 * @error: return location for an error
 *
 * Opens the log.
 *
 * Returns: (transfer full): the log
 */
ImpActivityLog *
imp_activity_log_open (const char  *path,
                       guint        keep,
                       GError     **error)
{
  g_autoptr(ImpActivityLog) self = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (IMP_TYPE_ACTIVITY_LOG, NULL);
  self->keep = keep;

  if (sqlite3_open_v2 (path, &self->db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                       NULL) == SQLITE_OK &&
      sqlite3_busy_timeout (self->db, BUSY_TIMEOUT) == SQLITE_OK &&
      imp_activity_tables_prepare (self->db) == SQLITE_OK &&
      imp_activity_counts_prepare (self->db) == SQLITE_OK)
    return g_steal_pointer (&self);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "“%s” cannot be opened: %s", path,
               sqlite3_errmsg (self->db));
  return NULL;
}

static void
push_job (ImpActivityLog      *self,
          Job                 *job,
          GCancellable        *cancellable,
          gpointer             source_tag,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);
  g_thread_pool_push (self->worker, task, NULL);
}

/**
 * imp_activity_log_add_async:
 * @self: an activity log
 * @activity: what it is
 * @record: a fetch or a report, without its id
 * @callback: (nullable): called when it is kept
 * @user_data: data for @callback
 *
 * Adds a record.
 */
void
imp_activity_log_add_async (ImpActivityLog      *self,
                            ImpActivity          activity,
                            JsonObject          *record,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  Job *job;

  g_return_if_fail (IMP_IS_ACTIVITY_LOG (self));
  g_return_if_fail (record != NULL);

  job = g_new0 (Job, 1);
  job->activity = activity;
  job->record = json_object_ref (record);
  push_job (self, job, NULL, imp_activity_log_add_async, callback, user_data);
}

/**
 * imp_activity_log_add_finish:
 * @self: an activity log
 * @result: the result
 * @error: return location for an error
 *
 * Gets the id of what was added.
 *
 * Returns: the id, or 0 with @error set
 */
guint64
imp_activity_log_add_finish (ImpActivityLog  *self,
                             GAsyncResult    *result,
                             GError         **error)
{
  gssize id;

  g_return_val_if_fail (g_task_is_valid (result, self), 0);

  id = g_task_propagate_int (G_TASK (result), error);
  return MAX (id, 0);
}

/**
 * imp_activity_log_list_async:
 * @self: an activity log
 * @activity: what to list
 * @before: only records with lower ids; 0: from the newest on
 * @limit: how many at most
 * @device: (nullable): only this device's
 * @cancellable: (nullable): a cancellable
 * @callback: called with a page
 * @user_data: data for @callback
 *
 * Reads a page, newest first.
 */
void
imp_activity_log_list_async (ImpActivityLog      *self,
                             ImpActivity          activity,
                             guint64              before,
                             guint                limit,
                             const char          *device,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  Job *job;

  g_return_if_fail (IMP_IS_ACTIVITY_LOG (self));

  job = g_new0 (Job, 1);
  job->activity = activity;
  job->before = before == 0 ? G_MAXINT64 : MIN (before, (guint64) G_MAXINT64);
  job->limit = limit;
  job->device = g_strdup (device);
  push_job (self, job, cancellable, imp_activity_log_list_async, callback, user_data);
}

/**
 * imp_activity_log_list_finish:
 * @self: an activity log
 * @result: the result
 * @error: return location for an error
 *
 * Gets the page.
 *
 * Returns: (transfer full): `{fetches | reports: […], next}`
 */
JsonNode *
imp_activity_log_list_finish (ImpActivityLog  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_activity_log_count_async:
 * @self: an activity log
 * @since: an ISO 8601 time; the hour that it is in counts whole
 * @cancellable: (nullable): a cancellable
 * @callback: called with the counts
 * @user_data: data for @callback
 *
 * Asks how much was fetched in each hour, and how many devices run which version. How long it takes
 * does not depend on how much there was.
 */
void
imp_activity_log_count_async (ImpActivityLog      *self,
                              const char          *since,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  Job *job;

  g_return_if_fail (IMP_IS_ACTIVITY_LOG (self));
  g_return_if_fail (since != NULL);

  job = g_new0 (Job, 1);
  job->since = g_strdup (since);
  push_job (self, job, cancellable, imp_activity_log_count_async, callback, user_data);
}

/**
 * imp_activity_log_count_finish:
 * @self: an activity log
 * @result: the result
 * @error: return location for an error
 *
 * Gets the counts.
 *
 * Returns: (transfer full): `{fetches: […], devices: […]}`
 */
JsonNode *
imp_activity_log_count_finish (ImpActivityLog  *self,
                               GAsyncResult    *result,
                               GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
