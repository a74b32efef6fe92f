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
} ImpCheckResult;

/* What the last update of a device was like. */
#define IMP_TYPE_DEVICE_LOG (imp_device_log_get_type ())
G_DECLARE_FINAL_TYPE (ImpDeviceLog, imp_device_log, IMP, DEVICE_LOG, GObject)

ImpDeviceLog   *imp_device_log_get              (ImpDevice        *device);

gboolean        imp_device_log_get_running      (ImpDeviceLog     *self);
gboolean        imp_device_log_get_outcome      (ImpDeviceLog     *self,
                                                 ImpDeviceOutcome *outcome);
const char     *imp_device_log_get_summary      (ImpDeviceLog     *self);
ImpCheckResult  imp_device_log_get_check        (ImpDeviceLog     *self,
                                                 ImpCheck          check);
const char     *imp_device_log_get_check_reason (ImpDeviceLog     *self,
                                                 ImpCheck          check);
const char     *imp_device_log_get_trace        (ImpDeviceLog     *self);

void            imp_device_log_update           (ImpDeviceLog     *self,
                                                 const char       *retrieval);
void            imp_device_log_cancel           (ImpDeviceLog     *self);

G_END_DECLS
