/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_TIMINGS_VIEW (imp_timings_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpTimingsView, imp_timings_view, IMP, TIMINGS_VIEW, AdwBin)

void imp_timings_view_set_session (ImpTimingsView *self,
                                   ImpSession     *session);
void imp_timings_view_load        (ImpTimingsView *self);
void imp_timings_view_close       (ImpTimingsView *self);

G_END_DECLS
