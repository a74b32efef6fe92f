/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-activity-log.h"
#include "imp-agent.h"
#include "imp-ledger.h"

G_BEGIN_DECLS

void imp_statistics_routes_add (ImpAgent       *agent,
                                ImpLedger      *ledger,
                                ImpActivityLog *activity);

G_END_DECLS
