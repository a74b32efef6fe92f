/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-chart-style.h"

#include <adwaita.h>

#define HATCH_DISTANCE 6.0

/* Of the platform's palette, the shades that stand out from the background by 3 : 1 at least, in the
 * order of ImpChartLook.
 */
static const struct
{
  const char *light;
  const char *dark;
  double      dash[2];  /* in widths of the line; 0: none */
} looks[IMP_N_CHART_LOOKS] = {
  { "blue_4", "blue_2", { 0, 0 } },
  { "orange_5", "orange_2", { 4, 2 } },
  { "green_5", "green_2", { 1, 2 } },
  { "purple_4", "purple_1", { 7, 2 } },
  { "red_4", "red_1", { 2, 1 } },
  { "brown_4", "brown_1", { 4, 4 } },
  { "dark_2", "light_4", { 2, 4 } },
};

/**
 * imp_chart_style_get_color:
 * @widget: what is drawn
 * @look: the look of a series
 * @color: (out): its colour
 *
 * Gets the colour of a series on the background that @widget has.
 */
void
imp_chart_style_get_color (GtkWidget *widget,
                           ImpChartLook look,
                           GdkRGBA   *color)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  const char *name = dark ? looks[look].dark : looks[look].light;

  if (!gtk_style_context_lookup_color (gtk_widget_get_style_context (widget), name, color))
    gtk_style_context_get_color (gtk_widget_get_style_context (widget), color);
}

/**
 * imp_chart_style_set_dash:
 * @cr: what is drawn with
 * @look: the look of a series
 * @width: how wide the line is, in pixels
 *
 * Sets how lines are interrupted, in proportion to their width; some looks are solid.
 */
void
imp_chart_style_set_dash (cairo_t *cr,
                          ImpChartLook look,
                          double   width)
{
  const double *dash = looks[look].dash;
  double lengths[] = { dash[0] * width, dash[1] * width };

  cairo_set_dash (cr, lengths, dash[0] > 0 ? 2 : 0, 0);
}

static void
add_polygon (cairo_t *cr,
             guint    n_corners,
             double   turn,
             double   x,
             double   y,
             double   radius)
{
  cairo_matrix_t matrix;

  cairo_get_matrix (cr, &matrix);
  cairo_translate (cr, x, y);
  cairo_rotate (cr, turn);
  for (guint i = 0; i < n_corners; i++)
    {
      cairo_rotate (cr, 2 * G_PI / n_corners);
      cairo_line_to (cr, 0, -radius);
    }
  cairo_close_path (cr);
  cairo_set_matrix (cr, &matrix);
}

/**
 * imp_chart_style_draw_marker:
 * @cr: a context whose source is the series' colour
 * @look: the look of a series
 * @x: where
 * @y: where
 * @radius: how large
 *
 * Draws the shape that marks the points of a series.
 */
void
imp_chart_style_draw_marker (cairo_t *cr,
                             ImpChartLook look,
                             double   x,
                             double   y,
                             double   radius)
{
  static const struct
  {
    guint  n_corners;
    double turn;
  } shapes[IMP_N_CHART_LOOKS] = {
    { 0, 0 }, { 4, G_PI / 4 }, { 3, 0 }, { 4, 0 }, { 3, G_PI }, { 6, 0 }, { 5, 0 },
  };

  cairo_new_path (cr);
  if (shapes[look].n_corners == 0)
    cairo_arc (cr, x, y, radius, 0, 2 * G_PI);
  else
    add_polygon (cr, shapes[look].n_corners, shapes[look].turn, x, y, radius * 1.25);
  cairo_fill (cr);
}

static void
add_stripes (cairo_t               *cr,
             const graphene_rect_t *area,
             double                 slope)
{
  double x = area->origin.x;
  double y = area->origin.y;
  double height = area->size.height;

  for (double at = -height; at < area->size.width + height; at += HATCH_DISTANCE)
    {
      cairo_move_to (cr, x + at, y + (slope > 0 ? 0 : height));
      cairo_line_to (cr, x + at + height, y + (slope > 0 ? height : 0));
    }
}

/**
 * imp_chart_style_hatch:
 * @cr: a context whose source is the background's colour
 * @look: the look of a series
 * @area: a bar, or several
 *
 * Hatches bars of a series, so that it can be told from others without its colour. Blue ones
 * are plain.
 */
void
imp_chart_style_hatch (cairo_t               *cr,
                       ImpChartLook look,
                       const graphene_rect_t *area)
{
  cairo_save (cr);
  cairo_clip (cr);
  cairo_set_line_width (cr, 1.5);
  if (look == 1 || look >= 3)
    add_stripes (cr, area, 1);
  if (look == 2 || look >= 3)
    add_stripes (cr, area, -1);
  cairo_stroke (cr);
  cairo_restore (cr);
}
