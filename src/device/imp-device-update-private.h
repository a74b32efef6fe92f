/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-offer.h"
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
} ImpDeviceUpdate;

void      imp_device_update_tell_passed (ImpDeviceUpdate        *self,
                                         ImpCheck                check);
gboolean  imp_device_update_install     (ImpDeviceUpdate        *self,
                                         GError                **error);
void      imp_device_update_report      (ImpDeviceUpdate        *self,
                                         const ImpDeviceResult  *result);

G_END_DECLS
