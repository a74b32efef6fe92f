/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-status-chip.h"

#include "imp-width-first.h"

/**
 * ImpStatusChip:
 *
 * A state in a word or two on a tinted ground. The word says everything; the
 * colour only helps to find it.
 */
struct _ImpStatusChip
{
  AdwBin parent_instance;

  GtkLabel *label;
};

G_DEFINE_FINAL_TYPE (ImpStatusChip, imp_status_chip, ADW_TYPE_BIN)

static const char *const kind_classes[] = { "neutral", "accent", "success", "warning", "error" };

static void
imp_status_chip_class_init (ImpStatusChipClass *klass)
{
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "statuschip");
}

static void
imp_status_chip_init (ImpStatusChip *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  /* On one line where there is room, on several where letters are large and the window is narrow. */
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_natural_wrap_mode (self->label, GTK_NATURAL_WRAP_NONE);
  gtk_label_set_justify (self->label, GTK_JUSTIFY_CENTER);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  imp_width_first (GTK_WIDGET (self));
}

/**
 * imp_status_chip_new:
 *
 * Makes a chip, invisible until it has something to say.
 *
 * Returns: (transfer full): the chip
 */
GtkWidget *
imp_status_chip_new (void)
{
  return g_object_new (IMP_TYPE_STATUS_CHIP, NULL);
}

/**
 * imp_status_chip_get_text:
 * @self: a chip
 *
 * Returns: its word, lent until it changes
 */
const char *
imp_status_chip_get_text (ImpStatusChip *self)
{
  g_return_val_if_fail (IMP_IS_STATUS_CHIP (self), NULL);

  return gtk_label_get_text (self->label);
}

/**
 * imp_status_chip_set:
 * @self: a chip
 * @kind: how good or bad it is
 * @text: (nullable): the state, %NULL for none
 *
 * Shows a state.
 */
void
imp_status_chip_set (ImpStatusChip *self,
                     ImpChipKind    kind,
                     const char    *text)
{
  g_return_if_fail (IMP_IS_STATUS_CHIP (self));
  g_return_if_fail (kind < G_N_ELEMENTS (kind_classes));

  for (guint i = 0; i < G_N_ELEMENTS (kind_classes); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self), kind_classes[i]);

  gtk_widget_add_css_class (GTK_WIDGET (self), kind_classes[kind]);
  gtk_label_set_text (self->label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self), text != NULL && *text != '\0');
}
