/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-devices-page.h"

#include <glib/gi18n.h>

#include "imp-add-devices-dialog.h"
#include "imp-device-card.h"
#include "imp-device-view.h"
#include "imp-fetches-view.h"
#include "imp-format.h"

/**
 * ImpDevicesPage:
 *
 * The fleet of emulated devices, the one that is selected, and what was fetched
 * from the retrieval agent.
 */
struct _ImpDevicesPage
{
  ImpPlace parent_instance;

  GtkSingleSelection *selection;  /* (owned) */

  GtkStack       *stack;
  ImpStateStack  *state_stack;
  AdwLeaflet     *leaflet;
  GtkListView    *list;
  ImpStateStack  *detail_stack;
  ImpDeviceView  *view;
  ImpFetchesView *fetches;
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
update_state (ImpDevicesPage *self)
{
  ImpSession *session = imp_place_get_session (IMP_PLACE (self));
  guint n = g_list_model_get_n_items (G_LIST_MODEL (get_fleet (self)));
  const GError *error = imp_session_get_fleet_error (session);

  if (!imp_session_get_fleet_loaded (session))
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
show_device (ImpDevicesPage *self,
             ImpDevice      *device)
{
  imp_device_view_set_device (self->view, device);
  imp_state_stack_set_loaded (self->detail_stack, FALSE);
}

static void
selected_cb (ImpDevicesPage *self)
{
  ImpDevice *device = gtk_single_selection_get_selected_item (self->selection);

  if (device != NULL)
    show_device (self, device);
  else
    imp_state_stack_set_loaded (self->detail_stack, TRUE);
}

static void
activate_cb (ImpDevicesPage *self,
             guint           position)
{
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
}

static ImpDevice *
find_device (ImpDevicesPage *self,
             const char     *id)
{
  g_autoptr(GError) error = NULL;
  ImpDevice *device = imp_fleet_find (get_fleet (self), id, &error);

  if (device == NULL)
    say_error (self, error);
  return device;
}

static void
update_device (ImpDevicesPage *self,
               ImpDevice      *device)
{
  ImpConnection *connection = imp_session_get_connection (imp_place_get_session (IMP_PLACE (self)));
  const char *retrieval = connection != NULL ? imp_connection_get_url (connection, "retrieval")
                                             : NULL;

  if (retrieval == NULL)
    imp_place_toast (IMP_PLACE (self), _("There is no retrieval agent to ask yet."));
  else
    imp_device_log_update (imp_device_log_get (device), retrieval);
}

static void
update_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  ImpDevice *device = find_device (self, g_variant_get_string (parameter, NULL));

  if (device != NULL)
    update_device (self, device);
}

static void
update_all_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  GListModel *fleet = G_LIST_MODEL (get_fleet (self));
  guint n = g_list_model_get_n_items (fleet);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (fleet, i);

      update_device (self, device);
    }
}

static void
remove_response_cb (AdwMessageDialog *dialog,
                    const char       *response,
                    ImpDevicesPage   *self)
{
  ImpDevice *device = g_object_get_data (G_OBJECT (dialog), "device");
  g_autoptr(GError) error = NULL;

  if (!g_str_equal (response, "remove"))
    return;

  imp_device_log_cancel (imp_device_log_get (device));
  if (!imp_fleet_remove (get_fleet (self), device, &error))
    say_error (self, error);
  adw_leaflet_set_visible_child_name (self->leaflet, "list");
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (widget);
  ImpDevice *device = imp_device_view_get_device (self->view);
  GtkWidget *dialog;

  if (device == NULL)
    return;

  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (widget)), NULL,
                                   _("Its slots and what it knows are deleted. It cannot be "
                                     "undone."));
  adw_message_dialog_format_heading (ADW_MESSAGE_DIALOG (dialog), _("Remove %s?"),
                                     imp_device_get_id (device));
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "remove",
                                    _("_Remove"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "remove",
                                              ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "device", g_object_ref (device), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
added_cb (ImpDevicesPage *self,
          const GError   *error)
{
  if (error != NULL)
    say_error (self, error);
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
  g_signal_connect_object (dialog, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
setup_card_cb (GtkSignalListItemFactory *factory,
               GtkListItem              *item)
{
  gtk_list_item_set_child (item, imp_device_card_new ());
}

static void
bind_card_cb (GtkSignalListItemFactory *factory,
              GtkListItem              *item)
{
  imp_device_card_set_device (IMP_DEVICE_CARD (gtk_list_item_get_child (item)),
                              gtk_list_item_get_item (item));
}

static void
unbind_card_cb (GtkSignalListItemFactory *factory,
                GtkListItem              *item)
{
  imp_device_card_set_device (IMP_DEVICE_CARD (gtk_list_item_get_child (item)), NULL);
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

  gtk_single_selection_set_model (self->selection, G_LIST_MODEL (fleet));
  g_signal_connect_object (fleet, "items-changed", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (imp_place_get_session (place), "notify::fleet-loaded",
                           G_CALLBACK (fleet_loaded_cb), self, G_CONNECT_SWAPPED);
  update_state (self);
}

static void
imp_devices_page_refresh (ImpPlace *place)
{
  imp_fetches_view_load (IMP_DEVICES_PAGE (place)->fetches, imp_place_get_session (place));
}

static void
imp_devices_page_show_item (ImpPlace   *place,
                            const char *id)
{
  ImpDevicesPage *self = IMP_DEVICES_PAGE (place);
  GListModel *fleet = G_LIST_MODEL (get_fleet (self));
  guint n = g_list_model_get_n_items (fleet);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpDevice) device = g_list_model_get_item (fleet, i);

      if (g_str_equal (id, imp_device_get_id (device)))
        gtk_single_selection_set_selected (self->selection, i);
    }

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
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_DEVICES_PAGE);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (imp_devices_page_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "devices.add", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "devices.update", "s", update_action);
  gtk_widget_class_install_action (widget_class, "devices.update-all", NULL, update_all_action);
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
  place_class->show_item = imp_devices_page_show_item;
  place_class->back = imp_devices_page_back;

  install_actions (widget_class);

  g_type_ensure (IMP_TYPE_STATE_STACK);
  g_type_ensure (IMP_TYPE_DEVICE_VIEW);
  g_type_ensure (IMP_TYPE_FETCHES_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, state_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, list);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, detail_stack);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, view);
  gtk_widget_class_bind_template_child (widget_class, ImpDevicesPage, fetches);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_deep);
  gtk_widget_class_bind_template_callback (widget_class, setup_card_cb);
  gtk_widget_class_bind_template_callback (widget_class, bind_card_cb);
  gtk_widget_class_bind_template_callback (widget_class, unbind_card_cb);
}

static void
imp_devices_page_init (ImpDevicesPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  imp_state_stack_set_loaded (self->detail_stack, TRUE);
  self->selection = gtk_single_selection_new (NULL);
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (selected_cb),
                           self, G_CONNECT_SWAPPED);
}
