/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-preferences-window.h"

#include <glib/gi18n.h>

#include "imp-author.h"
#include "imp-changes-view.h"
#include "imp-field-row.h"
#include "imp-fit.h"
#include "imp-format.h"
#include "imp-preferences.h"
#include "imp-spin-check.h"
#include "imp-toast.h"

/**
 * ImpPreferencesWindow:
 *
 * The preferences. Each is in force as soon as it is changed, and all of them
 * can be set back at once, with second thoughts.
 */
struct _ImpPreferencesWindow
{
  AdwPreferencesWindow parent_instance;

  ImpSession *session;       /* (owned) */
  GSettings  *settings;      /* (owned) */
  GPtrArray  *fingerprints;  /* (owned): of the keys that are offered */
  gboolean    filling;

  AdwComboRow   *scheme_row;
  AdwComboRow   *key_row;
  ImpFieldRow   *vendor_row;
  ImpFieldRow   *storage_row;
  GtkSpinButton *expiry_spin;
  GtkSpinButton *poll_spin;
  GtkSwitch     *check_switch;
  GtkSwitch     *notify_switch;
  AdwActionRow  *folder_row;
};

G_DEFINE_FINAL_TYPE (ImpPreferencesWindow, imp_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static gboolean
get_scheme (GValue   *value,
            GVariant *variant,
            gpointer  user_data)
{
  const char *names[] = { "system", "light", "dark", NULL };

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (g_str_equal (names[i], g_variant_get_string (variant, NULL)))
        g_value_set_uint (value, i);
    }

  return TRUE;
}

static GVariant *
set_scheme (const GValue       *value,
            const GVariantType *type,
            gpointer            user_data)
{
  const char *names[] = { "system", "light", "dark" };
  guint selected = g_value_get_uint (value);

  return selected < G_N_ELEMENTS (names) ? g_variant_new_string (names[selected]) : NULL;
}

static gboolean
get_number (GValue   *value,
            GVariant *variant,
            gpointer  user_data)
{
  g_value_set_double (value, g_variant_get_uint32 (variant));
  return TRUE;
}

static GVariant *
set_number (const GValue       *value,
            const GVariantType *type,
            gpointer            user_data)
{
  return g_variant_new_uint32 ((guint32) g_value_get_double (value));
}

static void
bind_settings (ImpPreferencesWindow *self)
{
  GSettings *settings = self->settings;

  g_settings_bind_with_mapping (settings, IMP_PREFERENCE_COLOR_SCHEME, self->scheme_row, "selected",
                                G_SETTINGS_BIND_DEFAULT, get_scheme, set_scheme, NULL, NULL);
  g_settings_bind (settings, IMP_PREFERENCE_VENDOR_ID, self->vendor_row, "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, IMP_PREFERENCE_STORAGE_LOCATION, self->storage_row, "text",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind_with_mapping (settings, IMP_PREFERENCE_EXPIRY_DAYS, self->expiry_spin, "value",
                                G_SETTINGS_BIND_DEFAULT, get_number, set_number, NULL, NULL);
  g_settings_bind_with_mapping (settings, IMP_PREFERENCE_POLL_INTERVAL, self->poll_spin, "value",
                                G_SETTINGS_BIND_DEFAULT, get_number, set_number, NULL, NULL);
  g_settings_bind (settings, IMP_PREFERENCE_CHECK_LEDGER, self->check_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, IMP_PREFERENCE_NOTIFY, self->notify_switch, "active",
                   G_SETTINGS_BIND_DEFAULT);
}

static void
select_key (ImpPreferencesWindow *self)
{
  g_autofree char *fingerprint = g_settings_get_string (self->settings, IMP_PREFERENCE_KEY);
  guint position = 0;

  if (!g_ptr_array_find_with_equal_func (self->fingerprints, fingerprint, g_str_equal, &position))
    position = 0;

  self->filling = TRUE;
  adw_combo_row_set_selected (self->key_row, position);
  self->filling = FALSE;
}

/* The first line is no key: an empty fingerprint. */
static void
fill_keys (ImpPreferencesWindow *self)
{
  GListModel *authors = imp_session_get_authors (self->session);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint n = g_list_model_get_n_items (authors);

  g_ptr_array_set_size (self->fingerprints, 0);
  g_ptr_array_add (self->fingerprints, g_strdup (""));
  gtk_string_list_append (names, _("The first one"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (authors, i);

      g_ptr_array_add (self->fingerprints, g_strdup (imp_author_get_fingerprint (author)));
      gtk_string_list_append (names, imp_author_get_label (author));
    }

  self->filling = TRUE;
  adw_combo_row_set_model (self->key_row, G_LIST_MODEL (names));
  self->filling = FALSE;
  select_key (self);
}

static void
key_selected_cb (ImpPreferencesWindow *self)
{
  guint position = adw_combo_row_get_selected (self->key_row);

  if (!self->filling && position < self->fingerprints->len)
    g_settings_set_string (self->settings, IMP_PREFERENCE_KEY,
                           g_ptr_array_index (self->fingerprints, position));
}

static void
field_changed_cb (ImpPreferencesWindow *self,
                  ImpFieldRow          *row)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  const char *field = row == self->vendor_row ? IMP_MANIFEST_VENDOR_ID
                                              : IMP_MANIFEST_STORAGE_LOCATION;
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;

  if (*text != '\0' && !imp_manifest_check_field (field, text, &error))
    sentence = imp_changes_view_describe (field, error);
  imp_field_row_set_problem (row, sentence);
}

static void
say (ImpPreferencesWindow *self,
     const char           *text)
{
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), imp_toast_new (text));
}

static void
opened_folder_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(ImpPreferencesWindow) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *sentence = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (self), result, &error))
    return;

  sentence = imp_format_error (error);
  say (self, sentence);
}

static void
open_folder_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  ImpPreferencesWindow *self = IMP_PREFERENCES_WINDOW (widget);
  g_autofree char *uri = g_filename_to_uri (imp_session_get_data_dir (self->session), NULL, NULL);

  gtk_show_uri_full (GTK_WINDOW (self), uri, GDK_CURRENT_TIME, NULL, opened_folder_cb,
                     g_object_ref (self));
}

static void
undo_reset_cb (ImpPreferencesWindow *self,
               AdwToast             *toast)
{
  imp_preferences_restore (self->settings, g_object_get_data (G_OBJECT (toast), "preferences"));
}

static void
reset_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  ImpPreferencesWindow *self = IMP_PREFERENCES_WINDOW (widget);
  AdwToast *toast = adw_toast_new (_("Preferences are as they were at first"));

  imp_toast_offer_undo (toast);
  g_object_set_data_full (G_OBJECT (toast), "preferences", imp_preferences_save (self->settings),
                          (GDestroyNotify) g_variant_unref);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_reset_cb), self,
                           G_CONNECT_SWAPPED);
  imp_preferences_reset (self->settings);
  adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self), toast);
}

static void
imp_preferences_window_dispose (GObject *object)
{
  ImpPreferencesWindow *self = IMP_PREFERENCES_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_PREFERENCES_WINDOW);
  g_clear_pointer (&self->fingerprints, g_ptr_array_unref);
  g_clear_object (&self->settings);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_preferences_window_parent_class)->dispose (object);
}

static void
imp_preferences_window_class_init (ImpPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_preferences_window_dispose;

  gtk_widget_class_install_action (widget_class, "preferences.open-folder", NULL,
                                   open_folder_action);
  gtk_widget_class_install_action (widget_class, "preferences.reset", NULL, reset_action);

  g_type_ensure (IMP_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, scheme_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, key_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, vendor_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, storage_row);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, expiry_spin);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, poll_spin);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, check_switch);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, notify_switch);
  gtk_widget_class_bind_template_child (widget_class, ImpPreferencesWindow, folder_row);
  gtk_widget_class_bind_template_callback (widget_class, imp_spin_check);
  gtk_widget_class_bind_template_callback (widget_class, key_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, field_changed_cb);
}

static void
imp_preferences_window_init (ImpPreferencesWindow *self)
{
  self->fingerprints = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_preferences_window_new:
 * @parent: the window it belongs to
 * @session: whose preferences; it must have some
 *
 * Makes the window.
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWidget *
imp_preferences_window_new (GtkWindow  *parent,
                            ImpSession *session)
{
  ImpPreferencesWindow *self = g_object_new (IMP_TYPE_PREFERENCES_WINDOW,
                                             "transient-for", parent,
                                             NULL);
  GListModel *authors = imp_session_get_authors (session);

  self->session = g_object_ref (session);
  self->settings = g_object_ref (imp_session_get_settings (session));
  adw_action_row_set_subtitle (self->folder_row, imp_session_get_data_dir (session));
  bind_settings (self);
  fill_keys (self);
  g_signal_connect_object (authors, "items-changed", G_CALLBACK (fill_keys), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "changed::" IMP_PREFERENCE_KEY, G_CALLBACK (select_key),
                           self, G_CONNECT_SWAPPED);
  imp_fit_to_parent (GTK_WINDOW (self));
  return GTK_WIDGET (self);
}
