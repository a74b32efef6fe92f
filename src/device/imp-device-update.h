/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-agent.h"
#include "imp-device-state.h"

G_BEGIN_DECLS

/* In what the device looks for updates. */
typedef struct
{
  ImpDevicePace pace;
  gint64        clock_ahead;  /* of its clock, ms */
} ImpDeviceConditions;

/* What is told of an update while it runs, in its thread. */
typedef struct
{
  void (*state)    (const char *state, gpointer user_data);
  void (*progress) (double progress, gpointer user_data);
  void (*check)    (ImpCheck check, gboolean passed, const char *reason, gpointer user_data);
  ImpDeviceExchangeFunc exchange;
} ImpDeviceUpdateFuncs;

/* How it ended. */
typedef struct
{
  ImpDeviceOutcome  outcome;
  ImpCheck          check;   /* the failed one */
  char             *reason;  /* (owned) (nullable) */
  ImpDeviceState   *state;   /* (owned): what the device knows now */
} ImpDeviceResult;

ImpDeviceResult *imp_device_update_run  (ImpDeviceFolder             *folder,
                                         const char                  *retrieval,
                                         const ImpDeviceConditions   *conditions,
                                         const ImpDeviceUpdateFuncs  *funcs,
                                         gpointer                     user_data,
                                         GCancellable                *cancellable,
                                         GError                     **error);
void             imp_device_result_free (ImpDeviceResult             *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDeviceResult, imp_device_result_free)

G_END_DECLS
