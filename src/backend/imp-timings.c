/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-timings.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>

#include "imp-csv.h"
#include "imp-device-runs.h"
#include "imp-fetch.h"
#include "imp-time.h"

#define MAX_FETCHES 1000
#define MAX_RUNS 100000

/* What the paper's figures 10 to 15 are made of, from this user's own runs: how long registrations
 * and retrievals took, in all and by steps, with the size of their payloads.
 */

static const struct
{
  const char *id;
  const char *title;
} own_steps[] = {
  { "ask", N_("Ask for the newest update") },
  { "fetch", N_("Fetch the firmware") },
  { "install", N_("Install the firmware") },
};

static const char *const kind_ids[] = {
  [IMP_TIMING_REGISTRATION] = "registration",
  [IMP_TIMING_RETRIEVAL] = "retrieval",
  [IMP_TIMING_FETCH] = "fetch",
};

/* What is collected on the way: the submissions first, the devices, then the agent's fetches. */
typedef struct
{
  GPtrArray      *runs;     /* (owned) (element-type ImpTimingRun) */
  ImpSubmissions *submissions;  /* (owned) */
  gulong          loaded_id;
  char           *devices;  /* (owned) (nullable) */
  ImpAgentClient *client;   /* (owned) (nullable) */
} Collection;

static void
collection_free (gpointer data)
{
  Collection *self = data;

  g_ptr_array_unref (self->runs);
  g_clear_object (&self->submissions);
  g_clear_object (&self->client);
  g_free (self->devices);
  g_free (self);
}

static void
run_free (gpointer data)
{
  ImpTimingRun *run = data;

  g_free (run->class_id);
  g_free (run->version);
  g_free (run);
}

static ImpTimingRun *
run_new (ImpTimingKind  kind,
         gint64         time,
         const char    *class_id,
         const char    *version,
         guint64        size)
{
  ImpTimingRun *run = g_new0 (ImpTimingRun, 1);

  run->kind = kind;
  run->time = time;
  run->class_id = g_strdup (class_id);
  run->version = g_strdup (version);
  run->size = size;
  for (guint i = 0; i < IMP_N_TIMING_STEPS; i++)
    run->steps[i] = -1;
  return run;
}

/* One that was taken up again after its program ended has no times, and one that failed not all. */
static ImpTimingRun *
read_submission (ImpSubmission *submission)
{
  ImpTimingRun *run;

  if (imp_submission_get_transaction (submission) == NULL ||
      imp_submission_get_step_ms (submission, IMP_STEP_UPLOAD) < 0)
    return NULL;

  run = run_new (IMP_TIMING_REGISTRATION, imp_submission_get_time (submission),
                 imp_submission_get_class_id (submission), imp_submission_get_version (submission),
                 imp_submission_get_size (submission));
  for (guint i = 0; i < IMP_N_STEPS; i++)
    {
      run->steps[i] = imp_submission_get_step_ms (submission, i);
      run->total += MAX (run->steps[i], 0);
    }

  return run;
}

static void
add_submissions (GPtrArray  *runs,
                 GListModel *submissions)
{
  guint n = g_list_model_get_n_items (submissions);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpSubmission) submission = g_list_model_get_item (submissions, i);
      ImpTimingRun *run = read_submission (submission);

      if (run != NULL)
        g_ptr_array_add (runs, run);
    }
}

static ImpTimingRun *
read_device_run (const ImpDeviceRun *device_run)
{
  static const guint steps[IMP_N_DEVICE_STEPS] = {
    [IMP_DEVICE_STEP_ASK] = IMP_TIMING_ASK,
    [IMP_DEVICE_STEP_FETCH] = IMP_TIMING_DOWNLOAD,
    [IMP_DEVICE_STEP_VERIFY] = IMP_STEP_VERIFY,
    [IMP_DEVICE_STEP_INSTALL] = IMP_TIMING_INSTALL,
  };
  ImpTimingRun *run = run_new (IMP_TIMING_RETRIEVAL, device_run->time, device_run->class_id,
                               device_run->version, device_run->size);

  for (guint i = 0; i < IMP_N_DEVICE_STEPS; i++)
    {
      run->steps[steps[i]] = device_run->steps[i];
      run->total += device_run->steps[i];
    }

  return run;
}

static void
add_device (GPtrArray  *runs,
            const char *directory)
{
  g_autoptr(GArray) device_runs = imp_device_runs_read (directory);

  for (guint i = 0; i < device_runs->len; i++)
    g_ptr_array_add (runs, read_device_run (&g_array_index (device_runs, ImpDeviceRun, i)));
}

/* A user who has no devices yet has no folder of them. */
static void
read_devices_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  const char *directory = task_data;
  g_autoptr(GPtrArray) runs = g_ptr_array_new_with_free_func (run_free);
  g_autoptr(GDir) dir = directory != NULL ? g_dir_open (directory, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL && runs->len < MAX_RUNS &&
         !g_cancellable_is_cancelled (cancellable))
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);

      add_device (runs, path);
    }

  g_task_return_pointer (task, g_steal_pointer (&runs), (GDestroyNotify) g_ptr_array_unref);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  const ImpTimingRun *first = *(ImpTimingRun *const *) a;
  const ImpTimingRun *second = *(ImpTimingRun *const *) b;

  return (first->time > second->time) - (first->time < second->time);
}

static void
end_collection (GTask *task)
{
  Collection *self = g_task_get_task_data (task);

  g_ptr_array_sort (self->runs, compare_times);
  g_task_return_pointer (task, g_ptr_array_ref (self->runs), (GDestroyNotify) g_ptr_array_unref);
}

/* A payload of which only a part was sent says nothing of its size. */
static void
add_fetch (GPtrArray *runs,
           ImpFetch  *fetch)
{
  ImpTimingRun *run;

  if (imp_fetch_get_outcome (fetch) != IMP_FETCH_COMPLETE)
    return;

  run = run_new (IMP_TIMING_FETCH, imp_fetch_get_time (fetch), imp_fetch_get_class_id (fetch),
                 imp_fetch_get_version (fetch), imp_fetch_get_bytes (fetch));
  run->total = imp_fetch_get_ms (fetch);
  g_ptr_array_add (runs, run);
}

static void
fetches_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Collection *self = g_task_get_task_data (task);
  g_autoptr(ImpPage) page = NULL;
  GError *error = NULL;

  page = imp_agent_client_list_fetches_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (page == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < page->items->len; i++)
    add_fetch (self->runs, g_ptr_array_index (page->items, i));
  end_collection (task);
}

static void
devices_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  Collection *self = g_task_get_task_data (task);
  g_autoptr(GPtrArray) runs = g_task_propagate_pointer (G_TASK (result), NULL);

  if (runs != NULL)
    g_ptr_array_extend_and_steal (self->runs, g_steal_pointer (&runs));

  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->client == NULL)
    end_collection (task);
  else
    imp_agent_client_list_fetches_async (self->client, 0, MAX_FETCHES, NULL, cancellable,
                                         fetches_cb, g_steal_pointer (&task));
}

/* Takes over the task. */
static void
begin_collection (GTask *task)
{
  Collection *self = g_task_get_task_data (task);
  const GError *error = imp_submissions_get_error (self->submissions);
  g_autoptr(GTask) reading = NULL;

  if (error != NULL)
    {
      g_task_return_error (task, g_error_copy (error));
      g_object_unref (task);
      return;
    }

  add_submissions (self->runs, G_LIST_MODEL (self->submissions));
  reading = g_task_new (NULL, g_task_get_cancellable (task), devices_cb, task);
  g_task_set_source_tag (reading, imp_timings_collect_async);
  g_task_set_task_data (reading, g_strdup (self->devices), g_free);
  g_task_run_in_thread (reading, read_devices_thread);
}

static void
loaded_cb (ImpSubmissions *submissions,
           GParamSpec     *pspec,
           gpointer        user_data)
{
  GTask *task = user_data;
  Collection *self = g_task_get_task_data (task);

  if (!imp_submissions_get_loaded (submissions))
    return;

  g_signal_handler_disconnect (submissions, self->loaded_id);
  begin_collection (task);
}

/**
 * imp_timings_collect_async:
 * @submissions: submissions, whose records are waited for
 * @devices: (nullable): the folder that the emulated devices' own folders are in
 * @client: (nullable): whose retrieval agent is asked for its last fetches; %NULL: nobody is
 * @cancellable: (nullable): a cancellable
 * @callback: called once
 * @user_data: data for @callback
 *
 * Collects all runs that were timed.
 */
void
imp_timings_collect_async (ImpSubmissions      *submissions,
                           const char          *devices,
                           ImpAgentClient      *client,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Collection *self = g_new0 (Collection, 1);

  g_task_set_source_tag (task, imp_timings_collect_async);
  self->runs = g_ptr_array_new_with_free_func (run_free);
  g_set_object (&self->client, client);
  self->submissions = g_object_ref (submissions);
  self->devices = g_strdup (devices);
  g_task_set_task_data (task, self, collection_free);

  if (imp_submissions_get_loaded (submissions))
    begin_collection (task);
  else
    self->loaded_id = g_signal_connect (submissions, "notify::loaded", G_CALLBACK (loaded_cb), task);
}

/**
 * imp_timings_collect_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a collection.
 *
 * Returns: (transfer full) (nullable) (element-type ImpTimingRun): the runs, oldest first
 */
GPtrArray *
imp_timings_collect_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_timing_kind_get_id:
 * @kind: a kind of run
 *
 * Returns: its name for machines, as in `--json`
 */
const char *
imp_timing_kind_get_id (ImpTimingKind kind)
{
  return kind_ids[kind];
}

/**
 * imp_timing_step_get_id:
 * @step: a step of a publication, or behind those one of the timings' own
 *
 * Returns: its name for machines, as in `--json`
 */
const char *
imp_timing_step_get_id (guint step)
{
  g_return_val_if_fail (step < IMP_N_TIMING_STEPS, NULL);

  return step < IMP_N_STEPS ? imp_step_get_id (step) : own_steps[step - IMP_N_STEPS].id;
}

/**
 * imp_timing_step_get_title:
 * @step: a step of a publication or of a retrieval
 *
 * Returns: what it is called, in the user’s language
 */
const char *
imp_timing_step_get_title (guint step)
{
  g_return_val_if_fail (step < IMP_N_TIMING_STEPS, NULL);

  return step < IMP_N_STEPS ? imp_step_get_title (step) : _(own_steps[step - IMP_N_STEPS].title);
}

static void
add_header (ImpCsv *csv)
{
  static const char *const names[] = { "kind", "time", "class", "version", "size (B)", "total (ms)" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    imp_csv_add (csv, names[i]);
  for (guint i = 0; i < IMP_N_TIMING_STEPS; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s (ms)", imp_timing_step_get_id (i));

      imp_csv_add (csv, name);
    }
  imp_csv_end_row (csv);
}

/**
 * imp_timings_to_csv:
 * @runs: (element-type ImpTimingRun): runs
 *
 * Writes runs as a table (RFC 4180) with a row each, under a header that names columns and units.
 *
 * Returns: (transfer full): the text
 */
char *
imp_timings_to_csv (GPtrArray *runs)
{
  g_autoptr(ImpCsv) csv = imp_csv_new ();

  add_header (csv);
  for (guint i = 0; i < runs->len; i++)
    {
      const ImpTimingRun *run = g_ptr_array_index (runs, i);
      g_autofree char *time = imp_time_format (run->time);

      imp_csv_add (csv, kind_ids[run->kind]);
      imp_csv_add (csv, time);
      imp_csv_add (csv, run->class_id);
      imp_csv_add (csv, run->version);
      imp_csv_add_uint (csv, run->size);
      imp_csv_add_double (csv, run->total);
      for (guint j = 0; j < IMP_N_TIMING_STEPS; j++)
        imp_csv_add_double (csv, run->steps[j]);
      imp_csv_end_row (csv);
    }

  return imp_csv_steal (csv);
}

static JsonObject *
print_run (const ImpTimingRun *run)
{
  g_autofree char *time = imp_time_format (run->time);
  JsonObject *object = json_object_new ();
  JsonObject *steps = json_object_new ();

  json_object_set_string_member (object, "kind", kind_ids[run->kind]);
  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "class", run->class_id);
  json_object_set_string_member (object, "version", run->version);
  json_object_set_int_member (object, "size", run->size);
  json_object_set_double_member (object, "ms", run->total);
  for (guint i = 0; i < IMP_N_TIMING_STEPS; i++)
    {
      if (run->steps[i] >= 0)
        json_object_set_double_member (steps, imp_timing_step_get_id (i), run->steps[i]);
    }
  json_object_set_object_member (object, "steps", steps);

  return object;
}

/**
 * imp_timings_to_json:
 * @runs: (element-type ImpTimingRun): runs
 *
 * Writes runs as JSON.
 *
 * Returns: (transfer full): an array with an object a run
 */
JsonNode *
imp_timings_to_json (GPtrArray *runs)
{
  JsonNode *node = json_node_new (JSON_NODE_ARRAY);

  json_node_take_array (node, json_array_new ());
  for (guint i = 0; i < runs->len; i++)
    json_array_add_object_element (json_node_get_array (node),
                                   print_run (g_ptr_array_index (runs, i)));

  return node;
}
