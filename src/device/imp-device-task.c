/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-private.h"

#include "imp-device-update.h"

/* An update as the thread that started it sees it: it runs in a thread of its own, and all that it tells
 * comes back through the main context of the task, in order and with the task's priority.
 */

typedef enum
{
  NEWS_STATE,
  NEWS_PROGRESS,
  NEWS_CHECK,
  NEWS_TRACE,
  NEWS_END,
} NewsKind;

/* One thing told by the thread of an update, on its way to the thread that started it. */
typedef struct
{
  NewsKind         kind;
  GTask           *task;      /* (owned) */
  const char      *state;
  double           progress;
  ImpCheck         check;
  gboolean         passed;
  char            *text;      /* (owned) (nullable): of a check or a trace */
  ImpDeviceResult *result;    /* (owned) (nullable) */
  GError          *error;     /* (owned) (nullable) */
} News;

/* What the thread of an update has. */
typedef struct
{
  char   *retrieval;     /* (owned) */
  double  told;          /* progress */
} Job;

static void
job_free (Job *job)
{
  g_free (job->retrieval);
  g_free (job);
}

static void
news_free (News *news)
{
  g_object_unref (news->task);
  g_free (news->text);
  g_clear_pointer (&news->result, imp_device_result_free);
  g_clear_error (&news->error);
  g_free (news);
}

/* All of it before the caller is called back, who may start another at once. */
static void
deliver_end (ImpDevice *self,
             News      *news)
{
  self->updating = FALSE;
  if (news->result != NULL)
    imp_device_set_known (self, g_steal_pointer (&news->result->state));
  imp_device_set_state (self, "idle");

  if (news->result != NULL)
    g_task_return_pointer (news->task, g_steal_pointer (&news->result), (GDestroyNotify) imp_device_result_free);
  else
    g_task_return_error (news->task, g_steal_pointer (&news->error));
}

static gboolean
deliver_cb (gpointer user_data)
{
  News *news = user_data;
  ImpDevice *self = g_task_get_source_object (news->task);

  switch (news->kind)
    {
    case NEWS_STATE:
      imp_device_set_state (self, news->state);
      break;

    case NEWS_PROGRESS:
      imp_device_set_progress (self, news->progress);
      break;

    case NEWS_CHECK:
      imp_device_tell_check (self, news->check, news->passed, news->text);
      break;

    case NEWS_TRACE:
      imp_device_tell_trace (self, news->text);
      break;

    case NEWS_END:
      deliver_end (self, news);
      break;

    default:
      g_assert_not_reached ();
    }

  return G_SOURCE_REMOVE;
}

static News *
news_new (NewsKind  kind,
          GTask    *task)
{
  News *news = g_new0 (News, 1);

  news->kind = kind;
  news->task = g_object_ref (task);

  return news;
}

/* g_main_context_invoke() would run it in this thread whenever the other one is not in its main loop. */
static void
send_news (News *news)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (news->task));
  g_source_set_callback (source, deliver_cb, news, (GDestroyNotify) news_free);
  g_source_attach (source, g_task_get_context (news->task));
}

static void
tell_state (const char *state,
            gpointer    user_data)
{
  News *news = news_new (NEWS_STATE, user_data);

  news->state = state;
  send_news (news);
}

/* In steps that can be seen: a big payload has thousands of others. */
static void
tell_progress (double   progress,
               gpointer user_data)
{
  Job *job = g_task_get_task_data (user_data);
  News *news;

  if (progress < job->told + 0.01 && progress < 1.0)
    return;

  job->told = progress;
  news = news_new (NEWS_PROGRESS, user_data);
  news->progress = progress;
  send_news (news);
}

static void
tell_check (ImpCheck    check,
            gboolean    passed,
            const char *reason,
            gpointer    user_data)
{
  News *news = news_new (NEWS_CHECK, user_data);

  news->check = check;
  news->passed = passed;
  news->text = g_strdup (reason);
  send_news (news);
}

static void
tell_trace (const char *line,
            gpointer    user_data)
{
  News *news = news_new (NEWS_TRACE, user_data);

  news->text = g_strdup (line);
  send_news (news);
}

static const ImpDeviceUpdateFuncs update_funcs = {
  .state = tell_state,
  .progress = tell_progress,
  .check = tell_check,
  .trace = tell_trace,
};

static gpointer
update_thread (gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpDevice *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  News *news = news_new (NEWS_END, task);

  news->result = imp_device_update_run (self->folder, job->retrieval, &self->pace, &update_funcs, task,
                                        g_task_get_cancellable (task), &news->error);

  /* The last reference must not be ours: the device belongs to the other thread. */
  g_clear_object (&task);
  send_news (news);

  return NULL;
}

/**
 * imp_device_update_async:
 * @self: a device that is idle
 * @retrieval: URL of a retrieval agent
 * @cancellable: (nullable): cancels it, unless the new version runs already
 * @callback: called once
 * @user_data: data for @callback
 *
 * Does one round: asks, checks, writes the idle slot while verifying, swaps, reports. The running slot
 * is never touched.
 */
void
imp_device_update_async (ImpDevice           *self,
                         const char          *retrieval,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  GThread *thread;
  Job *job;

  g_return_if_fail (IMP_IS_DEVICE (self));
  g_return_if_fail (retrieval != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_device_update_async);
  g_task_set_check_cancellable (task, FALSE);

  if (self->updating)
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PENDING, "the device is being updated already");
      return;
    }

  job = g_new0 (Job, 1);
  job->retrieval = g_strdup (retrieval);
  g_task_set_task_data (task, job, (GDestroyNotify) job_free);

  thread = g_thread_try_new ("device", update_thread, g_object_ref (task), &error);
  if (thread == NULL)
    {
      g_object_unref (task);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_thread_unref (thread);
  self->updating = TRUE;
  imp_device_set_progress (self, 0.0);
}

/**
 * imp_device_update_finish:
 * @self: a device
 * @result: what the callback was given
 * @outcome: (out): how it ended
 * @check: (out) (optional): the failed check, when it was refused
 * @reason: (out) (optional) (nullable): why, when it was refused
 * @error: return location for an error
 *
 * Ends an update. That it was refused is no error but an outcome; an error is when the agent could not be
 * asked, or the device's own disk failed.
 *
 * Returns: whether there is an outcome
 */
gboolean
imp_device_update_finish (ImpDevice         *self,
                          GAsyncResult      *result,
                          ImpDeviceOutcome  *outcome,
                          ImpCheck          *check,
                          char             **reason,
                          GError           **error)
{
  g_autoptr(ImpDeviceResult) end = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (outcome != NULL, FALSE);

  end = g_task_propagate_pointer (G_TASK (result), error);
  if (end == NULL)
    return FALSE;

  *outcome = end->outcome;
  if (check != NULL)
    *check = end->check;
  if (reason != NULL)
    *reason = g_steal_pointer (&end->reason);

  return TRUE;
}
