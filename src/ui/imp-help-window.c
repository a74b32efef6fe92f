/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-help-window.h"

#include <glib/gi18n.h>

#include "imp-fit.h"
#include "imp-help-page.h"

#define PAGES "/io/github/imprimatur/Imprimatur/help/"

/**
 * ImpHelpWindow:
 *
 * The help. Its pages are those that are installed for Yelp; here they are shown
 * where no Yelp is.
 */
struct _ImpHelpWindow
{
  AdwWindow parent_instance;

  GQueue *history;  /* (owned): of page names, the one shown at its head */

  GtkWidget         *back_button;
  GtkScrolledWindow *scroller;
  GtkBox            *box;
};

G_DEFINE_FINAL_TYPE (ImpHelpWindow, imp_help_window, ADW_TYPE_WINDOW)

static const char *const css_classes[] = {
  [IMP_HELP_TITLE] = "title-1",
  [IMP_HELP_HEADING] = "title-4",
  [IMP_HELP_TEXT] = "help-text",
  [IMP_HELP_NOTE] = "help-note",
  [IMP_HELP_STEP] = "help-item",
  [IMP_HELP_ITEM] = "help-item",
  [IMP_HELP_SCREEN] = "help-screen",
};

static gboolean
activate_link_cb (ImpHelpWindow *self,
                  const char    *page)
{
  imp_help_window_show (self, page);
  return TRUE;
}

static char *
make_markup (const ImpHelpBlock *block)
{
  switch (block->kind)
    {
    case IMP_HELP_STEP:
      return g_strdup_printf ("%u.  %s", block->number, block->markup);

    case IMP_HELP_ITEM:
      return g_strdup_printf ("•  %s", block->markup);

    case IMP_HELP_SCREEN:
      return g_strdup_printf ("<tt>%s</tt>", block->markup);

    case IMP_HELP_TITLE:
    case IMP_HELP_HEADING:
    case IMP_HELP_TEXT:
    case IMP_HELP_NOTE:
    default:
      return g_strdup (block->markup);
    }
}

static void
append_block (ImpHelpWindow      *self,
              const ImpHelpBlock *block)
{
  g_autofree char *markup = make_markup (block);
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_markup (GTK_LABEL (label), markup);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_selectable (GTK_LABEL (label), block->kind == IMP_HELP_SCREEN);
  gtk_widget_add_css_class (label, css_classes[block->kind]);
  g_signal_connect_object (label, "activate-link", G_CALLBACK (activate_link_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (self->box, label);
}

/* In the first of the person’s languages that it is translated to, or else as it was written: the
 * last of them is always C. */
static GBytes *
find_page (const char *page)
{
  const char *const *languages = g_get_language_names ();
  GBytes *bytes = NULL;

  for (guint i = 0; bytes == NULL && languages[i] != NULL; i++)
    {
      g_autofree char *path = g_strconcat (PAGES, languages[i], "/", page, ".page", NULL);

      bytes = g_resources_lookup_data (path, 0, NULL);
    }

  return bytes;
}

static GPtrArray *
read_page (const char *page)
{
  g_autoptr(GBytes) bytes = find_page (page);
  g_autoptr(GError) error = NULL;
  GPtrArray *blocks = NULL;

  if (bytes != NULL)
    blocks = imp_help_page_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  if (error != NULL)
    g_warning ("help page %s: %s", page, error->message);

  return blocks;
}

static void
fill (ImpHelpWindow *self)
{
  g_autoptr(GPtrArray) blocks = read_page (g_queue_peek_head (self->history));
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->box))) != NULL)
    gtk_box_remove (self->box, child);
  for (guint i = 0; blocks != NULL && i < blocks->len; i++)
    append_block (self, g_ptr_array_index (blocks, i));

  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_widget_set_visible (self->back_button, g_queue_get_length (self->history) > 1);
  gtk_widget_child_focus (GTK_WIDGET (self->box), GTK_DIR_TAB_FORWARD);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpHelpWindow *self = IMP_HELP_WINDOW (widget);

  if (g_queue_get_length (self->history) < 2)
    return;

  g_free (g_queue_pop_head (self->history));
  fill (self);
}

static void
imp_help_window_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), IMP_TYPE_HELP_WINDOW);

  G_OBJECT_CLASS (imp_help_window_parent_class)->dispose (object);
}

static void
imp_help_window_finalize (GObject *object)
{
  g_queue_free_full (IMP_HELP_WINDOW (object)->history, g_free);

  G_OBJECT_CLASS (imp_help_window_parent_class)->finalize (object);
}

static void
imp_help_window_class_init (ImpHelpWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_help_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = imp_help_window_finalize;

  gtk_widget_class_install_action (widget_class, "help.back", NULL, back_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "help.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/"
                                               "imp-help-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpHelpWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, ImpHelpWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, ImpHelpWindow, box);
}

static void
imp_help_window_init (ImpHelpWindow *self)
{
  self->history = g_queue_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * imp_help_window_new:
 * @parent: the window it belongs to
 *
 * Makes a window that shows the first page.
 *
 * Returns: (transfer none): the window, which GTK owns
 */
GtkWidget *
imp_help_window_new (GtkWindow *parent)
{
  ImpHelpWindow *self = g_object_new (IMP_TYPE_HELP_WINDOW, "transient-for", parent, NULL);

  imp_fit_to_parent (GTK_WINDOW (self));
  imp_help_window_show (self, "index");
  return GTK_WIDGET (self);
}

/**
 * imp_help_window_show:
 * @self: a help window
 * @page: name of a page
 *
 * Shows a page; the back button leads to the one before.
 */
void
imp_help_window_show (ImpHelpWindow *self,
                      const char    *page)
{
  g_return_if_fail (IMP_IS_HELP_WINDOW (self));
  g_return_if_fail (page != NULL);

  g_queue_push_head (self->history, g_strdup (page));
  fill (self);
}
