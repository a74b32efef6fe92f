/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-import-key-dialog.h"

#include <glib/gi18n.h>

#include "imp-field-row.h"
#include "imp-key.h"

/**
 * ImpImportKeyDialog:
 *
 * Asks how an imported key is to be called, and for its password where it is
 * encrypted. The password is in GTK's own non-pageable buffer and nowhere else.
 */
struct _ImpImportKeyDialog
{
  AdwMessageDialog parent_instance;

  GBytes *pem;  /* (owned) */

  ImpFieldRow *label_row;
  ImpFieldRow *password_row;
  GtkLabel            *problem_label;
};

G_DEFINE_FINAL_TYPE (ImpImportKeyDialog, imp_import_key_dialog, ADW_TYPE_MESSAGE_DIALOG)

static void
label_changed_cb (ImpImportKeyDialog *self)
{
  g_autofree char *label = g_strdup (imp_import_key_dialog_get_label (self));

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "import",
                                           *g_strstrip (label) != '\0');
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
  gtk_widget_class_bind_template_child (widget_class, ImpImportKeyDialog, label_row);
  gtk_widget_class_bind_template_child (widget_class, ImpImportKeyDialog, password_row);
  gtk_widget_class_bind_template_child (widget_class, ImpImportKeyDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, label_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
}

static void
imp_import_key_dialog_init (ImpImportKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_import_key_dialog_new:
 * @parent: the window it belongs to
 * @label: the name proposed
 * @pem: the key's text
 *
 * Makes the dialog.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_import_key_dialog_new (GtkWindow  *parent,
                           const char *label,
                           GBytes     *pem)
{
  ImpImportKeyDialog *self = g_object_new (IMP_TYPE_IMPORT_KEY_DIALOG, "transient-for", parent,
                                           NULL);
  gsize size;
  const char *text = g_bytes_get_data (pem, &size);

  self->pem = g_bytes_ref (pem);
  gtk_editable_set_text (GTK_EDITABLE (self->label_row), label);
  gtk_widget_set_visible (GTK_WIDGET (self->password_row), imp_key_pem_is_encrypted (text, size));
  label_changed_cb (self);
  return GTK_WIDGET (self);
}

GBytes *
imp_import_key_dialog_get_pem (ImpImportKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_IMPORT_KEY_DIALOG (self), NULL);

  return self->pem;
}

const char *
imp_import_key_dialog_get_label (ImpImportKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_IMPORT_KEY_DIALOG (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->label_row));
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
