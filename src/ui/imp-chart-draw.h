/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-chart-layout.h"

G_BEGIN_DECLS

void imp_chart_draw (GtkSnapshot          *snapshot,
                     GtkWidget            *widget,
                     const ImpChartLayout *layout,
                     int                   selected);

G_END_DECLS
