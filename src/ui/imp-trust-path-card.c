/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-path-card.h"

#include <glib/gi18n.h>

#include "imp-digest-row.h"
#include "imp-format.h"
#include "imp-status-chip.h"
#include "imp-trust-path-bytes.h"

/**
 * ImpTrustPathCard:
 *
 * One step of a trust path: its verdict, what was computed, of which bytes, and
 * what that does not prove.
 */
struct _ImpTrustPathCard
{
  AdwBin parent_instance;

  GPtrArray          *steps;  /* (owned) */
  const ImpTrustStep *step;   /* of steps */

  GtkWidget     *arrow;
  GtkListBox    *list;
  AdwActionRow  *title_row;
  GtkImage      *icon;
  ImpStatusChip *chip;
};

G_DEFINE_FINAL_TYPE (ImpTrustPathCard, imp_trust_path_card, ADW_TYPE_BIN)

static void
imp_trust_path_card_dispose (GObject *object)
{
  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_TRUST_PATH_CARD);
  g_clear_pointer (&IMP_TRUST_PATH_CARD (object)->steps, g_ptr_array_unref);

  G_OBJECT_CLASS (imp_trust_path_card_parent_class)->dispose (object);
}

static void
imp_trust_path_card_class_init (ImpTrustPathCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_trust_path_card_dispose;

  g_type_ensure (IMP_TYPE_STATUS_CHIP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-trust-path-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathCard, arrow);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathCard, list);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathCard, title_row);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathCard, icon);
  gtk_widget_class_bind_template_child (widget_class, ImpTrustPathCard, chip);
}

static void
imp_trust_path_card_init (ImpTrustPathCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_verdict (ImpTrustPathCard *self)
{
  gboolean passed = self->step->passed;
  g_autofree char *detail = imp_format_sentence (self->step->detail);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->title_row), self->step->title);
  adw_action_row_set_subtitle (self->title_row, detail);
  gtk_image_set_from_icon_name (self->icon,
                                passed ? "emblem-ok-symbolic" : "imp-step-failed-symbolic");
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), passed ? "success" : "error");
  if (passed)
    imp_status_chip_set (self->chip, IMP_CHIP_GOOD, C_ ("trust path", "Passed"));
  else
    imp_status_chip_set (self->chip, IMP_CHIP_BAD, C_ ("trust path", "Failed"));
}

static void
add_computed (ImpTrustPathCard *self)
{
  for (guint i = 0; i < self->step->computed->len; i++)
    {
      const ImpTrustFact *fact = g_ptr_array_index (self->step->computed, i);

      gtk_list_box_append (self->list, imp_digest_row_new (fact->title, fact->value));
    }
}

/* The limits of a proof are no fault of the update: they are said once and quietly. */
static void
add_unproven (ImpTrustPathCard *self)
{
  GtkWidget *row;
  g_autoptr(GString) sentences = g_string_new (NULL);

  if (self->step->unproven->len == 0)
    return;

  for (guint i = 0; i < self->step->unproven->len; i++)
    g_string_append_printf (sentences, "%s%s", i > 0 ? "\n" : "",
                            (const char *) g_ptr_array_index (self->step->unproven, i));

  row = adw_action_row_new ();
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Not proven"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), sentences->str);
  gtk_list_box_append (self->list, row);
}

/* Text views are dear, and few people look at all of them. */
static void
expanded_cb (AdwExpanderRow   *row,
             GParamSpec       *pspec,
             ImpTrustPathCard *self)
{
  g_signal_handlers_disconnect_by_func (row, expanded_cb, self);

  for (guint i = 0; i < self->step->given->len; i++)
    {
      const ImpTrustFact *fact = g_ptr_array_index (self->step->given, i);

      adw_expander_row_add_row (row, imp_trust_path_bytes_new (fact->title, fact->value));
    }
}

static void
add_given (ImpTrustPathCard *self)
{
  GtkWidget *row = adw_expander_row_new ();
  g_autoptr(GString) titles = g_string_new (NULL);

  for (guint i = 0; i < self->step->given->len; i++)
    {
      const ImpTrustFact *fact = g_ptr_array_index (self->step->given, i);

      g_string_append_printf (titles, "%s%s", i > 0 ? " · " : "", fact->title);
    }

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Computed from"));
  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (row), titles->str);
  g_signal_connect_object (row, "notify::expanded", G_CALLBACK (expanded_cb), self, 0);
  gtk_list_box_append (self->list, row);
}

/**
 * imp_trust_path_card_new:
 * @steps: (element-type ImpTrustStep): the steps of a path
 * @index: which one
 *
 * Makes a card.
 *
 * Returns: (transfer full): the card
 */
GtkWidget *
imp_trust_path_card_new (GPtrArray *steps,
                         guint      index)
{
  ImpTrustPathCard *self = g_object_new (IMP_TYPE_TRUST_PATH_CARD, NULL);

  self->steps = g_ptr_array_ref (steps);
  self->step = g_ptr_array_index (steps, index);
  gtk_widget_set_visible (self->arrow, index > 0);
  show_verdict (self);
  add_computed (self);
  add_given (self);
  add_unproven (self);
  return GTK_WIDGET (self);
}
