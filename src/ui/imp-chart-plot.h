/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-chart-data.h"

G_BEGIN_DECLS

/* The drawn part of a chart. */
#define IMP_TYPE_CHART_PLOT (imp_chart_plot_get_type ())
G_DECLARE_FINAL_TYPE (ImpChartPlot, imp_chart_plot, IMP, CHART_PLOT, GtkWidget)

void  imp_chart_plot_set_data     (ImpChartPlot *self,
                                   const char   *title,
                                   ImpChartData *data);
int   imp_chart_plot_get_selected (ImpChartPlot *self);

G_END_DECLS
