/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-destination-row.h"

#include <glib/gi18n.h>

/**
 * ImpDestinationRow:
 *
 * One destination in a list, with a word for what kind of thing it is.
 */
struct _ImpDestinationRow
{
  GtkListBoxRow parent_instance;

  ImpDestination *destination;  /* (owned) */

  GtkImage *icon;
  GtkLabel *title_label;
  GtkLabel *detail_label;
  GtkLabel *kind_label;
};

G_DEFINE_FINAL_TYPE (ImpDestinationRow, imp_destination_row, GTK_TYPE_LIST_BOX_ROW)

static void
imp_destination_row_dispose (GObject *object)
{
  ImpDestinationRow *self = IMP_DESTINATION_ROW (object);

  /* The row does not notice that its template goes away. */
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_DESTINATION_ROW);
  g_clear_object (&self->destination);

  G_OBJECT_CLASS (imp_destination_row_parent_class)->dispose (object);
}

static void
imp_destination_row_class_init (ImpDestinationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_destination_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-destination-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpDestinationRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ImpDestinationRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDestinationRow, detail_label);
  gtk_widget_class_bind_template_child (widget_class, ImpDestinationRow, kind_label);
}

static void
imp_destination_row_init (ImpDestinationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_destination_row_new:
 * @destination: what to show
 *
 * Makes a row.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_destination_row_new (ImpDestination *destination)
{
  ImpDestinationRow *self = g_object_new (IMP_TYPE_DESTINATION_ROW, NULL);
  const char *title = imp_destination_get_title (destination);
  const char *detail = imp_destination_get_detail (destination);
  const char *kind = imp_destination_get_kind_name (destination);
  g_autofree char *name = NULL;

  self->destination = g_object_ref (destination);
  gtk_image_set_from_icon_name (self->icon, imp_destination_get_icon_name (destination));
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->detail_label, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail_label), detail != NULL);
  gtk_label_set_text (self->kind_label, kind);

  /* Translators: what something is called and what kind of thing it is: “Ledger, Page”. */
  name = g_strdup_printf (_("%s, %s"), title, kind);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail != NULL ? detail : "",
                                  -1);
  return GTK_WIDGET (self);
}

/**
 * imp_destination_row_get_destination:
 * @self: a row
 *
 * Returns: (transfer none): where the row leads
 */
ImpDestination *
imp_destination_row_get_destination (ImpDestinationRow *self)
{
  g_return_val_if_fail (IMP_IS_DESTINATION_ROW (self), NULL);

  return self->destination;
}
