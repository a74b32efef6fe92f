/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-choice.h"

#include "imp-device.h"

static char *
get_name (ImpDevice *device)
{
  return g_strdup (imp_device_get_id (device));
}

/* A name may have 128 characters. */
static void
set_up_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (GTK_LABEL (label), 12);
  gtk_list_item_set_child (list_item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item)
{
  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (list_item)),
                      imp_device_get_id (gtk_list_item_get_item (list_item)));
}

/**
 * imp_device_choice_set_up:
 * @devices: a drop-down, whose model has devices
 * @label: what they are chosen for
 *
 * Makes the drop-down show devices by their names, and find them by what is typed.
 */
void
imp_device_choice_set_up (GtkDropDown *devices,
                          const char  *label)
{
  g_autoptr(GtkExpression) name = gtk_cclosure_expression_new (G_TYPE_STRING, NULL, 0, NULL, G_CALLBACK (get_name),
                                                               NULL, NULL);
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_drop_down_set_factory (devices, factory);
  gtk_drop_down_set_expression (devices, name);
  gtk_drop_down_set_enable_search (devices, TRUE);

  /* It is the button inside that a screen reader comes to. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (devices))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}
