/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

/* What was published and fetched, and what devices run, as charts that follow the events. */
#define IMP_TYPE_FIGURES_VIEW (imp_figures_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpFiguresView, imp_figures_view, IMP, FIGURES_VIEW, AdwBin)

void imp_figures_view_load  (ImpFiguresView *self,
                             ImpSession     *session);
void imp_figures_view_close (ImpFiguresView *self);

G_END_DECLS
