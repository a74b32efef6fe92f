/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-width-first.h"

/* The layout that a widget had, but that how wide the widget is never depends on how high it is. */
#define IMP_TYPE_WIDTH_FIRST (imp_width_first_get_type ())
G_DECLARE_FINAL_TYPE (ImpWidthFirst, imp_width_first, IMP, WIDTH_FIRST, GtkLayoutManager)

struct _ImpWidthFirst
{
  GtkLayoutManager parent_instance;

  GtkLayoutManager *inner;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpWidthFirst, imp_width_first, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
imp_width_first_get_request_mode (GtkLayoutManager *layout,
                                  GtkWidget        *widget)
{
  ImpWidthFirst *self = IMP_WIDTH_FIRST (layout);

  return GTK_LAYOUT_MANAGER_GET_CLASS (self->inner)->get_request_mode (self->inner, widget);
}

static void
imp_width_first_measure (GtkLayoutManager *layout,
                         GtkWidget        *widget,
                         GtkOrientation    orientation,
                         int               for_size,
                         int              *minimum,
                         int              *natural,
                         int              *minimum_baseline,
                         int              *natural_baseline)
{
  ImpWidthFirst *self = IMP_WIDTH_FIRST (layout);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;

  gtk_layout_manager_measure (self->inner, widget, orientation, for_size, minimum, natural,
                              minimum_baseline, natural_baseline);
}

static void
imp_width_first_allocate (GtkLayoutManager *layout,
                          GtkWidget        *widget,
                          int               width,
                          int               height,
                          int               baseline)
{
  ImpWidthFirst *self = IMP_WIDTH_FIRST (layout);

  gtk_layout_manager_allocate (self->inner, widget, width, height, baseline);
}

static void
imp_width_first_dispose (GObject *object)
{
  ImpWidthFirst *self = IMP_WIDTH_FIRST (object);

  g_clear_object (&self->inner);

  G_OBJECT_CLASS (imp_width_first_parent_class)->dispose (object);
}

static void
imp_width_first_class_init (ImpWidthFirstClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = imp_width_first_dispose;

  layout_class->get_request_mode = imp_width_first_get_request_mode;
  layout_class->measure = imp_width_first_measure;
  layout_class->allocate = imp_width_first_allocate;
}

static void
imp_width_first_init (ImpWidthFirst *self)
{
}

/* Those of other kinds keep something for each child, and it for themselves. */
static gboolean
can_be_wrapped (GtkLayoutManager *layout)
{
  return GTK_IS_BOX_LAYOUT (layout) || GTK_IS_BIN_LAYOUT (layout);
}

static void
wrap_layout (GtkWidget *widget)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (widget);
  ImpWidthFirst *self;

  if (!can_be_wrapped (layout))
    return;

  self = g_object_new (IMP_TYPE_WIDTH_FIRST, NULL);
  self->inner = g_object_ref (layout);
  gtk_widget_set_layout_manager (widget, GTK_LAYOUT_MANAGER (self));
}

static void
wrap_below (GtkWidget *widget)
{
  GtkWidget *child = gtk_widget_get_first_child (widget);

  for (; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      if (gtk_widget_get_valign (child) != GTK_ALIGN_FILL)
        wrap_layout (child);
      wrap_below (child);
    }
}

/**
 * imp_width_first:
 * @top: a widget with all that it has
 *
 * Lays out faster what is aligned vertically in it, and looks the same.
 *
 * GTK 4.8 asks a widget that is aligned vertically how wide it must be for its height. A vertical
 * box answers by trying a dozen widths, each box in it tries a dozen for each of these, and a text
 * that wraps is laid out anew for each: libadwaita's rows and status pages are made of just that,
 * and a form of ours was shown after its few texts were laid out 11,000 times. Nothing of ours is
 * narrower for being higher, so that the answer for any height will do.
 *
 * A box that is aligned vertically cannot be given another orientation or spacing from then on: GTK looks
 * for its own layout there.
 */
void
imp_width_first (GtkWidget *top)
{
  g_return_if_fail (GTK_IS_WIDGET (top));

  wrap_layout (top);
  wrap_below (top);
}
