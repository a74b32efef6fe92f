/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-chart-draw.h"

#include <adwaita.h>
#include <math.h>

#include "imp-chart-style.h"

#define GAP 6
#define LINE_WIDTH 2.0
#define MARKER 4.0
#define ROOMY 4  /* lines of text */

/* What is drawn, on what, and in which colours. */
typedef struct
{
  GtkSnapshot          *snapshot;
  GtkWidget            *widget;
  const ImpChartLayout *layout;
  GdkRGBA               text;
  GdkRGBA               grid;
} Drawing;

static void
drawing_init (Drawing              *self,
              GtkSnapshot          *snapshot,
              GtkWidget            *widget,
              const ImpChartLayout *layout)
{
  gboolean contrast = adw_style_manager_get_high_contrast (adw_style_manager_get_default ());

  self->snapshot = snapshot;
  self->widget = widget;
  self->layout = layout;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &self->text);
  self->grid = self->text;
  self->grid.alpha *= contrast ? 0.5 : 0.15;
  self->text.alpha *= contrast ? 1 : 0.8;
}

/* Draws a line of text whose @align part (0 its left end, 1 its right end) is at @x. */
static void
draw_text (Drawing    *self,
           const char *text,
           float       x,
           float       y,
           float       align,
           float       max_width)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (self->widget, text);
  int width;

  if (max_width > 0)
    {
      pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
      pango_layout_set_width (layout, max_width * PANGO_SCALE);
    }
  /* The box of an ellipsized layout is as wide as it may be, the text in it is not. */
  pango_layout_get_pixel_size (layout, &width, NULL);
  pango_layout_set_width (layout, max_width > 0 ? MIN (width + 1, max_width) * PANGO_SCALE : -1);

  x = CLAMP (x - align * width, 0, MAX (self->layout->width - width, 0));
  gtk_snapshot_save (self->snapshot);
  gtk_snapshot_translate (self->snapshot, &GRAPHENE_POINT_INIT (roundf (x), roundf (y)));
  gtk_snapshot_append_layout (self->snapshot, layout, &self->text);
  gtk_snapshot_restore (self->snapshot);
}

static float
measure_text (Drawing    *self,
              const char *text)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (self->widget, text);
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  return width;
}

static void
draw_rule (Drawing       *self,
           const GdkRGBA *color,
           float          x,
           float          y,
           float          width,
           float          height)
{
  gtk_snapshot_append_color (self->snapshot, color, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
draw_y_axis (Drawing *self)
{
  const ImpChartLayout *layout = self->layout;
  const graphene_rect_t *area = &layout->area;
  float side = layout->rtl ? area->origin.x + area->size.width + GAP : area->origin.x - GAP;

  for (guint i = 0; i < layout->y->ticks->len; i++)
    {
      double tick = g_array_index (layout->y->ticks, double, i);
      g_autofree char *text = imp_chart_format_tick (imp_chart_data_get_unit (layout->data), tick);
      float y = roundf (imp_chart_layout_get_y (layout, tick));

      draw_rule (self, &self->grid, area->origin.x, y, area->size.width, 1);
      draw_text (self, text, side, y - layout->line / 2, layout->rtl ? 0 : 1, 0);
    }

  draw_text (self, imp_chart_data_get_y_title (layout->data), layout->rtl ? layout->width : 0, 0,
             layout->rtl ? 1 : 0, layout->width);
}

static float
get_label_y (const ImpChartLayout *layout)
{
  return layout->area.origin.y + layout->area.size.height + GAP;
}

/* Every n-th label, so that none touches the next one. Where a band has room for a few characters,
 * each is shown, and shortened.
 */
static guint
choose_stride (Drawing *self)
{
  guint n = imp_chart_data_get_n_rows (self->layout->data);
  float band = imp_chart_layout_get_band (self->layout);
  float widest = 0;

  if (band >= ROOMY * self->layout->line)
    return 1;

  for (guint row = 0; row < n; row++)
    widest = MAX (widest, measure_text (self, imp_chart_data_get_short_label (self->layout->data,
                                                                              row)));

  /* The last one is moved inwards, towards the one before it. */
  widest += MAX (widest - band, 0) / 2 + self->layout->line / 2;
  return MAX (ceilf (MIN (widest, self->layout->area.size.width) / band), 1);
}

static void
draw_band_labels (Drawing *self)
{
  const ImpChartLayout *layout = self->layout;
  guint n = imp_chart_data_get_n_rows (layout->data);
  guint stride = choose_stride (self);
  float width = stride * imp_chart_layout_get_band (layout) - GAP;

  /* Counted from the last, which is the newest where rows are times. */
  for (guint row = (n - 1) % stride; row < n; row += stride)
    draw_text (self, imp_chart_data_get_short_label (layout->data, row),
               imp_chart_layout_get_x (layout, row), get_label_y (layout), 0.5, MAX (width, 1));
}

static void
draw_scale_labels (Drawing *self)
{
  const ImpChartLayout *layout = self->layout;
  const graphene_rect_t *area = &layout->area;
  float free_from = -G_MAXFLOAT;
  float free_to = G_MAXFLOAT;

  for (guint i = 0; i < layout->x->ticks->len; i++)
    {
      double tick = g_array_index (layout->x->ticks, double, i);
      g_autofree char *text = imp_chart_format_tick (IMP_CHART_BYTES, tick);
      double fraction = imp_chart_scale_get_fraction (layout->x, tick);
      float x = area->origin.x + (layout->rtl ? 1 - fraction : fraction) * area->size.width;
      float half = measure_text (self, text) / 2 + GAP / 2;

      draw_rule (self, &self->grid, roundf (x), area->origin.y, 1, area->size.height);
      if (layout->rtl ? x + half > free_to : x - half < free_from)
        continue;

      free_from = x + half;
      free_to = x - half;
      draw_text (self, text, x, get_label_y (layout), 0.5, 0);
    }
}

static void
draw_x_axis (Drawing *self)
{
  const ImpChartLayout *layout = self->layout;
  const graphene_rect_t *area = &layout->area;

  if (layout->x == NULL)
    draw_band_labels (self);
  else
    draw_scale_labels (self);

  draw_rule (self, &self->text, area->origin.x, area->origin.y + area->size.height,
             area->size.width, 1);
  draw_text (self, imp_chart_data_get_x_title (layout->data),
             area->origin.x + area->size.width / 2, layout->height - layout->line, 0.5,
             layout->width);
}

static gboolean
get_bar (Drawing         *self,
         guint            row,
         guint            series,
         graphene_rect_t *bar)
{
  if (!(imp_chart_data_get_value (self->layout->data, row, series) > 0))
    return FALSE;

  imp_chart_layout_get_bar (self->layout, row, series, bar);
  return TRUE;
}

static void
hatch_bars (Drawing *self,
            guint    series)
{
  guint n = imp_chart_data_get_n_rows (self->layout->data);
  cairo_t *cr = gtk_snapshot_append_cairo (self->snapshot, &self->layout->area);
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  double shade = dark ? 0 : 1;
  graphene_rect_t bar;

  for (guint row = 0; row < n; row++)
    {
      if (get_bar (self, row, series, &bar))
        cairo_rectangle (cr, bar.origin.x, bar.origin.y, bar.size.width, bar.size.height);
    }
  cairo_set_source_rgba (cr, shade, shade, shade, 0.6);
  imp_chart_style_hatch (cr, imp_chart_data_get_look (self->layout->data, series), &self->layout->area);
  cairo_destroy (cr);
}

static void
draw_bars (Drawing *self,
           guint    series)
{
  ImpChartLook look = imp_chart_data_get_look (self->layout->data, series);
  guint n = imp_chart_data_get_n_rows (self->layout->data);
  graphene_rect_t bar;
  GdkRGBA color;

  imp_chart_style_get_color (self->widget, look, &color);
  for (guint row = 0; row < n; row++)
    {
      if (get_bar (self, row, series, &bar))
        gtk_snapshot_append_color (self->snapshot, &color, &bar);
    }

  if (look != IMP_CHART_BLUE)
    hatch_bars (self, series);
}

/* A gap in the values is a gap in the line. */
static void
add_line (Drawing *self,
          cairo_t *cr,
          guint    series)
{
  guint n = imp_chart_data_get_n_rows (self->layout->data);

  cairo_new_path (cr);
  for (guint row = 0; row < n; row++)
    {
      double value = imp_chart_data_get_value (self->layout->data, row, series);

      if (isnan (value))
        cairo_new_sub_path (cr);
      else
        cairo_line_to (cr, imp_chart_layout_get_x (self->layout, row),
                       imp_chart_layout_get_y (self->layout, value));
    }
}

static void
draw_markers (Drawing *self,
              cairo_t *cr,
              guint    series)
{
  ImpChartLook look = imp_chart_data_get_look (self->layout->data, series);
  guint n = imp_chart_data_get_n_rows (self->layout->data);

  for (guint row = 0; row < n; row++)
    {
      double value = imp_chart_data_get_value (self->layout->data, row, series);

      if (!isnan (value))
        imp_chart_style_draw_marker (cr, look, imp_chart_layout_get_x (self->layout, row),
                                     imp_chart_layout_get_y (self->layout, value), MARKER);
    }
}

static void
draw_line (Drawing *self,
           guint    series)
{
  ImpChartLook look = imp_chart_data_get_look (self->layout->data, series);
  graphene_rect_t bounds = self->layout->area;
  GdkRGBA color;
  cairo_t *cr;

  /* Half of a marker may stand out of the area. */
  graphene_rect_inset (&bounds, -2 * MARKER, -2 * MARKER);
  cr = gtk_snapshot_append_cairo (self->snapshot, &bounds);
  imp_chart_style_get_color (self->widget, look, &color);
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, LINE_WIDTH);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  imp_chart_style_set_dash (cr, look, LINE_WIDTH);
  add_line (self, cr, series);
  cairo_stroke (cr);
  draw_markers (self, cr, series);
  cairo_destroy (cr);
}

static void
draw_selection (Drawing *self,
                guint    row)
{
  const graphene_rect_t *area = &self->layout->area;
  float x = imp_chart_layout_get_x (self->layout, row);
  float width = self->layout->x == NULL ? MAX (imp_chart_layout_get_band (self->layout), 2) : 2;
  GdkRGBA color = self->text;

  color.alpha *= self->layout->x == NULL ? 0.15 : 0.6;
  draw_rule (self, &color, x - width / 2, area->origin.y, width, area->size.height);
}

/**
 * imp_chart_draw:
 * @snapshot: a snapshot
 * @widget: whose style is used
 * @layout: where everything is
 * @selected: the row that is read at the moment, or -1
 *
 * Draws a chart.
 */
void
imp_chart_draw (GtkSnapshot          *snapshot,
                GtkWidget            *widget,
                const ImpChartLayout *layout,
                int                   selected)
{
  guint n_series = imp_chart_data_get_n_series (layout->data);
  Drawing drawing;

  drawing_init (&drawing, snapshot, widget, layout);
  draw_y_axis (&drawing);
  draw_x_axis (&drawing);
  if (selected >= 0)
    draw_selection (&drawing, selected);

  for (guint i = 0; i < n_series; i++)
    {
      if (layout->x == NULL)
        draw_bars (&drawing, i);
      else
        draw_line (&drawing, i);
    }
}
