/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-log.h"

#include <libsoup/soup.h>

#include "imp-error.h"
#include "imp-time.h"

/* A device that polls is one of thousands: what it said before the last few rounds is not kept. */
#define MAX_EXCHANGES 12

/**
 * ImpDeviceLog:
 *
 * What the last looks of a device for an update were like: the conversation, the checks, how it ended. It
 * belongs to the device, so that whoever shows the device later still sees it.
 */
struct _ImpDeviceLog
{
  GObject parent_instance;

  ImpDevice       *device;             /* which owns this log */
  GCancellable    *cancellable;        /* (owned) (nullable): while a look is under way */
  ImpDeviceStatus  status;
  ImpDeviceStatus  settled;            /* as the last look has left it */
  gint64           answered;           /* ms since 1970, 0: never */
  gint64           unreachable_since;  /* ms since 1970, 0: it is not */
  guint            passed;             /* a bit a check */
  guint            waived;             /* likewise */
  ImpCheck         failed;             /* 0: none */
  char            *reason;             /* (owned) (nullable): of the failed check */
  GError          *error;              /* (owned) (nullable): why nothing came of it */
  GPtrArray       *exchanges;          /* (owned) (nullable) (element-type ImpExchange) */
};

G_DEFINE_FINAL_TYPE (ImpDeviceLog, imp_device_log, G_TYPE_OBJECT)

enum {
  SIGNAL_CHANGED,
  SIGNAL_STATUS,
  SIGNAL_ENDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
exchange_free (ImpExchange *exchange)
{
  g_free (exchange->request);
  g_free (exchange->answer);
  g_free (exchange);
}

static void
changed (ImpDeviceLog *self)
{
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
set_status (ImpDeviceLog    *self,
            ImpDeviceStatus  status)
{
  self->status = status;
  g_signal_emit (self, signals[SIGNAL_STATUS], 0);
}

static void
exchange_cb (ImpDeviceLog *self,
             const char   *request,
             const char   *answer,
             guint64       bytes,
             double        ms)
{
  ImpExchange *exchange = g_new (ImpExchange, 1);

  exchange->request = g_strdup (request);
  exchange->answer = g_strdup (answer);
  exchange->bytes = bytes;
  exchange->ms = ms;
  exchange->time = imp_time_now ();

  if (self->exchanges == NULL)
    self->exchanges = g_ptr_array_new_with_free_func ((GDestroyNotify) exchange_free);
  if (self->exchanges->len >= MAX_EXCHANGES)
    g_ptr_array_remove_index (self->exchanges, 0);
  g_ptr_array_add (self->exchanges, exchange);
  changed (self);
}

static void
forget_checks (ImpDeviceLog *self)
{
  self->passed = 0;
  self->waived = 0;
  self->failed = 0;
  g_clear_pointer (&self->reason, g_free);
}

static void
check_cb (ImpDeviceLog *self,
          ImpCheck      check,
          gboolean      passed,
          const char   *reason)
{
  /* A rehearsal lets the device look for updates as well, without us. */
  if (check == IMP_CHECK_FORMAT)
    forget_checks (self);

  if (passed && reason == NULL)
    self->passed |= IMP_CHECK_BIT (check);
  else if (passed)
    self->waived |= IMP_CHECK_BIT (check);
  else
    self->failed = check;

  if (reason != NULL)
    {
      g_free (self->reason);
      self->reason = g_strdup (reason);
    }
  changed (self);
}

/* To look is nothing to be told of where it is done every few seconds; to download is. The end of
 * what a rehearsal let the device download is told of nowhere else.
 */
static void
state_cb (ImpDeviceLog *self)
{
  const char *state = imp_device_get_state (self->device);
  gboolean busy = self->status == IMP_DEVICE_STATUS_BUSY;

  if (g_str_equal (state, "downloading") && !busy)
    set_status (self, IMP_DEVICE_STATUS_BUSY);
  else if (g_str_equal (state, "idle") && busy && self->cancellable == NULL)
    {
      set_status (self, self->settled);
      changed (self);
    }
}

static void
forget (ImpDeviceLog *self)
{
  forget_checks (self);
  g_clear_error (&self->error);
}

/* Whether it is the agent that cannot be reached, and not something else that went wrong. */
static gboolean
is_unreachable (const GError *error)
{
  static const GIOErrorEnum codes[] = {
    G_IO_ERROR_CONNECTION_REFUSED, G_IO_ERROR_CONNECTION_CLOSED, G_IO_ERROR_HOST_UNREACHABLE,
    G_IO_ERROR_NETWORK_UNREACHABLE, G_IO_ERROR_HOST_NOT_FOUND, G_IO_ERROR_TIMED_OUT,
    G_IO_ERROR_NOT_CONNECTED, G_IO_ERROR_PARTIAL_INPUT, G_IO_ERROR_PROXY_FAILED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      if (g_error_matches (error, G_IO_ERROR, codes[i]))
        return TRUE;
    }

  return error->domain == G_RESOLVER_ERROR || error->domain == SOUP_SESSION_ERROR;
}

static ImpDeviceStatus
take_error (ImpDeviceLog *self,
            GError       *error)
{
  self->error = error;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PENDING))
    return self->settled;
  if (!is_unreachable (error))
    return IMP_DEVICE_STATUS_FAILED;

  if (self->unreachable_since == 0)
    self->unreachable_since = imp_time_now ();
  return IMP_DEVICE_STATUS_UNREACHABLE;
}

static ImpDeviceStatus
take_outcome (ImpDeviceLog     *self,
              ImpDeviceOutcome  outcome)
{
  static const ImpDeviceStatus statuses[] = {
    [IMP_DEVICE_INSTALLED] = IMP_DEVICE_STATUS_UPDATED,
    [IMP_DEVICE_CURRENT] = IMP_DEVICE_STATUS_CURRENT,
    [IMP_DEVICE_REFUSED] = IMP_DEVICE_STATUS_REFUSED,
  };

  self->answered = imp_time_now ();
  self->unreachable_since = 0;

  return statuses[outcome];
}

static void
updated_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(ImpDeviceLog) self = user_data;
  ImpDeviceOutcome outcome;
  GError *error = NULL;

  g_clear_object (&self->cancellable);
  if (imp_device_update_finish (IMP_DEVICE (object), result, &outcome, NULL, NULL, &error))
    self->settled = take_outcome (self, outcome);
  else
    self->settled = take_error (self, error);

  set_status (self, self->settled);
  changed (self);
  g_signal_emit (self, signals[SIGNAL_ENDED], 0);
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
  g_clear_pointer (&self->exchanges, g_ptr_array_unref);

  G_OBJECT_CLASS (imp_device_log_parent_class)->finalize (object);
}

static guint
add_signal (const char *name)
{
  return g_signal_new (name, IMP_TYPE_DEVICE_LOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, 0);
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
   * A request was answered, a check was decided, or a look begins or ends.
   */
  signals[SIGNAL_CHANGED] = add_signal ("changed");
  /**
   * ImpDeviceLog::status:
   *
   * The device stands otherwise than before, or has been answered again.
   */
  signals[SIGNAL_STATUS] = add_signal ("status");
  /**
   * ImpDeviceLog::ended:
   *
   * A look has ended, and another may begin.
   */
  signals[SIGNAL_ENDED] = add_signal ("ended");
}

static void
imp_device_log_init (ImpDeviceLog *self)
{
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
  static GQuark quark;
  ImpDeviceLog *self;

  g_return_val_if_fail (IMP_IS_DEVICE (device), NULL);

  if (quark == 0)
    quark = g_quark_from_static_string ("imp-device-log");
  self = g_object_get_qdata (G_OBJECT (device), quark);
  if (self != NULL)
    return self;

  self = g_object_new (IMP_TYPE_DEVICE_LOG, NULL);
  self->device = device;
  g_signal_connect_object (device, "check", G_CALLBACK (check_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (device, "exchange", G_CALLBACK (exchange_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (device, "notify::state", G_CALLBACK (state_cb), self, G_CONNECT_SWAPPED);
  g_object_set_qdata_full (G_OBJECT (device), quark, self, g_object_unref);

  return self;
}

/**
 * imp_device_log_get_device:
 * @self: a device log
 *
 * Returns: (transfer none): whose it is
 */
ImpDevice *
imp_device_log_get_device (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), NULL);

  return self->device;
}

/**
 * imp_device_log_get_status:
 * @self: a log
 *
 * Returns: how the device stands, for one look at a list
 */
ImpDeviceStatus
imp_device_log_get_status (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), IMP_DEVICE_STATUS_UNASKED);

  return self->status;
}

/**
 * imp_device_log_get_running:
 * @self: a log
 *
 * Returns: whether the device looks for an update now
 */
gboolean
imp_device_log_get_running (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), FALSE);

  return self->cancellable != NULL;
}

/**
 * imp_device_log_get_answered:
 * @self: a device log
 *
 * Returns: when the device last got an answer that it could decide on, in ms since 1970; 0 if never
 */
gint64
imp_device_log_get_answered (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), 0);

  return self->answered;
}

/**
 * imp_device_log_get_unreachable_since:
 * @self: a device log
 *
 * Returns: since when the agent has not answered the device, in ms since 1970; 0 if it does
 */
gint64
imp_device_log_get_unreachable_since (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), 0);

  return self->unreachable_since;
}

/**
 * imp_device_log_get_error:
 * @self: a device log
 *
 * Returns: (nullable): why nothing came of the last look
 */
const GError *
imp_device_log_get_error (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), NULL);

  return self->error;
}

/**
 * imp_device_log_get_failed_check:
 * @self: a device log
 *
 * Returns: the check that the last update was refused at, 0 if it was not
 */
ImpCheck
imp_device_log_get_failed_check (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), 0);

  return self->failed;
}

/**
 * imp_device_log_get_check:
 * @self: a log
 * @check: a check
 *
 * Returns: how the check came out in the last look, or %IMP_CHECK_PENDING as long as it was not its
 * turn
 */
ImpCheckResult
imp_device_log_get_check (ImpDeviceLog *self,
                          ImpCheck      check)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), IMP_CHECK_PENDING);

  if (self->failed == check)
    return IMP_CHECK_FAILED;

  if (self->waived & IMP_CHECK_BIT (check))
    return IMP_CHECK_WAIVED;

  return self->passed & IMP_CHECK_BIT (check) ? IMP_CHECK_PASSED : IMP_CHECK_PENDING;
}

/**
 * imp_device_log_get_check_reason:
 * @self: a device log
 * @check: a check
 *
 * Returns: (nullable): why it failed, if it did, or would have failed
 */
const char *
imp_device_log_get_check_reason (ImpDeviceLog *self,
                                 ImpCheck      check)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), NULL);

  return self->failed == check || self->waived == IMP_CHECK_BIT (check) ? self->reason : NULL;
}

/**
 * imp_device_log_get_exchanges:
 * @self: a device log
 *
 * Gets the last requests of the device, of more than one look for an update.
 *
 * Returns: (element-type ImpExchange) (nullable): oldest first, `NULL` if there are none
 */
GPtrArray *
imp_device_log_get_exchanges (ImpDeviceLog *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE_LOG (self), NULL);

  return self->exchanges;
}

/**
 * imp_device_log_wait:
 * @self: a device log
 *
 * Tells that the device will look for an update when its turn comes.
 */
void
imp_device_log_wait (ImpDeviceLog *self)
{
  g_return_if_fail (IMP_IS_DEVICE_LOG (self));

  if (self->cancellable == NULL)
    set_status (self, IMP_DEVICE_STATUS_WAITING);
}

/**
 * imp_device_log_update:
 * @self: a device log
 * @retrieval: address of the agent to ask
 * @quietly: whether the status stays as it is until there is something newer, or an end
 *
 * Lets the device look for an update, unless it already does.
 */
void
imp_device_log_update (ImpDeviceLog *self,
                       const char   *retrieval,
                       gboolean      quietly)
{
  g_return_if_fail (IMP_IS_DEVICE_LOG (self));

  if (self->cancellable != NULL)
    return;

  forget (self);
  self->cancellable = g_cancellable_new ();
  imp_device_update_async (self->device, retrieval, self->cancellable, updated_cb,
                           g_object_ref (self));
  if (!quietly)
    set_status (self, IMP_DEVICE_STATUS_BUSY);
  changed (self);
}

/**
 * imp_device_log_cancel:
 * @self: a device log
 *
 * Stops the look that is under way, if one is.
 */
void
imp_device_log_cancel (ImpDeviceLog *self)
{
  g_return_if_fail (IMP_IS_DEVICE_LOG (self));

  g_cancellable_cancel (self->cancellable);
}
