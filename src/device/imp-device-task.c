/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-private.h"

#include "imp-device-update.h"
#include "imp-error.h"
#include "imp-thread.h"

/* An update as the thread that started it sees it: it runs in a thread of its own, and all that it tells
 * comes back through the main context of the task, in order and with the task's priority.
 *
 * What is told while the main loop is busy arrives together: a device that polls has a dozen things to
 * tell within a few milliseconds, and a thousand devices would keep the loop waking for nothing else.
 */

typedef enum
{
  NEWS_STATE,
  NEWS_PROGRESS,
  NEWS_CHECK,
  NEWS_EXCHANGE,
  NEWS_END,
} NewsKind;

/* One thing told by the thread of an update, on its way to the thread that started it. */
typedef struct
{
  NewsKind         kind;
  const char      *state;
  double           number;    /* progress, or the milliseconds of an exchange */
  guint64          bytes;
  ImpCheck         check;
  gboolean         passed;
  char            *text;      /* (owned) (nullable): why a check failed, or a request */
  char            *answer;    /* (owned) (nullable) */
  GTask           *task;      /* (owned) (nullable): with the end comes the thread's reference */
  ImpDeviceResult *result;    /* (owned) (nullable) */
  GError          *error;     /* (owned) (nullable) */
} News;

/* What the thread of an update has. */
typedef struct
{
  char     *retrieval;     /* (owned) */
  double    told;          /* progress */

  GMutex    mutex;         /* of what follows */
  GQueue    news;          /* (element-type News) (owned) */
  gboolean  is_coming;     /* the main loop will fetch them */
} Job;

static void
news_free (News *news)
{
  g_free (news->text);
  g_free (news->answer);
  g_clear_object (&news->task);
  g_clear_pointer (&news->result, imp_device_result_free);
  g_clear_error (&news->error);
  g_free (news);
}

static Job *
job_new (const char *retrieval)
{
  Job *job = g_new0 (Job, 1);

  job->retrieval = g_strdup (retrieval);
  g_mutex_init (&job->mutex);
  g_queue_init (&job->news);

  return job;
}

static void
job_free (Job *job)
{
  g_queue_clear_full (&job->news, (GDestroyNotify) news_free);
  g_mutex_clear (&job->mutex);
  g_free (job->retrieval);
  g_free (job);
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

static void
deliver (ImpDevice *self,
         News      *news)
{
  switch (news->kind)
    {
    case NEWS_STATE:
      imp_device_set_state (self, news->state);
      break;

    case NEWS_PROGRESS:
      imp_device_set_progress (self, news->number);
      break;

    case NEWS_CHECK:
      imp_device_tell_check (self, news->check, news->passed, news->text);
      break;

    case NEWS_EXCHANGE:
      imp_device_tell_exchange (self, news->text, news->answer, news->bytes, news->number);
      break;

    case NEWS_END:
      deliver_end (self, news);
      break;

    default:
      g_assert_not_reached ();
    }
}

static gboolean
deliver_cb (gpointer user_data)
{
  GTask *task = user_data;
  Job *job = g_task_get_task_data (task);
  GQueue queue;
  News *news;

  g_mutex_lock (&job->mutex);
  queue = job->news;
  g_queue_init (&job->news);
  job->is_coming = FALSE;
  g_mutex_unlock (&job->mutex);

  while ((news = g_queue_pop_head (&queue)) != NULL)
    {
      deliver (g_task_get_source_object (task), news);
      news_free (news);
    }

  return G_SOURCE_REMOVE;
}

/* g_main_context_invoke() would run it in this thread whenever the other one is not in its main loop. */
static void
call_main_loop (GTask *task)
{
  g_autoptr(GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_callback (source, deliver_cb, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}

/* Once the end is queued, neither the task nor its data may be touched: the other thread frees them. */
static void
send_news (GTask *task,
           News  *news)
{
  Job *job = g_task_get_task_data (task);

  g_mutex_lock (&job->mutex);
  g_queue_push_tail (&job->news, news);
  if (!job->is_coming)
    call_main_loop (task);
  job->is_coming = TRUE;
  g_mutex_unlock (&job->mutex);
}

static News *
news_new (NewsKind kind)
{
  News *news = g_new0 (News, 1);

  news->kind = kind;

  return news;
}

static void
tell_state (const char *state,
            gpointer    user_data)
{
  News *news = news_new (NEWS_STATE);

  news->state = state;
  send_news (user_data, news);
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
  news = news_new (NEWS_PROGRESS);
  news->number = progress;
  send_news (user_data, news);
}

static void
tell_check (ImpCheck    check,
            gboolean    passed,
            const char *reason,
            gpointer    user_data)
{
  News *news = news_new (NEWS_CHECK);

  news->check = check;
  news->passed = passed;
  news->text = g_strdup (reason);
  send_news (user_data, news);
}

static void
tell_exchange (const char *request,
               const char *answer,
               guint64     bytes,
               double      ms,
               gpointer    user_data)
{
  News *news = news_new (NEWS_EXCHANGE);

  news->text = g_strdup (request);
  news->answer = g_strdup (answer);
  news->bytes = bytes;
  news->number = ms;
  send_news (user_data, news);
}

static const ImpDeviceUpdateFuncs update_funcs = {
  .state = tell_state,
  .progress = tell_progress,
  .check = tell_check,
  .exchange = tell_exchange,
};

static gpointer
update_thread (gpointer user_data)
{
  GTask *task = user_data;
  ImpDevice *self = g_task_get_source_object (task);
  Job *job = g_task_get_task_data (task);
  const ImpDeviceConditions conditions = { self->pace, self->clock_ahead };
  News *news = news_new (NEWS_END);

  imp_thread_give_way ();  /* a fleet must not keep the window waiting that shows it */
  news->result = imp_device_update_run (self->folder, job->retrieval, &conditions, &update_funcs, task,
                                        g_task_get_cancellable (task), &news->error);

  /* The last reference must not be ours: the device belongs to the other thread. */
  news->task = task;
  send_news (task, news);

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

  if (self->damage != NULL)
    {
      g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_CORRUPT, "the device does not start: %s", self->damage);
      return;
    }

  g_task_set_task_data (task, job_new (retrieval), (GDestroyNotify) job_free);

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
