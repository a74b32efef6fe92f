/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-fleet.h"

G_BEGIN_DECLS

/* How many devices there are, and how many stand how. */
#define IMP_TYPE_FLEET_TALLY (imp_fleet_tally_get_type ())
G_DECLARE_FINAL_TYPE (ImpFleetTally, imp_fleet_tally, IMP, FLEET_TALLY, AdwBin)

void  imp_fleet_tally_set_shown (ImpFleetTally *self,
                                 guint          n_devices,
                                 guint          n_shown);
guint imp_fleet_tally_count     (ImpFleetTally *self,
                                 ImpFleet      *fleet);

G_END_DECLS
