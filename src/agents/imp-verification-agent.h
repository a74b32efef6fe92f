/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent.h"

G_BEGIN_DECLS

#define IMP_TYPE_VERIFICATION_AGENT (imp_verification_agent_get_type ())
G_DECLARE_FINAL_TYPE (ImpVerificationAgent, imp_verification_agent, IMP, VERIFICATION_AGENT, GObject)

ImpVerificationAgent *imp_verification_agent_new       (const ImpLimits      *limits);

ImpAgent             *imp_verification_agent_get_agent (ImpVerificationAgent *self);

G_END_DECLS
