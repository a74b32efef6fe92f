/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-ledger-db-private.h"
#include "imp-world-state.h"

G_BEGIN_DECLS

/* The world state as a transaction of the embedded ledger sees it. */
#define IMP_TYPE_LEDGER_STATE (imp_ledger_state_get_type ())
G_DECLARE_FINAL_TYPE (ImpLedgerState, imp_ledger_state, IMP, LEDGER_STATE, GObject)

ImpLedgerState *imp_ledger_state_new         (ImpLedgerDb     *db,
                                              guint64          sequence,
                                              const char      *transaction,
                                              gint64           time);
ImpLedgerState *imp_ledger_state_new_query   (ImpLedgerDb     *db,
                                              gint64           time);

JsonArray      *imp_ledger_state_get_writes  (ImpLedgerState  *self);
gboolean        imp_ledger_state_get_failure (ImpLedgerState  *self,
                                              GError         **error);

G_END_DECLS
