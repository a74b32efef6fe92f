/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-poll.h"

#include <glib/gi18n.h>
#include <sys/resource.h>

#include "imp-device-log.h"
#include "imp-output.h"

/* What it came to when devices polled for a while. */
typedef struct
{
  GPtrArray  *devices;
  const char *version;    /* (nullable): which all of them shall run */
  GArray     *answers;    /* (owned) (element-type double): ms of each request */
  guint64     bytes;
  guint       looks[IMP_N_DEVICE_STATUSES];
  guint       n_updated;  /* devices that run the version */
  gint64      started;    /* µs */
  gint64      finished;   /* µs: when the last of them ran it, 0 if some do not */
  gboolean    over;
} Poll;

static void
poll_clear (Poll *self)
{
  g_clear_pointer (&self->answers, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Poll, poll_clear)

static gboolean
runs_version (Poll      *self,
              ImpDevice *device)
{
  return self->version != NULL && g_strcmp0 (imp_device_get_version (device), self->version) == 0;
}

static void
exchange_cb (ImpDevice  *device,
             const char *request,
             const char *answer,
             guint64     bytes,
             double      ms,
             gpointer    user_data)
{
  Poll *self = user_data;

  g_array_append_val (self->answers, ms);
  self->bytes += bytes;
}

static void
ended_cb (ImpDeviceLog *log,
          gpointer      user_data)
{
  Poll *self = user_data;
  ImpDeviceStatus status = imp_device_log_get_status (log);

  self->looks[status]++;
  if (status != IMP_DEVICE_STATUS_UPDATED || !runs_version (self, imp_device_log_get_device (log)))
    return;

  self->n_updated++;
  if (self->n_updated < self->devices->len)
    return;

  self->finished = g_get_monotonic_time ();
  self->over = TRUE;
}

static gboolean
over_cb (gpointer user_data)
{
  ((Poll *) user_data)->over = TRUE;

  return G_SOURCE_REMOVE;
}

static gboolean
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  return over_cb (user_data);
}

static void
watch (Poll *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (self->devices, i);

      g_signal_connect (device, "exchange", G_CALLBACK (exchange_cb), self);
      g_signal_connect (imp_device_log_get (device), "ended", G_CALLBACK (ended_cb), self);
      self->n_updated += runs_version (self, device);
    }
}

static void
unwatch (Poll *self)
{
  for (guint i = 0; i < self->devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (self->devices, i);

      g_signal_handlers_disconnect_by_data (device, self);
      g_signal_handlers_disconnect_by_data (imp_device_log_get (device), self);
    }
}

/* It ends when the time is over, when Ctrl+C is pressed, or when all run the version. */
static void
poll_devices (Poll     *self,
              ImpRun   *run,
              ImpFleet *fleet,
              int       seconds)
{
  g_autoptr(GSource) timer = g_timeout_source_new_seconds (seconds);
  g_autoptr(GSource) cancelled = g_cancellable_source_new (imp_run_get_cancellable (run));

  g_source_set_callback (timer, over_cb, self, NULL);
  g_source_attach (timer, NULL);
  g_source_set_callback (cancelled, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (cancelled, NULL);

  imp_fleet_poll (fleet, self->devices, TRUE);
  while (!self->over)
    g_main_context_iteration (NULL, TRUE);
  imp_fleet_poll (fleet, self->devices, FALSE);

  g_source_destroy (timer);
  g_source_destroy (cancelled);
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

/* Returns: what the given share of the requests took at the most, in ms */
static double
get_percentile (Poll   *self,
                double  share)
{
  guint n = self->answers->len;

  return n > 0 ? g_array_index (self->answers, double, (guint) ((n - 1) * share)) : 0.0;
}

static double
get_seconds (Poll   *self,
             gint64  until)
{
  return (until - self->started) / (double) G_TIME_SPAN_SECOND;
}

static void
print_json (Poll   *self,
            double  seconds)
{
  g_autoptr(JsonBuilder) builder = json_builder_new ();
  g_autoptr(JsonNode) node = NULL;
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  json_builder_begin_object (builder);
  imp_json_add_int (builder, "devices", self->devices->len);
  imp_json_add_double (builder, "seconds", seconds);
  imp_json_add_int (builder, "requests", self->answers->len);
  imp_json_add_double (builder, "requestsPerSecond", self->answers->len / seconds);
  imp_json_add_int (builder, "bytes", self->bytes);
  imp_json_add_double (builder, "p50Ms", get_percentile (self, 0.5));
  imp_json_add_double (builder, "p99Ms", get_percentile (self, 0.99));
  imp_json_add_double (builder, "maxMs", get_percentile (self, 1.0));
  imp_json_add_int (builder, "installed", self->looks[IMP_DEVICE_STATUS_UPDATED]);
  imp_json_add_int (builder, "current", self->looks[IMP_DEVICE_STATUS_CURRENT]);
  imp_json_add_int (builder, "refused", self->looks[IMP_DEVICE_STATUS_REFUSED]);
  imp_json_add_int (builder, "unreachable", self->looks[IMP_DEVICE_STATUS_UNREACHABLE]);
  imp_json_add_int (builder, "failed", self->looks[IMP_DEVICE_STATUS_FAILED]);
  imp_json_add_int (builder, "running", self->n_updated);
  if (self->finished > 0)
    imp_json_add_double (builder, "allUpdatedSeconds", get_seconds (self, self->finished));
  else
    imp_json_add_string (builder, "allUpdatedSeconds", NULL);
  imp_json_add_double (builder, "cpuSeconds",
                       usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6);
  imp_json_add_int (builder, "peakMemoryBytes", (gint64) usage.ru_maxrss * 1024);
  json_builder_end_object (builder);

  node = json_builder_get_root (builder);
  imp_print_json (node);
}

static void
add_count (ImpTable   *table,
           const char *title,
           guint       n)
{
  g_autofree char *text = g_strdup_printf ("%u", n);

  imp_table_add (table, title, text, NULL);
}

static void
print_table (Poll   *self,
             double  seconds)
{
  static const char *const columns[] = { "", "", NULL };
  g_autoptr(ImpTable) table = imp_table_new (columns);
  g_autofree char *rate = g_strdup_printf ("%.1f", self->answers->len / seconds);
  g_autofree char *median = imp_format_duration (get_percentile (self, 0.5));
  g_autofree char *slow = imp_format_duration (get_percentile (self, 0.99));

  add_count (table, _("Devices"), self->devices->len);
  add_count (table, _("Installed"), self->looks[IMP_DEVICE_STATUS_UPDATED]);
  add_count (table, _("Nothing newer"), self->looks[IMP_DEVICE_STATUS_CURRENT]);
  add_count (table, _("Refused"), self->looks[IMP_DEVICE_STATUS_REFUSED]);
  add_count (table, _("Unreachable"), self->looks[IMP_DEVICE_STATUS_UNREACHABLE]);
  add_count (table, _("Failed"), self->looks[IMP_DEVICE_STATUS_FAILED]);
  add_count (table, _("Requests"), self->answers->len);
  imp_table_add (table, _("Requests per second"), rate, NULL);
  imp_table_add (table, _("Half of the answers within"), median, NULL);
  /* xgettext:no-c-format */
  imp_table_add (table, _("99 % of the answers within"), slow, NULL);
  if (self->finished > 0)
    {
      g_autofree char *time = imp_format_duration (get_seconds (self, self->finished) * 1000);

      imp_table_add (table, _("All updated after"), time, NULL);
    }
  imp_table_print (table);
}

/* What polls in the console does so there. */
static void
stop_all (ImpFleet *fleet)
{
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (fleet));

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (all, g_list_model_get_item (G_LIST_MODEL (fleet), i));
  imp_fleet_poll (fleet, all, FALSE);
}

/**
 * imp_device_poll_run:
 * @run: the command
 * @devices: (element-type ImpDevice): which devices
 * @seconds: for how long
 * @version: (nullable): the version that ends it as soon as all devices run it
 * @error: return location for an error
 *
 * Lets devices poll for a while, and prints what it came to.
 *
 * Returns: whether there was an agent to ask
 */
gboolean
imp_device_poll_run (ImpRun      *run,
                     GPtrArray   *devices,
                     int          seconds,
                     const char  *version,
                     GError     **error)
{
  g_auto(Poll) self = { devices, version, };
  ImpAgentClient *client = imp_run_connect (run, error);
  ImpFleet *fleet = client != NULL ? imp_run_load_fleet (run, error) : NULL;
  double took;

  if (fleet == NULL)
    return FALSE;

  self.answers = g_array_new (FALSE, FALSE, sizeof (double));
  self.started = g_get_monotonic_time ();
  watch (&self);
  stop_all (fleet);
  imp_fleet_set_retrieval (fleet, imp_connection_get_url (imp_agent_client_get_connection (client),
                                                          "retrieval"));
  poll_devices (&self, run, fleet, seconds);
  unwatch (&self);

  took = get_seconds (&self, g_get_monotonic_time ());
  g_array_sort (self.answers, compare_numbers);
  if (imp_run_is_json (run))
    print_json (&self, took);
  else
    print_table (&self, took);

  return TRUE;
}
