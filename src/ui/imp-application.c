/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-application.h"

#include <glib/gi18n.h>

#include "imp-help-window.h"
#include "imp-notifier.h"
#include "imp-pin-dialog.h"
#include "imp-submission-resumer.h"
#include "imp-preferences-window.h"
#include "imp-preferences.h"
#include "imp-window.h"

/**
 * ImpApplication:
 *
 * The console as a process: its options, the actions that need no window, and
 * the session, which outlives the window while something is being submitted.
 */
struct _ImpApplication
{
  AdwApplication parent_instance;

  char        *data_dir;  /* (owned) (nullable): --data-dir */
  ImpSession  *session;   /* (owned) (nullable): from the first window on */
  ImpNotifier *notifier;  /* (owned) (nullable) */
  ImpSubmissionResumer *resumer;  /* (owned) (nullable) */
  GSettings   *settings;  /* (owned) (nullable): where the schema is installed */
  gboolean     held;
};

G_DEFINE_FINAL_TYPE (ImpApplication, imp_application, ADW_TYPE_APPLICATION)

static GtkWindow *ensure_window (ImpApplication *self);
static GtkWindow *find_window (ImpApplication *self);

static void
about_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  GtkWindow *window = ensure_window (user_data);

  gtk_window_present (window);
  adw_show_about_window (window,
                         "application-name", "Imprimatur",
                         "application-icon", IMP_APP_ID,
                         "version", IMP_VERSION,
                         "developer-name", _("The Imprimatur authors"),
                         "copyright", "© 2026 The Imprimatur authors",
                         "license-type", GTK_LICENSE_GPL_3_0,
                         "comments", _("Sign firmware, register it on a ledger, and watch devices "
                                       "install it."),
                         NULL);
}

static void
preferences_action (GSimpleAction *action,
                    GVariant      *parameter,
                    gpointer       user_data)
{
  ImpApplication *self = user_data;
  GtkWindow *window = ensure_window (self);

  gtk_window_present (window);
  gtk_window_present (GTK_WINDOW (imp_preferences_window_new (window, self->session)));
}

static void
show_submission_action (GSimpleAction *action,
                        GVariant      *parameter,
                        gpointer       user_data)
{
  GtkWindow *window = ensure_window (user_data);

  gtk_window_present (window);
  gtk_widget_activate_action_variant (GTK_WIDGET (window), "win.show-submission", parameter);
}

static void
help_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  GtkWindow *window = ensure_window (user_data);

  gtk_window_present (window);
  gtk_window_present (GTK_WINDOW (imp_help_window_new (window)));
}

/* What the desktop file offers. */
static void
new_update_action (GSimpleAction *action,
                   GVariant      *parameter,
                   gpointer       user_data)
{
  GtkWindow *window = ensure_window (user_data);

  gtk_window_present (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.new-update", NULL);
}

static void
ledger_action (GSimpleAction *action,
               GVariant      *parameter,
               gpointer       user_data)
{
  GtkWindow *window = ensure_window (user_data);

  gtk_window_present (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.go", "s", "ledger");
}

/* What is being submitted is held by the session: the process ends after it. Dialogs go with
 * their window.
 */
static gboolean
quit_cb (gpointer user_data)
{
  GtkWindow *window = find_window (user_data);

  if (window != NULL)
    gtk_window_close (window);
  else
    g_application_quit (user_data);

  return G_SOURCE_REMOVE;
}

/* Not within the event: GTK 4.8 holds the dialog that the key was pressed in until it has seen to
 * it, and a dialog must not outlive its window.
 */
static void
quit_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  g_idle_add_full (G_PRIORITY_DEFAULT, quit_cb, g_object_ref (user_data), g_object_unref);
}

static const GActionEntry actions[] = {
  { "about", about_action },
  { "help", help_action },
  { "ledger", ledger_action },
  { "new-update", new_update_action },
  { "preferences", preferences_action },
  { "show-submission", show_submission_action, "s" },
  { "quit", quit_action },
};

static const struct
{
  const char *action;
  const char *accels[3];
} accels[] = {
  { "app.quit", { "<Control>q" } },
  { "app.preferences", { "<Control>comma" } },
  { "app.help", { "F1" } },
  { "window.close", { "<Control>w" } },
  { "win.new-update", { "<Control>n" } },
  { "win.open-file", { "<Control>o" } },
  { "win.go-to-anything", { "<Control>k" } },
  { "win.search", { "<Control>f" } },
  { "win.refresh", { "F5", "<Control>r" } },
  { "win.back", { "<Alt>Left" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "win.go::overview", { "<Alt>1" } },
  { "win.go::publish", { "<Alt>2" } },
  { "win.go::activity", { "<Alt>3" } },
  { "win.go::ledger", { "<Alt>4" } },
  { "win.go::devices", { "<Alt>5" } },
  { "win.go::keys", { "<Alt>6" } },
};

static void
in_flight_cb (ImpApplication *self)
{
  gboolean busy = imp_submissions_get_in_flight (imp_session_get_submissions (self->session)) > 0;

  if (busy == self->held)
    return;

  self->held = busy;
  if (busy)
    g_application_hold (G_APPLICATION (self));
  else
    g_application_release (G_APPLICATION (self));
}

static void
ensure_session (ImpApplication *self)
{
  if (self->session != NULL)
    return;

  self->session = imp_session_new (self->data_dir, self->settings);
  self->notifier = imp_notifier_new (GTK_APPLICATION (self), self->session);
  self->resumer = imp_submission_resumer_new (self->session);
  g_signal_connect_object (imp_session_get_submissions (self->session), "notify::in-flight",
                           G_CALLBACK (in_flight_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (imp_session_get_keyring (self->session), "ask-pin",
                           G_CALLBACK (imp_pin_dialog_ask_cb), self, 0);
}

/* The console itself, which may be below a dialog. */
static GtkWindow *
find_window (ImpApplication *self)
{
  for (GList *link = gtk_application_get_windows (GTK_APPLICATION (self)); link; link = link->next)
    {
      if (IMP_IS_WINDOW (link->data))
        return link->data;
    }

  return NULL;
}

static GtkWindow *
ensure_window (ImpApplication *self)
{
  GtkWindow *window = find_window (self);

  if (window == NULL)
    {
      ensure_session (self);
      window = GTK_WINDOW (imp_window_new (self));
    }

  return window;
}

static void
imp_application_activate (GApplication *application)
{
  gtk_window_present (ensure_window (IMP_APPLICATION (application)));
}

static void
imp_application_open (GApplication  *application,
                      GFile        **files,
                      int            n_files,
                      const char    *hint)
{
  GtkWindow *window = ensure_window (IMP_APPLICATION (application));
  g_autofree char *uri = g_file_get_uri (files[0]);

  gtk_window_present (window);
  gtk_widget_activate_action (GTK_WIDGET (window), "win.take-file", "s", uri);
}

/* A data directory of its own is a console of its own: it must not hand its
 * work to one that runs already on another.
 */
static int
imp_application_handle_local_options (GApplication *application,
                                      GVariantDict *options)
{
  ImpApplication *self = IMP_APPLICATION (application);

  if (g_variant_dict_contains (options, "version"))
    {
      g_print ("imprimatur %s\n", IMP_VERSION);
      return 0;
    }
  if (g_variant_dict_lookup (options, "data-dir", "^ay", &self->data_dir))
    g_application_set_flags (application,
                             g_application_get_flags (application) | G_APPLICATION_NON_UNIQUE);

  return -1;
}

/* An uninstalled console without the schema works; it only remembers nothing. */
static GSettings *
find_settings (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, IMP_APP_ID, TRUE);

  return schema != NULL ? g_settings_new (IMP_APP_ID) : NULL;
}

/* A dialog belongs to no application by itself, and then knows none of its keys. */
static void
toplevels_changed_cb (ImpApplication *self,
                      guint           position,
                      guint           removed,
                      guint           added,
                      GListModel     *toplevels)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (toplevels, position + i);

      if (gtk_window_get_application (window) == NULL)
        gtk_window_set_application (window, GTK_APPLICATION (self));
    }
}

static void
follow_color_scheme (ImpApplication *self)
{
  const AdwColorScheme schemes[] = { ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                     ADW_COLOR_SCHEME_FORCE_DARK };
  int chosen = g_settings_get_enum (self->settings, IMP_PREFERENCE_COLOR_SCHEME);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), schemes[chosen]);
}

/* Without settings there is nothing that a preference could change. */
static void
set_up_settings (ImpApplication *self)
{
  GAction *preferences = g_action_map_lookup_action (G_ACTION_MAP (self), "preferences");

  self->settings = find_settings ();
  g_simple_action_set_enabled (G_SIMPLE_ACTION (preferences), self->settings != NULL);
  if (self->settings == NULL)
    return;

  g_signal_connect_object (self->settings, "changed::" IMP_PREFERENCE_COLOR_SCHEME,
                           G_CALLBACK (follow_color_scheme), self, G_CONNECT_SWAPPED);
  follow_color_scheme (self);
}

static void
imp_application_startup (GApplication *application)
{
  ImpApplication *self = IMP_APPLICATION (application);

  G_APPLICATION_CLASS (imp_application_parent_class)->startup (application);

  gtk_window_set_default_icon_name (IMP_APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  set_up_settings (self);
  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed",
                           G_CALLBACK (toplevels_changed_cb), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (accels); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accels[i].action,
                                           accels[i].accels);
}

static void
imp_application_shutdown (GApplication *application)
{
  ImpApplication *self = IMP_APPLICATION (application);

  g_clear_object (&self->resumer);
  g_clear_object (&self->notifier);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);

  G_APPLICATION_CLASS (imp_application_parent_class)->shutdown (application);
}

static void
imp_application_finalize (GObject *object)
{
  ImpApplication *self = IMP_APPLICATION (object);

  g_free (self->data_dir);

  G_OBJECT_CLASS (imp_application_parent_class)->finalize (object);
}

static void
imp_application_class_init (ImpApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = imp_application_finalize;
  application_class->activate = imp_application_activate;
  application_class->open = imp_application_open;
  application_class->handle_local_options = imp_application_handle_local_options;
  application_class->startup = imp_application_startup;
  application_class->shutdown = imp_application_shutdown;
}

static void
imp_application_init (ImpApplication *self)
{
  const GOptionEntry options[] = {
    { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, NULL,
      N_("Keep everything in this folder"), N_("DIR") },
    { "version", 'v', 0, G_OPTION_ARG_NONE, NULL,
      N_("Show the version and exit"), NULL },
    { NULL }
  };

  g_application_add_main_option_entries (G_APPLICATION (self), options);
  g_application_set_option_context_parameter_string (G_APPLICATION (self), _("[FILE]"));
  g_application_set_option_context_summary (G_APPLICATION (self),
                                            _("Sign firmware and register it; FILE starts a new "
                                              "update."));
}

/**
 * imp_application_new:
 *
 * Makes the application.
 *
 * Returns: (transfer full): the application
 */
ImpApplication *
imp_application_new (void)
{
  return g_object_new (IMP_TYPE_APPLICATION,
                       "application-id", IMP_APP_ID,
                       "resource-base-path", "/io/github/imprimatur/Imprimatur",
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       NULL);
}

/**
 * imp_application_get_session:
 * @self: an application
 *
 * Returns: (transfer none) (nullable): the session, or `NULL` before the first window
 */
ImpSession *
imp_application_get_session (ImpApplication *self)
{
  g_return_val_if_fail (IMP_IS_APPLICATION (self), NULL);

  return self->session;
}

/**
 * imp_application_get_settings:
 * @self: the application
 *
 * Gets where the state of the window is remembered.
 *
 * Returns: (transfer none) (nullable): the settings, %NULL where no schema is installed
 */
GSettings *
imp_application_get_settings (ImpApplication *self)
{
  g_return_val_if_fail (IMP_IS_APPLICATION (self), NULL);

  return self->settings;
}
