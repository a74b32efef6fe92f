/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-device.h"
#include "imp-device-folder.h"

G_BEGIN_DECLS

#define IMP_DEVICE_STATE_FILE     "device.json"
#define IMP_DEVICE_STATE_MAX_SIZE (1024 * 1024)

/* An image that was installed, and where. */
typedef struct
{
  char     slot;
  char    *version;   /* (nullable) */
  gint64   sequence;
  char    *digest;    /* (nullable) */
  guint64  size;
} ImpDeviceImage;

/* All that a device knows. */
typedef struct
{
  char     *id;
  char     *vendor_id;        /* (nullable) */
  char     *class_id;
  ImpKey   *author;           /* (owned) */
  char     *log_key;          /* (nullable) */
  guint64   slot_size;
  guint     poll_interval;    /* s */
  guint     poll_jitter;      /* % */

  char      running_slot;
  char     *version;          /* (nullable): nothing installed */
  gint64    sequence;         /* -1: none */
  char     *digest;           /* (nullable): SHA-384 of the running slot, NULL when we did not write it */
  guint64   size;
  char    **components;       /* what else is installed, "class:version" */

  char     *checkpoint;       /* (nullable): the last one seen */
  gint64    checkpoint_time;  /* -1: none */

  guint           checks_off;  /* for a rehearsal: a bit a check, never set by what comes over a wire */
  ImpDeviceImage *before;      /* (owned) (nullable): what ran before something got in that a check had refused */
} ImpDeviceState;

ImpDeviceState *imp_device_state_new      (const ImpDeviceConfig  *config,
                                           GError                **error);
ImpDeviceState *imp_device_state_parse    (const char             *text,
                                           GError                **error);
ImpDeviceState *imp_device_state_load     (ImpDeviceFolder        *folder,
                                           GError                **error);
void            imp_device_state_free     (ImpDeviceState         *self);

char            imp_device_state_get_idle (const ImpDeviceState   *self);
void            imp_device_state_breach   (ImpDeviceState         *self);
void            imp_device_state_mend     (ImpDeviceState         *self);
void            imp_device_state_forget   (ImpDeviceState         *self);
void            imp_device_state_go_back  (ImpDeviceState         *self);
char           *imp_device_state_print    (const ImpDeviceState   *self);
gboolean        imp_device_state_save     (const ImpDeviceState   *self,
                                           ImpDeviceFolder        *folder,
                                           GError                **error);

/* How it is written; for those who write a part of it. */
void            imp_device_state_set_number   (JsonObject           *object,
                                               const char           *name,
                                               gint64                value);
gboolean        imp_device_state_get_number   (JsonObject           *object,
                                               const char           *name,
                                               gint64                lowest,
                                               gint64               *value,
                                               GError              **error);
void            imp_device_state_set_optional (JsonObject           *object,
                                               const char           *name,
                                               const char           *value);
gboolean        imp_device_state_get_optional (JsonObject           *object,
                                               const char           *name,
                                               char                **value,
                                               GError              **error);
gboolean        imp_device_state_get_slot     (JsonObject           *object,
                                               const char           *name,
                                               char                 *slot,
                                               GError              **error);
gboolean        imp_device_state_check_digest (const char           *digest,
                                               GError              **error);
gboolean        imp_device_state_read_breach  (ImpDeviceState       *self,
                                               JsonObject           *object,
                                               GError              **error);
void            imp_device_state_write_breach (const ImpDeviceState *self,
                                               JsonObject           *object);

void            imp_device_image_free         (ImpDeviceImage       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceState, imp_device_state_free)

G_END_DECLS
