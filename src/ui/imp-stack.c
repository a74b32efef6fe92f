/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-stack.h"

static void
changed_cb (GtkStack *stack)
{
  GtkWidget *shown = gtk_stack_get_visible_child (stack);
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack));

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN, child != shown, -1);
}

/**
 * imp_stack_hide_others:
 * @stack: a stack that has all its pages
 *
 * Keeps the pages that are not shown from assistive technologies, too. GTK 4.8 tells them of all
 * pages alike, so that a screen reader would read out those behind.
 */
void
imp_stack_hide_others (GtkStack *stack)
{
  g_return_if_fail (GTK_IS_STACK (stack));

  g_signal_connect (stack, "notify::visible-child", G_CALLBACK (changed_cb), NULL);
  changed_cb (stack);
}
