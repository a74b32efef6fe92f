/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-progress.h"

#define INTERVAL (40 * G_TIME_SPAN_MILLISECOND)

/* Reports come as fast as blocks are read; what is shown changes 25 times a second and at the end.
 * One that arrives after imp_progress_end is dropped, since its listener may be gone by then.
 */
struct _ImpProgress
{
  gatomicrefcount        ref_count;
  GMainContext          *context;    /* (owned) */
  GFileProgressCallback  func;       /* (nullable) */
  gpointer               user_data;  /* (unowned) */
  gint64                 last;       /* of the reporting thread only */

  GMutex                 mutex;
  gboolean               pending;
  gboolean               ended;
  guint64                done;
  guint64                total;
};

static void
imp_progress_unref (gpointer data)
{
  ImpProgress *self = data;

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_main_context_unref (self->context);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

static gboolean
deliver_cb (gpointer user_data)
{
  ImpProgress *self = user_data;
  guint64 done;
  guint64 total;
  gboolean ended;

  g_mutex_lock (&self->mutex);
  self->pending = FALSE;
  ended = self->ended;
  done = self->done;
  total = self->total;
  g_mutex_unlock (&self->mutex);

  if (!ended)
    self->func (done, total, self->user_data);

  return G_SOURCE_REMOVE;
}

/**
 * imp_progress_new:
 * @func: (nullable): what to tell
 * @user_data: data for @func
 *
 * Makes a relay to the thread-default main context of now.
 *
 * Returns: (transfer full): a relay; end it with [method@Imp.Progress.end] in that context
 */
ImpProgress *
imp_progress_new (GFileProgressCallback func,
                  gpointer              user_data)
{
  ImpProgress *self = g_new0 (ImpProgress, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->mutex);
  self->context = g_main_context_ref_thread_default ();
  self->func = func;
  self->user_data = user_data;

  return self;
}

/**
 * imp_progress_report:
 * @self: progress
 * @done: how much is done
 * @total: of how much
 *
 * Tells of progress, from any thread: the function is called in the thread that began, a few times a second.
 */
void
imp_progress_report (ImpProgress *self,
                     guint64      done,
                     guint64      total)
{
  gint64 now = g_get_monotonic_time ();
  gboolean attach;

  if (self->func == NULL || (done < total && now - self->last < INTERVAL))
    return;
  self->last = now;

  g_mutex_lock (&self->mutex);
  self->done = done;
  self->total = total;
  attach = !self->pending && !self->ended;
  self->pending |= attach;
  g_mutex_unlock (&self->mutex);

  if (attach)
    {
      g_autoptr(GSource) source = g_idle_source_new ();

      g_atomic_ref_count_inc (&self->ref_count);
      g_source_set_priority (source, G_PRIORITY_DEFAULT);
      g_source_set_callback (source, deliver_cb, self, imp_progress_unref);
      g_source_attach (source, self->context);
    }
}

/**
 * imp_progress_end:
 * @self: (transfer full): progress
 *
 * Drops the reference of who asked, whose function is not called any more, even if the thread goes on
 * reporting.
 */
void
imp_progress_end (ImpProgress *self)
{
  g_mutex_lock (&self->mutex);
  self->ended = TRUE;
  g_mutex_unlock (&self->mutex);

  imp_progress_unref (self);
}
