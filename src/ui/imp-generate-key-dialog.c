/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-generate-key-dialog.h"

#include <glib/gi18n.h>

#include "imp-field-row.h"
#include "imp-format.h"

/**
 * ImpGenerateKeyDialog:
 *
 * Asks for the name and the algorithm of a new key, and where it shall be kept.
 * Its response “generate” can only be given once there is a name that will do.
 */
struct _ImpGenerateKeyDialog
{
  AdwMessageDialog parent_instance;

  ImpKeyring *keyring;  /* (owned) */
  GListModel *tokens;   /* (owned): those that were there when it was opened */

  ImpFieldRow *label_row;
  AdwComboRow *type_row;
  AdwComboRow *place_row;
  GtkLabel    *type_label;
  GtkLabel    *problem_label;
};

G_DEFINE_FINAL_TYPE (ImpGenerateKeyDialog, imp_generate_key_dialog, ADW_TYPE_MESSAGE_DIALOG)

/* In the order of the combo row's items. */
static const ImpKeyType key_types[] = {
  IMP_KEY_RSA_2048, IMP_KEY_RSA_3072, IMP_KEY_RSA_4096,
  IMP_KEY_EC_P256, IMP_KEY_EC_P384, IMP_KEY_ED25519,
};

/* Why one would choose it; likewise in that order. */
static const char *const explanations[] = {
  N_("What the reference system uses: the safe choice for devices that are out there already."),
  N_("As strong as EC P-256, for devices that know only RSA."),
  N_("Stronger than RSA-3072, with large signatures and slow signing."),
  N_("Small keys and signatures, known to most security keys and HSMs."),
  N_("As EC P-256, but stronger, where rules ask for it."),
  N_("The smallest and fastest, for devices and tokens that are new enough to know it."),
};

static void
type_selected_cb (ImpGenerateKeyDialog *self)
{
  gtk_label_set_text (self->type_label, _(explanations[adw_combo_row_get_selected (self->type_row)]));
}

static void
label_changed_cb (ImpGenerateKeyDialog *self)
{
  g_autofree char *label = imp_generate_key_dialog_dup_label (self);
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;
  gboolean good = imp_keyring_check_label (self->keyring, label, &error);

  /* Nothing typed yet is no mistake. */
  if (!good && *label != '\0')
    sentence = imp_format_error (error);

  imp_field_row_set_problem (self->label_row, sentence);
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "generate", good);
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
  ImpGenerateKeyDialog *self = IMP_GENERATE_KEY_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_GENERATE_KEY_DIALOG);
  g_clear_object (&self->keyring);
  g_clear_object (&self->tokens);

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
  gtk_widget_class_bind_template_child (widget_class, ImpGenerateKeyDialog, place_row);
  gtk_widget_class_bind_template_child (widget_class, ImpGenerateKeyDialog, type_label);
  gtk_widget_class_bind_template_child (widget_class, ImpGenerateKeyDialog, problem_label);
  gtk_widget_class_bind_template_callback (widget_class, label_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, type_selected_cb);
}

static void
imp_generate_key_dialog_init (ImpGenerateKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  type_selected_cb (self);
}

/* The keyring comes first, which is always there or says why it is not. */
static void
set_places (ImpGenerateKeyDialog *self)
{
  g_autoptr(GtkStringList) places = gtk_string_list_new (NULL);
  GListStore *tokens = g_list_store_new (IMP_TYPE_PKCS11_TOKEN);
  GListModel *all = imp_keyring_get_tokens (self->keyring);
  guint n = g_list_model_get_n_items (all);

  gtk_string_list_append (places, _("Login keyring"));
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpPkcs11Token) token = g_list_model_get_item (all, i);
      g_autofree char *name = g_strdup_printf (_("PKCS#11 token “%s”"), imp_pkcs11_token_get_label (token));

      g_list_store_append (tokens, token);
      gtk_string_list_append (places, name);
    }

  self->tokens = G_LIST_MODEL (tokens);
  adw_combo_row_set_model (self->place_row, G_LIST_MODEL (places));
  gtk_widget_set_visible (GTK_WIDGET (self->place_row), n > 0);
}

/* A second key is not offered the name of the first. */
static void
propose_label (ImpGenerateKeyDialog *self)
{
  g_autofree char *label = imp_generate_key_dialog_dup_label (self);

  if (!imp_keyring_check_label (self->keyring, label, NULL))
    gtk_editable_set_text (GTK_EDITABLE (self->label_row), "");
}

/**
 * imp_generate_key_dialog_new:
 * @parent: the window it belongs to
 * @keyring: where the key shall come to
 *
 * Makes the dialog.
 *
 * Returns: (transfer none): the dialog, which GTK owns
 */
GtkWidget *
imp_generate_key_dialog_new (GtkWindow  *parent,
                             ImpKeyring *keyring)
{
  ImpGenerateKeyDialog *self = g_object_new (IMP_TYPE_GENERATE_KEY_DIALOG, "transient-for", parent, NULL);

  self->keyring = g_object_ref (keyring);
  set_places (self);
  propose_label (self);
  label_changed_cb (self);
  return GTK_WIDGET (self);
}

/**
 * imp_generate_key_dialog_restore:
 * @self: the dialog
 * @label: the name
 * @type: the algorithm
 * @token: (nullable): where it was to be kept
 * @problem: (nullable): what went wrong the last time
 *
 * Puts back what was wanted before, and says why it is asked again.
 */
void
imp_generate_key_dialog_restore (ImpGenerateKeyDialog *self,
                                 const char           *label,
                                 ImpKeyType            type,
                                 ImpPkcs11Token       *token,
                                 const char           *problem)
{
  guint n = g_list_model_get_n_items (self->tokens);

  gtk_editable_set_text (GTK_EDITABLE (self->label_row), label);
  for (guint i = 0; i < G_N_ELEMENTS (key_types); i++)
    {
      if (key_types[i] == type)
        adw_combo_row_set_selected (self->type_row, i);
    }
  for (guint i = 0; token != NULL && i < n; i++)
    {
      g_autoptr(ImpPkcs11Token) other = g_list_model_get_item (self->tokens, i);

      if (g_str_equal (imp_pkcs11_token_get_url (other), imp_pkcs11_token_get_url (token)))
        adw_combo_row_set_selected (self->place_row, i + 1);
    }

  gtk_label_set_text (self->problem_label, problem != NULL ? problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem_label), problem != NULL);
}

/**
 * imp_generate_key_dialog_dup_label:
 * @self: the dialog
 *
 * Gets the name, without the spaces around it.
 *
 * Returns: (transfer full): the name
 */
char *
imp_generate_key_dialog_dup_label (ImpGenerateKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_GENERATE_KEY_DIALOG (self), NULL);

  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->label_row))));
}

/**
 * imp_generate_key_dialog_get_key_type:
 * @self: a dialog
 *
 * Returns: what kind of key was chosen
 */
ImpKeyType
imp_generate_key_dialog_get_key_type (ImpGenerateKeyDialog *self)
{
  g_return_val_if_fail (IMP_IS_GENERATE_KEY_DIALOG (self), IMP_KEY_RSA_2048);

  return key_types[adw_combo_row_get_selected (self->type_row)];
}

/**
 * imp_generate_key_dialog_dup_token:
 * @self: the dialog
 *
 * Gets the token that shall make and keep the key.
 *
 * Returns: (transfer full) (nullable): the token, or %NULL for the keyring
 */
ImpPkcs11Token *
imp_generate_key_dialog_dup_token (ImpGenerateKeyDialog *self)
{
  guint selected;

  g_return_val_if_fail (IMP_IS_GENERATE_KEY_DIALOG (self), NULL);

  selected = adw_combo_row_get_selected (self->place_row);
  return selected > 0 ? g_list_model_get_item (self->tokens, selected - 1) : NULL;
}
