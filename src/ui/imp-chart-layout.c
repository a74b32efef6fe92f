/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-chart-layout.h"

#include <math.h>

#define GAP 6
#define BAR_PART 0.75f    /* of its band */
#define MAX_BAR 48.0f
#define LOG_RATIO 50      /* what is further apart is drawn on a logarithmic axis */

static void
measure (GtkWidget  *widget,
         const char *text,
         float      *width,
         float      *height)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int w;
  int h;

  pango_layout_get_pixel_size (layout, &w, &h);
  if (width != NULL)
    *width = MAX (*width, w);
  if (height != NULL)
    *height = MAX (*height, h);
}

static void
find_y_range (ImpChartData *data,
              double       *min,
              double       *max)
{
  guint n_series = imp_chart_data_get_n_series (data);

  *min = G_MAXDOUBLE;
  *max = 0;
  for (guint row = 0; row < imp_chart_data_get_n_rows (data); row++)
    {
      *max = MAX (*max, imp_chart_data_get_height (data, row));
      for (guint i = 0; i < n_series; i++)
        {
          double value = imp_chart_data_get_value (data, row, i);

          if (!isnan (value))
            *min = MIN (*min, value);
        }
    }
}

static ImpChartScale *
make_y_scale (ImpChartData *data,
              guint         max_ticks)
{
  double min;
  double max;

  find_y_range (data, &min, &max);
  if (imp_chart_data_get_kind (data) == IMP_CHART_LINES && min > 0 && max / min >= LOG_RATIO)
    return imp_chart_scale_new_log (min, max, max_ticks);

  return imp_chart_scale_new_linear (0, max, max_ticks,
                                     imp_chart_data_get_unit (data) != IMP_CHART_MILLISECONDS);
}

static ImpChartScale *
make_x_scale (ImpChartData *data,
              guint         max_ticks)
{
  guint n = imp_chart_data_get_n_rows (data);

  if (imp_chart_data_get_kind (data) == IMP_CHART_BARS || n == 0)
    return NULL;

  return imp_chart_scale_new_log (imp_chart_data_get_x (data, 0),
                                  imp_chart_data_get_x (data, n - 1), max_ticks);
}

static float
measure_y_labels (ImpChartLayout *self,
                  GtkWidget      *widget)
{
  float width = 0;

  for (guint i = 0; i < self->y->ticks->len; i++)
    {
      double tick = g_array_index (self->y->ticks, double, i);
      g_autofree char *text = imp_chart_format_tick (imp_chart_data_get_unit (self->data), tick);

      measure (widget, text, &width, NULL);
    }

  return width;
}

/* Above the values a line for the title of the y axis; below them one for the labels of the x axis
 * and one for its title.
 */
static void
place_area (ImpChartLayout *self,
            GtkWidget      *widget)
{
  float top = self->line * 1.5f + GAP;
  float bottom = 2 * self->line + 2 * GAP;
  float side = measure_y_labels (self, widget) + GAP;

  graphene_rect_init (&self->area, self->rtl ? GAP : side, top, MAX (self->width - side - GAP, 1),
                      MAX (self->height - top - bottom, 1));
}

/**
 * imp_chart_layout_new:
 * @data: the figures, one row at least
 * @widget: where they are drawn
 * @width: how wide it is
 * @height: how high it is
 *
 * Finds a place for everything.
 *
 * Returns: (transfer full): the layout
 */
ImpChartLayout *
imp_chart_layout_new (ImpChartData *data,
                      GtkWidget    *widget,
                      float         width,
                      float         height)
{
  ImpChartLayout *self = g_new0 (ImpChartLayout, 1);

  self->data = g_object_ref (data);
  self->width = width;
  self->height = height;
  self->rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  measure (widget, "0", NULL, &self->line);
  self->y = make_y_scale (data, CLAMP (height / (self->line * 3), 3, 7));
  self->x = make_x_scale (data, CLAMP (width / (self->line * 5), 3, 10));
  place_area (self, widget);
  return self;
}

/**
 * imp_chart_layout_free:
 * @self: (transfer full): a layout, not `NULL`
 *
 * Frees a layout, and drops its data.
 */
void
imp_chart_layout_free (ImpChartLayout *self)
{
  g_clear_pointer (&self->x, imp_chart_scale_free);
  g_clear_pointer (&self->y, imp_chart_scale_free);
  g_object_unref (self->data);
  g_free (self);
}

/**
 * imp_chart_layout_get_band:
 * @self: a layout
 *
 * Tells how wide the part of the x axis is that belongs to one bar.
 *
 * Returns: the width
 */
float
imp_chart_layout_get_band (const ImpChartLayout *self)
{
  return self->area.size.width / MAX (imp_chart_data_get_n_rows (self->data), 1);
}

static float
get_x_of_fraction (const ImpChartLayout *self,
                   double                fraction)
{
  if (self->rtl)
    fraction = 1 - fraction;

  return self->area.origin.x + fraction * self->area.size.width;
}

/**
 * imp_chart_layout_get_x:
 * @self: a layout
 * @row: a row of its figures
 *
 * Tells where a row is.
 *
 * Returns: the middle of the row
 */
float
imp_chart_layout_get_x (const ImpChartLayout *self,
                        guint                 row)
{
  guint n = MAX (imp_chart_data_get_n_rows (self->data), 1);

  if (self->x == NULL)
    return get_x_of_fraction (self, (row + 0.5) / n);

  return get_x_of_fraction (self,
                            imp_chart_scale_get_fraction (self->x,
                                                          imp_chart_data_get_x (self->data, row)));
}

/**
 * imp_chart_layout_get_y:
 * @self: a layout
 * @value: a value of the y axis
 *
 * Returns: where the value is in the widget, in pixels from its top
 */
float
imp_chart_layout_get_y (const ImpChartLayout *self,
                        double                value)
{
  double fraction = imp_chart_scale_get_fraction (self->y, value);

  return self->area.origin.y + (1 - fraction) * self->area.size.height;
}

/**
 * imp_chart_layout_get_bar:
 * @self: a layout
 * @row: a row
 * @series: a series
 * @bar: (out): where its bar is, upon those of the series before it
 *
 * Tells where a bar is.
 */
void
imp_chart_layout_get_bar (const ImpChartLayout *self,
                          guint                 row,
                          guint                 series,
                          graphene_rect_t      *bar)
{
  float width = MIN (imp_chart_layout_get_band (self) * BAR_PART, MAX_BAR);
  double below = 0;
  double value = imp_chart_data_get_value (self->data, row, series);
  float top;

  for (guint i = 0; i < series; i++)
    {
      double part = imp_chart_data_get_value (self->data, row, i);

      below += isnan (part) ? 0 : part;
    }

  top = imp_chart_layout_get_y (self, below + (isnan (value) ? 0 : value));
  graphene_rect_init (bar, imp_chart_layout_get_x (self, row) - width / 2, top, width,
                      imp_chart_layout_get_y (self, below) - top);
}

/**
 * imp_chart_layout_find_row:
 * @self: a layout with one row at least
 * @x: where the pointer is
 *
 * Finds the row that is nearest.
 *
 * Returns: the row
 */
guint
imp_chart_layout_find_row (const ImpChartLayout *self,
                           float                 x)
{
  guint n = imp_chart_data_get_n_rows (self->data);
  guint nearest = 0;

  for (guint row = 1; row < n; row++)
    {
      if (ABS (imp_chart_layout_get_x (self, row) - x) <
          ABS (imp_chart_layout_get_x (self, nearest) - x))
        nearest = row;
    }

  return nearest;
}
