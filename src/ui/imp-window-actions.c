/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-window-private.h"

#include "imp-connections-dialog.h"
#include "imp-fit.h"
#include "imp-go-to-dialog.h"

/* What the window does by going to a place: there the place's own action does the work, or one
 * item is shown.
 */
static const struct
{
  const char *action;
  const char *type;          /* (nullable) */
  const char *place;
  const char *place_action;  /* (nullable): to show an item */
} doors[] = {
  { "win.show-transaction", "s", "ledger", NULL },
  { "win.search-ledger", "s", "ledger", "place.search" },
  { "win.audit-ledger", NULL, "ledger", "ledger.audit" },
  { "win.show-submission", "s", "activity", NULL },
  { "win.show-device", "s", "devices", NULL },
  { "win.add-devices", NULL, "devices", "devices.add" },
  { "win.show-key", "s", "keys", NULL },
  { "win.generate-key", NULL, "keys", "keys.generate" },
  { "win.import-key", NULL, "keys", "keys.import" },
  { "win.register-key", NULL, "keys", "keys.register-first" },
  { "win.publish-file", "s", "publish", NULL },
  { "win.new-update", NULL, "publish", "publish.new" },
  { "win.open-file", NULL, "publish", "publish.choose-file" },
  { "win.duplicate", "s", "publish", "publish.duplicate" },
  { "win.edit-submission", "s", "publish", "publish.edit-submission" },
};

static void
door_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  guint i = 0;
  ImpPlace *place;

  while (!g_str_equal (doors[i].action, action_name))
    i++;

  place = imp_window_go_to (IMP_WINDOW (widget), doors[i].place);
  if (doors[i].place_action != NULL)
    gtk_widget_activate_action_variant (GTK_WIDGET (place), doors[i].place_action, parameter);
  else
    imp_place_show_item (place, g_variant_get_string (parameter, NULL));
}

static void
go_action (GtkWidget  *widget,
           const char *action_name,
           GVariant   *parameter)
{
  imp_window_go_to (IMP_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
go_to_anything_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ImpWindow *self = IMP_WINDOW (widget);
  g_autoptr(GListModel) places = imp_window_list_places ();

  gtk_window_present (GTK_WINDOW (imp_go_to_dialog_new (GTK_WINDOW (self), self->session,
                                                        self->settings, places)));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  imp_place_start_search (imp_window_get_visible_place (IMP_WINDOW (widget)));
}

static void
refresh_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  ImpWindow *self = IMP_WINDOW (widget);

  if (imp_session_get_client (self->session) == NULL)
    imp_session_open (self->session);
  else
    imp_place_refresh (imp_window_get_visible_place (self));
}

/* Agents that are away are asked or started again by themselves, but ever more seldom. */
static void
reconnect_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  ImpWindow *self = IMP_WINDOW (widget);

  imp_session_use (self->session, imp_session_get_connection (self->session));
}

static void
use_connection_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ImpWindow *self = IMP_WINDOW (widget);
  g_autoptr(ImpConnection) connection = NULL;

  connection = imp_connections_find (imp_session_get_connections (self->session),
                                     g_variant_get_string (parameter, NULL));
  if (connection != NULL)
    imp_session_use (self->session, connection);
}

static void
edit_connections_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  GtkWidget *dialog = imp_connections_dialog_new (IMP_WINDOW (widget)->session);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (widget));
  imp_fit_to_parent (GTK_WINDOW (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpWindow *self = IMP_WINDOW (widget);

  if (!imp_place_go_back (imp_window_get_visible_place (self)))
    adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_BACK);
}

static gboolean
close_help_overlay_cb (GtkApplicationWindow *self)
{
  gtk_application_window_set_help_overlay (self, NULL);
  return GDK_EVENT_STOP;
}

/* GTK would make it with the window and keep it hidden. But to a screen reader that asks for a
 * dialog which has just been closed, GTK 4.8 answers with the last of the windows, shown or not,
 * and complains of one that was never shown.
 */
static void
show_help_overlay_action (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  GtkApplicationWindow *self = GTK_APPLICATION_WINDOW (widget);
  g_autoptr(GtkBuilder) builder = NULL;
  GtkShortcutsWindow *overlay;

  if (gtk_application_window_get_help_overlay (self) == NULL)
    {
      builder = gtk_builder_new_from_resource ("/io/github/imprimatur/Imprimatur/help-overlay.ui");
      overlay = GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "help_overlay"));
      gtk_application_window_set_help_overlay (self, overlay);
      g_signal_connect_object (overlay, "close-request", G_CALLBACK (close_help_overlay_cb), self,
                               G_CONNECT_SWAPPED);
    }

  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (self)));
}

/* Menu, shortcut, button, palette and test all come in through these. */
void
imp_window_install_actions (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (doors); i++)
    gtk_widget_class_install_action (widget_class, doors[i].action, doors[i].type, door_action);

  gtk_widget_class_install_action (widget_class, "win.go", "s", go_action);
  gtk_widget_class_install_action (widget_class, "win.go-to-anything", NULL, go_to_anything_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.refresh", NULL, refresh_action);
  gtk_widget_class_install_action (widget_class, "win.reconnect", NULL, reconnect_action);
  gtk_widget_class_install_action (widget_class, "win.use-connection", "s", use_connection_action);
  gtk_widget_class_install_action (widget_class, "win.edit-connections", NULL,
                                   edit_connections_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL,
                                   show_help_overlay_action);
  imp_window_install_desk_actions (widget_class);
}
