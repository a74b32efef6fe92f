/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-timings-view.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-chart.h"
#include "imp-save-dialog.h"
#include "imp-state-stack.h"
#include "imp-timings-charts.h"

/* With fewer sizes a line shows nothing that its points do not. */
#define ENOUGH_SIZES 3
/* However many runs end, they are collected again this often, in milliseconds, and no more. */
#define PAUSE 1000

/**
 * ImpTimingsView:
 *
 * How long registrations and retrievals took, in all and by steps, with the size of the payload:
 * this user's own runs.
 */
struct _ImpTimingsView
{
  AdwBin parent_instance;

  ImpSession     *session;      /* (owned) (nullable) */
  ImpAgentClient *client;       /* (owned) (nullable): whose events are followed */
  GCancellable   *cancellable;  /* (owned) (nullable) */
  GPtrArray      *runs;         /* (owned) (nullable) (element-type ImpTimingRun) */
  guint           reload_id;

  ImpStateStack *state_stack;
  GtkLabel      *summary_label;
  GtkLabel      *hint_label;
  ImpChart      *registration_chart;
  ImpChart      *registration_steps_chart;
  ImpChart      *retrieval_chart;
  ImpChart      *retrieval_steps_chart;
};

G_DEFINE_FINAL_TYPE (ImpTimingsView, imp_timings_view, ADW_TYPE_BIN)

static guint
count_runs (ImpTimingsView *self,
            ImpTimingKind   kind)
{
  guint n = 0;

  for (guint i = 0; i < self->runs->len; i++)
    n += ((ImpTimingRun *) g_ptr_array_index (self->runs, i))->kind == kind;

  return n;
}

static void
show_summary (ImpTimingsView *self)
{
  guint n_registrations = count_runs (self, IMP_TIMING_REGISTRATION);
  guint n_retrievals = count_runs (self, IMP_TIMING_RETRIEVAL);
  guint n_fetches = count_runs (self, IMP_TIMING_FETCH);
  g_autofree char *registrations =
    g_strdup_printf (ngettext ("%u registration", "%u registrations", n_registrations),
                     n_registrations);
  g_autofree char *retrievals =
    g_strdup_printf (ngettext ("%u retrieval", "%u retrievals", n_retrievals), n_retrievals);
  g_autofree char *fetches =
    g_strdup_printf (ngettext ("%u fetch", "%u fetches", n_fetches), n_fetches);
  /* Translators: how many runs were timed: registrations, retrievals, fetches. */
  g_autofree char *text = g_strdup_printf (_("%s, %s, %s"), registrations, retrievals, fetches);

  gtk_label_set_text (self->summary_label, text);
}

/* What to do where there is too little to see how time grows with size. */
static void
show_hint (ImpTimingsView *self)
{
  const char *hint = NULL;

  if (imp_timings_count_sizes (self->runs, IMP_TIMING_REGISTRATION) < ENOUGH_SIZES)
    hint = _("Publish firmware of at least three sizes to see how the time of a registration grows.");
  else if (imp_timings_count_sizes (self->runs, IMP_TIMING_RETRIEVAL) < ENOUGH_SIZES)
    hint = _("Let an emulated device install firmware of at least three sizes to see how the time of "
             "a retrieval grows.");

  gtk_label_set_text (self->hint_label, hint != NULL ? hint : "");
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), hint != NULL);
}

static void
show_charts (ImpTimingsView *self)
{
  g_autoptr(ImpChartData) registration = imp_chart_registration_totals (self->runs);
  g_autoptr(ImpChartData) registration_steps = imp_chart_timing_steps (self->runs,
                                                                       IMP_TIMING_REGISTRATION);
  g_autoptr(ImpChartData) retrieval = imp_chart_retrieval_totals (self->runs);
  g_autoptr(ImpChartData) retrieval_steps = imp_chart_timing_steps (self->runs,
                                                                    IMP_TIMING_RETRIEVAL);

  imp_chart_set_data (self->registration_chart, registration);
  imp_chart_set_data (self->registration_steps_chart, registration_steps);
  imp_chart_set_data (self->retrieval_chart, retrieval);
  imp_chart_set_data (self->retrieval_steps_chart, retrieval_steps);
}

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpTimingsView) self = user_data;
  g_autoptr(GPtrArray) runs = NULL;
  g_autoptr(GError) error = NULL;

  runs = imp_timings_collect_finish (result, &error);
  if (runs == NULL)
    {
      imp_state_stack_set_failed (self->state_stack, _("The timings could not be collected"), error);
      return;
    }

  g_clear_pointer (&self->runs, g_ptr_array_unref);
  self->runs = g_steal_pointer (&runs);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "timings.export", self->runs->len > 0);
  show_summary (self);
  show_hint (self);
  show_charts (self);
  imp_state_stack_set_loaded (self->state_stack, self->runs->len == 0);
}

static gboolean
reload_cb (gpointer user_data)
{
  ImpTimingsView *self = user_data;

  self->reload_id = 0;
  imp_timings_view_load (self);
  return G_SOURCE_REMOVE;
}

static void
reload_later (ImpTimingsView *self)
{
  if (self->reload_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->reload_id = g_timeout_add (PAUSE, reload_cb, self);
}

/* A device that reports has written its run down. */
static void
event_cb (ImpTimingsView *self,
          const char     *name,
          JsonObject     *data)
{
  if (g_str_equal (name, "fetch") || g_str_equal (name, "report"))
    reload_later (self);
}

static void
retry_cb (ImpTimingsView *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.refresh", NULL);
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpTimingsView *self = IMP_TIMINGS_VIEW (widget);
  g_autoptr(GBytes) bytes = NULL;
  char *csv;

  if (self->runs == NULL)
    return;

  csv = imp_timings_to_csv (self->runs);
  bytes = g_bytes_new_take (csv, strlen (csv));
  imp_save_dialog_show (widget, _("Export Timings"), "imprimatur-timings.csv", bytes, _("Timings saved"));
}

static void
imp_timings_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (imp_timings_view_parent_class)->map (widget);

  imp_timings_view_load (IMP_TIMINGS_VIEW (widget));
}

static void
imp_timings_view_dispose (GObject *object)
{
  ImpTimingsView *self = IMP_TIMINGS_VIEW (object);

  imp_timings_view_close (self);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_TIMINGS_VIEW);
  g_clear_pointer (&self->runs, g_ptr_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->client);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_timings_view_parent_class)->dispose (object);
}

static void
imp_timings_view_class_init (ImpTimingsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_timings_view_dispose;
  widget_class->map = imp_timings_view_map;

  gtk_widget_class_install_action (widget_class, "timings.export", NULL, export_action);

  g_type_ensure (IMP_TYPE_CHART);
  g_type_ensure (IMP_TYPE_STATE_STACK);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-timings-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpTimingsView, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpTimingsView, summary_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTimingsView, hint_label);
  gtk_widget_class_bind_template_child (widget_class, ImpTimingsView, registration_chart);
  gtk_widget_class_bind_template_child (widget_class, ImpTimingsView, registration_steps_chart);
  gtk_widget_class_bind_template_child (widget_class, ImpTimingsView, retrieval_chart);
  gtk_widget_class_bind_template_child (widget_class, ImpTimingsView, retrieval_steps_chart);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_timings_view_init (ImpTimingsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_timings_view_set_session:
 * @self: a timings view
 * @session: whose runs are shown
 *
 * Follows the submissions of a session.
 */
void
imp_timings_view_set_session (ImpTimingsView *self,
                              ImpSession     *session)
{
  g_return_if_fail (IMP_IS_TIMINGS_VIEW (self));
  g_return_if_fail (IMP_IS_SESSION (session));

  if (g_set_object (&self->session, session))
    g_signal_connect_object (imp_session_get_submissions (session), "notify::in-flight",
                             G_CALLBACK (reload_later), self, G_CONNECT_SWAPPED);
}

static void
follow (ImpTimingsView *self,
        ImpAgentClient *client)
{
  if (self->client == client)
    return;

  if (self->client != NULL)
    g_signal_handlers_disconnect_by_func (self->client, event_cb, self);
  g_set_object (&self->client, client);
  if (client != NULL)
    g_signal_connect_object (client, "event", G_CALLBACK (event_cb), self, G_CONNECT_SWAPPED);
}

/**
 * imp_timings_view_load:
 * @self: a timings view
 *
 * Collects the runs, where the view is seen; otherwise when it is.
 */
void
imp_timings_view_load (ImpTimingsView *self)
{
  g_autofree char *devices = NULL;

  g_return_if_fail (IMP_IS_TIMINGS_VIEW (self));

  if (self->session == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;

  follow (self, imp_session_get_client (self->session));
  imp_state_stack_set_loading (self->state_stack);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  devices = g_build_filename (imp_session_get_data_dir (self->session), "devices", NULL);
  imp_timings_collect_async (imp_session_get_submissions (self->session), devices,
                             self->client, self->cancellable, collected_cb, g_object_ref (self));
}

/**
 * imp_timings_view_close:
 * @self: a timings view
 *
 * Waits for no answer any more.
 */
void
imp_timings_view_close (ImpTimingsView *self)
{
  g_return_if_fail (IMP_IS_TIMINGS_VIEW (self));

  g_clear_handle_id (&self->reload_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
}
