/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-fleet.h"

G_BEGIN_DECLS

/* The devices of a fleet, to be found, sorted and selected. */
#define IMP_TYPE_FLEET_VIEW (imp_fleet_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpFleetView, imp_fleet_view, IMP, FLEET_VIEW, AdwBin)

void       imp_fleet_view_set_fleet     (ImpFleetView *self,
                                         ImpFleet     *fleet);
void       imp_fleet_view_search        (ImpFleetView *self,
                                         const char   *text);
void       imp_fleet_view_select        (ImpFleetView *self,
                                         const char   *id);
guint      imp_fleet_view_get_selection (ImpFleetView *self,
                                         ImpDevice   **device);
GPtrArray *imp_fleet_view_list_selected (ImpFleetView *self);

G_END_DECLS
