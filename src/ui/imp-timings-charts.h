/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-chart-data.h"
#include "imp-timings.h"

G_BEGIN_DECLS

guint         imp_timings_count_sizes       (GPtrArray     *runs,
                                             ImpTimingKind  kind);

ImpChartData *imp_chart_registration_totals (GPtrArray     *runs);
ImpChartData *imp_chart_retrieval_totals    (GPtrArray     *runs);
ImpChartData *imp_chart_timing_steps        (GPtrArray     *runs,
                                             ImpTimingKind  kind);

G_END_DECLS
