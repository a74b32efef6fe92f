/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-ledger.h"
#include "imp-store.h"

G_BEGIN_DECLS

/* Adds `ledger` and `store` to a status (the JsonObject that is the task's data) and ends @task. */
void imp_engine_status_collect (GTask     *task,
                                ImpLedger *ledger,
                                ImpStore  *store);

G_END_DECLS
