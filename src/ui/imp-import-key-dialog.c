/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-import-key-dialog.h"

#include <glib/gi18n.h>

#include "imp-field-row.h"
#include "imp-format.h"

/**
 * ImpImportKeyDialog:
 *
 * Asks how an imported key is to be called, and for its password where it is
 * encrypted. A file that is no key can be changed for another, with the response
 * “choose”. The password is in GTK's own non-pageable buffer and nowhere else.
 */
struct _ImpImportKeyDialog
{
  AdwMessageDialog parent_instance;

  ImpKeyring *keyring;    /* (owned) */
  GBytes     *pem;        /* (owned) (nullable): there is none in a file that is no key */
  char       *file_name;  /* (owned) */

  AdwActionRow *file_row;
  ImpFieldRow  *label_row;
  ImpFieldRow  *password_row;
  GtkLabel     *problem_label;
};

G_DEFINE_FINAL_TYPE (ImpImportKeyDialog, imp_import_key_dialog, ADW_TYPE_MESSAGE_DIALOG)

static void
label_changed_cb (ImpImportKeyDialog *self)
{
  g_autofree char *label = imp_import_key_dialog_dup_label (self);
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;
  gboolean good = imp_keyring_check_label (self->keyring, label, &error);

  /* Nothing typed yet is no mistake. */
  if (!good && *label != '\0')
    sentence = imp_format_error (error);

  imp_field_row_set_problem (self->label_row, sentence);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "import", good && self->pem != NULL);
}

static void
choose_cb (ImpImportKeyDialog *self)
{
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "choose");
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
entry_activated_cb (ImpImportKeyDialog *self)
{
  if (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (self), "import"))
    {
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "import");
      gtk_window_close (GTK_WINDOW (self));
    }
}

static void
imp_import_key_dialog_dispose (GObject *object)
{
  ImpImportKeyDialog *self = IMP_IMPORT_KEY_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_IMPORT_KEY_DIALOG);
  g_clear_pointer (&self->pem, g_bytes_unref);
  g_clear_pointer (&self->file_name, g_free);
  g_clear_object (&self->keyring);

  G_OBJECT_CLASS (imp_import_key_dialog_parent_class)->dispose (object);
}

static void
imp_import_key_dialog_class_init (ImpImportKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_import_key_dialog_dispose;

  g_type_ensure (IMP_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-import-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpImportKeyDialog, file_row);
  gtk_widget_class_bind_template_child (widget_class, ImpImportKeyDialog, label_row);
  gtk_widget_class_bind_template_child (widget_class, ImpImportKeyDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, ImpImportKeyDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, label_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_cb);
}

static void
imp_import_key_dialog_init (ImpImportKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static gboolean
is_encrypted (GBytes *pem)
{
  gsize size;
  const char *text = pem != NULL ? g_bytes_get_data (pem, &size) : NULL;

  return text != NULL && imp_key_pem_is_encrypted (text, size);
}

/**
 * imp_import_key_dialog_new:
 * @parent: the window it belongs to
 * @keyring: where the key shall come to
 * @label: the name proposed
 * @file_name: what the file is called
 * @pem: (nullable): the key's text, or %NULL where the file has none
 *
 * Makes the dialog.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_import_key_dialog_new (GtkWindow  *parent,
                           ImpKeyring *keyring,
                           const char *label,
                           const char *file_name,
                           GBytes     *pem)
{
  ImpImportKeyDialog *self = g_object_new (IMP_TYPE_IMPORT_KEY_DIALOG, "transient-for", parent,
                                           NULL);

  self->keyring = g_object_ref (keyring);
  self->pem = pem != NULL ? g_bytes_ref (pem) : NULL;
  self->file_name = g_strdup (file_name);
  adw_action_row_set_subtitle (self->file_row, self->file_name);
  gtk_editable_set_text (GTK_EDITABLE (self->label_row), label);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), is_encrypted (pem));
  label_changed_cb (self);
  return GTK_WIDGET (self);
}

/**
 * imp_import_key_dialog_get_pem:
 * @self: a dialog
 *
 * Returns: (transfer none) (nullable): the private key as it was in the file, or `NULL` if that is no
 * key
 */
GBytes *
imp_import_key_dialog_get_pem (ImpImportKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_IMPORT_KEY_DIALOG (self), NULL);

  return self->pem;
}

/**
 * imp_import_key_dialog_get_file_name:
 * @self: a dialog
 *
 * Returns: what the file is called, for people
 */
const char *
imp_import_key_dialog_get_file_name (ImpImportKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_IMPORT_KEY_DIALOG (self), NULL);

  return self->file_name;
}

/**
 * imp_import_key_dialog_dup_label:
 * @self: the dialog
 *
 * Gets the name, without the spaces around it.
 *
 * Returns: (transfer full): the name
 */
char *
imp_import_key_dialog_dup_label (ImpImportKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_IMPORT_KEY_DIALOG (self), NULL);

  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->label_row))));
}

/**
 * imp_import_key_dialog_get_password:
 * @self: the dialog
 *
 * Gets the password that was typed.
 *
 * Returns: (nullable): the password, %NULL where the key is not encrypted
 */
const char *
imp_import_key_dialog_get_password (ImpImportKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_IMPORT_KEY_DIALOG (self), NULL);

  if (!gtk_widget_get_visible (GTK_WIDGET (self->password_row)))
    return NULL;

  return gtk_editable_get_text (GTK_EDITABLE (self->password_row));
}

/**
 * imp_import_key_dialog_set_problem:
 * @self: the dialog
 * @problem: what went wrong the last time
 *
 * Says why the key is asked for again.
 */
void
imp_import_key_dialog_set_problem (ImpImportKeyDialog *self,
                                   const char         *problem)
{
  g_return_if_fail (IMP_IS_IMPORT_KEY_DIALOG (self));

  gtk_label_set_text (self->problem_label, problem);
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), TRUE);
}
