/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-rehearsal-view.h"

#include <glib/gi18n.h>

#include "imp-device-choice.h"
#include "imp-device-rehearsal.h"
#include "imp-format.h"
#include "imp-rehearsal-detail.h"
#include "imp-rehearsal-row.h"
#include "imp-rehearsal-window.h"
#include "imp-rehearsal-words.h"
#include "imp-state-stack.h"
#include "imp-toast.h"

/**
 * ImpRehearsalView:
 *
 * Attacks on a device of the fleet: all there are with how each ended, one of
 * them whole, and a warning as long as the device does without a check.
 */
struct _ImpRehearsalView
{
  AdwBin parent_instance;

  ImpSession          *session;         /* (owned) (nullable) */
  ImpRehearsalResults *results;         /* (owned) (nullable) */
  ImpRehearsal        *rehearsal;       /* (owned) (nullable) */
  ImpDevice           *device;          /* (owned) (nullable) */
  GSignalGroup        *device_signals;  /* (owned) */
  GListModel          *items;           /* (owned) of ImpRehearsalItem */
  GtkSingleSelection  *selection;       /* (owned) */
  GCancellable        *cancellable;     /* (owned) (nullable): while attacks are tried */
  gboolean             loaded;
  GError              *error;           /* (owned) (nullable): of what was rehearsed before */

  ImpStateStack      *state_stack;
  GtkWidget          *warning;
  GtkLabel           *warning_label;
  AdwLeaflet         *leaflet;
  GtkDropDown        *devices;
  GtkWidget          *run_button;
  GtkWidget          *cancel_button;
  GtkProgressBar     *progress_bar;
  GtkLabel           *summary;
  GtkListView        *list;
  GtkWidget          *back_button;
  GtkScrolledWindow  *detail_scroller;
  ImpRehearsalDetail *detail;
};

G_DEFINE_FINAL_TYPE (ImpRehearsalView, imp_rehearsal_view, ADW_TYPE_BIN)

static GListModel *
get_fleet (ImpRehearsalView *self)
{
  return G_LIST_MODEL (imp_session_get_fleet (self->session));
}

static void
say_error (ImpRehearsalView *self,
           const GError     *error)
{
  g_autofree char *sentence = NULL;

  /* A window that is closing has nobody to tell. */
  if (self->session == NULL)
    return;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  sentence = imp_format_error (error);
  imp_toast_say (GTK_WIDGET (self), sentence);
}

static void
update_state (ImpRehearsalView *self)
{
  if (self->session == NULL)
    return;

  if (!self->loaded || !imp_session_get_fleet_loaded (self->session))
    imp_state_stack_set_loading (self->state_stack);
  else if (self->error != NULL)
    imp_state_stack_set_failed (self->state_stack, _("What was rehearsed before could not be read"), self->error);
  else
    imp_state_stack_set_loaded (self->state_stack, g_list_model_get_n_items (get_fleet (self)) == 0);
}

static void
update_summary (ImpRehearsalView *self)
{
  gboolean got_in;
  g_autofree char *text = imp_rehearsal_summarize (self->items, &got_in);

  gtk_widget_remove_css_class (GTK_WIDGET (self->summary), "error");
  if (got_in)
    gtk_widget_add_css_class (GTK_WIDGET (self->summary), "error");
  gtk_label_set_text (self->summary, text);
}

static void
update_items (ImpRehearsalView *self)
{
  guint n = g_list_model_get_n_items (self->items);

  if (self->device == NULL)
    return;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpRehearsalItem) item = g_list_model_get_item (self->items, i);
      const ImpAttack *attack = imp_rehearsal_item_get_attack (item);

      imp_rehearsal_item_set (item,
                              imp_rehearsal_results_find (self->results, imp_device_get_id (self->device), attack),
                              imp_rehearsal_get_current (self->rehearsal) == attack);
    }
  update_summary (self);
}

static void
update_device (ImpRehearsalView *self)
{
  g_autofree char *weakness = self->device != NULL ? imp_rehearsal_say_weakness (self->device) : NULL;

  gtk_widget_set_visible (self->warning, weakness != NULL);
  gtk_label_set_text (self->warning_label, weakness != NULL ? weakness : "");
}

static void
update_running (ImpRehearsalView *self)
{
  guint total = imp_rehearsal_get_total (self->rehearsal);
  gboolean running = total > 0;

  gtk_widget_set_visible (self->cancel_button, running);
  gtk_widget_set_visible (self->run_button, !running);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_bar), total > 1);
  gtk_widget_set_sensitive (GTK_WIDGET (self->devices), !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rehearsal.try", !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rehearsal.try-all", !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rehearsal.restore", !running);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rehearsal.toggle-check", !running);
  if (running)
    gtk_progress_bar_set_fraction (self->progress_bar, (double) imp_rehearsal_get_done (self->rehearsal) / total);
  update_items (self);
}

static void
show_item (ImpRehearsalView *self)
{
  ImpRehearsalItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (item == NULL || self->device == NULL)
    return;

  imp_rehearsal_detail_set (self->detail, self->device, item);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->detail_scroller), 0);
}

static void
device_selected_cb (ImpRehearsalView *self)
{
  ImpDevice *device = gtk_drop_down_get_selected_item (self->devices);

  if (device == NULL || !g_set_object (&self->device, device))
    return;

  g_signal_group_set_target (self->device_signals, device);
  update_device (self);
  update_items (self);
  show_item (self);
}

static void
activate_cb (ImpRehearsalView *self,
             guint             position)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
}

static void
folded_cb (ImpRehearsalView *self)
{
  gtk_widget_set_visible (self->back_button, adw_leaflet_get_folded (self->leaflet));
}

static void
tried_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(ImpRehearsalView) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = imp_rehearsal_run_finish (IMP_REHEARSAL (object), result, &error);

  g_clear_object (&self->cancellable);
  if (results == NULL)
    say_error (self, error);
  if (self->session != NULL)
    update_device (self);
}

static void
try_attacks (ImpRehearsalView *self,
             GPtrArray        *attacks)
{
  ImpAgentClient *client = imp_session_get_client (self->session);

  if (client == NULL)
    imp_toast_say (GTK_WIDGET (self), _("There is no retrieval agent to ask yet."));
  else if (self->device != NULL && self->cancellable == NULL)
    {
      self->cancellable = g_cancellable_new ();
      imp_rehearsal_run_async (self->rehearsal, client, self->device, attacks, self->cancellable, tried_cb,
                               g_object_ref (self));
    }
}

static void
try_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  const ImpAttack *attack = imp_attack_find (g_variant_get_string (parameter, NULL));
  g_autoptr(GPtrArray) attacks = g_ptr_array_new ();

  if (attack == NULL)
    return;

  g_ptr_array_add (attacks, (gpointer) attack);
  try_attacks (IMP_REHEARSAL_VIEW (widget), attacks);
}

static void
try_all_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  g_autoptr(GPtrArray) attacks = g_ptr_array_new ();

  for (guint i = 0; i < imp_attack_count (); i++)
    g_ptr_array_add (attacks, (gpointer) imp_attack_get (i));
  try_attacks (IMP_REHEARSAL_VIEW (widget), attacks);
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_cancellable_cancel (IMP_REHEARSAL_VIEW (widget)->cancellable);
}

static void
restored_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(ImpRehearsalView) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!imp_rehearsal_restore_finish (IMP_REHEARSAL (object), result, &error))
    say_error (self, error);
  if (self->session != NULL)
    update_device (self);
}

static void
restore_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ImpRehearsalView *self = IMP_REHEARSAL_VIEW (widget);
  ImpAgentClient *client = imp_session_get_client (self->session);

  if (client == NULL)
    imp_toast_say (widget, _("There is no retrieval agent to ask yet."));
  else if (self->device != NULL)
    imp_rehearsal_restore_async (self->rehearsal, client, self->device, NULL, restored_cb, g_object_ref (self));
}

static void
toggled_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpRehearsalView) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!imp_device_change_finish (IMP_DEVICE (object), result, &error))
    say_error (self, error);

  /* Where it failed, the switches go back to what is. */
  g_object_notify (object, "version");
}

static void
toggle_check_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  ImpRehearsalView *self = IMP_REHEARSAL_VIEW (widget);
  guint off;

  if (self->device == NULL)
    return;

  off = imp_device_get_checks_off (self->device) ^ IMP_CHECK_BIT (g_variant_get_int32 (parameter));
  imp_device_change_async (self->device, IMP_DEVICE_SET_CHECKS, off, toggled_cb, g_object_ref (self));
}

static void
results_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ImpRehearsalView *self = IMP_REHEARSAL_VIEW (widget);
  GtkWidget *window = imp_rehearsal_window_new (GTK_WINDOW (gtk_widget_get_root (widget)), self->results);

  gtk_window_present (GTK_WINDOW (window));
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  adw_leaflet_navigate (IMP_REHEARSAL_VIEW (widget)->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
loaded_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpRehearsalView) self = user_data;

  imp_rehearsal_results_load_finish (IMP_REHEARSAL_RESULTS (object), result, &self->error);
  self->loaded = TRUE;
  if (self->session == NULL)
    return;

  update_items (self);
  update_state (self);
}

static void
load (ImpRehearsalView *self)
{
  self->loaded = FALSE;
  g_clear_error (&self->error);
  update_state (self);
  imp_rehearsal_results_load_async (self->results, loaded_cb, g_object_ref (self));
}

static void
retry_cb (ImpRehearsalView *self)
{
  load (self);
}

static void
imp_rehearsal_view_dispose (GObject *object)
{
  ImpRehearsalView *self = IMP_REHEARSAL_VIEW (object);

  imp_rehearsal_view_close (self);
  g_clear_object (&self->device_signals);
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_REHEARSAL_VIEW);
  g_clear_object (&self->selection);
  g_clear_object (&self->items);
  g_clear_object (&self->device);
  g_clear_object (&self->rehearsal);
  g_clear_object (&self->results);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (imp_rehearsal_view_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "rehearsal.try", "s", try_action);
  gtk_widget_class_install_action (widget_class, "rehearsal.try-all", NULL, try_all_action);
  gtk_widget_class_install_action (widget_class, "rehearsal.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "rehearsal.restore", NULL, restore_action);
  gtk_widget_class_install_action (widget_class, "rehearsal.toggle-check", "i", toggle_check_action);
  gtk_widget_class_install_action (widget_class, "rehearsal.results", NULL, results_action);
  gtk_widget_class_install_action (widget_class, "rehearsal.back", NULL, back_action);
}

static void
imp_rehearsal_view_class_init (ImpRehearsalViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_rehearsal_view_dispose;
  install_actions (widget_class);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_REHEARSAL_DETAIL);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/imp-rehearsal-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, warning);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, warning_label);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, devices);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, run_button);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, summary);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, list);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, back_button);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, detail_scroller);
  gtk_widget_class_bind_template_child (widget_class, ImpRehearsalView, detail);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
}

static void
imp_rehearsal_view_init (ImpRehearsalView *self)
{
  g_autoptr(GtkListItemFactory) factory = imp_rehearsal_row_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  imp_device_choice_set_up (self->devices, _("Device under attack"));
  g_signal_connect_object (self->devices, "notify::selected-item", G_CALLBACK (device_selected_cb), self,
                           G_CONNECT_SWAPPED);
  self->device_signals = g_signal_group_new (IMP_TYPE_DEVICE);
  g_signal_group_connect_swapped (self->device_signals, "notify::version", G_CALLBACK (update_device), self);

  self->items = imp_rehearsal_item_new_list ();
  self->selection = gtk_single_selection_new (g_object_ref (self->items));
  gtk_list_view_set_factory (self->list, factory);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (show_item), self,
                           G_CONNECT_SWAPPED);
  folded_cb (self);
}

/**
 * imp_rehearsal_view_set_session:
 * @self: a rehearsal view
 * @session: whose devices and agents
 *
 * Begins to show a session’s devices.
 */
void
imp_rehearsal_view_set_session (ImpRehearsalView *self,
                                ImpSession       *session)
{
  g_return_if_fail (IMP_IS_REHEARSAL_VIEW (self));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
  self->results = imp_rehearsal_results_new (imp_session_get_data_dir (session));
  self->rehearsal = imp_rehearsal_new (self->results);
  g_signal_connect_object (self->rehearsal, "changed", G_CALLBACK (update_running), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->results, "items-changed", G_CALLBACK (update_items), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::fleet-loaded", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (get_fleet (self), "items-changed", G_CALLBACK (update_state), self, G_CONNECT_SWAPPED);
  gtk_drop_down_set_model (self->devices, get_fleet (self));
  load (self);
}

/**
 * imp_rehearsal_view_close:
 * @self: a rehearsal view
 *
 * Ends what goes on, as the window is closing.
 */
void
imp_rehearsal_view_close (ImpRehearsalView *self)
{
  g_return_if_fail (IMP_IS_REHEARSAL_VIEW (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->session);
}
