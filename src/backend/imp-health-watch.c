/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-health-watch.h"

#include "imp-agent-address.h"
#include "imp-health.h"
#include "imp-http.h"

struct _ImpHealthWatch
{
  ImpHealthUrlFunc  get_url;
  ImpHealthFunc     heard;
  gpointer          user_data;  /* (unowned) */

  SoupSession      *session;    /* (owned) */
  GCancellable     *round;      /* (owned) (nullable): while agents are asked */
  guint             timer_id;
};

/**
 * imp_health_watch_new:
 * @get_url: says where the agent of a role is now, `NULL` when there is none
 * @heard: told how each round went; whether there is another is up to it
 * @user_data: data for both, which outlives the watch
 *
 * Returns: (transfer full): a watch that asks nobody yet
 */
ImpHealthWatch *
imp_health_watch_new (ImpHealthUrlFunc get_url,
                      ImpHealthFunc    heard,
                      gpointer         user_data)
{
  ImpHealthWatch *self = g_new0 (ImpHealthWatch, 1);

  self->get_url = get_url;
  self->heard = heard;
  self->user_data = user_data;
  self->session = imp_http_session_new ();

  return self;
}

/**
 * imp_health_watch_free:
 * @self: (transfer full): a watch
 *
 * Ends it; nothing is heard any more.
 */
void
imp_health_watch_free (ImpHealthWatch *self)
{
  imp_health_watch_stop (self);
  g_object_unref (self->session);
  g_free (self);
}

static void
answered_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  ImpHealthWatch *self = user_data;
  g_autofree char *detail = NULL;
  guint n_asked;
  guint n_failed;

  /* Only stopping ends the round early; the watch may be gone by then. */
  if (!imp_health_ask_finish (SOUP_SESSION (object), result, &n_asked, &n_failed, &detail, NULL))
    return;

  g_clear_object (&self->round);
  self->heard (n_asked, n_failed, detail, self->user_data);
}

/**
 * imp_health_watch_ask:
 * @self: a watch
 *
 * Asks all agents now, instead of later.
 */
void
imp_health_watch_ask (ImpHealthWatch *self)
{
  const char *urls[IMP_N_ROLES];

  imp_health_watch_stop (self);
  for (guint i = 0; i < IMP_N_ROLES; i++)
    urls[i] = self->get_url (imp_roles[i], self->user_data);

  self->round = g_cancellable_new ();
  imp_health_ask_async (self->session, imp_roles, urls, self->round, answered_cb, self);
}

static gboolean
timer_cb (gpointer user_data)
{
  ImpHealthWatch *self = user_data;

  self->timer_id = 0;
  imp_health_watch_ask (self);

  return G_SOURCE_REMOVE;
}

/**
 * imp_health_watch_later:
 * @self: a watch
 * @seconds: how long to wait first
 *
 * Asks all agents after a while.
 */
void
imp_health_watch_later (ImpHealthWatch *self,
                        guint           seconds)
{
  imp_health_watch_stop (self);
  self->timer_id = g_timeout_add_seconds (seconds, timer_cb, self);
}

/**
 * imp_health_watch_stop:
 * @self: a watch
 *
 * Asks nobody, now or later; a round that is under way is heard of no more.
 */
void
imp_health_watch_stop (ImpHealthWatch *self)
{
  g_clear_handle_id (&self->timer_id, g_source_remove);
  g_cancellable_cancel (self->round);
  g_clear_object (&self->round);
}
