/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-waiters.h"

/* Who waits for something that is done once for all of them. */
struct _ImpWaiters
{
  GPtrArray           *waiting;   /* (owned) (element-type Waiter) */
  ImpWaitersDeserted   deserted;
  gpointer             user_data;
};

typedef struct
{
  ImpWaiters *waiters;
  GTask      *task;    /* (owned) */
  GSource    *source;  /* (owned) (nullable) of its cancellable */
} Waiter;

static void
waiter_free (gpointer data)
{
  Waiter *waiter = data;

  if (waiter->source != NULL)
    g_source_destroy (waiter->source);
  g_clear_pointer (&waiter->source, g_source_unref);
  g_object_unref (waiter->task);
  g_free (waiter);
}

/**
 * imp_waiters_new:
 * @deserted: called when the last one that waited was cancelled
 * @user_data: data for @deserted
 *
 * Returns: (transfer full): room for tasks
 */
ImpWaiters *
imp_waiters_new (ImpWaitersDeserted deserted,
                 gpointer           user_data)
{
  ImpWaiters *self = g_new0 (ImpWaiters, 1);

  self->waiting = g_ptr_array_new_with_free_func (waiter_free);
  self->deserted = deserted;
  self->user_data = user_data;

  return self;
}

/**
 * imp_waiters_free:
 * @self: (transfer full): the waiters, not `NULL`
 *
 * Frees the list. Whoever were still waiting would never be answered, so all have been by now.
 */
void
imp_waiters_free (ImpWaiters *self)
{
  g_ptr_array_unref (self->waiting);
  g_free (self);
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Waiter *waiter = user_data;
  ImpWaiters *self = waiter->waiters;

  /* Whoever has us may have no other reference. */
  g_autoptr(GTask) task G_GNUC_UNUSED = g_object_ref (waiter->task);

  g_task_return_error_if_cancelled (waiter->task);
  g_ptr_array_remove (self->waiting, waiter);
  if (self->waiting->len == 0)
    self->deserted (self->user_data);

  return G_SOURCE_REMOVE;
}

/**
 * imp_waiters_add:
 * @self: tasks
 * @task: another one
 *
 * Adds a task, which is answered with the others, or by its cancellable.
 */
void
imp_waiters_add (ImpWaiters *self,
                 GTask      *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Waiter *waiter = g_new0 (Waiter, 1);

  waiter->waiters = self;
  waiter->task = g_object_ref (task);
  if (cancellable != NULL)
    {
      waiter->source = g_cancellable_source_new (cancellable);
      g_source_set_callback (waiter->source, G_SOURCE_FUNC (cancelled_cb), waiter, NULL);
      g_source_attach (waiter->source, g_main_context_get_thread_default ());
    }
  g_ptr_array_add (self->waiting, waiter);
}

/**
 * imp_waiters_are_any:
 * @self: tasks
 *
 * Returns: whether anyone waits
 */
gboolean
imp_waiters_are_any (ImpWaiters *self)
{
  return self->waiting->len > 0;
}

/**
 * imp_waiters_answer:
 * @self: tasks
 * @error: (nullable): why not
 *
 * Answers all that wait; those that begin to wait meanwhile go on waiting.
 */
void
imp_waiters_answer (ImpWaiters   *self,
                    const GError *error)
{
  g_autoptr(GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (waiter_free);
  for (guint i = 0; i < waiting->len; i++)
    {
      Waiter *waiter = g_ptr_array_index (waiting, i);

      if (error != NULL)
        g_task_return_error (waiter->task, g_error_copy (error));
      else
        g_task_return_boolean (waiter->task, TRUE);
    }
}
