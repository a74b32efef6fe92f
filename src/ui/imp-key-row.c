/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-key-row.h"

#include <glib/gi18n.h>

#include "imp-format.h"
#include "imp-status-chip.h"
#include "imp-toast.h"
#include "imp-width-first.h"

/**
 * ImpKeyRow:
 *
 * A signing key: what it is called, how it stands with the agents, counting
 * down, and behind the fold what it is and what can be done with it.
 */
struct _ImpKeyRow
{
  AdwExpanderRow parent_instance;

  ImpAuthor  *author;   /* (owned) */
  ImpSession *session;  /* (owned) */
  guint       tick_id;

  ImpStatusChip *chip;
  GtkLabel      *fingerprint_label;
  AdwActionRow  *location_row;
  AdwActionRow  *created_row;
  AdwActionRow  *since_row;
  GtkLabel      *pem_label;
  AdwActionRow  *published_row;
  GPtrArray     *update_rows;  /* (owned) (element-type GtkWidget) */
  GtkButton     *register_button;
  GtkButton     *remove_button;
  GtkButton     *export_button;
};

G_DEFINE_FINAL_TYPE (ImpKeyRow, imp_key_row, ADW_TYPE_EXPANDER_ROW)

static const ImpChipKind chip_kinds[] = {
  [IMP_AUTHOR_UNKNOWN] = IMP_CHIP_NEUTRAL,
  [IMP_AUTHOR_NOT_REGISTERED] = IMP_CHIP_NEUTRAL,
  [IMP_AUTHOR_REGISTERED] = IMP_CHIP_GOOD,
  [IMP_AUTHOR_EXPIRED] = IMP_CHIP_WARNING,
};

static void
update_published_row (ImpKeyRow *self)
{
  guint n = g_list_model_get_n_items (imp_author_get_published (self->author));
  g_autofree char *text = NULL;

  if (!imp_author_is_published_known (self->author))
    text = g_strdup (_("Not known: the agents have not answered"));
  else if (n == 0)
    text = g_strdup (_("No update yet"));
  else if (imp_author_get_published_more (self->author))
    text = g_strdup_printf (ngettext ("The newest %u of its updates", "The newest %u of its updates", n), n);
  else
    text = g_strdup_printf (ngettext ("%u update", "%u updates", n), n);

  adw_action_row_set_subtitle (self->published_row, text);
}

static void
update (ImpKeyRow *self)
{
  ImpAuthorState state = imp_author_get_state (self->author);
  g_autofree char *text = imp_author_describe (self->author);
  g_autofree char *since = imp_format_time (imp_author_get_since (self->author));

  imp_status_chip_set (self->chip, chip_kinds[state], text);
  adw_action_row_set_subtitle (self->since_row, since);
  gtk_widget_set_visible (GTK_WIDGET (self->since_row), imp_author_get_since (self->author) > 0);
  gtk_button_set_label (self->register_button, state == IMP_AUTHOR_NOT_REGISTERED ||
                                                   state == IMP_AUTHOR_UNKNOWN
                                                 ? _("Register") : _("Register Again"));
  update_published_row (self);
}

static void
show_transaction_cb (AdwActionRow *row)
{
  gtk_widget_activate_action (GTK_WIDGET (row), "win.show-transaction", "s",
                              g_object_get_data (G_OBJECT (row), "transaction"));
}

static GtkWidget *
create_update_row (ImpTransaction *transaction)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");
  g_autofree char *title = g_strdup_printf ("%s · %s", imp_transaction_get_class_id (transaction),
                                            imp_transaction_get_version (transaction));
  g_autofree char *subtitle = imp_format_time (imp_transaction_get_time (transaction));

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "transaction", g_strdup (imp_transaction_get_id (transaction)), g_free);
  g_signal_connect (row, "activated", G_CALLBACK (show_transaction_cb), NULL);

  return row;
}

static void
update_published (ImpKeyRow *self)
{
  GListModel *published = imp_author_get_published (self->author);
  guint n = g_list_model_get_n_items (published);

  for (guint i = 0; i < self->update_rows->len; i++)
    adw_expander_row_remove (ADW_EXPANDER_ROW (self), self->update_rows->pdata[i]);
  g_ptr_array_set_size (self->update_rows, 0);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpTransaction) transaction = g_list_model_get_item (published, i);
      GtkWidget *row = create_update_row (transaction);

      adw_expander_row_add_row (ADW_EXPANDER_ROW (self), row);
      g_ptr_array_add (self->update_rows, row);
    }
}

/* What nobody looks at is not asked for. */
static void
expanded_cb (ImpKeyRow *self)
{
  ImpAgentClient *client = imp_session_get_client (self->session);

  if (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (self)) && client != NULL)
    imp_author_refresh_published (self->author, client);
}

static gboolean
tick_cb (gpointer user_data)
{
  update (user_data);
  return G_SOURCE_CONTINUE;
}

/* Counting down is only worth waking up for where somebody can see it. */
static void
imp_key_row_map (GtkWidget *widget)
{
  ImpKeyRow *self = IMP_KEY_ROW (widget);

  GTK_WIDGET_CLASS (imp_key_row_parent_class)->map (widget);

  update (self);
  self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
}

static void
imp_key_row_unmap (GtkWidget *widget)
{
  ImpKeyRow *self = IMP_KEY_ROW (widget);

  g_clear_handle_id (&self->tick_id, g_source_remove);

  GTK_WIDGET_CLASS (imp_key_row_parent_class)->unmap (widget);
}

static void
copy_pem_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  ImpKeyRow *self = IMP_KEY_ROW (widget);

  imp_toast_copy (widget, imp_keyring_item_get_public_pem (imp_author_get_item (self->author)),
                  _("Public key copied"));
}

static void
copy_fingerprint_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ImpKeyRow *self = IMP_KEY_ROW (widget);

  imp_toast_copy (widget, imp_author_get_fingerprint (self->author), _("Fingerprint copied"));
}

/* The target comes first: an action with a parameter must never be without. */
static void
set_action (GtkButton  *button,
            const char *action_name,
            const char *fingerprint)
{
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", fingerprint);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action_name);
}

static void
set_up (ImpKeyRow *self,
        ImpAuthor *author)
{
  ImpKeyringItem *item = imp_author_get_item (author);
  const char *fingerprint = imp_keyring_item_get_fingerprint (item);
  g_autofree char *pem = g_strchomp (g_strdup (imp_keyring_item_get_public_pem (item)));
  g_autofree char *short_id = imp_format_short_id (fingerprint);
  g_autofree char *created = imp_format_time (imp_keyring_item_get_created (item));
  g_autofree char *subtitle = g_strdup_printf ("%s · %s", imp_keyring_item_get_algorithm (item), short_id);

  self->author = g_object_ref (author);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), imp_keyring_item_get_label (item));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  gtk_label_set_text (self->fingerprint_label, fingerprint);
  adw_action_row_set_subtitle (self->location_row, imp_keyring_item_get_location (item));
  adw_action_row_set_subtitle (self->created_row, created);
  gtk_widget_set_visible (GTK_WIDGET (self->created_row), imp_keyring_item_get_created (item) > 0);
  gtk_label_set_text (self->pem_label, pem);
  /* What a token has may be the only copy in the world. */
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (self->remove_button)),
                          imp_keyring_item_get_token (item) == NULL);
  set_action (self->register_button, "keys.register", fingerprint);
  set_action (self->remove_button, "keys.remove", fingerprint);
  set_action (self->export_button, "keys.export", fingerprint);

  g_signal_connect_object (author, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (imp_author_get_published (author), "items-changed", G_CALLBACK (update_published), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::expanded", G_CALLBACK (expanded_cb), NULL);
  update (self);
}

static void
imp_key_row_dispose (GObject *object)
{
  ImpKeyRow *self = IMP_KEY_ROW (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_KEY_ROW);
  g_clear_pointer (&self->update_rows, g_ptr_array_unref);
  g_clear_object (&self->author);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_key_row_parent_class)->dispose (object);
}

static void
imp_key_row_class_init (ImpKeyRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_key_row_dispose;
  widget_class->map = imp_key_row_map;
  widget_class->unmap = imp_key_row_unmap;

  gtk_widget_class_install_action (widget_class, "key.copy-public", NULL, copy_pem_action);
  gtk_widget_class_install_action (widget_class, "key.copy-fingerprint", NULL, copy_fingerprint_action);

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-key-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, fingerprint_label);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, location_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, created_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, since_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, pem_label);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, published_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, register_button);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, remove_button);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, export_button);
}

static void
imp_key_row_init (ImpKeyRow *self)
{
  self->update_rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_width_first (GTK_WIDGET (self));
}

/**
 * imp_key_row_new:
 * @author: a key and how it stands
 * @session: whose agents know what it has published
 *
 * Makes a row that follows @author.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_key_row_new (ImpAuthor  *author,
                 ImpSession *session)
{
  ImpKeyRow *self;

  g_return_val_if_fail (IMP_IS_AUTHOR (author), NULL);
  g_return_val_if_fail (IMP_IS_SESSION (session), NULL);

  self = g_object_new (IMP_TYPE_KEY_ROW, NULL);
  self->session = g_object_ref (session);
  set_up (self, author);
  return GTK_WIDGET (self);
}

/**
 * imp_key_row_get_author:
 * @self: a row
 *
 * Returns: (transfer none): the key that it shows
 */
ImpAuthor *
imp_key_row_get_author (ImpKeyRow *self)
{
  g_return_val_if_fail (IMP_IS_KEY_ROW (self), NULL);

  return self->author;
}

static const char *
get_location (GtkListBoxRow *row)
{
  return imp_keyring_item_get_location (imp_author_get_item (IMP_KEY_ROW (row)->author));
}

/**
 * imp_key_row_update_header:
 * @row: a key row
 * @before: (nullable): the one above it
 * @user_data: not used
 *
 * Says above the first of the keys that live in the same place which place that is; for
 * gtk_list_box_set_header_func().
 */
void
imp_key_row_update_header (GtkListBoxRow *row,
                           GtkListBoxRow *before,
                           gpointer       user_data)
{
  GtkWidget *label;

  if (before != NULL && g_strcmp0 (get_location (row), get_location (before)) == 0)
    {
      gtk_list_box_row_set_header (row, NULL);
      return;
    }

  label = gtk_label_new (get_location (row));
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "caption-heading");
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "keys-header");
  gtk_list_box_row_set_header (row, label);
}
