/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What an agent counts, printed as Prometheus reads it. */
#define IMP_TYPE_METRICS (imp_metrics_get_type ())
G_DECLARE_FINAL_TYPE (ImpMetrics, imp_metrics, IMP, METRICS, GObject)

ImpMetrics *imp_metrics_new      (const char *role);

void        imp_metrics_describe (ImpMetrics *self,
                                  const char *name,
                                  const char *type,
                                  const char *help);
void        imp_metrics_add      (ImpMetrics *self,
                                  const char *name,
                                  const char *label,
                                  const char *value,
                                  guint64     amount);
void        imp_metrics_set      (ImpMetrics *self,
                                  const char *name,
                                  guint64     amount);

char       *imp_metrics_format   (ImpMetrics *self);

G_END_DECLS
