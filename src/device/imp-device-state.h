/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device.h"
#include "imp-device-folder.h"

G_BEGIN_DECLS

#define IMP_DEVICE_STATE_FILE     "device.json"
#define IMP_DEVICE_STATE_MAX_SIZE (1024 * 1024)

/* All that a device knows. */
typedef struct
{
  char     *id;
  char     *vendor_id;        /* (nullable) */
  char     *class_id;
  ImpKey   *author;           /* (owned) */
  char     *log_key;          /* (nullable) */
  guint64   slot_size;

  char      running_slot;
  char     *version;          /* (nullable): nothing installed */
  gint64    sequence;         /* -1: none */
  char     *digest;           /* (nullable): SHA-384 of the running slot, NULL when we did not write it */
  guint64   size;
  char    **components;       /* what else is installed, "class:version" */

  char     *checkpoint;       /* (nullable): the last one seen */
  gint64    checkpoint_time;  /* -1: none */
} ImpDeviceState;

ImpDeviceState *imp_device_state_new      (const ImpDeviceConfig  *config,
                                           GError                **error);
ImpDeviceState *imp_device_state_parse    (const char             *text,
                                           GError                **error);
ImpDeviceState *imp_device_state_load     (ImpDeviceFolder        *folder,
                                           GError                **error);
void            imp_device_state_free     (ImpDeviceState         *self);

char            imp_device_state_get_idle (const ImpDeviceState   *self);
gboolean        imp_device_state_save     (const ImpDeviceState   *self,
                                           ImpDeviceFolder        *folder,
                                           GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceState, imp_device_state_free)

G_END_DECLS
