/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-fleet.h"

G_BEGIN_DECLS

/* Which devices of a fleet are shown, in which order: a model over it. */
#define IMP_TYPE_FLEET_FILTER (imp_fleet_filter_get_type ())
G_DECLARE_FINAL_TYPE (ImpFleetFilter, imp_fleet_filter, IMP, FLEET_FILTER, GObject)

ImpFleetFilter *imp_fleet_filter_new        (void);

GListModel     *imp_fleet_filter_get_model  (ImpFleetFilter *self);
gboolean        imp_fleet_filter_is_active  (ImpFleetFilter *self);
const char     *imp_fleet_filter_get_shown  (ImpFleetFilter *self);
const char     *imp_fleet_filter_get_sorted (ImpFleetFilter *self);

void            imp_fleet_filter_set_fleet  (ImpFleetFilter *self,
                                             ImpFleet       *fleet);
void            imp_fleet_filter_set_text   (ImpFleetFilter *self,
                                             const char     *text);
void            imp_fleet_filter_set_shown  (ImpFleetFilter *self,
                                             const char     *shown);
void            imp_fleet_filter_set_sorted (ImpFleetFilter *self,
                                             const char     *sorted);
void            imp_fleet_filter_refresh    (ImpFleetFilter *self);

G_END_DECLS
