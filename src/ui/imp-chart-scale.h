/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An axis: which values it reaches, and where its ticks are. */
typedef struct
{
  gboolean  logarithmic;
  double    min;
  double    max;
  GArray   *ticks;  /* (owned) (element-type double) in rising order */
} ImpChartScale;

ImpChartScale *imp_chart_scale_new_linear   (double               min,
                                             double               max,
                                             guint                max_ticks,
                                             gboolean             integers);
ImpChartScale *imp_chart_scale_new_log      (double               min,
                                             double               max,
                                             guint                max_ticks);
void           imp_chart_scale_free         (ImpChartScale       *self);
double         imp_chart_scale_get_fraction (const ImpChartScale *self,
                                             double               value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpChartScale, imp_chart_scale_free)

G_END_DECLS
