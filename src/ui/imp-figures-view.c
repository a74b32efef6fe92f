/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-figures-view.h"

#include <glib/gi18n.h>

#include "imp-chart.h"
#include "imp-overview-charts.h"
#include "imp-state-stack.h"
#include "imp-time.h"

#define DAY G_GINT64_CONSTANT (86400000)
/* However many events there are, the agents are asked this often, in milliseconds, and no more. */
#define PAUSE 1000

/**
 * ImpFiguresView:
 *
 * Updates published per day, fetches per hour, and devices current against outdated by class.
 */
struct _ImpFiguresView
{
  AdwBin parent_instance;

  ImpAgentClient *client;       /* (owned) (nullable) */
  GCancellable   *cancellable;  /* (owned) (nullable) of what is asked at the moment */
  guint           reload_id;

  ImpStateStack *state_stack;
  ImpChart      *updates_chart;
  ImpChart      *fetches_chart;
  ImpChart      *devices_chart;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ImpFiguresView, imp_figures_view, ADW_TYPE_BIN)

static void
show_statistics (ImpFiguresView     *self,
                 ImpAgentStatistics *statistics)
{
  gint64 now = imp_time_now ();
  g_autoptr(ImpChartData) updates = imp_chart_updates_per_day (statistics, now);
  g_autoptr(ImpChartData) fetches = imp_chart_fetches_per_hour (statistics, now);
  g_autoptr(ImpChartData) devices = imp_chart_devices_by_class (statistics);

  imp_chart_set_data (self->updates_chart, updates);
  imp_chart_set_data (self->fetches_chart, fetches);
  imp_chart_set_data (self->devices_chart, devices);
  imp_state_stack_set_loaded (self->state_stack,
                              statistics->updates->len == 0 && statistics->fetches->len == 0 &&
                                statistics->devices->len == 0);
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpFiguresView) self = user_data;
  g_autoptr(ImpAgentStatistics) statistics = NULL;
  g_autoptr(GError) error = NULL;

  statistics = imp_agent_client_get_statistics_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (statistics != NULL)
    show_statistics (self, statistics);
  else
    imp_state_stack_set_failed (self->state_stack, _("The figures could not be read"), error);
}

static void
ask (ImpFiguresView *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  imp_agent_client_get_statistics_async (self->client, imp_time_now () - IMP_OVERVIEW_DAYS * DAY,
                                         self->cancellable, counted_cb, g_object_ref (self));
}

static gboolean
reload_cb (gpointer user_data)
{
  ImpFiguresView *self = user_data;

  self->reload_id = 0;
  ask (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

/* Whoever is not seen asks for nothing; the page asks again when it is shown. */
static void
event_cb (ImpFiguresView *self,
          const char     *name,
          JsonObject     *data)
{
  if (self->reload_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      !g_str_equal (name, "registration"))
    self->reload_id = g_timeout_add (PAUSE, reload_cb, self);
}

static void
retry_cb (ImpFiguresView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

static void
imp_figures_view_map (GtkWidget *widget)
{
  ImpFiguresView *self = IMP_FIGURES_VIEW (widget);

  GTK_WIDGET_CLASS (imp_figures_view_parent_class)->map (widget);

  if (self->client != NULL && self->reload_id == 0)
    self->reload_id = g_idle_add (reload_cb, self);
}

static void
imp_figures_view_dispose (GObject *object)
{
  ImpFiguresView *self = IMP_FIGURES_VIEW (object);

  imp_figures_view_close (self);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_FIGURES_VIEW);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);

  G_OBJECT_CLASS (imp_figures_view_parent_class)->dispose (object);
}

static void
imp_figures_view_class_init (ImpFiguresViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_figures_view_dispose;
  widget_class->map = imp_figures_view_map;

  /**
   * ImpFiguresView::changed:
   *
   * Emitted when events said that there is something new, at most once a second.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  g_type_ensure (IMP_TYPE_CHART);
  g_type_ensure (IMP_TYPE_STATE_STACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-figures-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpFiguresView, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpFiguresView, updates_chart);
  gtk_widget_class_bind_template_child (widget_class, ImpFiguresView, fetches_chart);
  gtk_widget_class_bind_template_child (widget_class, ImpFiguresView, devices_chart);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_figures_view_init (ImpFiguresView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_figures_view_load:
 * @self: a figures view
 * @session: whose agents
 *
 * Asks for the figures, and follows them from then on.
 */
void
imp_figures_view_load (ImpFiguresView *self,
                       ImpSession     *session)
{
  ImpAgentClient *client = imp_session_get_client (session);
  const GError *error = imp_session_get_error (session);

  g_return_if_fail (IMP_IS_FIGURES_VIEW (self));

  if (client == NULL && error != NULL)
    imp_state_stack_set_failed (self->state_stack, _("The agents do not answer"), error);
  if (client == NULL)
    return;

  if (self->client != client)
    {
      if (self->client != NULL)
        g_signal_handlers_disconnect_by_func (self->client, event_cb, self);
      g_set_object (&self->client, client);
      g_signal_connect_object (client, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
    }

  imp_state_stack_set_loading (self->state_stack);
  g_clear_handle_id (&self->reload_id, g_source_remove);
  ask (self);
}

/**
 * imp_figures_view_close:
 * @self: a figures view
 *
 * Waits for no answer any more.
 */
void
imp_figures_view_close (ImpFiguresView *self)
{
  g_return_if_fail (IMP_IS_FIGURES_VIEW (self));

  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
}
