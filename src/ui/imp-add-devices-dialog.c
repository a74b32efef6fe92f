/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-add-devices-dialog.h"

#include <glib/gi18n.h>

#include "imp-author.h"
#include "imp-changes-view.h"
#include "imp-choices-button.h"
#include "imp-class-lookup.h"
#include "imp-field-row.h"
#include "imp-preferences.h"
#include "imp-format.h"
#include "imp-manifest.h"
#include "imp-spin-check.h"

/**
 * ImpAddDevicesDialog:
 *
 * Asks what the new devices are like, and adds them.
 */
struct _ImpAddDevicesDialog
{
  AdwMessageDialog parent_instance;

  ImpSession     *session;      /* (owned) */
  ImpClassLookup *lookup;       /* (owned) */
  GCancellable   *cancellable;  /* (owned): of adding, which goes on when the dialog is closed */

  GtkSpinButton    *count_spin;
  ImpFieldRow      *class_row;
  ImpChoicesButton *class_choices;
  AdwComboRow      *author_row;
  ImpFieldRow      *version_row;
  GtkSwitch        *polling_switch;
  GtkSpinButton    *interval_spin;
  GtkSpinButton    *jitter_spin;
};

G_DEFINE_FINAL_TYPE (ImpAddDevicesDialog, imp_add_devices_dialog, ADW_TYPE_MESSAGE_DIALOG)

enum {
  SIGNAL_PROGRESS,
  SIGNAL_ADDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gboolean
check_row (ImpFieldRow *row,
           const char  *key,
           gboolean     required)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (row));
  g_autoptr(GError) error = NULL;
  g_autofree char *problem = NULL;

  if (*text != '\0' && !imp_manifest_check_field (key, text, &error))
    problem = imp_changes_view_describe (key, error);
  imp_field_row_set_problem (row, problem);
  return problem == NULL && (!required || *text != '\0');
}

static void
changed_cb (ImpAddDevicesDialog *self)
{
  gboolean class_good = check_row (self->class_row, IMP_MANIFEST_CLASS_ID, TRUE);
  gboolean version_good = check_row (self->version_row, IMP_MANIFEST_VERSION_ID, FALSE);
  gboolean count_good = imp_spin_check (self->count_spin);
  gboolean interval_good = imp_spin_check (self->interval_spin);
  gboolean jitter_good = imp_spin_check (self->jitter_spin);
  gboolean author = adw_combo_row_get_selected_item (self->author_row) != NULL;

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "add",
                                           class_good && version_good && count_good && interval_good &&
                                             jitter_good && author);
}

static void
class_chosen_cb (ImpAddDevicesDialog *self,
                 const char          *class_id)
{
  gtk_editable_set_text (GTK_EDITABLE (self->class_row), class_id);
}

/* With one class on the ledger there is little to choose. */
static void
listed_cb (ImpAddDevicesDialog *self)
{
  const char *const *classes = imp_class_lookup_get_classes (self->lookup);

  imp_choices_button_set_choices (self->class_choices, classes);
  if (classes[0] != NULL && *gtk_editable_get_text (GTK_EDITABLE (self->class_row)) == '\0')
    class_chosen_cb (self, classes[0]);
}

static void
progress_cb (goffset  done,
             goffset  total,
             gpointer user_data)
{
  g_signal_emit (user_data, signals[SIGNAL_PROGRESS], 0, (double) done / total);
}

static void
added_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(ImpAddDevicesDialog) self = user_data;
  g_autoptr(GError) error = NULL;

  imp_fleet_add_finish (IMP_FLEET (object), result, &error);
  g_signal_emit (self, signals[SIGNAL_ADDED], 0, error);
}

static void
add (ImpAddDevicesDialog *self)
{
  ImpAuthor *author = adw_combo_row_get_selected_item (self->author_row);
  const char *pem = imp_keyring_item_get_public_pem (imp_author_get_item (author));
  const char *version = gtk_editable_get_text (GTK_EDITABLE (self->version_row));
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GError) error = NULL;
  ImpDeviceConfig config = { .sequence = -1 };

  key = imp_key_new_from_pem (pem, -1, NULL, &error);
  if (key == NULL)
    {
      g_signal_emit (self, signals[SIGNAL_ADDED], 0, error);
      return;
    }

  config.class_id = gtk_editable_get_text (GTK_EDITABLE (self->class_row));
  config.version = *version != '\0' ? version : NULL;
  config.author = key;
  config.polling = gtk_switch_get_active (self->polling_switch);
  config.poll_interval = gtk_spin_button_get_value_as_int (self->interval_spin);
  config.poll_jitter = gtk_spin_button_get_value_as_int (self->jitter_spin);
  imp_fleet_add_async (imp_session_get_fleet (self->session), &config,
                       gtk_spin_button_get_value_as_int (self->count_spin), progress_cb, self,
                       self->cancellable, added_cb, g_object_ref (self));
}

static void
imp_add_devices_dialog_response (AdwMessageDialog *dialog,
                                 const char       *response)
{
  if (g_str_equal (response, "add"))
    add (IMP_ADD_DEVICES_DIALOG (dialog));
}

static char *
get_author_label (ImpAuthor *author,
                  gpointer   user_data)
{
  return author != NULL ? g_strdup (imp_author_get_label (author)) : NULL;
}

static void
imp_add_devices_dialog_dispose (GObject *object)
{
  ImpAddDevicesDialog *self = IMP_ADD_DEVICES_DIALOG (object);

  if (self->lookup != NULL)
    imp_class_lookup_close (self->lookup);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_ADD_DEVICES_DIALOG);
  g_clear_object (&self->lookup);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (imp_add_devices_dialog_parent_class)->dispose (object);
}

static void
imp_add_devices_dialog_class_init (ImpAddDevicesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_add_devices_dialog_dispose;
  ADW_MESSAGE_DIALOG_CLASS (klass)->response = imp_add_devices_dialog_response;

  /**
   * ImpAddDevicesDialog::progress:
   * @self: the dialog
   * @done: how much is done, 0 to 1
   *
   * Emitted while the devices are made.
   */
  signals[SIGNAL_PROGRESS] =
    g_signal_new ("progress",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_DOUBLE);
  /**
   * ImpAddDevicesDialog::added:
   * @self: the dialog
   * @error: (nullable): why it did not work
   *
   * Emitted when the devices are there, or none of them is.
   */
  signals[SIGNAL_ADDED] =
    g_signal_new ("added",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_ERROR);

  g_type_ensure (IMP_TYPE_FIELD_ROW);
  g_type_ensure (IMP_TYPE_CHOICES_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-add-devices-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, count_spin);
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, class_row);
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, class_choices);
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, author_row);
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, version_row);
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, polling_switch);
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, interval_spin);
  gtk_widget_class_bind_template_child (widget_class, ImpAddDevicesDialog, jitter_spin);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, class_chosen_cb);
}

static void
imp_add_devices_dialog_init (ImpAddDevicesDialog *self)
{
  g_autoptr(GtkExpression) expression = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  self->cancellable = g_cancellable_new ();
  expression = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL,
                                            G_CALLBACK (get_author_label), NULL, NULL);
  adw_combo_row_set_expression (self->author_row, expression);
  self->lookup = imp_class_lookup_new ();
  g_signal_connect_object (self->lookup, "listed", G_CALLBACK (listed_cb), self,
                           G_CONNECT_SWAPPED);
}

/**
 * imp_add_devices_dialog_new:
 * @parent: the window it belongs to
 * @session: whose fleet
 *
 * Makes the dialog.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_add_devices_dialog_new (GtkWindow  *parent,
                            ImpSession *session)
{
  ImpAddDevicesDialog *self = g_object_new (IMP_TYPE_ADD_DEVICES_DIALOG, "transient-for", parent,
                                            NULL);

  self->session = g_object_ref (session);
  adw_combo_row_set_model (self->author_row, imp_session_get_authors (session));
  if (imp_session_get_client (session) != NULL)
    imp_class_lookup_list (self->lookup, imp_session_get_client (session));
  if (imp_session_get_settings (session) != NULL)
    gtk_spin_button_set_value (self->interval_spin,
                               g_settings_get_uint (imp_session_get_settings (session),
                                                    IMP_PREFERENCE_POLL_INTERVAL));
  changed_cb (self);
  return GTK_WIDGET (self);
}

/**
 * imp_add_devices_dialog_get_cancellable:
 * @self: a dialog
 *
 * Returns: (transfer none): what cancels adding, so that none is added
 */
GCancellable *
imp_add_devices_dialog_get_cancellable (ImpAddDevicesDialog *self)
{
  g_return_val_if_fail (IMP_IS_ADD_DEVICES_DIALOG (self), NULL);

  return self->cancellable;
}
