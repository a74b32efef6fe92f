/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-sender.h"
#include "imp-step.h"

G_BEGIN_DECLS

/* How far each step is, and how long it took. */
typedef struct
{
  ImpStepState states[IMP_N_STEPS];
  double       times[IMP_N_STEPS];  /* ms, or -1 */
} ImpStepTrack;

void     imp_step_track_init            (ImpStepTrack            *self);

void     imp_step_track_follow_sender   (ImpStepTrack            *self,
                                         const ImpSenderProgress *progress);
gboolean imp_step_track_follow_event    (ImpStepTrack            *self,
                                         JsonObject              *event);
void     imp_step_track_take_times      (ImpStepTrack            *self,
                                         JsonObject              *receipt);

void     imp_step_track_end             (ImpStepTrack            *self);
void     imp_step_track_fail            (ImpStepTrack            *self,
                                         ImpStep                  failed);

G_END_DECLS
