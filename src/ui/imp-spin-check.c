/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-spin-check.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define SUBTITLE "imp-subtitle"

static gboolean
is_right (GtkSpinButton *spin)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (spin))));
  double lower, upper;
  gint64 number;

  gtk_spin_button_get_range (spin, &lower, &upper);
  return g_ascii_string_to_signed (text, 10, (gint64) lower, (gint64) upper, &number, NULL);
}

static char *
describe_range (GtkSpinButton *spin)
{
  double lower, upper;

  gtk_spin_button_get_range (spin, &lower, &upper);
  return g_strdup_printf (_("A whole number from %d to %d"), (int) lower, (int) upper);
}

/* What the row says otherwise is kept with it. */
static void
show_problem (AdwActionRow *row,
              const char   *problem)
{
  const char *subtitle = g_object_get_data (G_OBJECT (row), SUBTITLE);

  if (subtitle == NULL)
    {
      subtitle = adw_action_row_get_subtitle (row);
      g_object_set_data_full (G_OBJECT (row), SUBTITLE, g_strdup (subtitle != NULL ? subtitle : ""), g_free);
      subtitle = g_object_get_data (G_OBJECT (row), SUBTITLE);
    }

  adw_action_row_set_subtitle (row, problem != NULL ? problem : subtitle);
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
}

/**
 * imp_spin_check:
 * @spin: a spin button of whole numbers, in a row
 *
 * Says in its row, and to a screen reader, that a text is none of the numbers there can be: GTK
 * would silently take another one for it. A pasted text comes in even where only digits can be typed.
 *
 * Returns: whether it is one of them
 */
gboolean
imp_spin_check (GtkSpinButton *spin)
{
  GtkWidget *row = gtk_widget_get_ancestor (GTK_WIDGET (spin), ADW_TYPE_ACTION_ROW);
  gboolean right = is_right (spin);
  g_autofree char *problem = right ? NULL : describe_range (spin);

  if (row != NULL)
    show_problem (ADW_ACTION_ROW (row), problem);
  if (problem != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, problem, -1);
  else
    gtk_accessible_reset_property (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  gtk_accessible_update_state (GTK_ACCESSIBLE (spin), GTK_ACCESSIBLE_STATE_INVALID,
                               right ? GTK_ACCESSIBLE_INVALID_FALSE : GTK_ACCESSIBLE_INVALID_TRUE, -1);
  return right;
}
