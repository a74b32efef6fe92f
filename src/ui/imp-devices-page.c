/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-devices-page.h"

#include <glib/gi18n.h>

#include "imp-add-devices-dialog.h"
#include "imp-device-remover.h"
#include "imp-device-view.h"
#include "imp-fetches-view.h"
#include "imp-fleet-view.h"
#include "imp-format.h"
#include "imp-rehearsal-view.h"
#include "imp-stack.h"

/**
 * ImpDevicesPage:
 *
 * The fleet of emulated devices, the one that is selected, and what was fetched
 * from the retrieval agent.
 */
struct _ImpDevicesPage
{
  ImpPlace parent_instance;

  ImpDeviceRemover *remover;  /* (owned) */
  GCancellable     *adding;   /* (owned) (nullable) */

  GtkStack       *stack;
  GtkRevealer    *adding_revealer;
  GtkProgressBar *adding_bar;
  ImpStateStack  *state_stack;
  AdwLeaflet     *leaflet;
  ImpFleetView   *fleet_view;
  ImpStateStack  *detail_stack;
  AdwStatusPage  *several_page;
  ImpDeviceView  *view;
  ImpFetchesView *fetches;
  ImpRehearsalView *rehearsal;
};

G_DEFINE_FINAL_TYPE (ImpDevicesPage, imp_devices_page, IMP_TYPE_PLACE)

static ImpFleet *
get_fleet (ImpDevicesPage *self)
{
  return imp_session_get_fleet (imp_place_get_session (IMP_PLACE (self)));
}

static void
say_error (ImpDevicesPage *self,
           const GError   *error)
{
  g_autofree char *sentence = imp_format_error (error);

  imp_place_toast (IMP_PLACE (self), sentence);
}

static void
update_deep (ImpDevicesPage *self)
{
  gboolean fleet = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "fleet") == 0;
  gboolean detail = g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "detail") == 0;

  imp_place_set_deep (IMP_PLACE (self), fleet && detail && adw_leaflet_get_folded (self->leaflet));
}

static void
folded_cb (ImpDevicesPage *self)
{
  imp_fetches_view_set_narrow (self->fetches, imp_place_get_folded (IMP_PLACE (self)));
}

static void
update_state (ImpDevicesPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (get_fleet (self)));
  const GError *error = imp_session_get_fleet_error (session);

  /* Those that are read are shown while others still are. */
  if (!imp_session_get_fleet_loaded (session) && n == 0)
    imp_state_stack_set_loading (self->state_stack);
  else if (error != NULL && n == 0)
    imp_state_stack_set_failed (self->state_stack, _("The devices could not be read"), error);
  else
    imp_state_stack_set_loaded (self->state_stack, n == 0);
}

/* Those that could be read are there; the others are named once. */
static void
fleet_loaded_cb (ImpDevicesPage *self)
{
  const GError *error = imp_session_get_fleet_error (imp_place_get_session (IMP_PLACE (self)));

  update_state (self);
  if (error != NULL && imp_state_stack_get_state (self->state_stack) == IMP_STATE_CONTENT)
    say_error (self, error);
}

static void
selected_cb (ImpDevicesPage *self)
{
  g_autoptr(ImpDevice) device = NULL;
  guint n = imp_fleet_view_get_selection (self->fleet_view, &device);
  g_autofree char *title = NULL;

  if (device != NULL)
    imp_device_view_set_device (self->view, device);

  title = n > 0 ? g_strdup_printf (ngettext ("%'u device selected", "%'u devices selected", n), n)
                : g_strdup (_("No device selected"));
  adw_status_page_set_title (self->several_page, title);
  imp_state_stack_set_loaded (self->detail_stack, device == NULL);
}

static void
opened_cb (ImpDevicesPage *self)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
}

/* Whether there is anybody whom devices can ask; if not, it is said. */
static gboolean
check_retrieval (ImpDevicesPage *self)
{
  if (imp_fleet_get_retrieval (get_fleet (self)) != NULL)
    return TRUE;

  imp_place_toast (IMP_PLACE (self), _("There is no retrieval agent to ask yet."));
  return FALSE;
}

static GPtrArray *
list_all (ImpDevicesPage *self)
{
  GListModel *fleet = G_LIST_MODEL (get_fleet (self));
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (fleet);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (devices, g_list_model_get_item (fleet, i));

  return devices;
}

static void
update_devices (ImpDevicesPage *self,
                GPtrArray      *devices)
{
  if (!check_retrieval (self))
    return;

  for (guint i = 0; i < devices->len; i++)
    imp_fleet_update (get_fleet (self), g_ptr_array_index (devices, i));
}

static void
update_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpDevice) device = imp_fleet_find (get_fleet (self),
                                                g_variant_get_string (parameter, NULL), &error);

  if (device == NULL)
    say_error (self, error);
  else if (check_retrieval (self))
    imp_fleet_update (get_fleet (self), device);
}

static void
update_selected_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  g_autoptr(GPtrArray) devices = imp_fleet_view_list_selected (self->fleet_view);

  update_devices (self, devices);
}

static void
update_all_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  g_autoptr(GPtrArray) devices = list_all (self);

  update_devices (self, devices);
}

/* “devices.start-polling”, “devices.stop-polling”, and the same with “-all” behind. */
static void
polling_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  g_autoptr(GPtrArray) devices = g_str_has_suffix (action_name, "-all")
                                   ? list_all (self)
                                   : imp_fleet_view_list_selected (self->fleet_view);

  imp_fleet_set_polling (get_fleet (self), devices, g_str_has_prefix (action_name, "devices.start"));
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  g_autoptr(GPtrArray) devices = imp_fleet_view_list_selected (self->fleet_view);

  if (devices->len == 0)
    return;

  adw_leaflet_set_visible_child_name (self->leaflet, "list");
  imp_device_remover_remove (self->remover, GTK_WIDGET (self), devices);
}

static void
progress_cb (ImpDevicesPage *self,
             double          done)
{
  gtk_progress_bar_set_fraction (self->adding_bar, done);
  gtk_revealer_set_reveal_child (self->adding_revealer, TRUE);
}

static void
added_cb (ImpDevicesPage *self,
          const GError   *error)
{
  gtk_revealer_set_reveal_child (self->adding_revealer, FALSE);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    say_error (self, error);
}

static void
cancel_adding_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  g_cancellable_cancel (IMP_DEVICES_PAGE (widget)->adding);
}

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  GtkWidget *dialog;

  if (g_list_model_get_n_items (imp_session_get_authors (session)) == 0)
    {
      imp_place_toast (IMP_PLACE (self), _("A device trusts an author: generate a key first."));
      return;
    }

  gtk_stack_set_visible_child_name (self->stack, "fleet");
  dialog = imp_add_devices_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), session);
  g_set_object (&self->adding,
                imp_add_devices_dialog_get_cancellable (IMP_ADD_DEVICES_DIALOG (dialog)));
  g_signal_connect_object (dialog, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (dialog, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
retry_cb (ImpDevicesPage *self)
{
  imp_session_load_fleet (imp_place_get_session (IMP_PLACE (self)));
}

static void
imp_devices_page_set_up (ImpPlace *place)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (place);
  ImpFleet *fleet = get_fleet (self);

  self->remover = imp_device_remover_new (fleet);
  imp_fleet_view_set_fleet (self->fleet_view, fleet);
  g_signal_connect_object (fleet, "items-changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (imp_place_get_session (place), "notify::fleet-loaded",
                           G_CALLBACK (fleet_loaded_cb), self, G_CONNECT_SWAPPED);
  imp_rehearsal_view_set_session (self->rehearsal, imp_place_get_session (place));
  update_state (self);
}

static void
imp_devices_page_refresh (ImpPlace *place)
{
  imp_fetches_view_load (IMP_DEVICES_PAGE (place)->fetches, imp_place_get_session (place));
}

static void
imp_devices_page_search (ImpPlace   *place,
                         const char *text)
{
  imp_fleet_view_search (IMP_DEVICES_PAGE (place)->fleet_view, text);
}

static void
imp_devices_page_show_item (ImpPlace   *place,
                            const char *id)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (place);

  imp_fleet_view_select (self->fleet_view, id);
  gtk_stack_set_visible_child_name (self->stack, "fleet");
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
}

static gboolean
imp_devices_page_back (ImpPlace *place)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (place);

  return g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "fleet") == 0 &&
         adw_leaflet_get_folded (self->leaflet) &&
         adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static void
imp_devices_page_dispose (GObject *object)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (object);

  if (self->fetches != NULL)
    imp_fetches_view_close (self->fetches);
  if (self->rehearsal != NULL)
    imp_rehearsal_view_close (self->rehearsal);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_DEVICES_PAGE);
  if (self->remover != NULL)
    imp_device_remover_commit (self->remover);
  g_clear_object (&self->remover);
  g_clear_object (&self->adding);

  G_OBJECT_CLASS (imp_devices_page_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "devices.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "devices.cancel-adding", NULL,
                                   cancel_adding_action);
  gtk_widget_class_install_action (widget_class, "devices.update", "s", update_action);
  gtk_widget_class_install_action (widget_class, "devices.update-selected", NULL,
                                   update_selected_action);
  gtk_widget_class_install_action (widget_class, "devices.update-all", NULL, update_all_action);
  gtk_widget_class_install_action (widget_class, "devices.start-polling", NULL, polling_action);
  gtk_widget_class_install_action (widget_class, "devices.stop-polling", NULL, polling_action);
  gtk_widget_class_install_action (widget_class, "devices.start-polling-all", NULL, polling_action);
  gtk_widget_class_install_action (widget_class, "devices.stop-polling-all", NULL, polling_action);
  gtk_widget_class_install_action (widget_class, "devices.remove", NULL, remove_action);
}

static void
imp_devices_page_class_init (ImpDevicesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  ImpPlaceClass *place_class = IMP_PLACE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_devices_page_dispose;
  place_class->set_up = imp_devices_page_set_up;
  place_class->refresh = imp_devices_page_refresh;
  place_class->search = imp_devices_page_search;
  place_class->show_item = imp_devices_page_show_item;
  place_class->back = imp_devices_page_back;

  install_actions (widget_class);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_DEVICE_VIEW);
  g_type_ensure (IMP_TYPE_FETCHES_VIEW);
  g_type_ensure (IMP_TYPE_FLEET_VIEW);
  g_type_ensure (IMP_TYPE_REHEARSAL_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, adding_revealer);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, adding_bar);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, fleet_view);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, detail_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, several_page);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, view);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, fetches);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, opened_cb);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, rehearsal);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_deep);
}

static void
imp_devices_page_init (ImpDevicesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);

  imp_state_stack_set_loaded (self->detail_stack, TRUE);
  g_signal_connect (self, "notify::folded", G_CALLBACK (folded_cb), NULL);
}
