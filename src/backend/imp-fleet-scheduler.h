/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-log.h"

G_BEGIN_DECLS

/* Which devices look for updates now, and which when. */
#define IMP_TYPE_FLEET_SCHEDULER (imp_fleet_scheduler_get_type ())
G_DECLARE_FINAL_TYPE (ImpFleetScheduler, imp_fleet_scheduler, IMP, FLEET_SCHEDULER, GObject)

ImpFleetScheduler *imp_fleet_scheduler_new           (void);

const char        *imp_fleet_scheduler_get_retrieval (ImpFleetScheduler *self);
void               imp_fleet_scheduler_set_retrieval (ImpFleetScheduler *self,
                                                      const char        *retrieval);
void               imp_fleet_scheduler_update        (ImpFleetScheduler *self,
                                                      ImpDevice         *device);
void               imp_fleet_scheduler_poll          (ImpFleetScheduler *self,
                                                      ImpDevice         *device,
                                                      gboolean           soon);
void               imp_fleet_scheduler_forget        (ImpFleetScheduler *self,
                                                      ImpDevice         *device);

G_END_DECLS
