/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-statistics.h"
#include "imp-chart-data.h"

G_BEGIN_DECLS

#define IMP_OVERVIEW_DAYS 14
#define IMP_OVERVIEW_HOURS 24

ImpChartData *imp_chart_updates_per_day  (ImpAgentStatistics *statistics,
                                          gint64              now);
ImpChartData *imp_chart_fetches_per_hour (ImpAgentStatistics *statistics,
                                          gint64              now);
ImpChartData *imp_chart_devices_by_class (ImpAgentStatistics *statistics);

G_END_DECLS
