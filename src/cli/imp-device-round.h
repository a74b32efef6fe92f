/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device.h"
#include "imp-run.h"

G_BEGIN_DECLS

/* One device's look for an update, and what came of it. */
typedef struct
{
  ImpDevice        *device;    /* (owned) */
  GArray           *checks;    /* (element-type ImpRoundCheck) (owned) */
  GPtrArray        *trace;     /* (element-type utf8) (owned) */
  ImpDeviceOutcome  outcome;
  ImpCheck          failed;    /* where it was refused */
  char             *reason;    /* (owned) (nullable) */
  double            ms;
} ImpRound;

ImpRound   *imp_round_new         (ImpDevice   *device);
void        imp_round_free        (ImpRound    *self);
gboolean    imp_round_run         (ImpRound    *self,
                                   ImpRun      *run,
                                   const char  *retrieval,
                                   GError     **error);
const char *imp_check_get_id      (ImpCheck     check);

gboolean    imp_device_rounds_run (ImpRun      *run,
                                   GPtrArray   *devices,
                                   gboolean     array,
                                   gboolean     trace,
                                   GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpRound, imp_round_free)

G_END_DECLS
