/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_TIMELINE (imp_timeline_get_type ())
G_DECLARE_FINAL_TYPE (ImpTimeline, imp_timeline, IMP, TIMELINE, AdwBin)

typedef enum
{
  IMP_TIMELINE_WAITING,
  IMP_TIMELINE_RUNNING,
  IMP_TIMELINE_DONE,
  IMP_TIMELINE_FAILED,
  IMP_TIMELINE_SKIPPED,
} ImpTimelineState;

GtkWidget        *imp_timeline_new         (void);

guint             imp_timeline_get_n_steps (ImpTimeline      *self);
ImpTimelineState  imp_timeline_get_state   (ImpTimeline      *self,
                                            guint             step);

guint             imp_timeline_add         (ImpTimeline      *self,
                                            const char       *title);
void              imp_timeline_set         (ImpTimeline      *self,
                                            guint             step,
                                            ImpTimelineState  state,
                                            double            ms,
                                            const char       *detail);
void              imp_timeline_clear       (ImpTimeline      *self);

G_END_DECLS
