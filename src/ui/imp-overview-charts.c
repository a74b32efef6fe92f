/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-overview-charts.h"

#include <glib/gi18n.h>

#include "imp-format.h"

#define HOUR G_GINT64_CONSTANT (3600000)
#define MAX_CLASSES 12

/* The beginning of the local day that a time is in, moved by some days. */
static gint64
get_day (gint64 ms,
         int    days)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);
  g_autoptr(GDateTime) midnight = g_date_time_new_local (g_date_time_get_year (time),
                                                         g_date_time_get_month (time),
                                                         g_date_time_get_day_of_month (time), 0, 0, 0);
  g_autoptr(GDateTime) day = g_date_time_add_days (midnight, days);

  return g_date_time_to_unix (day) * 1000;
}

static char *
format_local (gint64      ms,
              const char *format)
{
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local (ms / 1000);

  return g_date_time_format (time, format);
}

/**
 * imp_chart_updates_per_day:
 * @statistics: what the agents counted
 * @now: the time, in milliseconds since 1970
 *
 * Counts the updates of the last two weeks by days, as they begin and end where the user is.
 *
 * Returns: (transfer full): the figures
 */
ImpChartData *
imp_chart_updates_per_day (ImpAgentStatistics *statistics,
                           gint64              now)
{
  ImpChartData *data = imp_chart_data_new (IMP_CHART_BARS, _("Day"), _("Updates"), IMP_CHART_COUNT);

  imp_chart_data_add_series (data, _("Updates"), IMP_CHART_BLUE);
  for (int i = 1 - IMP_OVERVIEW_DAYS; i <= 0; i++)
    {
      gint64 from = get_day (now, i);
      gint64 to = get_day (now, i + 1);
      /* Translators: a day, as strftime writes it. */
      g_autofree char *label = format_local (from, _("%A, %e %B"));
      /* Translators: a day where there is little room, as strftime writes it. */
      g_autofree char *short_label = format_local (from, _("%e %b"));
      double updates = 0;

      for (guint j = 0; j < statistics->updates->len; j++)
        {
          const ImpUpdatesHour *hour = &g_array_index (statistics->updates, ImpUpdatesHour, j);

          if (hour->time >= from && hour->time < to)
            updates += hour->updates;
        }
      imp_chart_data_add_row (data, i, label, g_strstrip (short_label), &updates);
    }

  return data;
}

static const ImpFetchesHour *
find_hour (ImpAgentStatistics *statistics,
           gint64              time)
{
  for (guint i = 0; i < statistics->fetches->len; i++)
    {
      const ImpFetchesHour *hour = &g_array_index (statistics->fetches, ImpFetchesHour, i);

      if (hour->time == time)
        return hour;
    }

  return NULL;
}

/**
 * imp_chart_fetches_per_hour:
 * @statistics: what the agents counted
 * @now: the time, in milliseconds since 1970
 *
 * Counts the fetches of the last day by hours.
 *
 * Returns: (transfer full): the figures
 */
ImpChartData *
imp_chart_fetches_per_hour (ImpAgentStatistics *statistics,
                            gint64              now)
{
  ImpChartData *data = imp_chart_data_new (IMP_CHART_BARS, _("Hour"), _("Fetches"), IMP_CHART_COUNT);

  imp_chart_data_add_series (data, C_ ("fetches", "Complete"), IMP_CHART_BLUE);
  imp_chart_data_add_series (data, C_ ("fetches", "Cut off"), IMP_CHART_ORANGE);
  imp_chart_data_add_series (data, C_ ("fetches", "Failed"), IMP_CHART_RED);
  for (int i = 1 - IMP_OVERVIEW_HOURS; i <= 0; i++)
    {
      gint64 time = (now / HOUR + i) * HOUR;
      const ImpFetchesHour *hour = find_hour (statistics, time);
      /* Translators: an hour of the day, as strftime writes it. */
      g_autofree char *label = format_local (time, _("%H:%M"));
      double values[3] = { 0 };

      if (hour != NULL)
        {
          values[0] = hour->complete;
          values[1] = hour->cut;
          values[2] = hour->failed;
        }
      imp_chart_data_add_row (data, i, label, NULL, values);
    }

  return data;
}

/* The devices of a class: current, outdated, and those that never said what they run. */
typedef struct
{
  const char *class_id;
  double      values[3];
} ClassDevices;

static ClassDevices *
find_class (GArray     *classes,
            const char *class_id)
{
  ClassDevices fresh = { class_id, { 0 } };

  for (guint i = 0; i < classes->len; i++)
    {
      ClassDevices *found = &g_array_index (classes, ClassDevices, i);

      if (g_str_equal (found->class_id, class_id))
        return found;
    }

  g_array_append_val (classes, fresh);
  return &g_array_index (classes, ClassDevices, classes->len - 1);
}

static double
count_all (const ClassDevices *devices)
{
  return devices->values[0] + devices->values[1] + devices->values[2];
}

static int
compare_classes (gconstpointer a,
                 gconstpointer b)
{
  const ClassDevices *first = a;
  const ClassDevices *second = b;
  double difference = count_all (second) - count_all (first);

  return difference != 0 ? (difference > 0) - (difference < 0)
                         : g_strcmp0 (first->class_id, second->class_id);
}

static GArray *
sum_classes (ImpAgentStatistics *statistics)
{
  GArray *classes = g_array_new (FALSE, FALSE, sizeof (ClassDevices));

  for (guint i = 0; i < statistics->devices->len; i++)
    {
      const ImpRunningVersion *version = &g_array_index (statistics->devices, ImpRunningVersion, i);
      ClassDevices *devices = find_class (classes, version->class_id);
      guint column = version->newest ? 0 : *version->version != '\0' ? 1 : 2;

      devices->values[column] += version->devices;
    }

  g_array_sort (classes, compare_classes);
  return classes;
}

/**
 * imp_chart_devices_by_class:
 * @statistics: what the agents counted
 *
 * Counts the devices of the largest classes that run the newest version of their class, and those
 * that do not.
 *
 * Returns: (transfer full): the figures
 */
ImpChartData *
imp_chart_devices_by_class (ImpAgentStatistics *statistics)
{
  ImpChartData *data = imp_chart_data_new (IMP_CHART_BARS, _("Class"), _("Devices"), IMP_CHART_COUNT);
  g_autoptr(GArray) classes = sum_classes (statistics);

  imp_chart_data_add_series (data, C_ ("devices", "Current"), IMP_CHART_BLUE);
  imp_chart_data_add_series (data, C_ ("devices", "Outdated"), IMP_CHART_ORANGE);
  imp_chart_data_add_series (data, C_ ("devices", "Not known"), IMP_CHART_GREY);
  for (guint i = 0; i < MIN (classes->len, MAX_CLASSES); i++)
    {
      const ClassDevices *devices = &g_array_index (classes, ClassDevices, i);
      g_autofree char *short_label = imp_format_short_id (devices->class_id);

      imp_chart_data_add_row (data, i, devices->class_id, short_label, devices->values);
    }

  return data;
}
