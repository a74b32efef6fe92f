/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-fleet.h"
#include "imp-fleet-scheduler.h"

G_BEGIN_DECLS

struct _ImpFleet
{
  GObject parent_instance;

  char              *directory;  /* (owned) */
  GPtrArray         *devices;    /* (owned) (element-type ImpDevice): by name */
  GHashTable        *known;      /* (owned) (element-type filename ImpDevice): hidden ones, too */
  ImpFleetScheduler *scheduler;  /* (owned) */
  GThreadPool       *writer;     /* (owned): one thread, so that what is done last is what stays */
};

/* What is at work in a folder’s name before it is a device, and after it was one. */
#define IMP_FLEET_NEW_PREFIX     ".new-"
#define IMP_FLEET_REMOVED_PREFIX ".removed-"

void      imp_fleet_sort_devices (GPtrArray  *devices);
void      imp_fleet_merge        (ImpFleet   *self,
                                  GPtrArray  *devices);
void      imp_fleet_take_out     (ImpFleet   *self,
                                  GPtrArray  *devices);
char     *imp_fleet_build_folder (ImpFleet   *self,
                                  const char *id);
int       imp_fleet_lock_folder  (const char *path);
void      imp_fleet_write        (ImpFleet        *self,
                                  GTask           *task,
                                  GTaskThreadFunc  func);

G_END_DECLS
