/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-window-private.h"

#include "imp-comparison-window.h"
#include "imp-trust-path-window.h"

/* The reviewer's desk: what it shows stays open beside the window, as papers on a table do. */

static void
show_trust_path_action (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  GtkWidget *desk = imp_trust_path_window_new (GTK_WINDOW (widget), IMP_WINDOW (widget)->session);

  imp_trust_path_window_show_transaction (IMP_TRUST_PATH_WINDOW (desk),
                                          g_variant_get_string (parameter, NULL));
  gtk_window_present (GTK_WINDOW (desk));
}

/* An empty second version: the one before the first. */
static void
compare_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  const char *a;
  const char *b;

  g_variant_get (parameter, "(&s&s)", &a, &b);
  gtk_window_present (GTK_WINDOW (imp_comparison_window_new (GTK_WINDOW (widget),
                                                             IMP_WINDOW (widget)->session, a,
                                                             *b != '\0' ? b : NULL)));
}

/* An empty URI: which file is asked for in the window. */
static void
check_trust_path_action (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  const char *uri = g_variant_get_string (parameter, NULL);
  GtkWidget *desk = imp_trust_path_window_new (GTK_WINDOW (widget), IMP_WINDOW (widget)->session);

  if (*uri != '\0')
    {
      g_autoptr(GFile) file = g_file_new_for_uri (uri);

      imp_trust_path_window_show_file (IMP_TRUST_PATH_WINDOW (desk), file);
    }
  gtk_window_present (GTK_WINDOW (desk));
}

/* A file that comes from outside is a trust path to be checked, or else firmware to be published. */
static void
take_file_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  gboolean is_path = imp_trust_path_is_name (g_variant_get_string (parameter, NULL));

  gtk_widget_activate_action_variant (widget, is_path ? "win.check-trust-path" : "win.publish-file",
                                      parameter);
}

/**
 * imp_window_install_desk_actions:
 * @widget_class: the class of the window
 *
 * Installs the actions that open windows of their own, for trust paths and comparisons, and the one
 * that takes a file from outside.
 */
void
imp_window_install_desk_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-trust-path", "s", show_trust_path_action);
  gtk_widget_class_install_action (widget_class, "win.check-trust-path", "s",
                                   check_trust_path_action);
  gtk_widget_class_install_action (widget_class, "win.compare", "(ss)", compare_action);
  gtk_widget_class_install_action (widget_class, "win.take-file", "s", take_file_action);
}
