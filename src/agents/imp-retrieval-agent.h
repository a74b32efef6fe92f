/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-activity-log.h"
#include "imp-agent.h"
#include "imp-ledger.h"
#include "imp-store.h"

G_BEGIN_DECLS

#define IMP_TYPE_RETRIEVAL_AGENT (imp_retrieval_agent_get_type ())
G_DECLARE_FINAL_TYPE (ImpRetrievalAgent, imp_retrieval_agent, IMP, RETRIEVAL_AGENT, GObject)

ImpRetrievalAgent *imp_retrieval_agent_new       (ImpLedger         *ledger,
                                                  ImpStore          *store,
                                                  ImpActivityLog    *activity,
                                                  const ImpLimits   *limits);

ImpAgent          *imp_retrieval_agent_get_agent (ImpRetrievalAgent *self);

G_END_DECLS
