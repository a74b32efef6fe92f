/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-ledger-chips.h"

#include <glib/gi18n.h>

#include "imp-author-names.h"
#include "imp-text.h"

/**
 * ImpLedgerChips:
 *
 * What a filter asks for, in a line of chips. Each activates
 * `ledger.clear-filter` with the name of what it stands for.
 */
struct _ImpLedgerChips
{
  AdwBin parent_instance;

  GtkFlowBox *box;
};

G_DEFINE_FINAL_TYPE (ImpLedgerChips, imp_ledger_chips, ADW_TYPE_BIN)

static void
imp_ledger_chips_class_init (ImpLedgerChipsClass *klass)
{
}

static void
imp_ledger_chips_init (ImpLedgerChips *self)
{
  self->box = GTK_FLOW_BOX (gtk_flow_box_new ());
  gtk_flow_box_set_selection_mode (self->box, GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (self->box, 12);
  gtk_flow_box_set_column_spacing (self->box, 6);
  gtk_widget_add_css_class (GTK_WIDGET (self->box), "ledger-chips");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->box), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Filters"), -1);
  gtk_widget_set_halign (GTK_WIDGET (self->box), GTK_ALIGN_START);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}

static GtkWidget *
make_content (const char *text)
{
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 32);
  gtk_box_append (GTK_BOX (content), label);
  gtk_box_append (GTK_BOX (content), gtk_image_new_from_icon_name ("window-close-symbolic"));
  return content;
}

static void
add_chip (ImpLedgerChips *self,
          const char     *name,
          const char     *text)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *child;
  g_autofree char *label = NULL;

  /* Translators: %s is a filter that is on, as “Class: router”. */
  label = g_strdup_printf (_("Take off the filter “%s”"), text);
  gtk_button_set_child (GTK_BUTTON (button), make_content (text));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "ledger.clear-filter");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", name);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_add_css_class (button, "chip");

  gtk_flow_box_insert (self->box, button, -1);
  /* The button is what is focused, not the place that it stands in. */
  child = gtk_widget_get_parent (button);
  gtk_widget_set_focusable (child, FALSE);
}

static void
add_text_chip (ImpLedgerChips *self,
               const char     *name,
               const char     *format,
               const char     *value)
{
  g_autofree char *shown = NULL;
  g_autofree char *text = NULL;

  if (value == NULL)
    return;

  /* What was searched for may be anything, on any number of lines. */
  shown = imp_text_excerpt (value, -1);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  text = g_strdup_printf (format, shown);
#pragma GCC diagnostic pop
  add_chip (self, name, text);
}

static char *
format_day (gint64 ms)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);

  return g_date_time_format (time, "%x");
}

static void
add_date_chips (ImpLedgerChips        *self,
                const ImpLedgerFilter *filter)
{
  g_autofree char *since = filter->since != 0 ? format_day (filter->since) : NULL;
  g_autofree char *until = filter->until != 0 ? format_day (filter->until - 1) : NULL;

  /* Translators: a filter, with a date. */
  add_text_chip (self, "since", _("Since %s"), since);
  /* Translators: a filter, with a date that is included. */
  add_text_chip (self, "until", _("Until %s"), until);
}

/**
 * imp_ledger_chips_set_filter:
 * @self: chips
 * @filter: what is asked for
 * @authors: this user's keys, which have names
 *
 * Shows what is on; nothing where nothing is.
 */
void
imp_ledger_chips_set_filter (ImpLedgerChips        *self,
                             const ImpLedgerFilter *filter,
                             GListModel            *authors)
{
  g_autofree char *author = NULL;
  GtkWidget *child;

  g_return_if_fail (IMP_IS_LEDGER_CHIPS (self));
  g_return_if_fail (filter != NULL);

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_flow_box_remove (self->box, child);

  author = filter->author != NULL ? imp_author_names_format (authors, filter->author) : NULL;
  add_text_chip (self, "text", _("Text: %s"), filter->text);
  add_text_chip (self, "author", _("Author: %s"), author);
  add_text_chip (self, "class", _("Class: %s"), filter->class_id);
  add_text_chip (self, "contract", _("Contract: %s"), filter->contract);
  add_date_chips (self, filter);
  gtk_widget_set_visible (GTK_WIDGET (self), !imp_ledger_filter_is_empty (filter));
}
