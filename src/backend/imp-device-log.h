/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_CHECK_PENDING,
  IMP_CHECK_PASSED,
  IMP_CHECK_FAILED,
  IMP_CHECK_WAIVED,  /* it is off for a rehearsal, and would have failed */
} ImpCheckResult;

/* How a device stands. */
typedef enum
{
  IMP_DEVICE_STATUS_UNASKED,      /* it has not looked for an update yet */
  IMP_DEVICE_STATUS_WAITING,      /* it will, when others are done */
  IMP_DEVICE_STATUS_BUSY,
  IMP_DEVICE_STATUS_UPDATED,
  IMP_DEVICE_STATUS_CURRENT,
  IMP_DEVICE_STATUS_REFUSED,
  IMP_DEVICE_STATUS_UNREACHABLE,  /* the agent does not answer it */
  IMP_DEVICE_STATUS_FAILED,
} ImpDeviceStatus;
#define IMP_N_DEVICE_STATUSES (IMP_DEVICE_STATUS_FAILED + 1)

/* One request of a device, and what came of it. */
typedef struct
{
  char    *request;  /* (owned) */
  char    *answer;   /* (owned) */
  guint64  bytes;
  double   ms;
  gint64   time;     /* ms since 1970 */
} ImpExchange;

/* What the last looks of a device for an update were like. */
#define IMP_TYPE_DEVICE_LOG (imp_device_log_get_type ())
G_DECLARE_FINAL_TYPE (ImpDeviceLog, imp_device_log, IMP, DEVICE_LOG, GObject)

ImpDeviceLog     *imp_device_log_get                   (ImpDevice        *device);

ImpDevice        *imp_device_log_get_device            (ImpDeviceLog     *self);
ImpDeviceStatus   imp_device_log_get_status            (ImpDeviceLog     *self);
gboolean          imp_device_log_get_running           (ImpDeviceLog     *self);
gint64            imp_device_log_get_answered          (ImpDeviceLog     *self);
gint64            imp_device_log_get_unreachable_since (ImpDeviceLog     *self);
const GError     *imp_device_log_get_error             (ImpDeviceLog     *self);
ImpCheck          imp_device_log_get_failed_check      (ImpDeviceLog     *self);
ImpCheckResult    imp_device_log_get_check             (ImpDeviceLog     *self,
                                                        ImpCheck          check);
const char       *imp_device_log_get_check_reason      (ImpDeviceLog     *self,
                                                        ImpCheck          check);
GPtrArray        *imp_device_log_get_exchanges         (ImpDeviceLog     *self);

void              imp_device_log_wait                  (ImpDeviceLog     *self);
void              imp_device_log_update                (ImpDeviceLog     *self,
                                                        const char       *retrieval,
                                                        gboolean          quietly);
void              imp_device_log_cancel                (ImpDeviceLog     *self);

G_END_DECLS
