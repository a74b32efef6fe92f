/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-backoff.h"

#define FIRST_DELAY_MS 500
#define MAX_DELAY_MS 30000

struct _ImpBackoff
{
  ImpBackoffFunc  again;
  gpointer        user_data;  /* (unowned) */
  GSource        *timer;      /* (owned) (nullable): while waiting */
  guint           delay;      /* ms, of the next wait */
  guint           n_waits;    /* since the last reset */
};

/**
 * imp_backoff_new:
 * @again: called after each wait
 * @user_data: data for @again, which outlives the wait
 *
 * Returns: (transfer full): what waits half a second at first, and at most half a minute
 */
ImpBackoff *
imp_backoff_new (ImpBackoffFunc again,
                 gpointer       user_data)
{
  ImpBackoff *self = g_new0 (ImpBackoff, 1);

  self->again = again;
  self->user_data = user_data;
  self->delay = FIRST_DELAY_MS;

  return self;
}

/**
 * imp_backoff_free:
 * @self: (transfer full): a backoff
 *
 * Ends it; nothing is tried again.
 */
void
imp_backoff_free (ImpBackoff *self)
{
  imp_backoff_cancel (self);
  g_free (self);
}

static gboolean
again_cb (gpointer user_data)
{
  ImpBackoff *self = user_data;

  g_clear_pointer (&self->timer, g_source_unref);
  self->again (self->user_data);

  return G_SOURCE_REMOVE;
}

/**
 * imp_backoff_wait:
 * @self: a backoff that does not wait
 *
 * Waits, in this thread’s main context, before it is tried again.
 */
void
imp_backoff_wait (ImpBackoff *self)
{
  g_return_if_fail (self->timer == NULL);

  self->timer = g_timeout_source_new (self->delay);
  g_source_set_callback (self->timer, again_cb, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  self->delay = MIN (self->delay * 2, MAX_DELAY_MS);
  self->n_waits++;
}

/**
 * imp_backoff_is_waiting:
 * @self: a backoff
 *
 * Returns: whether it will be tried again
 */
gboolean
imp_backoff_is_waiting (ImpBackoff *self)
{
  return self->timer != NULL;
}

/**
 * imp_backoff_get_waits:
 * @self: a backoff
 *
 * Returns: how often it has waited since it went well last
 */
guint
imp_backoff_get_waits (ImpBackoff *self)
{
  return self->n_waits;
}

/**
 * imp_backoff_reset:
 * @self: a backoff
 *
 * It went well: the next wait is a short one again.
 */
void
imp_backoff_reset (ImpBackoff *self)
{
  self->delay = FIRST_DELAY_MS;
  self->n_waits = 0;
}

/**
 * imp_backoff_cancel:
 * @self: a backoff
 *
 * Ends a wait.
 */
void
imp_backoff_cancel (ImpBackoff *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
}
