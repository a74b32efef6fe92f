/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-sidebar-row.h"

#include <glib/gi18n.h>

/**
 * ImpSidebarRow:
 *
 * One place in the sidebar, with a count of what is going on there.
 */
struct _ImpSidebarRow
{
  GtkListBoxRow parent_instance;

  char *name;   /* (owned) */
  char *title;  /* (owned) */

  GtkImage *icon;
  GtkLabel *title_label;
  GtkLabel *count_label;
};

G_DEFINE_FINAL_TYPE (ImpSidebarRow, imp_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

static void
imp_sidebar_row_dispose (GObject *object)
{
  /* The bin does not notice that its template goes away. */
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_SIDEBAR_ROW);

  G_OBJECT_CLASS (imp_sidebar_row_parent_class)->dispose (object);
}

static void
imp_sidebar_row_finalize (GObject *object)
{
  ImpSidebarRow *self = IMP_SIDEBAR_ROW (object);

  g_free (self->name);
  g_free (self->title);

  G_OBJECT_CLASS (imp_sidebar_row_parent_class)->finalize (object);
}

static void
imp_sidebar_row_class_init (ImpSidebarRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_sidebar_row_dispose;
  object_class->finalize = imp_sidebar_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpSidebarRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ImpSidebarRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, ImpSidebarRow, count_label);
}

static void
imp_sidebar_row_init (ImpSidebarRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_sidebar_row_new:
 * @name: name of the place
 * @title: its title
 * @icon_name: its icon
 * @number: its number: Alt and this digit go there
 *
 * Makes a row.
 *
 * Returns: (transfer full): the row
 */
GtkWidget *
imp_sidebar_row_new (const char *name,
                     const char *title,
                     const char *icon_name,
                     guint       number)
{
  ImpSidebarRow *self = g_object_new (IMP_TYPE_SIDEBAR_ROW, NULL);
  g_autofree char *tooltip = g_strdup_printf ("%s (Alt+%u)", title, number);

  self->name = g_strdup (name);
  self->title = g_strdup (title);
  gtk_label_set_text (self->title_label, title);
  gtk_image_set_from_icon_name (self->icon, icon_name);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
  imp_sidebar_row_set_count (self, 0);
  return GTK_WIDGET (self);
}

/**
 * imp_sidebar_row_get_name:
 * @self: a row
 *
 * Returns: the name of the place that it leads to, for the window's actions
 */
const char *
imp_sidebar_row_get_name (ImpSidebarRow *self)
{
  g_return_val_if_fail (IMP_IS_SIDEBAR_ROW (self), NULL);

  return self->name;
}

/**
 * imp_sidebar_row_set_count:
 * @self: a sidebar row
 * @count: how many things are going on there
 *
 * Shows a count, or none for zero.
 */
void
imp_sidebar_row_set_count (ImpSidebarRow *self,
                           guint          count)
{
  g_autofree char *text = g_strdup_printf ("%u", count);
  g_autofree char *name = NULL;

  g_return_if_fail (IMP_IS_SIDEBAR_ROW (self));

  /* Translators: a place of the sidebar and how many things are going on there. */
  name = count > 0 ? g_strdup_printf (_("%s, %u in progress"), self->title, count)
                   : g_strdup (self->title);
  gtk_label_set_text (self->count_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count_label), count > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
}
