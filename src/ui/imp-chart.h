/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-chart-data.h"

G_BEGIN_DECLS

#define IMP_TYPE_CHART (imp_chart_get_type ())
G_DECLARE_FINAL_TYPE (ImpChart, imp_chart, IMP, CHART, AdwBin)

GtkWidget    *imp_chart_new      (const char   *title);

void          imp_chart_set_data (ImpChart     *self,
                                  ImpChartData *data);

G_END_DECLS
