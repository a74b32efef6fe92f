/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-generate-key-dialog.h"

#include <glib/gi18n.h>

#include "imp-field-row.h"
/**
 * ImpGenerateKeyDialog:
 *
 * Asks for the name and the algorithm of a new key. Its response “generate” can
 * only be given once there is a name.
 */
struct _ImpGenerateKeyDialog
{
  AdwMessageDialog parent_instance;

  ImpFieldRow *label_row;
  AdwComboRow *type_row;
};

G_DEFINE_FINAL_TYPE (ImpGenerateKeyDialog, imp_generate_key_dialog, ADW_TYPE_MESSAGE_DIALOG)

/* In the order of the combo row's items. */
static const ImpKeyType key_types[] = {
  IMP_KEY_RSA_2048, IMP_KEY_RSA_3072, IMP_KEY_RSA_4096,
  IMP_KEY_EC_P256, IMP_KEY_EC_P384, IMP_KEY_ED25519,
};

static void
label_changed_cb (ImpGenerateKeyDialog *self)
{
  g_autofree char *label = g_strdup (imp_generate_key_dialog_get_label (self));

  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "generate",
                                           *g_strstrip (label) != '\0');
}

static void
entry_activated_cb (ImpGenerateKeyDialog *self)
{
  if (adw_message_dialog_get_response_enabled (ADW_MESSAGE_DIALOG (self), "generate"))
    {
      adw_message_dialog_response (ADW_MESSAGE_DIALOG (self), "generate");
      gtk_window_close (GTK_WINDOW (self));
    }
}

static void
imp_generate_key_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_GENERATE_KEY_DIALOG);

  G_OBJECT_CLASS (imp_generate_key_dialog_parent_class)->dispose (object);
}

static void
imp_generate_key_dialog_class_init (ImpGenerateKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_generate_key_dialog_dispose;

  g_type_ensure (IMP_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-generate-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpGenerateKeyDialog, label_row);
  gtk_widget_class_bind_template_child (widget_class, ImpGenerateKeyDialog, type_row);
  gtk_widget_class_bind_template_callback (widget_class, label_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
}

static void
imp_generate_key_dialog_init (ImpGenerateKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  label_changed_cb (self);
}

/**
 * imp_generate_key_dialog_new:
 * @parent: the window it belongs to
 *
 * Makes the dialog.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_generate_key_dialog_new (GtkWindow *parent)
{
  return g_object_new (IMP_TYPE_GENERATE_KEY_DIALOG, "transient-for", parent, NULL);
}

const char *
imp_generate_key_dialog_get_label (ImpGenerateKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_GENERATE_KEY_DIALOG (self), NULL);

  return gtk_editable_get_text (GTK_EDITABLE (self->label_row));
}

ImpKeyType
imp_generate_key_dialog_get_key_type (ImpGenerateKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_GENERATE_KEY_DIALOG (self), IMP_KEY_RSA_2048);

  return key_types[adw_combo_row_get_selected (self->type_row)];
}
