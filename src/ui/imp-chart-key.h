/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-chart-data.h"

G_BEGIN_DECLS

/* The swatch of a series in the legend of a chart. */
#define IMP_TYPE_CHART_KEY (imp_chart_key_get_type ())
G_DECLARE_FINAL_TYPE (ImpChartKey, imp_chart_key, IMP, CHART_KEY, GtkWidget)

GtkWidget *imp_chart_key_new (ImpChartLook look,
                              gboolean     line);

G_END_DECLS
