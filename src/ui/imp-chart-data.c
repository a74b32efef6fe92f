/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-chart-data.h"

#include <glib/gi18n.h>
#include <math.h>

#include "imp-format.h"

/* As many rows are told to a screen reader; who wants more reads them as a table. */
#define MAX_TOLD 48

/**
 * ImpChartData:
 *
 * The figures of a chart, and the same figures as text.
 *
 * A value that is not there is NAN.
 */
struct _ImpChartData
{
  GObject parent_instance;

  ImpChartKind  kind;
  char         *x_title;  /* (owned) */
  char         *y_title;  /* (owned) */
  ImpChartUnit  unit;     /* of the y axis */
  GPtrArray    *series;   /* (owned) (element-type utf8) */
  GArray       *looks;    /* (owned) (element-type ImpChartLook) of the series */
  GArray       *rows;     /* (owned) (element-type Row) */
};

typedef struct
{
  double  x;
  char   *label;        /* (owned) */
  char   *short_label;  /* (owned) for the axis, where there is little room */
  double *values;       /* (owned) one a series */
} Row;

G_DEFINE_FINAL_TYPE (ImpChartData, imp_chart_data, G_TYPE_OBJECT)

static void
clear_row (gpointer data)
{
  Row *row = data;

  g_free (row->label);
  g_free (row->short_label);
  g_free (row->values);
}

static void
imp_chart_data_finalize (GObject *object)
{
  ImpChartData *self = IMP_CHART_DATA (object);

  g_array_unref (self->rows);
  g_ptr_array_unref (self->series);
  g_array_unref (self->looks);
  g_free (self->x_title);
  g_free (self->y_title);

  G_OBJECT_CLASS (imp_chart_data_parent_class)->finalize (object);
}

static void
imp_chart_data_class_init (ImpChartDataClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_chart_data_finalize;
}

static void
imp_chart_data_init (ImpChartData *self)
{
  self->series = g_ptr_array_new_with_free_func (g_free);
  self->looks = g_array_new (FALSE, FALSE, sizeof (ImpChartLook));
  self->rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
}

/**
 * imp_chart_data_new:
 * @kind: how it is drawn
 * @x_title: what rows differ by
 * @y_title: what the values are
 * @y_unit: their unit
 *
 * Makes a table without series, which come before the first row.
 *
 * Returns: (transfer full): the table
 */
ImpChartData *
imp_chart_data_new (ImpChartKind  kind,
                    const char   *x_title,
                    const char   *y_title,
                    ImpChartUnit  y_unit)
{
  ImpChartData *self = g_object_new (IMP_TYPE_CHART_DATA, NULL);

  self->kind = kind;
  self->x_title = g_strdup (x_title);
  self->y_title = g_strdup (y_title);
  self->unit = y_unit;
  return self;
}

/**
 * imp_chart_data_add_series:
 * @self: a table without rows
 * @name: what the series is called
 * @look: how it is told from others: colour, marker, dashes and hatching
 *
 * Adds a series; every row has a value for each.
 */
void
imp_chart_data_add_series (ImpChartData *self,
                           const char   *name,
                           ImpChartLook  look)
{
  g_return_if_fail (IMP_IS_CHART_DATA (self));
  g_return_if_fail (self->rows->len == 0);
  g_return_if_fail (look < IMP_N_CHART_LOOKS);

  g_array_append_val (self->looks, look);
  g_ptr_array_add (self->series, g_strdup (name));
}

/**
 * imp_chart_data_add_row:
 * @self: a table
 * @x: where the row is along the x axis; rows come in rising order
 * @label: what the row is called
 * @short_label: (nullable): what the axis says, %NULL for @label
 * @values: one for each series
 *
 * Adds a row.
 */
void
imp_chart_data_add_row (ImpChartData *self,
                        double        x,
                        const char   *label,
                        const char   *short_label,
                        const double *values)
{
  Row *row;

  g_return_if_fail (IMP_IS_CHART_DATA (self));
  g_return_if_fail (label != NULL);

  g_array_set_size (self->rows, self->rows->len + 1);
  row = &g_array_index (self->rows, Row, self->rows->len - 1);
  row->x = x;
  row->label = g_strdup (label);
  row->short_label = g_strdup (short_label != NULL ? short_label : label);
  row->values = g_memdup2 (values, self->series->len * sizeof (double));
}

/**
 * imp_chart_data_get_kind:
 * @self: a table
 *
 * Returns: how the values are drawn
 */
ImpChartKind
imp_chart_data_get_kind (ImpChartData *self)
{
  return self->kind;
}

/**
 * imp_chart_data_get_unit:
 * @self: a table
 *
 * Returns: what the values are counted in
 */
ImpChartUnit
imp_chart_data_get_unit (ImpChartData *self)
{
  return self->unit;
}

/**
 * imp_chart_data_get_x_title:
 * @self: a table
 *
 * Returns: what the x axis is called, which is also the head of the first column
 */
const char *
imp_chart_data_get_x_title (ImpChartData *self)
{
  return self->x_title;
}

/**
 * imp_chart_data_get_y_title:
 * @self: a table
 *
 * Returns: what the y axis is called
 */
const char *
imp_chart_data_get_y_title (ImpChartData *self)
{
  return self->y_title;
}

/**
 * imp_chart_data_get_n_series:
 * @self: a table
 *
 * Returns: how many series there are
 */
guint
imp_chart_data_get_n_series (ImpChartData *self)
{
  return self->series->len;
}

/**
 * imp_chart_data_get_series:
 * @self: a table
 * @series: below [method@Imp.ChartData.get_n_series]
 *
 * Returns: what the series is called
 */
const char *
imp_chart_data_get_series (ImpChartData *self,
                           guint         series)
{
  return g_ptr_array_index (self->series, series);
}

/**
 * imp_chart_data_get_n_rows:
 * @self: a table
 *
 * Returns: how many rows there are
 */
guint
imp_chart_data_get_n_rows (ImpChartData *self)
{
  return self->rows->len;
}

static Row *
get_row (ImpChartData *self,
         guint         row)
{
  g_assert (row < self->rows->len);

  return &g_array_index (self->rows, Row, row);
}

/**
 * imp_chart_data_get_x:
 * @self: a table
 * @row: below [method@Imp.ChartData.get_n_rows]
 *
 * Returns: where the row is along the x axis
 */
double
imp_chart_data_get_x (ImpChartData *self,
                      guint         row)
{
  return get_row (self, row)->x;
}

/**
 * imp_chart_data_get_label:
 * @self: a table
 * @row: below [method@Imp.ChartData.get_n_rows]
 *
 * Returns: what the row is called, in full
 */
const char *
imp_chart_data_get_label (ImpChartData *self,
                          guint         row)
{
  return get_row (self, row)->label;
}

/**
 * imp_chart_data_get_short_label:
 * @self: a table
 * @row: below [method@Imp.ChartData.get_n_rows]
 *
 * Returns: what the row is called on the axis, where there is little room
 */
const char *
imp_chart_data_get_short_label (ImpChartData *self,
                                guint         row)
{
  return get_row (self, row)->short_label;
}

/**
 * imp_chart_data_get_look:
 * @self: a table
 * @series: below [method@Imp.ChartData.get_n_series]
 *
 * Returns: how the series is told from others
 */
ImpChartLook
imp_chart_data_get_look (ImpChartData *self,
                         guint         series)
{
  return g_array_index (self->looks, ImpChartLook, series);
}

/**
 * imp_chart_data_get_value:
 * @self: a table
 * @row: below [method@Imp.ChartData.get_n_rows]
 * @series: below [method@Imp.ChartData.get_n_series]
 *
 * Returns: the value, or NAN where there is none
 */
double
imp_chart_data_get_value (ImpChartData *self,
                          guint         row,
                          guint         series)
{
  return get_row (self, row)->values[series];
}

/**
 * imp_chart_data_get_height:
 * @self: a table
 * @row: a row
 *
 * Tells how high the axis has to reach for a row: bars stand upon each other.
 *
 * Returns: the height, 0 where there is no value
 */
double
imp_chart_data_get_height (ImpChartData *self,
                           guint         row)
{
  double height = 0;

  for (guint i = 0; i < self->series->len; i++)
    {
      double value = imp_chart_data_get_value (self, row, i);

      if (isnan (value))
        continue;
      height = self->kind == IMP_CHART_BARS ? height + value : MAX (height, value);
    }

  return height;
}

/**
 * imp_chart_data_is_empty:
 * @self: a table
 *
 * Tells whether there is nothing to draw: no row, or nothing but zeros and gaps.
 *
 * Returns: whether it is so
 */
gboolean
imp_chart_data_is_empty (ImpChartData *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      if (imp_chart_data_get_height (self, i) > 0)
        return FALSE;
    }

  return TRUE;
}

static char *
format_bytes (double value)
{
  if (value >= 1e9)
    /* Translators: gigabytes, at an axis. */
    return g_strdup_printf (_("%g GB"), value / 1e9);
  if (value >= 1e6)
    /* Translators: megabytes, at an axis. */
    return g_strdup_printf (_("%g MB"), value / 1e6);
  if (value >= 1e3)
    /* Translators: kilobytes, at an axis. */
    return g_strdup_printf (_("%g kB"), value / 1e3);

  /* Translators: bytes, at an axis. */
  return g_strdup_printf (_("%g B"), value);
}

/**
 * imp_chart_format_tick:
 * @unit: a unit
 * @value: where a tick is
 *
 * Writes a round number with its unit, as short as it can be.
 *
 * Returns: (transfer full): the text
 */
char *
imp_chart_format_tick (ImpChartUnit unit,
                       double       value)
{
  if (unit == IMP_CHART_BYTES)
    return format_bytes (value);
  if (unit == IMP_CHART_COUNT)
    return g_strdup_printf ("%'.0f", value);
  if (value >= 1000)
    /* Translators: seconds, at an axis. */
    return g_strdup_printf (_("%g s"), value / 1000);

  /* Translators: milliseconds, at an axis. */
  return g_strdup_printf (_("%g ms"), value);
}

/**
 * imp_chart_data_format_value:
 * @self: a table
 * @value: one of its values
 *
 * Writes a value with its unit.
 *
 * Returns: (transfer full): the text
 */
char *
imp_chart_data_format_value (ImpChartData *self,
                             double        value)
{
  if (isnan (value))
    return g_strdup ("—");
  if (self->unit == IMP_CHART_MILLISECONDS)
    return imp_format_duration (value);

  return imp_chart_format_tick (self->unit, value);
}

/**
 * imp_chart_data_describe_row:
 * @self: a table
 * @row: a row
 *
 * Says all figures of a row: what a tooltip shows and a screen reader reads.
 *
 * Returns: (transfer full): the text
 */
char *
imp_chart_data_describe_row (ImpChartData *self,
                             guint         row)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->series->len; i++)
    {
      double value = imp_chart_data_get_value (self, row, i);
      g_autofree char *figure = imp_chart_data_format_value (self, value);

      if (isnan (value))
        continue;
      if (text->len > 0)
        /* Translators: between the figures of one place of a chart. */
        g_string_append (text, _(", "));
      /* Translators: what a figure of a chart is of, and the figure. */
      g_string_append_printf (text, _("%s %s"), imp_chart_data_get_series (self, i), figure);
    }

  /* Translators: a place of a chart, and its figures. */
  return g_strdup_printf (_("%s: %s"), imp_chart_data_get_label (self, row),
                          text->len > 0 ? text->str : "—");
}

/**
 * imp_chart_data_describe:
 * @self: a table
 *
 * Says in text what a chart of it shows: the figures of every row that is not zero, as many as
 * anyone would listen to.
 *
 * Returns: (transfer full): the text
 */
char *
imp_chart_data_describe (ImpChartData *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint n_told = 0;
  guint n_left = 0;

  g_return_val_if_fail (IMP_IS_CHART_DATA (self), NULL);

  for (guint i = 0; i < self->rows->len; i++)
    {
      g_autofree char *line = NULL;

      if (imp_chart_data_get_height (self, i) <= 0)
        continue;
      if (n_told++ >= MAX_TOLD)
        {
          n_left++;
          continue;
        }
      line = imp_chart_data_describe_row (self, i);
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", line);
    }

  if (n_left > 0)
    g_string_append_printf (text, ngettext ("\nand %u more", "\nand %u more", n_left), n_left);
  if (text->len == 0)
    g_string_append (text, _("No figures yet"));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
append_cell (GString    *text,
             const char *cell,
             gboolean    last)
{
  g_autofree char *clean = g_strdelimit (g_strdup (cell), "\t\r\n", ' ');

  g_string_append_printf (text, "%s%c", clean, last ? '\n' : '\t');
}

/* The unit stands in the heading, so that the figures are plain numbers. */
static char *
make_heading (ImpChartData *self,
              const char   *name)
{
  static const char *const units[] = {
    [IMP_CHART_COUNT] = NULL, [IMP_CHART_BYTES] = "B", [IMP_CHART_MILLISECONDS] = "ms",
  };

  return units[self->unit] != NULL ? g_strdup_printf ("%s (%s)", name, units[self->unit])
                                   : g_strdup (name);
}

/**
 * imp_chart_data_to_text:
 * @self: a table
 *
 * Writes the table with tabs between its cells, as spreadsheets take it from the clipboard.
 *
 * Returns: (transfer full): the text
 */
char *
imp_chart_data_to_text (ImpChartData *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (IMP_IS_CHART_DATA (self), NULL);

  append_cell (text, self->x_title, self->series->len == 0);
  for (guint i = 0; i < self->series->len; i++)
    {
      g_autofree char *heading = make_heading (self, imp_chart_data_get_series (self, i));

      append_cell (text, heading, i + 1 == self->series->len);
    }

  for (guint i = 0; i < self->rows->len; i++)
    {
      append_cell (text, imp_chart_data_get_label (self, i), self->series->len == 0);
      for (guint j = 0; j < self->series->len; j++)
        {
          double value = imp_chart_data_get_value (self, i, j);
          char cell[G_ASCII_DTOSTR_BUF_SIZE] = "";

          if (!isnan (value))
            g_ascii_formatd (cell, sizeof cell, "%.12g", value);
          append_cell (text, cell, j + 1 == self->series->len);
        }
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
