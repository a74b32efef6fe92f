/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-chart-key.h"

#include <adwaita.h>

#include "imp-chart-style.h"

/**
 * ImpChartKey:
 *
 * A piece of a series, as the chart draws it: a bit of its line with a marker, or of its bar.
 */
struct _ImpChartKey
{
  GtkWidget parent_instance;

  ImpChartLook look;
  gboolean     line;
};

G_DEFINE_FINAL_TYPE (ImpChartKey, imp_chart_key, GTK_TYPE_WIDGET)

static void
draw_line (ImpChartKey *self,
           cairo_t     *cr,
           float        width,
           float        height)
{
  cairo_set_line_width (cr, 2);
  imp_chart_style_set_dash (cr, self->look, 2);
  cairo_move_to (cr, 0, height / 2);
  cairo_line_to (cr, width, height / 2);
  cairo_stroke (cr);
  imp_chart_style_draw_marker (cr, self->look, width / 2, height / 2, 4);
}

static void
draw_bar (ImpChartKey           *self,
          cairo_t               *cr,
          const graphene_rect_t *bounds)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  double shade = dark ? 0 : 1;

  cairo_rectangle (cr, 0, 0, bounds->size.width, bounds->size.height);
  cairo_fill_preserve (cr);
  cairo_set_source_rgba (cr, shade, shade, shade, 0.6);
  imp_chart_style_hatch (cr, self->look, bounds);
}

static void
imp_chart_key_snapshot (GtkWidget   *widget,
                        GtkSnapshot *snapshot)
{
  ImpChartKey *self = IMP_CHART_KEY (widget);
  float width = gtk_widget_get_width (widget);
  float height = gtk_widget_get_height (widget);
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  GdkRGBA color;

  imp_chart_style_get_color (widget, self->look, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  if (self->line)
    draw_line (self, cr, width, height);
  else
    draw_bar (self, cr, &bounds);
  cairo_destroy (cr);
}

static void
imp_chart_key_class_init (ImpChartKeyClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = imp_chart_key_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
imp_chart_key_init (ImpChartKey *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self), 24, 12);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * imp_chart_key_new:
 * @look: the look of a series
 * @line: whether the series is a line, and not bars
 *
 * Makes a swatch.
 *
 * Returns: (transfer full): the swatch
 */
GtkWidget *
imp_chart_key_new (ImpChartLook look,
                   gboolean     line)
{
  ImpChartKey *self = g_object_new (IMP_TYPE_CHART_KEY, NULL);

  self->look = look;
  self->line = line;
  return GTK_WIDGET (self);
}
