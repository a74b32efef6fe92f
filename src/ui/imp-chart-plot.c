/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-chart-plot.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "imp-chart-draw.h"

#define MIN_WIDTH 200
#define NATURAL_WIDTH 300
#define MIN_LINES 11      /* of text: two axes, their titles, and something between them */
#define NATURAL_LINES 16
#define LINES_OF_LINES 22 /* points are told apart by height */

/**
 * ImpChartPlot:
 *
 * The drawn part of a chart. Pointer and arrow keys walk through its rows.
 *
 * To a screen reader it is an image, described by its figures; while a row is selected its name has
 * the figures of that row.
 */
struct _ImpChartPlot
{
  GtkWidget parent_instance;

  char           *title;     /* (owned) */
  ImpChartData   *data;      /* (owned) (nullable) */
  ImpChartLayout *layout;    /* (owned) (nullable) for the size of the last allocation */
  int             selected;  /* row, or -1 */
};

G_DEFINE_FINAL_TYPE (ImpChartPlot, imp_chart_plot, GTK_TYPE_WIDGET)

enum
{
  PROP_SELECTED = 1,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static guint
count_rows (ImpChartPlot *self)
{
  return self->data != NULL ? imp_chart_data_get_n_rows (self->data) : 0;
}

static void
update_name (ImpChartPlot *self)
{
  g_autofree char *reading = NULL;
  g_autofree char *name = NULL;

  if (self->selected >= 0)
    reading = imp_chart_data_describe_row (self->data, self->selected);
  name = reading != NULL ? g_strdup_printf ("%s, %s", self->title, reading) : g_strdup (self->title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
update_description (ImpChartPlot *self)
{
  g_autofree char *text = imp_chart_data_describe (self->data);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
select_row (ImpChartPlot *self,
            int           row)
{
  if (row == self->selected)
    return;

  self->selected = row;
  update_name (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

static void
update_layout (ImpChartPlot *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  g_clear_pointer (&self->layout, imp_chart_layout_free);
  if (count_rows (self) > 0 && width > 0 && height > 0)
    self->layout = imp_chart_layout_new (self->data, GTK_WIDGET (self), width, height);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (ImpChartPlot *self,
           double        x)
{
  if (self->layout != NULL)
    select_row (self, imp_chart_layout_find_row (self->layout, x));
}

static void
leave_cb (ImpChartPlot *self)
{
  select_row (self, -1);
}

static int
find_step (ImpChartPlot *self,
           guint         keyval)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int last = (int) count_rows (self) - 1;
  int from = self->selected;

  switch (keyval)
    {
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      if ((keyval == GDK_KEY_Right || keyval == GDK_KEY_KP_Right) != rtl)
        return MIN (from + 1, last);
      return from < 0 ? last : MAX (from - 1, 0);

    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      return 0;

    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      return last;

    default:
      return -1;
    }
}

static gboolean
key_pressed_cb (ImpChartPlot    *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  state)
{
  int row;

  if (count_rows (self) == 0 || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;

  if (keyval == GDK_KEY_Escape && self->selected >= 0)
    {
      select_row (self, -1);
      return TRUE;
    }

  row = find_step (self, keyval);
  if (row < 0)
    return FALSE;

  select_row (self, row);
  return TRUE;
}

static gboolean
imp_chart_plot_query_tooltip (GtkWidget  *widget,
                              int         x,
                              int         y,
                              gboolean    keyboard,
                              GtkTooltip *tooltip)
{
  ImpChartPlot *self = IMP_CHART_PLOT (widget);
  g_autofree char *text = NULL;

  if (self->layout == NULL || self->selected < 0)
    return FALSE;

  text = imp_chart_data_describe_row (self->data, self->selected);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static int
get_natural_lines (ImpChartPlot *self)
{
  return self->data != NULL && imp_chart_data_get_kind (self->data) == IMP_CHART_LINES
           ? LINES_OF_LINES
           : NATURAL_LINES;
}

static void
imp_chart_plot_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int line;

  pango_layout_get_pixel_size (layout, NULL, &line);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? MIN_WIDTH : MIN_LINES * line;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL
               ? NATURAL_WIDTH
               : get_natural_lines (IMP_CHART_PLOT (widget)) * line;
}

static void
imp_chart_plot_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  update_layout (IMP_CHART_PLOT (widget));
}

static void
imp_chart_plot_snapshot (GtkWidget   *widget,
                         GtkSnapshot *snapshot)
{
  ImpChartPlot *self = IMP_CHART_PLOT (widget);

  if (self->layout != NULL)
    imp_chart_draw (snapshot, widget, self->layout, self->selected);
}

static void
imp_chart_plot_css_changed (GtkWidget         *widget,
                            GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (imp_chart_plot_parent_class)->css_changed (widget, change);

  update_layout (IMP_CHART_PLOT (widget));
}

static void
imp_chart_plot_direction_changed (GtkWidget        *widget,
                                  GtkTextDirection  previous)
{
  update_layout (IMP_CHART_PLOT (widget));
}

static gboolean
imp_chart_plot_grab_focus (GtkWidget *widget)
{
  return gtk_widget_get_focusable (widget) &&
         GTK_WIDGET_CLASS (imp_chart_plot_parent_class)->grab_focus (widget);
}

static void
imp_chart_plot_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ImpChartPlot *self = IMP_CHART_PLOT (object);

  switch (prop_id)
    {
    case PROP_SELECTED:
      g_value_set_int (value, self->selected);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_chart_plot_finalize (GObject *object)
{
  ImpChartPlot *self = IMP_CHART_PLOT (object);

  g_clear_pointer (&self->layout, imp_chart_layout_free);
  g_clear_object (&self->data);
  g_free (self->title);

  G_OBJECT_CLASS (imp_chart_plot_parent_class)->finalize (object);
}

static void
imp_chart_plot_class_init (ImpChartPlotClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = imp_chart_plot_finalize;
  object_class->get_property = imp_chart_plot_get_property;
  widget_class->measure = imp_chart_plot_measure;
  widget_class->size_allocate = imp_chart_plot_size_allocate;
  widget_class->snapshot = imp_chart_plot_snapshot;
  widget_class->query_tooltip = imp_chart_plot_query_tooltip;
  widget_class->css_changed = imp_chart_plot_css_changed;
  widget_class->direction_changed = imp_chart_plot_direction_changed;
  widget_class->grab_focus = imp_chart_plot_grab_focus;

  properties[PROP_SELECTED] =
    g_param_spec_int ("selected", NULL, NULL,
                      -1, G_MAXINT, -1,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "chartplot");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
imp_chart_plot_init (ImpChartPlot *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->selected = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);

  g_signal_connect_swapped (motion, "enter", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  g_signal_connect_swapped (key, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
}

/**
 * imp_chart_plot_set_data:
 * @self: a plot
 * @title: what the chart is called
 * @data: its figures
 *
 * Draws other figures. A row stays selected as long as there is one in its place.
 */
void
imp_chart_plot_set_data (ImpChartPlot *self,
                         const char   *title,
                         ImpChartData *data)
{
  g_return_if_fail (IMP_IS_CHART_PLOT (self));
  g_return_if_fail (IMP_IS_CHART_DATA (data));

  g_free (self->title);
  self->title = g_strdup (title);
  g_set_object (&self->data, data);
  if (self->selected >= (int) count_rows (self))
    select_row (self, -1);

  update_name (self);
  update_description (self);
  update_layout (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

/**
 * imp_chart_plot_get_selected:
 * @self: a plot
 *
 * Returns: the row that is read at the moment, or -1
 */
int
imp_chart_plot_get_selected (ImpChartPlot *self)
{
  g_return_val_if_fail (IMP_IS_CHART_PLOT (self), -1);

  return self->selected;
}
