/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fit.h"

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
