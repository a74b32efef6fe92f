/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-chart.h"

#include <glib/gi18n.h>
#include <math.h>

#include "imp-chart-key.h"
#include "imp-chart-plot.h"
#include "imp-stack.h"
#include "imp-toast.h"

/**
 * ImpChart:
 *
 * Figures as a drawing with a legend, or as a table: whoever looks may choose, and copy them.
 */
struct _ImpChart
{
  AdwBin parent_instance;

  char         *title;       /* (owned) (nullable) */
  char         *empty_text;  /* (owned) (nullable): what to do to get figures */
  ImpChartData *data;        /* (owned) (nullable) */
  gboolean      show_table;

  GtkLabel     *title_label;
  GtkWidget    *buttons;
  GtkStack     *stack;
  ImpChartPlot *plot;
  GtkGrid      *table;
  GtkLabel     *empty_label;
  GtkLabel     *reading_label;
  GtkFlowBox   *legend;
};

G_DEFINE_FINAL_TYPE (ImpChart, imp_chart, ADW_TYPE_BIN)

enum
{
  PROP_TITLE = 1,
  PROP_EMPTY_TEXT,
  PROP_SHOW_TABLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GtkWidget *
make_cell (const char *text,
           gboolean    heading,
           float       align)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), align);
  gtk_label_set_selectable (GTK_LABEL (label), !heading);
  gtk_widget_set_focusable (label, FALSE);
  gtk_widget_add_css_class (label, heading ? "heading" : "numeric");
  return label;
}

static void
clear_children (GtkWidget *parent)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (parent)) != NULL)
    gtk_widget_unparent (child);
}

static void
fill_row (ImpChart *self,
          guint     row)
{
  guint n_series = imp_chart_data_get_n_series (self->data);

  gtk_grid_attach (self->table, make_cell (imp_chart_data_get_label (self->data, row), FALSE, 0), 0,
                   row + 1, 1, 1);
  for (guint i = 0; i < n_series; i++)
    {
      double value = imp_chart_data_get_value (self->data, row, i);
      g_autofree char *text = imp_chart_data_format_value (self->data, value);

      gtk_grid_attach (self->table, make_cell (text, FALSE, 1), i + 1, row + 1, 1, 1);
    }
}

/* Only a table that is looked at is filled: there may be hundreds of rows. */
static void
update_table (ImpChart *self)
{
  guint n_series;

  clear_children (GTK_WIDGET (self->table));
  if (self->data == NULL || !self->show_table)
    return;

  n_series = imp_chart_data_get_n_series (self->data);
  gtk_grid_attach (self->table, make_cell (imp_chart_data_get_x_title (self->data), TRUE, 0), 0, 0,
                   1, 1);
  for (guint i = 0; i < n_series; i++)
    gtk_grid_attach (self->table, make_cell (imp_chart_data_get_series (self->data, i), TRUE, 1),
                     i + 1, 0, 1, 1);
  for (guint row = 0; row < imp_chart_data_get_n_rows (self->data); row++)
    fill_row (self, row);
}

static void
add_key (ImpChart *self,
         guint     series)
{
  gboolean line = imp_chart_data_get_kind (self->data) == IMP_CHART_LINES;
  ImpChartLook look = imp_chart_data_get_look (self->data, series);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (imp_chart_data_get_series (self->data, series));
  GtkWidget *child = gtk_flow_box_child_new ();

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "caption");
  gtk_box_append (GTK_BOX (box), imp_chart_key_new (look, line));
  gtk_box_append (GTK_BOX (box), label);
  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (self->legend, child);
}

/* One series needs no legend: the title says what it is. */
static void
update_legend (ImpChart *self)
{
  guint n_series = self->data != NULL ? imp_chart_data_get_n_series (self->data) : 0;
  GtkFlowBoxChild *child;

  while ((child = gtk_flow_box_get_child_at_index (self->legend, 0)) != NULL)
    gtk_flow_box_remove (self->legend, GTK_WIDGET (child));
  for (guint i = 0; i < n_series; i++)
    add_key (self, i);
}

static void
update_visible (ImpChart *self)
{
  gboolean empty = self->data == NULL || imp_chart_data_is_empty (self->data);
  guint n_series = self->data != NULL ? imp_chart_data_get_n_series (self->data) : 0;
  gboolean plot = !empty && !self->show_table;

  gtk_widget_set_visible (self->buttons, !empty);
  gtk_widget_set_visible (GTK_WIDGET (self->reading_label), plot);
  gtk_widget_set_visible (GTK_WIDGET (self->legend), plot && n_series > 1);
  gtk_stack_set_visible_child_name (self->stack, empty ? "empty" : plot ? "plot" : "table");
}

static void
selected_cb (ImpChart *self)
{
  int row = imp_chart_plot_get_selected (self->plot);
  g_autofree char *text = row >= 0 ? imp_chart_data_describe_row (self->data, row) : NULL;

  /* A line stays free for it, so that nothing moves when it comes. */
  gtk_label_set_text (self->reading_label, text != NULL ? text : " ");
}

static void
copy_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  ImpChart *self = IMP_CHART (widget);
  g_autofree char *text = NULL;

  if (self->data == NULL)
    return;

  text = imp_chart_data_to_text (self->data);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text);
  imp_toast_say (widget, _("Figures copied"));
}

static void
set_text (char       **field,
          const char  *text)
{
  g_free (*field);
  *field = g_strdup (text);
}

static void
imp_chart_get_property (GObject    *object,
                        guint       prop_id,
                        GValue     *value,
                        GParamSpec *pspec)
{
  ImpChart *self = IMP_CHART (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;

    case PROP_EMPTY_TEXT:
      g_value_set_string (value, self->empty_text);
      break;

    case PROP_SHOW_TABLE:
      g_value_set_boolean (value, self->show_table);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_chart_set_property (GObject      *object,
                        guint         prop_id,
                        const GValue *value,
                        GParamSpec   *pspec)
{
  ImpChart *self = IMP_CHART (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      set_text (&self->title, g_value_get_string (value));
      gtk_label_set_text (self->title_label, self->title != NULL ? self->title : "");
      break;

    case PROP_EMPTY_TEXT:
      set_text (&self->empty_text, g_value_get_string (value));
      gtk_label_set_text (self->empty_label, self->empty_text != NULL ? self->empty_text : "");
      break;

    case PROP_SHOW_TABLE:
      self->show_table = g_value_get_boolean (value);
      update_table (self);
      update_visible (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_chart_dispose (GObject *object)
{
  ImpChart *self = IMP_CHART (object);

  /* The bin does not notice that its template goes away. */
  adw_bin_set_child (ADW_BIN (object), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), IMP_TYPE_CHART);
  g_clear_object (&self->data);
  g_clear_pointer (&self->title, g_free);
  g_clear_pointer (&self->empty_text, g_free);

  G_OBJECT_CLASS (imp_chart_parent_class)->dispose (object);
}

static void
imp_chart_class_init (ImpChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = imp_chart_dispose;
  object_class->get_property = imp_chart_get_property;
  object_class->set_property = imp_chart_set_property;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_EMPTY_TEXT] =
    g_param_spec_string ("empty-text", NULL, NULL,
                         NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SHOW_TABLE] =
    g_param_spec_boolean ("show-table", NULL, NULL,
                          FALSE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_install_action (widget_class, "chart.copy", NULL, copy_action);
  gtk_widget_class_install_property_action (widget_class, "chart.show-table", "show-table");

  g_type_ensure (IMP_TYPE_CHART_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/imprimatur/Imprimatur/ui/imp-chart.ui");
  gtk_widget_class_bind_template_child (widget_class, ImpChart, title_label);
  gtk_widget_class_bind_template_child (widget_class, ImpChart, buttons);
  gtk_widget_class_bind_template_child (widget_class, ImpChart, stack);
  gtk_widget_class_bind_template_child (widget_class, ImpChart, plot);
  gtk_widget_class_bind_template_child (widget_class, ImpChart, table);
  gtk_widget_class_bind_template_child (widget_class, ImpChart, empty_label);
  gtk_widget_class_bind_template_child (widget_class, ImpChart, reading_label);
  gtk_widget_class_bind_template_child (widget_class, ImpChart, legend);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
}

static void
imp_chart_init (ImpChart *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  imp_stack_hide_others (self->stack);
  update_visible (self);
}

/**
 * imp_chart_new:
 * @title: what the figures are
 *
 * Makes a chart without figures.
 *
 * Returns: (transfer full): the chart
 */
GtkWidget *
imp_chart_new (const char *title)
{
  return g_object_new (IMP_TYPE_CHART, "title", title, NULL);
}

/**
 * imp_chart_set_data:
 * @self: a chart
 * @data: figures
 *
 * Shows other figures.
 */
void
imp_chart_set_data (ImpChart     *self,
                    ImpChartData *data)
{
  g_return_if_fail (IMP_IS_CHART (self));
  g_return_if_fail (IMP_IS_CHART_DATA (data));

  g_set_object (&self->data, data);
  imp_chart_plot_set_data (self->plot, self->title, data);
  update_legend (self);
  update_table (self);
  update_visible (self);
}
