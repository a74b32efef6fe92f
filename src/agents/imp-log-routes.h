/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent.h"
#include "imp-ledger.h"

G_BEGIN_DECLS

/* `/v1/updates` and `/v1/ledger`: the ledger as it is read over HTTP. */
void imp_log_routes_add (ImpAgent  *agent,
                            ImpLedger *ledger);

G_END_DECLS
