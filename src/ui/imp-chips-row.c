/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-chips-row.h"

#include <glib/gi18n.h>

/**
 * ImpChipsRow:
 *
 * A list of short texts as chips, each once, in the order in which they were picked. There is no row
 * while there is no chip.
 *
 * The texts together are one text with a line each.
 */
struct _ImpChipsRow
{
  AdwPreferencesRow parent_instance;

  GtkStringList *chips;  /* (owned) */
  GtkFlowBox    *box;    /* not owned */
};

G_DEFINE_FINAL_TYPE (ImpChipsRow, imp_chips_row, ADW_TYPE_PREFERENCES_ROW)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static guint
find (ImpChipsRow *self,
      const char  *chip)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->chips));

  for (guint i = 0; i < n; i++)
    {
      if (g_str_equal (gtk_string_list_get_string (self->chips, i), chip))
        return i;
    }

  return n;
}

static void
changed (ImpChipsRow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self),
                          g_list_model_get_n_items (G_LIST_MODEL (self->chips)) > 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  ImpChipsRow *self = IMP_CHIPS_ROW (widget);
  guint place = find (self, g_variant_get_string (parameter, NULL));

  if (place == g_list_model_get_n_items (G_LIST_MODEL (self->chips)))
    return;

  gtk_widget_child_focus (gtk_widget_get_parent (widget), GTK_DIR_TAB_FORWARD);
  gtk_string_list_remove (self->chips, place);
  changed (self);
}

static GtkWidget *
create_chip (gpointer item,
             gpointer user_data)
{
  const char *text = gtk_string_object_get_string (item);
  g_autofree char *name = g_strdup_printf (_("Remove “%s”"), text);
  GtkWidget *chip = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = gtk_label_new (text);
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_tooltip_text (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "chips.remove");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", text);
  gtk_widget_add_css_class (chip, "field-chip");
  gtk_box_append (GTK_BOX (chip), label);
  gtk_box_append (GTK_BOX (chip), button);
  return chip;
}

static void
imp_chips_row_dispose (GObject *object)
{
  ImpChipsRow *self = IMP_CHIPS_ROW (object);

  g_clear_object (&self->chips);

  G_OBJECT_CLASS (imp_chips_row_parent_class)->dispose (object);
}

static void
imp_chips_row_class_init (ImpChipsRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_chips_row_dispose;

  /**
   * ImpChipsRow::changed:
   *
   * Emitted when a chip came or went.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  gtk_widget_class_install_action (GTK_WIDGET_CLASS (klass), "chips.remove", "s", remove_action);
}

static void
name_box (ImpChipsRow *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)), -1);
}

static void
imp_chips_row_init (ImpChipsRow *self)
{
  self->chips = gtk_string_list_new (NULL);
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (self->box, 12);
  gtk_widget_set_halign (GTK_WIDGET (self->box), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "field-chips");
  gtk_flow_box_bind_model (self->box, G_LIST_MODEL (self->chips), create_chip, NULL, NULL);
  g_signal_connect (self, "notify::title", G_CALLBACK (name_box), NULL);

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), GTK_WIDGET (self->box));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

/**
 * imp_chips_row_dup_text:
 * @self: a row
 *
 * Returns: (transfer full): a line for each chip
 */
char *
imp_chips_row_dup_text (ImpChipsRow *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (IMP_IS_CHIPS_ROW (self), NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->chips)); i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            gtk_string_list_get_string (self->chips, i));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * imp_chips_row_set_text:
 * @self: a row
 * @text: a line for each chip
 *
 * Replaces all chips.
 */
void
imp_chips_row_set_text (ImpChipsRow *self,
                        const char  *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);

  g_return_if_fail (IMP_IS_CHIPS_ROW (self));

  gtk_string_list_splice (self->chips, 0, g_list_model_get_n_items (G_LIST_MODEL (self->chips)),
                          (const char *const *) lines);
  changed (self);
}

/**
 * imp_chips_row_add:
 * @self: a row
 * @chip: a text on one line
 *
 * Adds a chip, unless it is there.
 */
void
imp_chips_row_add (ImpChipsRow *self,
                   const char  *chip)
{
  g_return_if_fail (IMP_IS_CHIPS_ROW (self));

  if (find (self, chip) < g_list_model_get_n_items (G_LIST_MODEL (self->chips)))
    return;

  gtk_string_list_append (self->chips, chip);
  changed (self);
}
