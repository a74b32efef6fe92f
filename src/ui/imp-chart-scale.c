/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-chart-scale.h"

#include <math.h>

/* What a person counts in. */
static const double nice[] = { 1, 2, 5, 10 };

static ImpChartScale *
scale_new (gboolean logarithmic,
           double   min,
           double   max)
{
  ImpChartScale *self = g_new0 (ImpChartScale, 1);

  self->logarithmic = logarithmic;
  self->min = min;
  self->max = max;
  self->ticks = g_array_new (FALSE, FALSE, sizeof (double));
  return self;
}

/**
 * imp_chart_scale_free:
 * @self: (transfer full): a scale, not `NULL`
 *
 * Frees a scale and its ticks.
 */
void
imp_chart_scale_free (ImpChartScale *self)
{
  g_array_unref (self->ticks);
  g_free (self);
}

/* The smallest of 1, 2, 5 × 10ⁿ that needs no more than @max_ticks ticks. */
static double
choose_step (double range,
             guint  max_ticks)
{
  double raw = range / MAX (max_ticks - 1, 1);
  double power = pow (10, floor (log10 (raw)));

  for (guint i = 0; i < G_N_ELEMENTS (nice); i++)
    {
      if (nice[i] * power >= raw * (1 - 1e-9))
        return nice[i] * power;
    }

  return 10 * power;
}

/**
 * imp_chart_scale_new_linear:
 * @min: the smallest value
 * @max: the largest value
 * @max_ticks: how many ticks there is room for, 2 at least
 * @integers: whether there is nothing between two integers
 *
 * Makes a scale whose ends are ticks, at multiples of 1, 2 or 5 × 10ⁿ.
 *
 * Returns: (transfer full): the scale
 */
ImpChartScale *
imp_chart_scale_new_linear (double   min,
                            double   max,
                            guint    max_ticks,
                            gboolean integers)
{
  ImpChartScale *self;
  double step;

  g_return_val_if_fail (isfinite (min) && isfinite (max) && min <= max, NULL);

  if (max - min <= 0)
    max = min + 1;
  step = choose_step (max - min, MAX (max_ticks, 2));
  if (integers)
    step = MAX (step, 1);

  self = scale_new (FALSE, floor (min / step + 1e-9) * step, ceil (max / step - 1e-9) * step);
  for (double i = round (self->min / step); i <= round (self->max / step); i++)
    {
      double tick = i * step;

      g_array_append_val (self->ticks, tick);
    }

  return self;
}

/* Ticks at 1, or at 1, 2 and 5 × 10ⁿ where there would be too few. */
static void
add_log_ticks (ImpChartScale *self,
               guint          per_decade)
{
  for (double power = floor (log10 (self->min)); power <= ceil (log10 (self->max)); power++)
    {
      for (guint i = 0; i < per_decade; i++)
        {
          double tick = nice[i] * pow (10, power);

          if (tick >= self->min * (1 - 1e-9) && tick <= self->max * (1 + 1e-9))
            g_array_append_val (self->ticks, tick);
        }
    }
}

/**
 * imp_chart_scale_new_log:
 * @min: the smallest value, above 0
 * @max: the largest value
 * @max_ticks: how many ticks there is room for
 *
 * Makes a logarithmic scale, which ends at 1, 2 or 5 × 10ⁿ.
 *
 * Returns: (transfer full): the scale
 */
ImpChartScale *
imp_chart_scale_new_log (double min,
                         double max,
                         guint  max_ticks)
{
  ImpChartScale *self;
  double low;
  double high;

  g_return_val_if_fail (min > 0 && isfinite (max) && min <= max, NULL);

  low = pow (10, floor (log10 (min) + 1e-9));
  high = pow (10, floor (log10 (max) + 1e-9));
  self = scale_new (TRUE, low, high);
  for (guint i = 0; i < 3; i++)
    {
      if (nice[i] * low <= min * (1 + 1e-9))
        self->min = nice[i] * low;
    }
  for (guint i = G_N_ELEMENTS (nice); i > 0; i--)
    {
      if (nice[i - 1] * high >= max * (1 - 1e-9))
        self->max = nice[i - 1] * high;
    }
  if (self->max <= self->min)
    self->max = self->min * 10;

  add_log_ticks (self, 3 * log10 (self->max / self->min) + 1 > max_ticks ? 1 : 3);
  return self;
}

/**
 * imp_chart_scale_get_fraction:
 * @self: a scale
 * @value: a value
 *
 * Tells where a value is between the ends of the scale.
 *
 * Returns: 0 at the beginning, 1 at the end
 */
double
imp_chart_scale_get_fraction (const ImpChartScale *self,
                              double               value)
{
  if (!self->logarithmic)
    return (value - self->min) / (self->max - self->min);

  return log (MAX (value, self->min) / self->min) / log (self->max / self->min);
}
