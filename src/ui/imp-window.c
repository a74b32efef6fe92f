/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-window-private.h"

#include <glib/gi18n.h>

#include "imp-activity-page.h"
#include "imp-destination.h"
#include "imp-devices-page.h"
#include "imp-keys-page.h"
#include "imp-ledger-check.h"
#include "imp-ledger-page.h"
#include "imp-overview-page.h"
#include "imp-publish-page.h"
#include "imp-sidebar-row.h"
#include "imp-stack.h"

/**
 * ImpWindow:
 *
 * The one window: a sidebar of places, and the place beside it.
 *
 * Its actions are how one place leads to another: none of them knows the
 * others. Menu, shortcut, button and test all come in through them.
 */
G_DEFINE_FINAL_TYPE (ImpWindow, imp_window, ADW_TYPE_APPLICATION_WINDOW)

/* A window without a frame for so long is on another workspace. */
#define FIRST_FRAME_MS 500

/* The sidebar, from top to bottom. */
static const struct
{
  const char *name;
  const char *title;
  const char *icon;
  GType     (*get_type) (void);
} places[] = {
  { "overview", N_("Overview"), "imp-overview-symbolic", imp_overview_page_get_type },
  { "publish", N_("Publish"), "imp-publish-symbolic", imp_publish_page_get_type },
  { "activity", N_("Activity"), "imp-activity-symbolic", imp_activity_page_get_type },
  { "ledger", N_("Ledger"), "imp-ledger-symbolic", imp_ledger_page_get_type },
  { "devices", N_("Devices"), "imp-device-symbolic", imp_devices_page_get_type },
  { "keys", N_("Keys"), "imp-key-symbolic", imp_keys_page_get_type },
};

static int
find_place (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      if (g_str_equal (places[i].name, name))
        return i;
    }

  return -1;
}

/* A place is built when somebody first goes there: most of what a start would cost is in
 * places that are not shown yet.
 */
static ImpPlace *
build_place (ImpWindow *self,
             int        index)
{
  GtkWidget *place = g_object_new (places[index].get_type (), NULL);

  gtk_stack_add_named (self->stack, place, places[index].name);
  g_object_bind_property (self->leaflet, "folded", place, "folded", G_BINDING_SYNC_CREATE);
  imp_place_set_session (IMP_PLACE (place), self->session);
  return IMP_PLACE (place);
}

static ImpPlace *
get_place (ImpWindow *self,
           int        index)
{
  GtkWidget *child = gtk_stack_get_child_by_name (self->stack, places[index].name);

  return child != NULL ? IMP_PLACE (child) : build_place (self, index);
}

/* The place that is shown, or will be with the first frame. */
ImpPlace *
imp_window_get_visible_place (ImpWindow *self)
{
  return get_place (self, self->current);
}

static void
select_row (ImpWindow  *self,
            const char *name)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)) != NULL; i++)
    {
      if (g_str_equal (imp_sidebar_row_get_name (IMP_SIDEBAR_ROW (row)), name))
        gtk_list_box_select_row (self->sidebar, row);
    }
}

/* Shows a place, and returns it; NULL where there is none of that name. */
ImpPlace *
imp_window_go_to (ImpWindow  *self,
                  const char *name)
{
  int index = find_place (name);
  ImpPlace *place;

  if (index < 0)
    return NULL;

  self->current = index;
  place = get_place (self, index);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (place));
  adw_leaflet_navigate (self->leaflet, ADW_NAVIGATION_DIRECTION_FORWARD);
  select_row (self, name);
  imp_place_focus (place);
  return place;
}

static void
row_activated_cb (ImpWindow     *self,
                  ImpSidebarRow *row)
{
  imp_window_go_to (self, imp_sidebar_row_get_name (row));
}

static void
in_flight_cb (ImpWindow      *self,
              GParamSpec     *pspec,
              ImpSubmissions *submissions)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->sidebar, i)) != NULL; i++)
    {
      if (g_str_equal (imp_sidebar_row_get_name (IMP_SIDEBAR_ROW (row)), "activity"))
        imp_sidebar_row_set_count (IMP_SIDEBAR_ROW (row),
                                   imp_submissions_get_in_flight (submissions));
    }
}

static gboolean
drop_cb (ImpWindow     *self,
         const GValue  *value,
         double         x,
         double         y,
         GtkDropTarget *target)
{
  GSList *files = g_value_get_boxed (value);
  g_autofree char *uri = NULL;

  if (files == NULL)
    return FALSE;

  uri = g_file_get_uri (files->data);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.take-file", "s", uri);
  return TRUE;
}

static GdkDragAction
drop_enter_cb (ImpWindow *self)
{
  gtk_widget_add_css_class (self->drop_area, "drop-target");
  return GDK_ACTION_COPY;
}

static void
drop_leave_cb (ImpWindow *self)
{
  gtk_widget_remove_css_class (self->drop_area, "drop-target");
}

static void
add_drop_target (ImpWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect_swapped (target, "drop", G_CALLBACK (drop_cb), self);
  g_signal_connect_swapped (target, "enter", G_CALLBACK (drop_enter_cb), self);
  g_signal_connect_swapped (target, "leave", G_CALLBACK (drop_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
fill_sidebar (ImpWindow *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    gtk_list_box_append (self->sidebar, imp_sidebar_row_new (places[i].name, _(places[i].title),
                                                             places[i].icon, i + 1));
}

static void
remember_state (ImpWindow *self)
{
  int width;
  int height;

  if (self->settings == NULL)
    return;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set (self->settings, "window-size", "(ii)", width, height);
  g_settings_set_boolean (self->settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  g_settings_set_string (self->settings, "page", places[self->current].name);
}

static void
restore_state (ImpWindow *self)
{
  g_autofree char *page = NULL;
  int width;
  int height;

  if (self->settings != NULL)
    {
      g_settings_get (self->settings, "window-size", "(ii)", &width, &height);
      gtk_window_set_default_size (GTK_WINDOW (self), width, height);
      if (g_settings_get_boolean (self->settings, "window-maximized"))
        gtk_window_maximize (GTK_WINDOW (self));
      page = g_settings_get_string (self->settings, "page");
    }

  self->current = MAX (page != NULL ? find_place (page) : 0, 0);
  select_row (self, places[self->current].name);
}

static gboolean
start_cb (gpointer user_data)
{
  ImpWindow *self = user_data;

  self->start_id = 0;
  imp_session_start (self->session);
  imp_window_go_to (self, places[self->current].name);
  return G_SOURCE_REMOVE;
}

static void
realize_cb (ImpWindow *self)
{
  self->start_id = g_timeout_add (FIRST_FRAME_MS, start_cb, self);
}

/* The window is there at once: neither a place nor agents, keyring and tokens take the processor
 * from its first frame.
 */
static void
imp_window_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  ImpWindow *self = IMP_WINDOW (widget);

  GTK_WIDGET_CLASS (imp_window_parent_class)->snapshot (widget, snapshot);

  if (self->start_id != 0)
    {
      g_source_remove (self->start_id);
      self->start_id = g_idle_add_full (G_PRIORITY_DEFAULT, start_cb, self, NULL);
    }
}

static gboolean
imp_window_close_request (GtkWindow *window)
{
  ImpWindow *self = IMP_WINDOW (window);

  g_clear_handle_id (&self->start_id, g_source_remove);
  remember_state (self);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      GtkWidget *place = gtk_stack_get_child_by_name (self->stack, places[i].name);

      if (place != NULL)
        imp_place_close (IMP_PLACE (place));
    }

  return GTK_WINDOW_CLASS (imp_window_parent_class)->close_request (window);
}

static void
imp_window_dispose (GObject *object)
{
  ImpWindow *self = IMP_WINDOW (object);

  g_clear_handle_id (&self->start_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_WINDOW);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);

  G_OBJECT_CLASS (imp_window_parent_class)->dispose (object);
}

static void
imp_window_class_init (ImpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_window_dispose;
  widget_class->snapshot = imp_window_snapshot;
  GTK_WINDOW_CLASS (klass)->close_request = imp_window_close_request;

  imp_window_install_actions (widget_class);

  g_type_ensure (IMP_TYPE_CONNECTION_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/imp-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, ImpWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ImpWindow, connection_button);
  gtk_widget_class_bind_template_child (widget_class, ImpWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpWindow, drop_area);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, realize_cb);
}

static void
imp_window_init (ImpWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);
  add_drop_target (self);
}

/* The places, as what can be gone to. */
GListModel *
imp_window_list_places (void)
{
  GListStore *list = g_list_store_new (IMP_TYPE_DESTINATION);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr(ImpDestination) destination = NULL;

      destination = imp_destination_new (IMP_DESTINATION_PAGE, _(places[i].title), NULL,
                                         "win.go", places[i].name);
      g_list_store_append (list, destination);
    }

  return G_LIST_MODEL (list);
}

/**
 * imp_window_new:
 * @application: the application
 *
 * Makes the window as it was left.
 *
 * Returns: (transfer none): the window, which GTK owns
 */
ImpWindow *
imp_window_new (ImpApplication *application)
{
  ImpWindow *self = g_object_new (IMP_TYPE_WINDOW, "application", application, NULL);
  ImpSubmissions *submissions;

  self->session = g_object_ref (imp_application_get_session (application));
  if (imp_application_get_settings (application) != NULL)
    self->settings = g_object_ref (imp_application_get_settings (application));

  submissions = imp_session_get_submissions (self->session);
  fill_sidebar (self);
  imp_connection_button_set_session (self->connection_button, self->session);
  g_signal_connect_object (submissions, "notify::in-flight", G_CALLBACK (in_flight_cb), self,
                           G_CONNECT_SWAPPED);
  in_flight_cb (self, NULL, submissions);
  imp_ledger_check_follow (GTK_WIDGET (self->stack), self->session);
  restore_state (self);
  return self;
}
