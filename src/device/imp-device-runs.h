/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The steps of a retrieval, in the order in which a device takes them first. */
typedef enum
{
  IMP_DEVICE_STEP_ASK,
  IMP_DEVICE_STEP_VERIFY,
  IMP_DEVICE_STEP_FETCH,
  IMP_DEVICE_STEP_INSTALL,
} ImpDeviceStep;
#define IMP_N_DEVICE_STEPS 4

/* One update that a device installed, and how long it took. */
typedef struct
{
  gint64   time;                       /* ms, when it ended */
  char    *class_id;                   /* (owned) */
  char    *version;                    /* (owned) */
  guint64  size;                       /* of the payload */
  double   steps[IMP_N_DEVICE_STEPS];  /* ms */
} ImpDeviceRun;

void        imp_device_run_append  (const ImpDeviceRun *self,
                                    const char         *directory);
GArray     *imp_device_runs_read   (const char         *directory);

G_END_DECLS
