/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-agent.h"
#include "imp-device-folder.h"
#include "imp-device-state.h"

G_BEGIN_DECLS

struct _ImpDevice
{
  GObject parent_instance;

  char            *directory;
  ImpDeviceFolder *folder;        /* (owned) */
  ImpDeviceState  *known;         /* (owned): a copy, the update has its own */
  const char      *state;
  double           progress;
  gboolean         updating;
  gboolean         polling;
  char            *damage;        /* (nullable): what is wrong with the running slot */
  ImpDevicePace    pace;
  gint64           clock_ahead;   /* ms */
  gboolean         rehearsing;
};

void imp_device_set_state     (ImpDevice            *self,
                               const char           *state);
void imp_device_set_progress  (ImpDevice            *self,
                               double                progress);
void imp_device_set_known     (ImpDevice            *self,
                               ImpDeviceState       *known);
void imp_device_tell_check    (ImpDevice            *self,
                               ImpCheck              check,
                               gboolean              passed,
                               const char           *reason);
void imp_device_tell_exchange (ImpDevice            *self,
                               const char           *request,
                               const char           *answer,
                               guint64               bytes,
                               double                ms);

G_END_DECLS
