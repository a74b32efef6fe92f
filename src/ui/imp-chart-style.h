/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-chart-data.h"

G_BEGIN_DECLS

/* How series are told apart: each by its colour, and by a shape, dashes and a hatching too. */
void imp_chart_style_get_color   (GtkWidget             *widget,
                                  ImpChartLook look,
                                  GdkRGBA               *color);
void imp_chart_style_set_dash    (cairo_t               *cr,
                                  ImpChartLook look,
                                  double                 width);
void imp_chart_style_draw_marker (cairo_t               *cr,
                                  ImpChartLook look,
                                  double                 x,
                                  double                 y,
                                  double                 radius);
void imp_chart_style_hatch       (cairo_t               *cr,
                                  ImpChartLook look,
                                  const graphene_rect_t *area);

G_END_DECLS
