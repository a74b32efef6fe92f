/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-key.h"

G_BEGIN_DECLS

/* The ten checks of the protocol, in order. */
typedef enum
{
  IMP_CHECK_FORMAT = 1,
  IMP_CHECK_MANIFEST,
  IMP_CHECK_TARGET,
  IMP_CHECK_NEWER,
  IMP_CHECK_EXPIRY,
  IMP_CHECK_DEPENDENCIES,
  IMP_CHECK_SIZE,
  IMP_CHECK_PAYLOAD,
  IMP_CHECK_LOCATION,
  IMP_CHECK_LEDGER,
} ImpCheck;
#define IMP_N_CHECKS 10

/* Several of them: a bit a check. */
#define IMP_CHECK_BIT(check) (1u << (check))
#define IMP_CHECKS_ALL       ((IMP_CHECK_BIT (IMP_N_CHECKS + 1) - 1) & ~1u)

const char *imp_check_get_title (ImpCheck check);

/* How patient a device is. */
typedef struct
{
  guint    answer_seconds;  /* until an answer begins */
  guint    idle_seconds;    /* without a byte */
  guint    window_ms;       /* in which at least… */
  guint64  window_bytes;    /* …so many bytes have to come */
} ImpDevicePace;

extern const ImpDevicePace imp_device_default_pace;

typedef enum
{
  IMP_DEVICE_INSTALLED,  /* runs the new version now */
  IMP_DEVICE_CURRENT,    /* there was nothing newer */
  IMP_DEVICE_REFUSED,    /* a check failed */
} ImpDeviceOutcome;

/* An emulated device, a folder of its own. */
#define IMP_TYPE_DEVICE (imp_device_get_type ())
G_DECLARE_FINAL_TYPE (ImpDevice, imp_device, IMP, DEVICE, GObject)

#define IMP_DEVICE_DEFAULT_SLOT_SIZE     (G_GUINT64_CONSTANT (64) * 1024 * 1024 * 1024)
#define IMP_DEVICE_DEFAULT_POLL_INTERVAL 60
#define IMP_DEVICE_MAX_POLL_INTERVAL     (7 * 24 * 60 * 60)
#define IMP_DEVICE_MAX_POLL_JITTER       100

typedef struct
{
  const char *id;              /* (nullable): "device-<6 hex>" */
  const char *vendor_id;       /* (nullable): any */
  const char *class_id;
  ImpKey     *author;          /* the key that it trusts */
  const char *log_key;         /* (nullable): pinned on first use */
  const char *version;         /* (nullable): nothing installed */
  gint64      sequence;        /* of the installed one; -1 */
  guint64     slot_size;       /* 0: default */
  guint       poll_interval;   /* s between two looks for an update; 0: default */
  guint       poll_jitter;     /* by how many percent of it one comes sooner or later, at most */
  gboolean    polling;         /* from the beginning */
} ImpDeviceConfig;

gboolean     imp_device_prepare            (const char             *directory,
                                            const ImpDeviceConfig  *config,
                                            GError                **error);
ImpDevice   *imp_device_create             (const char             *directory,
                                            const ImpDeviceConfig  *config,
                                            GError                **error);
ImpDevice   *imp_device_open               (const char             *directory,
                                            GError                **error);

const char  *imp_device_get_id             (ImpDevice              *self);
const char  *imp_device_get_directory      (ImpDevice              *self);
const char  *imp_device_get_class_id       (ImpDevice              *self);
const char  *imp_device_get_vendor_id      (ImpDevice              *self);
ImpKey      *imp_device_get_author         (ImpDevice              *self);
const char  *imp_device_get_version        (ImpDevice              *self);
gint64       imp_device_get_sequence       (ImpDevice              *self);
char         imp_device_get_running_slot   (ImpDevice              *self);
guint        imp_device_get_poll_interval  (ImpDevice              *self);
guint        imp_device_get_poll_jitter    (ImpDevice              *self);
gboolean     imp_device_get_polling        (ImpDevice              *self);
void         imp_device_set_polling        (ImpDevice              *self,
                                            gboolean                polling);
gboolean     imp_device_keep_polling       (const char             *directory,
                                            gboolean                polling,
                                            GError                **error);
char        *imp_device_dup_slot_path      (ImpDevice              *self,
                                            char                    slot);
const char  *imp_device_get_state          (ImpDevice              *self);
double       imp_device_get_progress       (ImpDevice              *self);
const char  *imp_device_get_damage         (ImpDevice              *self);
void         imp_device_set_pace           (ImpDevice              *self,
                                            const ImpDevicePace    *pace);

void         imp_device_update_async       (ImpDevice              *self,
                                            const char             *retrieval,
                                            GCancellable           *cancellable,
                                            GAsyncReadyCallback     callback,
                                            gpointer                user_data);
gboolean     imp_device_update_finish      (ImpDevice              *self,
                                            GAsyncResult           *result,
                                            ImpDeviceOutcome       *outcome,
                                            ImpCheck               *check,
                                            char                  **reason,
                                            GError                **error);

guint        imp_device_set_power_cut      (ImpDevice              *self,
                                            guint                   step);

G_END_DECLS
