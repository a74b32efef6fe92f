/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fleet-scheduler.h"

#include "imp-device-rehearsal.h"
/* Devices that talk to the agent at the same time. Each takes a thread and a connection; more of them
 * would only wait for each other, at the agent or for a processor.
 */
#define MAX_RUNNING 16

/**
 * ImpFleetScheduler:
 *
 * Which devices look for updates now, and which when.
 *
 * Those that somebody asked for come first, in the order of asking; then those that poll, in the order in
 * which they are due. A bounded number is under way, however many there are: where the agent cannot keep
 * up they come later, and none is left out.
 */
struct _ImpFleetScheduler
{
  GObject parent_instance;

  char       *retrieval;  /* (owned) (nullable) */
  GHashTable *entries;    /* (owned) (element-type ImpDevice Entry) */
  GQueue      asked;      /* (element-type Entry) */
  GSequence  *due;        /* (owned) (element-type Entry): of those that poll, and are not under way */
  guint       n_running;
  guint       timer;
};

G_DEFINE_FINAL_TYPE (ImpFleetScheduler, imp_fleet_scheduler, G_TYPE_OBJECT)

enum {
  SIGNAL_STIRRED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A device that has something to do. */
typedef struct
{
  ImpFleetScheduler *scheduler;
  ImpDevice         *device;    /* (owned) */
  gint64             time;      /* when it is due, in µs of the monotonic clock */
  GSequenceIter     *place;     /* (nullable): among those that are due */
  gulong             ended_id;
  gulong             status_id;
  gboolean           polls;
  gboolean           asked;
  gboolean           running;
} Entry;

static void tick (ImpFleetScheduler *self);

static void
entry_free (Entry *entry)
{
  ImpDeviceLog *log = imp_device_log_get (entry->device);

  g_clear_signal_handler (&entry->ended_id, log);
  g_clear_signal_handler (&entry->status_id, log);
  if (entry->place != NULL)
    g_sequence_remove (entry->place);
  if (entry->asked)
    g_queue_remove (&entry->scheduler->asked, entry);
  if (entry->running)
    {
      entry->scheduler->n_running--;
      imp_device_log_cancel (log);
    }
  g_object_unref (entry->device);
  g_free (entry);
}

static int
compare_times (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  gint64 first = ((const Entry *) a)->time;
  gint64 second = ((const Entry *) b)->time;

  return (first > second) - (first < second);
}

static void
set_due (Entry  *entry,
         gint64  time)
{
  entry->time = time;
  if (entry->place != NULL)
    g_sequence_remove (entry->place);
  entry->place = g_sequence_insert_sorted (entry->scheduler->due, entry, compare_times, NULL);
}

/* In half of the cases sooner, in half of them later, so that devices that were started together drift
 * apart, and the agent is asked as often as the interval says.
 */
static gint64
get_interval (ImpDevice *device)
{
  double jitter = imp_device_get_poll_jitter (device) / 100.0;

  return imp_device_get_poll_interval (device) * g_random_double_range (1 - jitter, 1 + jitter + 1e-9) *
         G_TIME_SPAN_SECOND;
}

static void
ended_cb (ImpDeviceLog *log,
          gpointer      user_data)
{
  Entry *entry = user_data;
  ImpFleetScheduler *self = entry->scheduler;

  if (!entry->running)
    return;

  entry->running = FALSE;
  self->n_running--;
  if (entry->polls)
    set_due (entry, g_get_monotonic_time () + get_interval (entry->device));
  else if (!entry->asked)
    g_hash_table_remove (self->entries, entry->device);
  tick (self);
  g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
}

static void
status_cb (ImpFleetScheduler *self)
{
  g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
}

static Entry *
get_entry (ImpFleetScheduler *self,
           ImpDevice         *device)
{
  Entry *entry = g_hash_table_lookup (self->entries, device);

  if (entry != NULL)
    return entry;

  entry = g_new0 (Entry, 1);
  entry->scheduler = self;
  entry->device = g_object_ref (device);
  entry->ended_id = g_signal_connect (imp_device_log_get (device), "ended", G_CALLBACK (ended_cb), entry);
  entry->status_id = g_signal_connect_swapped (imp_device_log_get (device), "status",
                                               G_CALLBACK (status_cb), self);
  g_hash_table_insert (self->entries, device, entry);

  return entry;
}

/* Returns: (nullable): the next one whose time has come */
static Entry *
take_next (ImpFleetScheduler *self)
{
  Entry *entry = g_queue_pop_head (&self->asked);
  GSequenceIter *first = g_sequence_get_begin_iter (self->due);

  if (entry == NULL && !g_sequence_iter_is_end (first))
    {
      entry = g_sequence_get (first);
      if (entry->time > g_get_monotonic_time ())
        return NULL;
    }

  if (entry != NULL && entry->place != NULL)
    g_sequence_remove (g_steal_pointer (&entry->place));

  return entry;
}

static void
start (ImpFleetScheduler *self,
       Entry             *entry)
{
  gboolean quietly = !entry->asked;

  /* Who rehearses attacks on it decides when it looks for updates. */
  if (imp_device_get_rehearsing (entry->device))
    {
      set_due (entry, g_get_monotonic_time () + G_TIME_SPAN_SECOND);
      return;
    }

  entry->asked = FALSE;
  entry->running = TRUE;
  self->n_running++;
  imp_device_log_update (imp_device_log_get (entry->device), self->retrieval, quietly);
}

static gboolean
timer_cb (gpointer user_data)
{
  ImpFleetScheduler *self = user_data;

  self->timer = 0;
  tick (self);

  return G_SOURCE_REMOVE;
}

static void
set_timer (ImpFleetScheduler *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->due);
  gint64 wait;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->retrieval == NULL || self->n_running >= MAX_RUNNING || g_sequence_iter_is_end (first))
    return;

  wait = ((Entry *) g_sequence_get (first))->time - g_get_monotonic_time ();
  self->timer = g_timeout_add (CLAMP (wait, 0, G_TIME_SPAN_HOUR) / 1000 + 1, timer_cb, self);
}

static void
tick (ImpFleetScheduler *self)
{
  Entry *entry;

  while (self->retrieval != NULL && self->n_running < MAX_RUNNING &&
         (entry = take_next (self)) != NULL)
    start (self, entry);

  set_timer (self);
}

static void
imp_fleet_scheduler_dispose (GObject *object)
{
  ImpFleetScheduler *self = IMP_FLEET_SCHEDULER (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  g_hash_table_remove_all (self->entries);

  G_OBJECT_CLASS (imp_fleet_scheduler_parent_class)->dispose (object);
}

static void
imp_fleet_scheduler_finalize (GObject *object)
{
  ImpFleetScheduler *self = IMP_FLEET_SCHEDULER (object);

  g_hash_table_unref (self->entries);
  g_sequence_free (self->due);
  g_free (self->retrieval);

  G_OBJECT_CLASS (imp_fleet_scheduler_parent_class)->finalize (object);
}

static void
imp_fleet_scheduler_class_init (ImpFleetSchedulerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_fleet_scheduler_dispose;
  G_OBJECT_CLASS (klass)->finalize = imp_fleet_scheduler_finalize;

  /**
   * ImpFleetScheduler::stirred:
   *
   * Some device stands otherwise than before.
   */
  signals[SIGNAL_STIRRED] =
    g_signal_new ("stirred", IMP_TYPE_FLEET_SCHEDULER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
imp_fleet_scheduler_init (ImpFleetScheduler *self)
{
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) entry_free);
  self->due = g_sequence_new (NULL);
  g_queue_init (&self->asked);
}

/**
 * imp_fleet_scheduler_new:
 *
 * Returns: (transfer full): a scheduler in which nobody has anything to do
 */
ImpFleetScheduler *
imp_fleet_scheduler_new (void)
{
  return g_object_new (IMP_TYPE_FLEET_SCHEDULER, NULL);
}

/**
 * imp_fleet_scheduler_get_retrieval:
 * @self: a scheduler
 *
 * Returns: (nullable): URL of the agent that the devices ask, or `NULL` while there is none and nobody
 * polls
 */
const char *
imp_fleet_scheduler_get_retrieval (ImpFleetScheduler *self)
{
  g_return_val_if_fail (IMP_IS_FLEET_SCHEDULER (self), NULL);

  return self->retrieval;
}

/**
 * imp_fleet_scheduler_set_retrieval:
 * @self: a scheduler
 * @retrieval: (nullable): URL of the agent to ask; `NULL` while there is none
 *
 * Sets whom devices ask from now on.
 */
void
imp_fleet_scheduler_set_retrieval (ImpFleetScheduler *self,
                                   const char        *retrieval)
{
  g_return_if_fail (IMP_IS_FLEET_SCHEDULER (self));

  if (g_strcmp0 (self->retrieval, retrieval) == 0)
    return;

  g_free (self->retrieval);
  self->retrieval = g_strdup (retrieval);
  tick (self);
}

/**
 * imp_fleet_scheduler_update:
 * @self: a scheduler
 * @device: a device
 *
 * Lets the device look for an update as soon as there is room, before those that poll.
 */
void
imp_fleet_scheduler_update (ImpFleetScheduler *self,
                            ImpDevice         *device)
{
  Entry *entry;

  g_return_if_fail (IMP_IS_FLEET_SCHEDULER (self));

  entry = get_entry (self, device);
  if (entry->asked || entry->running)
    return;

  entry->asked = TRUE;
  g_queue_push_tail (&self->asked, entry);
  imp_device_log_wait (imp_device_log_get (device));
  tick (self);
  g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
}

/**
 * imp_fleet_scheduler_poll:
 * @self: a scheduler
 * @device: a device, which polls or does not any more
 * @soon: whether it begins now, instead of at some moment of its interval
 *
 * Takes note of whether the device polls.
 */
void
imp_fleet_scheduler_poll (ImpFleetScheduler *self,
                          ImpDevice         *device,
                          gboolean           soon)
{
  gint64 now = g_get_monotonic_time ();
  Entry *entry;

  g_return_if_fail (IMP_IS_FLEET_SCHEDULER (self));

  entry = get_entry (self, device);
  entry->polls = imp_device_get_polling (device);
  if (!entry->polls && !entry->running && !entry->asked)
    g_hash_table_remove (self->entries, device);
  else if (!entry->polls && entry->place != NULL)
    g_sequence_remove (g_steal_pointer (&entry->place));
  else if (entry->polls && !entry->running && entry->place == NULL)
    set_due (entry, soon ? now : now + g_random_double () * get_interval (device));

  tick (self);
  g_signal_emit (self, signals[SIGNAL_STIRRED], 0);
}

/**
 * imp_fleet_scheduler_forget:
 * @self: a scheduler
 * @device: a device
 *
 * Cancels what the device does, and lets it do nothing any more.
 */
void
imp_fleet_scheduler_forget (ImpFleetScheduler *self,
                            ImpDevice         *device)
{
  g_return_if_fail (IMP_IS_FLEET_SCHEDULER (self));

  g_hash_table_remove (self->entries, device);
  tick (self);
}
