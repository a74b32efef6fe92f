/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-key-row.h"

#include <glib/gi18n.h>

#include "imp-digest-row.h"
#include "imp-format.h"
#include "imp-status-chip.h"
#include "imp-toast.h"

/**
 * ImpKeyRow:
 *
 * A signing key: what it is called, how it stands with the agents, counting
 * down, and behind the fold what it is and what can be done with it.
 */
struct _ImpKeyRow
{
  AdwExpanderRow parent_instance;

  ImpAuthor *author;   /* (owned) */
  guint      tick_id;

  ImpStatusChip *chip;
  ImpDigestRow  *fingerprint_row;
  AdwActionRow  *location_row;
  AdwActionRow  *created_row;
  AdwActionRow  *since_row;
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
  g_autofree char *short_id = imp_format_short_id (fingerprint);
  g_autofree char *created = imp_format_time (imp_keyring_item_get_created (item));
  g_autofree char *subtitle = g_strdup_printf ("%s, %s", imp_keyring_item_get_algorithm (item),
                                               short_id);

  self->author = g_object_ref (author);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), imp_keyring_item_get_label (item));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  imp_digest_row_set_digest (self->fingerprint_row, fingerprint);
  adw_action_row_set_subtitle (self->location_row, imp_keyring_item_get_location (item));
  adw_action_row_set_subtitle (self->created_row, created);
  set_action (self->register_button, "keys.register", fingerprint);
  set_action (self->remove_button, "keys.remove", fingerprint);
  set_action (self->export_button, "keys.export", fingerprint);

  g_signal_connect_object (author, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);
}

static void
imp_key_row_dispose (GObject *object)
{
  ImpKeyRow *self = IMP_KEY_ROW (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_KEY_ROW);
  g_clear_object (&self->author);

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

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  g_type_ensure (IMP_TYPE_DIGEST_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-key-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, chip);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, fingerprint_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, location_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, created_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, since_row);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, register_button);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, remove_button);
  gtk_widget_class_bind_template_child (widget_class, ImpKeyRow, export_button);
}

static void
imp_key_row_init (ImpKeyRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_key_row_new:
 * @author: a key and how it stands
 *
 * Makes a row that follows @author.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_key_row_new (ImpAuthor *author)
{
  ImpKeyRow *self;

  g_return_val_if_fail (IMP_IS_AUTHOR (author), NULL);

  self = g_object_new (IMP_TYPE_KEY_ROW, NULL);
  set_up (self, author);
  return GTK_WIDGET (self);
}
