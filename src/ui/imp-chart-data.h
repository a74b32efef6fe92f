/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_CHART_BARS,   /* stacked; every row is a band of its own */
  IMP_CHART_LINES,  /* rows are where their x says, on a logarithmic axis */
} ImpChartKind;

/* What a series looks like: colour, marker, dashes and hatching (imp-chart-style.c). */
typedef enum
{
  IMP_CHART_BLUE,
  IMP_CHART_ORANGE,
  IMP_CHART_GREEN,
  IMP_CHART_PURPLE,
  IMP_CHART_RED,
  IMP_CHART_BROWN,
  IMP_CHART_GREY,
} ImpChartLook;
#define IMP_N_CHART_LOOKS 7

typedef enum
{
  IMP_CHART_COUNT,
  IMP_CHART_BYTES,
  IMP_CHART_MILLISECONDS,
} ImpChartUnit;

/* The figures of a chart: a table with a row for each place along the x axis and a column for each
 * series. Once it is shown it does not change.
 */
#define IMP_TYPE_CHART_DATA (imp_chart_data_get_type ())
G_DECLARE_FINAL_TYPE (ImpChartData, imp_chart_data, IMP, CHART_DATA, GObject)

ImpChartData *imp_chart_data_new           (ImpChartKind   kind,
                                            const char    *x_title,
                                            const char    *y_title,
                                            ImpChartUnit   y_unit);
void          imp_chart_data_add_series    (ImpChartData  *self,
                                            const char    *name,
                                            ImpChartLook   look);
void          imp_chart_data_add_row       (ImpChartData  *self,
                                            double         x,
                                            const char    *label,
                                            const char    *short_label,
                                            const double  *values);

ImpChartKind  imp_chart_data_get_kind      (ImpChartData  *self);
const char   *imp_chart_data_get_x_title   (ImpChartData  *self);
const char   *imp_chart_data_get_y_title   (ImpChartData  *self);
guint         imp_chart_data_get_n_series  (ImpChartData  *self);
const char   *imp_chart_data_get_series    (ImpChartData  *self,
                                            guint          series);
guint         imp_chart_data_get_n_rows    (ImpChartData  *self);
double        imp_chart_data_get_x         (ImpChartData  *self,
                                            guint          row);
const char   *imp_chart_data_get_label     (ImpChartData  *self,
                                            guint          row);
const char   *imp_chart_data_get_short_label (ImpChartData *self,
                                            guint          row);
ImpChartLook  imp_chart_data_get_look      (ImpChartData  *self,
                                            guint          series);
double        imp_chart_data_get_value     (ImpChartData  *self,
                                            guint          row,
                                            guint          series);
double        imp_chart_data_get_height    (ImpChartData  *self,
                                            guint          row);
ImpChartUnit  imp_chart_data_get_unit      (ImpChartData  *self);
gboolean      imp_chart_data_is_empty      (ImpChartData  *self);

char         *imp_chart_data_format_value  (ImpChartData  *self,
                                            double         value);
char         *imp_chart_data_describe_row  (ImpChartData  *self,
                                            guint          row);
char         *imp_chart_data_describe      (ImpChartData  *self);
char         *imp_chart_data_to_text       (ImpChartData  *self);

char         *imp_chart_format_tick        (ImpChartUnit   unit,
                                            double         value);

G_END_DECLS
