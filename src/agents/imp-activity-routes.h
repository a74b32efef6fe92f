/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-activity-log.h"
#include "imp-agent.h"

G_BEGIN_DECLS

/* `/v1/fetches` and `/v1/devices/{id}/reports`: what devices did, as they and we tell it. */
void imp_activity_routes_add (ImpAgent       *agent,
                              ImpActivityLog *activity);

G_END_DECLS
