/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-chart-data.h"
#include "imp-chart-scale.h"

G_BEGIN_DECLS

/* Where everything of a chart is, for one size. */
typedef struct
{
  ImpChartData    *data;       /* (owned) */
  graphene_rect_t  area;       /* where values are drawn */
  ImpChartScale   *x;          /* (owned) (nullable): bars have none */
  ImpChartScale   *y;          /* (owned) */
  float            line;       /* height of a line of text */
  float            width;
  float            height;
  gboolean         rtl;
} ImpChartLayout;

ImpChartLayout *imp_chart_layout_new      (ImpChartData         *data,
                                           GtkWidget            *widget,
                                           float                 width,
                                           float                 height);
void            imp_chart_layout_free     (ImpChartLayout       *self);

float           imp_chart_layout_get_x    (const ImpChartLayout *self,
                                           guint                 row);
float           imp_chart_layout_get_y    (const ImpChartLayout *self,
                                           double                value);
void            imp_chart_layout_get_bar  (const ImpChartLayout *self,
                                           guint                 row,
                                           guint                 series,
                                           graphene_rect_t      *bar);
float           imp_chart_layout_get_band (const ImpChartLayout *self);
guint           imp_chart_layout_find_row (const ImpChartLayout *self,
                                           float                 x);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpChartLayout, imp_chart_layout_free)

G_END_DECLS
