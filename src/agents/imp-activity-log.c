/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-activity-log.h"

#include <sqlite3.h>

#include "imp-activity-counts.h"

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

typedef struct
{
  const char *name;
  GType type;
} Column;

/* In the order of the table, after the id. */
typedef struct
{
  const char *name;
  const Column *columns;
  gsize n_columns;
} Table;

static const Column fetch_columns[] = {
  { "device", G_TYPE_STRING }, { "class", G_TYPE_STRING }, { "version", G_TYPE_STRING },
  { "cid", G_TYPE_STRING },    { "time", G_TYPE_STRING },  { "bytes", G_TYPE_INT64 },
  { "ms", G_TYPE_DOUBLE },     { "outcome", G_TYPE_STRING },
};

static const Column report_columns[] = {
  { "device", G_TYPE_STRING },  { "class", G_TYPE_STRING }, { "version", G_TYPE_STRING },
  { "outcome", G_TYPE_STRING }, { "check", G_TYPE_INT64 },  { "reason", G_TYPE_STRING },
  { "time", G_TYPE_STRING },
};

static const Table tables[] = {
  [IMP_ACTIVITY_FETCHES] = { "fetches", fetch_columns, G_N_ELEMENTS (fetch_columns) },
  [IMP_ACTIVITY_REPORTS] = { "reports", report_columns, G_N_ELEMENTS (report_columns) },
};

static const char schema[] =
  "PRAGMA journal_mode = WAL;"
  "PRAGMA synchronous = NORMAL;"
  "CREATE TABLE IF NOT EXISTS fetches (id INTEGER PRIMARY KEY AUTOINCREMENT, \"device\" TEXT NOT NULL,"
  "  \"class\" TEXT, \"version\" TEXT, \"cid\" TEXT NOT NULL, \"time\" TEXT NOT NULL,"
  "  \"bytes\" INTEGER NOT NULL, \"ms\" REAL NOT NULL, \"outcome\" TEXT NOT NULL);"
  "CREATE INDEX IF NOT EXISTS fetches_device ON fetches (\"device\", id);"
  "CREATE TABLE IF NOT EXISTS reports (id INTEGER PRIMARY KEY AUTOINCREMENT, \"device\" TEXT NOT NULL,"
  "  \"class\" TEXT NOT NULL, \"version\" TEXT, \"outcome\" TEXT NOT NULL, \"check\" INTEGER,"
  "  \"reason\" TEXT, \"time\" TEXT NOT NULL);"
  "CREATE INDEX IF NOT EXISTS reports_device ON reports (\"device\", id);";

/* What the worker is asked to do. */
typedef struct
{
  const Table *table;
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

static void
finalize_statement (sqlite3_stmt *statement)
{
  sqlite3_finalize (statement);
}

typedef sqlite3_stmt Statement;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Statement, finalize_statement)

static void
set_db_error (sqlite3  *db,
              GError  **error)
{
  g_set_error (error, G_IO_ERROR,
               sqlite3_errcode (db) == SQLITE_FULL ? G_IO_ERROR_NO_SPACE : G_IO_ERROR_FAILED,
               "the activity log: %s", sqlite3_errmsg (db));
}

static Statement *
prepare (ImpActivityLog  *self,
         const char      *sql,
         GError         **error)
{
  sqlite3_stmt *statement;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) == SQLITE_OK)
    return statement;

  set_db_error (self->db, error);
  return NULL;
}

static void
bind_member (Statement    *statement,
             int           index,
             const Column *column,
             JsonObject   *record)
{
  JsonNode *node = json_object_get_member (record, column->name);

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    sqlite3_bind_null (statement, index);
  else if (column->type == G_TYPE_STRING)
    sqlite3_bind_text (statement, index, json_node_get_string (node), -1, SQLITE_TRANSIENT);
  else if (column->type == G_TYPE_INT64)
    sqlite3_bind_int64 (statement, index, json_node_get_int (node));
  else
    sqlite3_bind_double (statement, index, json_node_get_double (node));
}

static void
read_member (Statement    *statement,
             int           index,
             const Column *column,
             JsonObject   *record)
{
  if (sqlite3_column_type (statement, index) == SQLITE_NULL)
    json_object_set_null_member (record, column->name);
  else if (column->type == G_TYPE_STRING)
    json_object_set_string_member (record, column->name,
                                   (const char *) sqlite3_column_text (statement, index));
  else if (column->type == G_TYPE_INT64)
    json_object_set_int_member (record, column->name, sqlite3_column_int64 (statement, index));
  else
    json_object_set_double_member (record, column->name, sqlite3_column_double (statement, index));
}

static char *
list_columns (const Table *table)
{
  GString *names = g_string_new (NULL);

  for (gsize i = 0; i < table->n_columns; i++)
    g_string_append_printf (names, "%s\"%s\"", i > 0 ? ", " : "", table->columns[i].name);

  return g_string_free (names, FALSE);
}

static char *
list_placeholders (const Table *table)
{
  GString *marks = g_string_new (NULL);

  for (gsize i = 0; i < table->n_columns; i++)
    g_string_append (marks, i > 0 ? ", ?" : "?");

  return g_string_free (marks, FALSE);
}

/* A device that reports without end fills only its own history. */
static void
purge (ImpActivityLog *self)
{
  if (++self->added < PURGE_INTERVAL)
    return;

  self->added = 0;
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf (
        "DELETE FROM %s WHERE id <= (SELECT max (id) FROM %s) - %u", tables[i].name,
        tables[i].name, self->keep);

      if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
        g_warning ("The activity log cannot be trimmed: %s", sqlite3_errmsg (self->db));
    }
  if (!imp_activity_counts_purge (self->db, self->keep))
    g_warning ("The activity log cannot be trimmed: %s", sqlite3_errmsg (self->db));
}

static gboolean
add_record (ImpActivityLog  *self,
            const Job       *job,
            gint64          *id,
            GError         **error)
{
  g_autofree char *names = list_columns (job->table);
  g_autofree char *marks = list_placeholders (job->table);
  g_autofree char *sql = g_strdup_printf ("INSERT INTO %s (%s) VALUES (%s)", job->table->name,
                                          names, marks);
  g_autoptr(Statement) statement = prepare (self, sql, error);

  if (statement == NULL)
    return FALSE;

  for (gsize i = 0; i < job->table->n_columns; i++)
    bind_member (statement, i + 1, &job->table->columns[i], job->record);

  if (sqlite3_step (statement) != SQLITE_DONE)
    {
      set_db_error (self->db, error);
      return FALSE;
    }

  *id = sqlite3_last_insert_rowid (self->db);
  purge (self);
  return TRUE;
}

static Statement *
prepare_list (ImpActivityLog  *self,
              const Job       *job,
              GError         **error)
{
  g_autofree char *names = list_columns (job->table);
  g_autofree char *sql = g_strdup_printf (
    "SELECT id, %s FROM %s WHERE id < ?1 %s ORDER BY id DESC LIMIT ?2", names, job->table->name,
    job->device != NULL ? "AND \"device\" = ?3" : "");
  Statement *statement = prepare (self, sql, error);

  if (statement == NULL)
    return NULL;

  sqlite3_bind_int64 (statement, 1, job->before);
  sqlite3_bind_int (statement, 2, job->limit + 1);
  if (job->device != NULL)
    sqlite3_bind_text (statement, 3, job->device, -1, SQLITE_TRANSIENT);

  return statement;
}

static JsonObject *
read_record (Statement   *statement,
             const Table *table)
{
  JsonObject *record = json_object_new ();

  json_object_set_int_member (record, "id", sqlite3_column_int64 (statement, 0));
  for (gsize i = 0; i < table->n_columns; i++)
    read_member (statement, i + 1, &table->columns[i], record);

  return record;
}

/* One more than asked for is looked for, to know whether there is a next page. */
static JsonNode *
list_records (ImpActivityLog  *self,
              const Job       *job,
              GError         **error)
{
  g_autoptr(Statement) statement = prepare_list (self, job, error);
  g_autoptr(JsonArray) records = json_array_new ();
  g_autoptr(JsonObject) page = json_object_new ();
  gint64 last = 0;
  int code = SQLITE_DONE;

  if (statement == NULL)
    return NULL;

  json_object_set_null_member (page, "next");
  while ((code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      if (json_array_get_length (records) == job->limit)
        {
          json_object_set_int_member (page, "next", last);
          code = SQLITE_DONE;
          break;
        }

      last = sqlite3_column_int64 (statement, 0);
      json_array_add_object_element (records, read_record (statement, job->table));
    }

  if (code != SQLITE_DONE)
    {
      set_db_error (self->db, error);
      return NULL;
    }

  json_object_set_array_member (page, job->table->name, g_steal_pointer (&records));
  return json_node_init_object (json_node_alloc (), page);
}

static JsonNode *
count_records (ImpActivityLog  *self,
               const Job       *job,
               GError         **error)
{
  g_autoptr(JsonObject) counts = imp_activity_counts_read (self->db, job->since);

  if (counts != NULL)
    return json_node_init_object (json_node_alloc (), counts);

  set_db_error (self->db, error);
  return NULL;
}

static void
return_id (GTask          *task,
           ImpActivityLog *self,
           const Job      *job)
{
  GError *error = NULL;
  gint64 id;

  if (add_record (self, job, &id, &error))
    g_task_return_int (task, id);
  else
    g_task_return_error (task, error);
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
      sqlite3_exec (self->db, schema, NULL, NULL, NULL) == SQLITE_OK &&
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
  job->table = &tables[activity];
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
  job->table = &tables[activity];
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
