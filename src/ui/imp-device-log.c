/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-device-log.h"

#include <glib/gi18n.h>

#include "imp-format.h"

/* Characters of the conversation that are kept. */
#define MAX_TRACE (64 * 1024)

/**
 * ImpDeviceLog:
 *
 * What the last update of a device was like: the conversation, the checks, how
 * it ended. It belongs to the device, so that whoever shows the device later
 * still sees it.
 */
struct _ImpDeviceLog
{
  GObject parent_instance;

  ImpDevice        *device;       /* which owns this log */
  GCancellable     *cancellable;  /* (owned) (nullable): while an update runs */
  GString          *trace;        /* (owned) */
  ImpCheckResult    results[IMP_N_CHECKS + 1];
  char             *reasons[IMP_N_CHECKS + 1];  /* (owned) (nullable) */
  gboolean          ended;
  ImpDeviceOutcome  outcome;
  char             *summary;      /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpDeviceLog, imp_device_log, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
changed (ImpDeviceLog *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
add_line (ImpDeviceLog *self,
          const char   *line)
{
  if (self->trace->len > MAX_TRACE)
    return;

  g_string_append (self->trace, line);
  g_string_append_c (self->trace, '\n');
}

static void
exchange_cb (ImpDeviceLog *self,
             const char   *request,
             const char   *answer,
             guint64       bytes,
             double        ms)
{
  g_autofree char *line = NULL;

  line = g_strdup_printf ("%s: %s, %" G_GUINT64_FORMAT " bytes (%.1f ms)", request, answer, bytes, ms);
  add_line (self, line);
  changed (self);
}

static void
set_check (ImpDeviceLog   *self,
           ImpCheck        check,
           ImpCheckResult  result,
           const char     *reason)
{
  if (check < 1 || check > IMP_N_CHECKS)
    return;

  self->results[check] = result;
  g_free (self->reasons[check]);
  self->reasons[check] = g_strdup (reason);
}

static void
check_cb (ImpDeviceLog *self,
          ImpCheck      check,
          gboolean      passed,
          const char   *reason)
{
  set_check (self, check, passed ? IMP_CHECK_PASSED : IMP_CHECK_FAILED, reason);
  changed (self);
}

static void
forget (ImpDeviceLog *self)
{
  g_string_truncate (self->trace, 0);
  for (int check = 1; check <= IMP_N_CHECKS; check++)
    set_check (self, check, IMP_CHECK_PENDING, NULL);
  self->ended = FALSE;
  g_clear_pointer (&self->summary, g_free);
}

static char *
summarize (ImpDeviceLog *self,
           ImpCheck      check,
           const char   *reason)
{
  switch (self->outcome)
    {
    case IMP_DEVICE_INSTALLED:
      return g_strdup_printf (_("Runs %s now."), imp_device_get_version (self->device));

    case IMP_DEVICE_CURRENT:
      return g_strdup (_("There was nothing newer."));

    case IMP_DEVICE_REFUSED:
      return g_strdup_printf (_("Refused at check %d, %s: %s"), check, imp_check_get_title (check),
                              reason != NULL ? reason : "");

    default:
      g_assert_not_reached ();
    }
}

static void
updated_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpDeviceLog) self = user_data;
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;
  ImpCheck check = IMP_CHECK_FORMAT;

  g_clear_object (&self->cancellable);
  if (imp_device_update_finish (IMP_DEVICE (object), result, &self->outcome, &check, &reason,
                                &error))
    {
      self->ended = TRUE;
      self->summary = summarize (self, check, reason);
    }
  else
    self->summary = imp_format_error (error);

  changed (self);
}

static void
imp_device_log_dispose (GObject *object)
{
  ImpDeviceLog *self = IMP_DEVICE_LOG (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (imp_device_log_parent_class)->dispose (object);
}

static void
imp_device_log_finalize (GObject *object)
{
  ImpDeviceLog *self = IMP_DEVICE_LOG (object);

  forget (self);
  g_string_free (self->trace, TRUE);

  G_OBJECT_CLASS (imp_device_log_parent_class)->finalize (object);
}

static void
imp_device_log_class_init (ImpDeviceLogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imp_device_log_dispose;
  object_class->finalize = imp_device_log_finalize;

  /**
   * ImpDeviceLog::changed:
   *
   * Emitted when the update moved on.
   */
  signals[SIGNAL_CHANGED] =
    g_signal_new ("changed",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
imp_device_log_init (ImpDeviceLog *self)
{
  self->trace = g_string_new (NULL);
}

/**
 * imp_device_log_get:
 * @device: a device
 *
 * Gets the log of a device, begun with the first call.
 *
 * Returns: (transfer none): the log
 */
ImpDeviceLog *
imp_device_log_get (ImpDevice *device)
{
  ImpDeviceLog *self;

  g_return_val_if_fail (IMP_IS_DEVICE (device), NULL);

  self = g_object_get_data (G_OBJECT (device), "imp-device-log");
  if (self != NULL)
    return self;

  self = g_object_new (IMP_TYPE_DEVICE_LOG, NULL);
  self->device = device;
  g_signal_connect_object (device, "check", G_CALLBACK (check_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (device, "exchange", G_CALLBACK (exchange_cb), self, G_CONNECT_SWAPPED);
  g_object_set_data_full (G_OBJECT (device), "imp-device-log", self, g_object_unref);
  return self;
}

gboolean
imp_device_log_get_running (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * imp_device_log_get_outcome:
 * @self: a device log
 * @outcome: (out): how the last update ended
 *
 * Gets the outcome of the last update.
 *
 * Returns: whether there was one that came to an end
 */
gboolean
imp_device_log_get_outcome (ImpDeviceLog     *self,
                            ImpDeviceOutcome *outcome)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), FALSE);

  *outcome = self->outcome;
  return self->ended;
}

/**
 * imp_device_log_get_summary:
 * @self: a device log
 *
 * Says how the last update ended.
 *
 * Returns: (nullable): a sentence, %NULL when none has ended
 */
const char *
imp_device_log_get_summary (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), NULL);

  return self->summary;
}

ImpCheckResult
imp_device_log_get_check (ImpDeviceLog *self,
                          ImpCheck      check)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), IMP_CHECK_PENDING);
  g_return_val_if_fail (check >= 1 && check <= IMP_N_CHECKS, IMP_CHECK_PENDING);

  return self->results[check];
}

const char *
imp_device_log_get_check_reason (ImpDeviceLog *self,
                                 ImpCheck      check)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), NULL);
  g_return_val_if_fail (check >= 1 && check <= IMP_N_CHECKS, NULL);

  return self->reasons[check];
}

const char *
imp_device_log_get_trace (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), NULL);

  return self->trace->str;
}

/**
 * imp_device_log_update:
 * @self: a device log
 * @retrieval: address of the agent to ask
 *
 * Lets the device look for an update, unless it already does.
 */
void
imp_device_log_update (ImpDeviceLog *self,
                       const char   *retrieval)
{
  g_return_if_fail (IMP_IS_DEVICE_LOG (self));

  if (self->cancellable != NULL)
    return;

  forget (self);
  self->cancellable = g_cancellable_new ();
  imp_device_update_async (self->device, retrieval, self->cancellable, updated_cb,
                           g_object_ref (self));
  changed (self);
}

/**
 * imp_device_log_cancel:
 * @self: a device log
 *
 * Stops the update that runs, if one does.
 */
void
imp_device_log_cancel (ImpDeviceLog *self)
{
  g_return_if_fail (IMP_IS_DEVICE_LOG (self));

  g_cancellable_cancel (self->cancellable);
}
