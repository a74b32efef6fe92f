/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-offer.h"
#include "imp-device-runs.h"
#include "imp-device-update.h"

G_BEGIN_DECLS

/* One round of an update, in its own thread. */
typedef struct
{
  ImpDeviceFolder            *folder;
  const ImpDeviceUpdateFuncs *funcs;
  gpointer                    user_data;
  GCancellable               *cancellable;

  ImpDeviceAgent             *agent;   /* (owned) */
  ImpDeviceState             *state;   /* (owned) */
  ImpDeviceOffer             *offer;   /* (owned) (nullable) */
  ImpCheck                    failed;  /* 0: none */
  guint64                     written; /* bytes of the payload */
  gint64                      clock_ahead;
  double                      times[IMP_N_DEVICE_STEPS];  /* ms */
  gint64                      lap;     /* µs: when the step that runs began */
  char                       *waived[IMP_N_CHECKS + 1];  /* (owned) (nullable): what one that is off had said */
} ImpDeviceUpdate;

void      imp_device_update_lap         (ImpDeviceUpdate        *self,
                                         ImpDeviceStep           step);
void      imp_device_update_tell_passed (ImpDeviceUpdate        *self,
                                         ImpCheck                check);
gboolean  imp_device_update_is_off      (ImpDeviceUpdate        *self,
                                         ImpCheck                check);
gboolean  imp_device_update_settle      (ImpDeviceUpdate        *self,
                                         ImpCheck                check,
                                         gboolean                passed,
                                         GError                 *local_error,
                                         GError                **error);
gboolean  imp_device_update_install     (ImpDeviceUpdate        *self,
                                         GError                **error);
void      imp_device_update_report      (ImpDeviceUpdate        *self,
                                         const ImpDeviceResult  *result);

G_END_DECLS
