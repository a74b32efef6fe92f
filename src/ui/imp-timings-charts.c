/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-timings-charts.h"

#include <glib/gi18n.h>
#include <math.h>

/* More sizes than these are put together with their neighbours, eight to an octave. */
#define MAX_SIZES 32
#define PER_OCTAVE 8

/* Which value of a run belongs to a series; NAN: none. */
typedef double (*ValueFunc) (const ImpTimingRun *run,
                             guint               series);

/* The runs of payloads of one size: their number, and what each series comes to. */
typedef struct
{
  double size;
  double n_runs;
  double sums[IMP_N_TIMING_STEPS];
  guint  counts[IMP_N_TIMING_STEPS];
} SizeGroup;

static double
round_size (double   size,
            gboolean coarse)
{
  return coarse ? exp2 (round (log2 (size) * PER_OCTAVE) / PER_OCTAVE) : size;
}

static int
compare_sizes (gconstpointer a,
               gconstpointer b)
{
  double first = ((const SizeGroup *) a)->size;
  double second = ((const SizeGroup *) b)->size;

  return (first > second) - (first < second);
}

static SizeGroup *
find_group (GArray *groups,
            double  size)
{
  SizeGroup fresh = { size, };

  for (guint i = groups->len; i > 0; i--)
    {
      SizeGroup *group = &g_array_index (groups, SizeGroup, i - 1);

      if (group->size == size)
        return group;
    }

  g_array_append_val (groups, fresh);
  return &g_array_index (groups, SizeGroup, groups->len - 1);
}

static void
add_run (GArray             *groups,
         const ImpTimingRun *run,
         ValueFunc           func,
         guint               n_series,
         gboolean            coarse)
{
  SizeGroup *group = NULL;

  for (guint i = 0; i < n_series; i++)
    {
      double value = func (run, i);

      /* An axis of sizes that is logarithmic has no place for an empty payload. */
      if (isnan (value) || run->size == 0)
        continue;
      if (group == NULL)
        group = find_group (groups, round_size (run->size, coarse));
      group->sums[i] += value;
      group->counts[i]++;
    }

  if (group != NULL)
    group->n_runs++;
}

static GArray *
group_runs (GPtrArray *runs,
            ValueFunc  func,
            guint      n_series,
            gboolean   coarse)
{
  GArray *groups = g_array_new (FALSE, FALSE, sizeof (SizeGroup));

  for (guint i = 0; i < runs->len; i++)
    {
      add_run (groups, g_ptr_array_index (runs, i), func, n_series, coarse);
      if (!coarse && groups->len > MAX_SIZES)
        {
          g_array_unref (groups);
          return group_runs (runs, func, n_series, TRUE);
        }
    }

  g_array_sort (groups, compare_sizes);
  return groups;
}

static void
add_rows (ImpChartData *data,
          GPtrArray    *runs,
          ValueFunc     func,
          const guint  *series)
{
  guint n_series = imp_chart_data_get_n_series (data);
  g_autoptr(GArray) groups = group_runs (runs, func, IMP_N_TIMING_STEPS, FALSE);

  for (guint i = 0; i < groups->len; i++)
    {
      const SizeGroup *group = &g_array_index (groups, SizeGroup, i);
      g_autofree char *size = g_format_size (group->size);
      /* Translators: the size of a payload, and of how many runs a mean time is. */
      g_autofree char *label = g_strdup_printf (ngettext ("%s, %.0f run", "%s, %.0f runs",
                                                          (gulong) group->n_runs),
                                                size, group->n_runs);
      double values[IMP_N_TIMING_STEPS];

      for (guint j = 0; j < n_series; j++)
        values[j] = group->counts[series[j]] > 0 ? group->sums[series[j]] / group->counts[series[j]]
                                                 : NAN;
      imp_chart_data_add_row (data, group->size, label, size, values);
    }
}

static ImpChartData *
new_data (void)
{
  return imp_chart_data_new (IMP_CHART_LINES, _("Size of the payload"), _("Mean time"),
                             IMP_CHART_MILLISECONDS);
}

static double
get_registration (const ImpTimingRun *run,
                  guint               series)
{
  return run->kind == IMP_TIMING_REGISTRATION && series == 0 ? run->total : NAN;
}

static double
get_retrieval (const ImpTimingRun *run,
               guint               series)
{
  static const ImpTimingKind kinds[] = { IMP_TIMING_RETRIEVAL, IMP_TIMING_FETCH };

  return series < G_N_ELEMENTS (kinds) && run->kind == kinds[series] ? run->total : NAN;
}

static double
get_registration_step (const ImpTimingRun *run,
                       guint               series)
{
  return run->kind == IMP_TIMING_REGISTRATION && run->steps[series] >= 0 ? run->steps[series] : NAN;
}

static double
get_retrieval_step (const ImpTimingRun *run,
                    guint               series)
{
  return run->kind == IMP_TIMING_RETRIEVAL && run->steps[series] >= 0 ? run->steps[series] : NAN;
}

/**
 * imp_timings_count_sizes:
 * @runs: (element-type ImpTimingRun): runs
 * @kind: which of them
 *
 * Counts the sizes of payloads that there are runs of: one says nothing of how time grows.
 *
 * Returns: the number of sizes
 */
guint
imp_timings_count_sizes (GPtrArray     *runs,
                         ImpTimingKind  kind)
{
  g_autoptr(GHashTable) sizes = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; i < runs->len; i++)
    {
      ImpTimingRun *run = g_ptr_array_index (runs, i);

      if (run->kind == kind)
        g_hash_table_add (sizes, &run->size);
    }

  return g_hash_table_size (sizes);
}

/**
 * imp_chart_registration_totals:
 * @runs: (element-type ImpTimingRun): runs
 *
 * Makes the figures of how long registrations took, by the size of their payloads.
 *
 * Returns: (transfer full): the figures
 */
ImpChartData *
imp_chart_registration_totals (GPtrArray *runs)
{
  static const guint series[] = { 0 };
  ImpChartData *data = new_data ();

  imp_chart_data_add_series (data, _("Registration"), IMP_CHART_BLUE);
  add_rows (data, runs, get_registration, series);
  return data;
}

/**
 * imp_chart_retrieval_totals:
 * @runs: (element-type ImpTimingRun): runs
 *
 * Makes the figures of how long retrievals took, by the size of their payloads: in all to the
 * device, and to the agent that sent them.
 *
 * Returns: (transfer full): the figures
 */
ImpChartData *
imp_chart_retrieval_totals (GPtrArray *runs)
{
  static const guint series[] = { 0, 1 };
  ImpChartData *data = new_data ();

  imp_chart_data_add_series (data, _("Device, from asking to running it"), IMP_CHART_BLUE);
  imp_chart_data_add_series (data, _("Agent, sending the firmware"), IMP_CHART_ORANGE);
  add_rows (data, runs, get_retrieval, series);
  return data;
}

/**
 * imp_chart_timing_steps:
 * @runs: (element-type ImpTimingRun): runs
 * @kind: registrations or retrievals
 *
 * Makes the figures of how long each step took, by the size of the payloads.
 *
 * Returns: (transfer full): the figures
 */
ImpChartData *
imp_chart_timing_steps (GPtrArray     *runs,
                        ImpTimingKind  kind)
{
  static const guint registration[] = {
    IMP_STEP_HASH,   IMP_STEP_SIGN_MANIFEST, IMP_STEP_SIGN_PAYLOAD, IMP_STEP_UPLOAD,
    IMP_STEP_VERIFY, IMP_STEP_STORE,         IMP_STEP_RECORD,
  };
  static const guint retrieval[] = {
    IMP_TIMING_ASK, IMP_TIMING_DOWNLOAD, IMP_STEP_VERIFY, IMP_TIMING_INSTALL,
  };
  gboolean is_registration = kind == IMP_TIMING_REGISTRATION;
  const guint *steps = is_registration ? registration : retrieval;
  guint n = is_registration ? G_N_ELEMENTS (registration) : G_N_ELEMENTS (retrieval);
  ImpChartData *data = new_data ();

  /* A device verifies more than the ledger. */
  for (guint i = 0; i < n; i++)
    imp_chart_data_add_series (data,
                               !is_registration && steps[i] == IMP_STEP_VERIFY
                                 ? _("Verify the update")
                                 : imp_timing_step_get_title (steps[i]),
                               i);
  add_rows (data, runs, is_registration ? get_registration_step : get_retrieval_step, steps);
  return data;
}
