/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-private.h"

enum {
  PROP_0,
  PROP_RUNNING_SLOT,
  PROP_VERSION,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_POLLING,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  CHECK,
  EXCHANGE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/**
 * ImpDevice:
 *
 * An emulated device. Everything that it knows is in a folder of its own, and the power may go at any
 * write to it:
 *
 *     device.json                 id, vendor, class, trusted key, log key, what is installed and where,
 *                                 the last checkpoint seen; replaced by rename
 *     polling                     there while the device looks for updates by itself
 *     slot-a.img, slot-b.img      the one that runs, and the one that an update is written to
 *
 * An update runs in a thread of its own; what an object says is what has been told of it in the thread
 * that started it.
 */
G_DEFINE_FINAL_TYPE (ImpDevice, imp_device, G_TYPE_OBJECT)

static void
imp_device_get_property (GObject    *object,
                         guint       prop_id,
                         GValue     *value,
                         GParamSpec *pspec)
{
  ImpDevice *self = IMP_DEVICE (object);

  switch (prop_id)
    {
    case PROP_RUNNING_SLOT:
      g_value_set_schar (value, self->known->running_slot);
      break;

    case PROP_VERSION:
      g_value_set_string (value, self->known->version);
      break;

    case PROP_STATE:
      g_value_set_string (value, self->state);
      break;

    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;

    case PROP_POLLING:
      g_value_set_boolean (value, self->polling);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
imp_device_finalize (GObject *object)
{
  ImpDevice *self = IMP_DEVICE (object);

  g_free (self->directory);
  g_clear_pointer (&self->folder, imp_device_folder_free);
  g_clear_pointer (&self->known, imp_device_state_free);
  g_free (self->damage);

  G_OBJECT_CLASS (imp_device_parent_class)->finalize (object);
}

static void
imp_device_class_init (ImpDeviceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_device_finalize;
  object_class->get_property = imp_device_get_property;

  /**
   * ImpDevice:running-slot:
   *
   * The slot that runs, 'a' or 'b'.
   */
  properties[PROP_RUNNING_SLOT] =
    g_param_spec_char ("running-slot", NULL, NULL,
                       'a', 'b', 'a',
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_VERSION] =
    g_param_spec_string ("version", NULL, NULL,
                         NULL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * ImpDevice:state:
   *
   * “idle”, “asking”, “downloading” or “installing”.
   */
  properties[PROP_STATE] =
    g_param_spec_string ("state", NULL, NULL,
                         "idle",
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  /**
   * ImpDevice:progress:
   *
   * How much of the payload is written, 0 to 1.
   */
  properties[PROP_PROGRESS] =
    g_param_spec_double ("progress", NULL, NULL,
                         0.0, 1.0, 0.0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  properties[PROP_POLLING] =
    g_param_spec_boolean ("polling", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ImpDevice::check:
   * @self: a device
   * @check: a check, as an [enum@Imp.Check]
   * @passed: whether it is passed
   * @reason: (nullable): why not
   *
   * A check is decided. They come in the order of the protocol; after one that is not passed there are
   * no more.
   */
  signals[CHECK] =
    g_signal_new ("check", IMP_TYPE_DEVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3, G_TYPE_INT, G_TYPE_BOOLEAN, G_TYPE_STRING);
  /**
   * ImpDevice::exchange:
   * @self: a device
   * @request: what was asked
   * @answer: what was answered, or why nothing was
   * @bytes: how many bytes came
   * @ms: how long it took
   *
   * The conversation with the agent, once a request.
   */
  signals[EXCHANGE] =
    g_signal_new ("exchange", IMP_TYPE_DEVICE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 4, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_UINT64, G_TYPE_DOUBLE);
}

static void
imp_device_init (ImpDevice *self)
{
  self->state = "idle";
  self->pace = imp_device_default_pace;
}

/**
 * imp_device_set_state:
 * @self: a device
 * @state: one of the states of [property@Imp.Device:state], a string that is never freed
 *
 * Sets what the device does now, and notifies if that is something else than before.
 */
void
imp_device_set_state (ImpDevice  *self,
                      const char *state)
{
  if (g_str_equal (self->state, state))
    return;

  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/**
 * imp_device_set_progress:
 * @self: a device
 * @progress: how much of the work is done, from 0 to 1
 *
 * Sets the progress, and notifies.
 */
void
imp_device_set_progress (ImpDevice *self,
                         double     progress)
{
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

/**
 * imp_device_set_known:
 * @self: a device
 * @known: (transfer full): what it knows from now on
 *
 * Replaces what the device knows, once that is in its folder. Whatever the old state lent is gone.
 */
void
imp_device_set_known (ImpDevice      *self,
                      ImpDeviceState *known)
{
  g_clear_pointer (&self->known, imp_device_state_free);
  self->known = known;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERSION]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING_SLOT]);
}

/**
 * imp_device_tell_check:
 * @self: a device
 * @check: a check
 * @passed: whether the update passed it
 * @reason: (nullable): why not, or why although the check is off
 *
 * Emits “check”, in the thread of whoever watches the device.
 */
void
imp_device_tell_check (ImpDevice  *self,
                       ImpCheck    check,
                       gboolean    passed,
                       const char *reason)
{
  g_signal_emit (self, signals[CHECK], 0, check, passed, reason);
}

/**
 * imp_device_tell_exchange:
 * @self: a device
 * @request: what the device asked
 * @answer: what came back, or why nothing did
 * @bytes: how many bytes of an answer came
 * @ms: how long it took, in milliseconds
 *
 * Emits “exchange”, in the thread of whoever watches the device.
 */
void
imp_device_tell_exchange (ImpDevice  *self,
                          const char *request,
                          const char *answer,
                          guint64     bytes,
                          double      ms)
{
  g_signal_emit (self, signals[EXCHANGE], 0, request, answer, bytes, ms);
}

/**
 * imp_device_get_id:
 * @self: a device
 *
 * Returns: its name, by which it shows itself to agents
 */
const char *
imp_device_get_id (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->known->id;
}

/**
 * imp_device_get_directory:
 * @self: a device
 *
 * Returns: its folder, lent by @self
 */
const char *
imp_device_get_directory (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->directory;
}

/**
 * imp_device_get_class_id:
 * @self: a device
 *
 * Returns: its class; it takes updates of no other
 */
const char *
imp_device_get_class_id (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->known->class_id;
}

/**
 * imp_device_get_vendor_id:
 * @self: a device
 *
 * Returns: (nullable): its vendor, `NULL` if it takes updates of any
 */
const char *
imp_device_get_vendor_id (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->known->vendor_id;
}

/**
 * imp_device_get_author:
 * @self: a device
 *
 * Returns: (transfer none): the public key of the author whom it trusts
 */
ImpKey *
imp_device_get_author (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->known->author;
}

/**
 * imp_device_get_version:
 * @self: a device
 *
 * Returns: (nullable): the installed version
 */
const char *
imp_device_get_version (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->known->version;
}

/**
 * imp_device_get_sequence:
 * @self: a device
 *
 * Returns: the installed sequence number, or -1
 */
gint64
imp_device_get_sequence (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), -1);

  return self->known->sequence;
}

/**
 * imp_device_get_running_slot:
 * @self: a device
 *
 * Returns: `a` or `b`, the slot that it starts from
 */
char
imp_device_get_running_slot (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), 'a');

  return self->known->running_slot;
}

/**
 * imp_device_get_poll_interval:
 * @self: a device
 *
 * Returns: how many seconds it waits between two looks for an update, when it polls
 */
guint
imp_device_get_poll_interval (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), IMP_DEVICE_DEFAULT_POLL_INTERVAL);

  return self->known->poll_interval;
}

/**
 * imp_device_get_poll_jitter:
 * @self: a device
 *
 * Returns: by how many percent of the interval a look may come sooner or later
 */
guint
imp_device_get_poll_jitter (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), 0);

  return self->known->poll_jitter;
}

/**
 * imp_device_get_polling:
 * @self: a device
 *
 * Returns: whether it looks for updates by itself
 */
gboolean
imp_device_get_polling (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), FALSE);

  return self->polling;
}

/**
 * imp_device_set_polling:
 * @self: a device
 * @polling: whether it looks for updates by itself
 *
 * Tells whether somebody lets it poll. It is remembered by imp_device_keep_polling(), which blocks.
 */
void
imp_device_set_polling (ImpDevice *self,
                        gboolean   polling)
{
  g_return_if_fail (IMP_IS_DEVICE (self));

  if (self->polling == polling)
    return;

  self->polling = polling;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_POLLING]);
}

/**
 * imp_device_dup_slot_path:
 * @self: a device
 * @slot: `a` or `b`
 *
 * Returns: (transfer full): the path of the slot's image, which exists only once something was
 * installed there
 */
char *
imp_device_dup_slot_path (ImpDevice *self,
                          char       slot)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);
  g_return_val_if_fail (slot == 'a' || slot == 'b', NULL);

  name = imp_slot_get_name (slot);

  return g_build_filename (self->directory, name, NULL);
}

/**
 * imp_device_get_state:
 * @self: a device
 *
 * Returns: what it does now, as in [property@Imp.Device:state]; never freed
 */
const char *
imp_device_get_state (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->state;
}

/**
 * imp_device_get_progress:
 * @self: a device
 *
 * Returns: how much of what it does is done, from 0 to 1
 */
double
imp_device_get_progress (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), 0.0);

  return self->progress;
}

/**
 * imp_device_get_damage:
 * @self: a device
 *
 * A device whose running slot was changed by somebody does not start: it takes no update until it is restored,
 * see %IMP_DEVICE_RESTORE.
 *
 * Returns: (nullable): what is wrong with the running slot, `NULL` if nothing is
 */
const char *
imp_device_get_damage (ImpDevice *self)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), NULL);

  return self->damage;
}

/**
 * imp_device_set_pace:
 * @self: a device
 * @pace: how patient it is from now on
 *
 * Tests and rehearsals have no time for an agent that takes its own.
 */
void
imp_device_set_pace (ImpDevice           *self,
                     const ImpDevicePace *pace)
{
  g_return_if_fail (IMP_IS_DEVICE (self));

  self->pace = *pace;
}

/**
 * imp_device_set_power_cut:
 * @self: a device
 * @step: at which durable step from now on, 0 for never
 *
 * Plans a power cut, for tests and demonstrations.
 *
 * At that step (a write, an fsync, a rename…) nothing happens any more, what was written and not synced
 * is lost, and the update ends with %G_IO_ERROR_BROKEN_PIPE. The object is dead then; the folder is to be
 * opened anew.
 *
 * Returns: how many steps there were since the last call
 */
guint
imp_device_set_power_cut (ImpDevice *self,
                          guint      step)
{
  g_return_val_if_fail (IMP_IS_DEVICE (self), 0);

  return imp_device_folder_set_power_cut (self->folder, step);
}
