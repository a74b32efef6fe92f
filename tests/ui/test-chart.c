/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <adwaita.h>
#include <math.h>

#include "imp-chart-key.h"
#include "imp-chart-layout.h"
#include "imp-chart-plot.h"
#include "imp-chart.h"

#define WIDTH 400
#define HEIGHT 300

/* Scales */

static void
assert_ticks (ImpChartScale *scale,
              const double  *ticks,
              guint          n_ticks)
{
  g_assert_cmpuint (scale->ticks->len, ==, n_ticks);
  for (guint i = 0; i < n_ticks; i++)
    g_assert_cmpfloat_with_epsilon (g_array_index (scale->ticks, double, i), ticks[i], 1e-9);
}

static void
test_linear_ticks (void)
{
  static const double ticks[] = { 0, 20, 40, 60, 80, 100 };
  g_autoptr(ImpChartScale) scale = imp_chart_scale_new_linear (0, 87, 6, FALSE);

  assert_ticks (scale, ticks, G_N_ELEMENTS (ticks));
  g_assert_cmpfloat (imp_chart_scale_get_fraction (scale, 0), ==, 0);
  g_assert_cmpfloat (imp_chart_scale_get_fraction (scale, 50), ==, 0.5);
  g_assert_cmpfloat (imp_chart_scale_get_fraction (scale, 100), ==, 1);
}

static void
test_linear_ticks_are_nice (void)
{
  for (double max = 0.0013; max < 1e10; max *= 1.37)
    {
      for (guint n = 2; n < 9; n++)
        {
          g_autoptr(ImpChartScale) scale = imp_chart_scale_new_linear (0, max, n, FALSE);
          double step = g_array_index (scale->ticks, double, 1);
          double mantissa = step / pow (10, floor (log10 (step) + 1e-9));

          g_assert_cmpuint (scale->ticks->len, <=, n + 1);
          g_assert_cmpuint (scale->ticks->len, >=, 2);
          g_assert_cmpfloat (scale->max, >=, max * (1 - 1e-9));
          g_assert_cmpfloat (scale->min, ==, 0);
          g_assert_true (ABS (mantissa - 1) < 1e-6 || ABS (mantissa - 2) < 1e-6 ||
                         ABS (mantissa - 5) < 1e-6 || ABS (mantissa - 10) < 1e-6);
        }
    }
}

/* Half an update was never published. */
static void
test_integer_ticks (void)
{
  static const double ticks[] = { 0, 1, 2 };
  g_autoptr(ImpChartScale) scale = imp_chart_scale_new_linear (0, 2, 8, TRUE);

  assert_ticks (scale, ticks, G_N_ELEMENTS (ticks));
}

static void
test_scale_of_one_value (void)
{
  g_autoptr(ImpChartScale) flat = imp_chart_scale_new_linear (0, 0, 5, TRUE);
  g_autoptr(ImpChartScale) single = imp_chart_scale_new_log (1000, 1000, 8);

  g_assert_cmpfloat (imp_chart_scale_get_fraction (flat, 0), ==, 0);
  g_assert_cmpfloat (flat->max, ==, 1);
  g_assert_cmpfloat (imp_chart_scale_get_fraction (single, 1000), ==, 0);
  g_assert_cmpfloat (single->max, >, single->min);
}

/* The payloads of the paper. */
static void
test_log_ticks (void)
{
  static const double ticks[] = { 5e5, 1e6, 2e6, 5e6, 1e7, 2e7, 5e7 };
  g_autoptr(ImpChartScale) scale = imp_chart_scale_new_log (552e3, 36.1e6, 8);

  assert_ticks (scale, ticks, G_N_ELEMENTS (ticks));
  g_assert_cmpfloat_with_epsilon (imp_chart_scale_get_fraction (scale, 5e6), 0.5, 1e-9);
  g_assert_cmpfloat (imp_chart_scale_get_fraction (scale, 5e5), ==, 0);
  g_assert_cmpfloat_with_epsilon (imp_chart_scale_get_fraction (scale, 5e7), 1, 1e-9);
}

static void
test_log_ticks_of_many_decades (void)
{
  static const double ticks[] = { 0.1, 1, 10, 100, 1000, 10000 };
  g_autoptr(ImpChartScale) scale = imp_chart_scale_new_log (0.1, 9000, 8);

  assert_ticks (scale, ticks, G_N_ELEMENTS (ticks));
}

/* What is drawn */

typedef struct
{
  graphene_rect_t bounds;
  GdkRGBA         color;
} Box;

static void
collect_boxes (GskRenderNode   *node,
               graphene_point_t offset,
               GArray          *boxes,
               guint           *n_texts)
{
  Box box;

  switch (gsk_render_node_get_node_type (node))
    {
    case GSK_CONTAINER_NODE:
      for (guint i = 0; i < gsk_container_node_get_n_children (node); i++)
        collect_boxes (gsk_container_node_get_child (node, i), offset, boxes, n_texts);
      break;

    case GSK_TRANSFORM_NODE:
      gsk_transform_to_translate (gsk_transform_node_get_transform (node), &box.bounds.origin.x,
                                  &box.bounds.origin.y);
      offset.x += box.bounds.origin.x;
      offset.y += box.bounds.origin.y;
      collect_boxes (gsk_transform_node_get_child (node), offset, boxes, n_texts);
      break;

    case GSK_COLOR_NODE:
      gsk_render_node_get_bounds (node, &box.bounds);
      graphene_rect_offset (&box.bounds, offset.x, offset.y);
      box.color = *gsk_color_node_get_color (node);
      g_array_append_val (boxes, box);
      break;

    case GSK_TEXT_NODE:
      (*n_texts)++;
      break;

    default:
      break;
    }
}

typedef struct
{
  GtkWidget    *window;
  ImpChartPlot *plot;
} Fixture;

static void
fixture_set_up (Fixture       *fixture,
                gconstpointer  direction)
{
  fixture->window = gtk_window_new ();
  fixture->plot = g_object_new (IMP_TYPE_CHART_PLOT, NULL);
  gtk_widget_set_direction (GTK_WIDGET (fixture->plot), GPOINTER_TO_INT (direction));
  gtk_window_set_child (GTK_WINDOW (fixture->window), GTK_WIDGET (fixture->plot));
}

static void
fixture_tear_down (Fixture       *fixture,
                   gconstpointer  data)
{
  gtk_window_destroy (GTK_WINDOW (fixture->window));
}

static void
allocate (Fixture *fixture,
          int      width,
          int      height)
{
  int ignored;

  gtk_widget_measure (GTK_WIDGET (fixture->plot), GTK_ORIENTATION_HORIZONTAL, -1, &ignored, NULL,
                      NULL, NULL);
  gtk_widget_measure (GTK_WIDGET (fixture->plot), GTK_ORIENTATION_VERTICAL, -1, &ignored, NULL,
                      NULL, NULL);
  gtk_widget_allocate (GTK_WIDGET (fixture->plot), width, MAX (height, ignored), -1, NULL);
}

static GArray *
draw (Fixture *fixture,
      guint   *n_texts)
{
  GtkWidget *widget = GTK_WIDGET (fixture->plot);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  GArray *boxes = g_array_new (FALSE, FALSE, sizeof (Box));
  GskRenderNode *node;

  *n_texts = 0;
  GTK_WIDGET_GET_CLASS (widget)->snapshot (widget, snapshot);
  node = gtk_snapshot_free_to_node (snapshot);
  g_assert_nonnull (node);
  collect_boxes (node, *graphene_point_zero (), boxes, n_texts);
  gsk_render_node_unref (node);
  return boxes;
}

/* Of the colour of a series: the shades that text and grid have are grey. */
static GArray *
keep_bars (GArray *boxes)
{
  GArray *bars = g_array_new (FALSE, FALSE, sizeof (Box));

  for (guint i = 0; i < boxes->len; i++)
    {
      Box box = g_array_index (boxes, Box, i);

      if (box.color.red != box.color.green || box.color.green != box.color.blue)
        g_array_append_val (bars, box);
    }

  return bars;
}

static ImpChartData *
make_bars (void)
{
  ImpChartData *data = imp_chart_data_new (IMP_CHART_BARS, "Hour", "Fetches", IMP_CHART_COUNT);
  const double first[] = { 4, 2 };
  const double second[] = { 8, 0 };
  const double third[] = { 0, 0 };

  imp_chart_data_add_series (data, "Complete", IMP_CHART_BLUE);
  imp_chart_data_add_series (data, "Cut off", IMP_CHART_ORANGE);
  imp_chart_data_add_row (data, 0, "12:00", NULL, first);
  imp_chart_data_add_row (data, 1, "13:00", NULL, second);
  imp_chart_data_add_row (data, 2, "14:00", NULL, third);
  return data;
}

/* The bars' coordinates are what the figures say, measured against each other. */
static void
test_bars (Fixture       *fixture,
           gconstpointer  direction)
{
  g_autoptr(ImpChartData) data = make_bars ();
  g_autoptr(GArray) boxes = NULL;
  g_autoptr(GArray) bars = NULL;
  gboolean rtl = GPOINTER_TO_INT (direction) == GTK_TEXT_DIR_RTL;
  guint n_texts;
  Box *low;
  Box *upper;
  Box *high;

  imp_chart_plot_set_data (fixture->plot, "Fetches per hour", data);
  allocate (fixture, WIDTH, HEIGHT);
  boxes = draw (fixture, &n_texts);
  bars = keep_bars (boxes);

  g_assert_cmpuint (bars->len, ==, 3);
  low = &g_array_index (bars, Box, 0);
  high = &g_array_index (bars, Box, 1);
  upper = &g_array_index (bars, Box, 2);

  g_assert_cmpfloat_with_epsilon (high->bounds.size.height, 2 * low->bounds.size.height, 0.01);
  g_assert_cmpfloat_with_epsilon (upper->bounds.size.height, low->bounds.size.height / 2, 0.01);
  g_assert_cmpfloat_with_epsilon (upper->bounds.origin.y + upper->bounds.size.height,
                                  low->bounds.origin.y, 0.01);
  g_assert_cmpfloat_with_epsilon (low->bounds.origin.y + low->bounds.size.height,
                                  high->bounds.origin.y + high->bounds.size.height, 0.01);
  g_assert_true ((low->bounds.origin.x < high->bounds.origin.x) != rtl);
  g_assert_cmpfloat (upper->bounds.origin.x, ==, low->bounds.origin.x);

  /* Two titles, three rows, and the ticks of 0 to 8 or 10. */
  g_assert_cmpuint (n_texts, >=, 2 + 3 + 3);
}

static void
test_bars_inside (Fixture       *fixture,
                  gconstpointer  direction)
{
  static const int widths[] = { 200, 300, 1000 };
  g_autoptr(ImpChartData) data = make_bars ();

  imp_chart_plot_set_data (fixture->plot, "Fetches per hour", data);
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autoptr(GArray) boxes = NULL;
      guint n_texts;

      allocate (fixture, widths[i], HEIGHT);
      boxes = draw (fixture, &n_texts);
      for (guint j = 0; j < boxes->len; j++)
        {
          const graphene_rect_t *bounds = &g_array_index (boxes, Box, j).bounds;

          g_assert_cmpfloat (bounds->origin.x, >=, 0);
          g_assert_cmpfloat (bounds->origin.x + bounds->size.width, <=, widths[i]);
        }
    }
}

static ImpChartData *
make_lines (void)
{
  ImpChartData *data = imp_chart_data_new (IMP_CHART_LINES, "Payload", "Time",
                                           IMP_CHART_MILLISECONDS);
  const double first[] = { 1, NAN };
  const double second[] = { 10, 40 };
  const double third[] = { 100, 20 };

  imp_chart_data_add_series (data, "Upload", IMP_CHART_BLUE);
  imp_chart_data_add_series (data, "Store", IMP_CHART_ORANGE);
  imp_chart_data_add_row (data, 1e6, "1 MB", NULL, first);
  imp_chart_data_add_row (data, 1e7, "10 MB", NULL, second);
  imp_chart_data_add_row (data, 1e8, "100 MB", NULL, third);
  return data;
}

/* A decade is as wide, and as high, as any other. */
static void
test_lines (Fixture       *fixture,
            gconstpointer  direction)
{
  g_autoptr(ImpChartData) data = make_lines ();
  g_autoptr(ImpChartLayout) layout = NULL;
  float x[3];
  float y[3];

  layout = imp_chart_layout_new (data, GTK_WIDGET (fixture->plot), WIDTH, HEIGHT);
  for (guint i = 0; i < 3; i++)
    {
      x[i] = imp_chart_layout_get_x (layout, i);
      y[i] = imp_chart_layout_get_y (layout, imp_chart_data_get_value (data, i, 0));
      g_assert_cmpuint (imp_chart_layout_find_row (layout, x[i] + 3), ==, i);
    }

  g_assert_true ((x[0] < x[2]) == (GPOINTER_TO_INT (direction) == GTK_TEXT_DIR_LTR));
  g_assert_cmpfloat_with_epsilon (x[1] - x[0], x[2] - x[1], 0.01);
  g_assert_cmpfloat_with_epsilon (y[1] - y[0], y[2] - y[1], 0.01);
  g_assert_cmpfloat_with_epsilon (y[0], layout->area.origin.y + layout->area.size.height, 0.01);
  g_assert_cmpfloat_with_epsilon (y[2], layout->area.origin.y, 0.01);
}

/* Text */

static void
test_description (void)
{
  g_autoptr(ImpChartData) bars = make_bars ();
  g_autoptr(ImpChartData) lines = make_lines ();
  g_autofree char *first = imp_chart_data_describe (bars);
  g_autofree char *second = imp_chart_data_describe (lines);

  g_assert_cmpstr (first, ==, "12:00: Complete 4, Cut off 2\n13:00: Complete 8, Cut off 0");
  g_assert_cmpstr (second, ==, "1 MB: Upload 1.0 ms\n10 MB: Upload 10 ms, Store 40 ms\n"
                               "100 MB: Upload 100 ms, Store 20 ms");
}

static void
test_copied_text (void)
{
  g_autoptr(ImpChartData) data = make_lines ();
  g_autofree char *text = imp_chart_data_to_text (data);

  g_assert_cmpstr (text, ==, "Payload\tUpload (ms)\tStore (ms)\n1 MB\t1\t\n10 MB\t10\t40\n"
                             "100 MB\t100\t20\n");
}

static void
test_accessible (Fixture       *fixture,
                 gconstpointer  direction)
{
  g_autoptr(ImpChartData) data = make_bars ();
  g_autofree char *text = imp_chart_data_describe (data);

  imp_chart_plot_set_data (fixture->plot, "Fetches per hour", data);
  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (fixture->plot), GTK_ACCESSIBLE_ROLE_IMG);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->plot),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL, "Fetches per hour");
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->plot),
                                       GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text);
}

static gboolean
press (Fixture *fixture,
       guint    keyval)
{
  g_autoptr(GListModel) controllers = gtk_widget_observe_controllers (GTK_WIDGET (fixture->plot));
  gboolean handled = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr(GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (GTK_IS_EVENT_CONTROLLER_KEY (controller))
        g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
    }

  return handled;
}

static void
test_keys (Fixture       *fixture,
           gconstpointer  direction)
{
  g_autoptr(ImpChartData) data = make_bars ();
  gboolean rtl = GPOINTER_TO_INT (direction) == GTK_TEXT_DIR_RTL;
  guint forward = rtl ? GDK_KEY_Left : GDK_KEY_Right;
  guint backward = rtl ? GDK_KEY_Right : GDK_KEY_Left;

  g_assert_false (press (fixture, forward));
  imp_chart_plot_set_data (fixture->plot, "Fetches per hour", data);
  g_assert_cmpint (imp_chart_plot_get_selected (fixture->plot), ==, -1);
  g_assert_true (press (fixture, forward));
  g_assert_true (press (fixture, forward));
  g_assert_cmpint (imp_chart_plot_get_selected (fixture->plot), ==, 1);
  gtk_test_accessible_assert_property (GTK_ACCESSIBLE (fixture->plot),
                                       GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Fetches per hour, 13:00: Complete 8, Cut off 0");
  g_assert_true (press (fixture, backward));
  g_assert_cmpint (imp_chart_plot_get_selected (fixture->plot), ==, 0);
  g_assert_true (press (fixture, GDK_KEY_End));
  g_assert_true (press (fixture, forward));
  g_assert_cmpint (imp_chart_plot_get_selected (fixture->plot), ==, 2);
  g_assert_true (press (fixture, GDK_KEY_Escape));
  g_assert_cmpint (imp_chart_plot_get_selected (fixture->plot), ==, -1);
  g_assert_false (press (fixture, GDK_KEY_Up));
}

/* The whole widget */

static gboolean
shows (GtkWidget  *widget,
       const char *text)
{
  if (!gtk_widget_get_child_visible (widget) || !gtk_widget_get_visible (widget))
    return FALSE;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_text (GTK_LABEL (widget)), text))
    return TRUE;

  for (GtkWidget *child = gtk_widget_get_first_child (widget);
       child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      if (shows (child, text))
        return TRUE;
    }

  return FALSE;
}

static void
test_chart_states (void)
{
  g_autoptr(ImpChartData) empty = imp_chart_data_new (IMP_CHART_BARS, "Day", "Updates",
                                                      IMP_CHART_COUNT);
  g_autoptr(ImpChartData) data = make_bars ();
  GtkWidget *chart = g_object_ref_sink (imp_chart_new ("Fetches per hour"));

  g_object_set (chart, "empty-text", "Nothing was fetched yet", NULL);
  imp_chart_set_data (IMP_CHART (chart), empty);
  g_assert_true (shows (chart, "Nothing was fetched yet"));
  g_assert_false (shows (chart, "Complete"));

  imp_chart_set_data (IMP_CHART (chart), data);
  g_assert_false (shows (chart, "Nothing was fetched yet"));
  g_assert_true (shows (chart, "Complete"));
  g_assert_false (shows (chart, "8"));

  gtk_widget_activate_action (chart, "chart.show-table", NULL);
  g_assert_true (shows (chart, "13:00"));
  g_assert_true (shows (chart, "8"));
  g_assert_finalize_object (chart);
}

static void
test_chart_is_narrow (void)
{
  g_autoptr(ImpChartData) data = make_lines ();
  GtkWidget *chart = g_object_ref_sink (imp_chart_new ("Time of each step of a registration"));
  int minimum;

  imp_chart_set_data (IMP_CHART (chart), data);
  gtk_widget_measure (chart, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 300);
  g_assert_finalize_object (chart);
}

#define ADD(path, direction, func) \
  g_test_add (path, Fixture, GINT_TO_POINTER (direction), fixture_set_up, func, fixture_tear_down)

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/chart/scale/linear", test_linear_ticks);
  g_test_add_func ("/chart/scale/linear-is-nice", test_linear_ticks_are_nice);
  g_test_add_func ("/chart/scale/integers", test_integer_ticks);
  g_test_add_func ("/chart/scale/one-value", test_scale_of_one_value);
  g_test_add_func ("/chart/scale/log", test_log_ticks);
  g_test_add_func ("/chart/scale/log-of-many-decades", test_log_ticks_of_many_decades);
  ADD ("/chart/bars", GTK_TEXT_DIR_LTR, test_bars);
  ADD ("/chart/bars/rtl", GTK_TEXT_DIR_RTL, test_bars);
  ADD ("/chart/bars/inside", GTK_TEXT_DIR_LTR, test_bars_inside);
  ADD ("/chart/lines", GTK_TEXT_DIR_LTR, test_lines);
  ADD ("/chart/lines/rtl", GTK_TEXT_DIR_RTL, test_lines);
  g_test_add_func ("/chart/description", test_description);
  g_test_add_func ("/chart/copied-text", test_copied_text);
  ADD ("/chart/accessible", GTK_TEXT_DIR_LTR, test_accessible);
  ADD ("/chart/keys", GTK_TEXT_DIR_LTR, test_keys);
  ADD ("/chart/keys/rtl", GTK_TEXT_DIR_RTL, test_keys);
  g_test_add_func ("/chart/states", test_chart_states);
  g_test_add_func ("/chart/narrow", test_chart_is_narrow);

  return g_test_run ();
}
