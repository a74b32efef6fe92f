/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fit.h"

static gboolean
is_in_button (GtkWidget *label)
{
  return GTK_IS_BUTTON (gtk_widget_get_parent (label));
}

/* libadwaita 1.2 cuts off the title of a group; a button beside a text takes the room of that. */
static gboolean
needs_lines (GtkWidget *label)
{
  return gtk_widget_has_css_class (label, "h4") ||
         (is_in_button (label) &&
          (gtk_widget_has_css_class (gtk_widget_get_parent (label), "beside") ||
           gtk_widget_get_ancestor (label, ADW_TYPE_PREFERENCES_ROW) != NULL));
}

/**
 * imp_fit_wrap:
 * @top: what groups and rows are in
 *
 * Lets titles of groups and buttons in rows take two lines where there is no
 * room for one, as with letters twice as large in a narrow window.
 */
void
imp_fit_wrap (GtkWidget *top)
{
  if (GTK_IS_LABEL (top) && needs_lines (top))
    {
      gtk_label_set_ellipsize (GTK_LABEL (top), PANGO_ELLIPSIZE_NONE);
      gtk_label_set_wrap (GTK_LABEL (top), TRUE);
      gtk_label_set_natural_wrap_mode (GTK_LABEL (top), GTK_NATURAL_WRAP_NONE);
      if (is_in_button (top))
        gtk_label_set_justify (GTK_LABEL (top), GTK_JUSTIFY_CENTER);
    }

  for (GtkWidget *child = gtk_widget_get_first_child (top); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    imp_fit_wrap (child);
}

/**
 * imp_fit_identifiers:
 * @label: a label that wraps anywhere
 *
 * Lets a digest or a CID go on in the next line without a hyphen, which it does not have.
 */
void
imp_fit_identifiers (GtkLabel *label)
{
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();

  g_return_if_fail (GTK_IS_LABEL (label));

  pango_attr_list_insert (attributes, pango_attr_insert_hyphens_new (FALSE));
  gtk_label_set_attributes (label, attributes);
}

/**
 * imp_fit_to_parent:
 * @self: a dialog that has not been shown yet
 *
 * Makes a dialog no larger than the window it belongs to, which on a phone or
 * at the side of a screen may be narrower than the dialog would like to be.
 */
void
imp_fit_to_parent (GtkWindow *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (self);
  int width;
  int height;

  g_return_if_fail (GTK_IS_WINDOW (self));
  g_return_if_fail (GTK_IS_WINDOW (parent));

  if (!gtk_widget_get_realized (GTK_WIDGET (parent)))
    return;

  gtk_window_get_default_size (self, &width, &height);
  if (width > 0)
    width = MIN (width, gtk_widget_get_width (GTK_WIDGET (parent)));
  if (height > 0)
    height = MIN (height, gtk_widget_get_height (GTK_WIDGET (parent)));
  gtk_window_set_default_size (self, width, height);
}
