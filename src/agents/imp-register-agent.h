/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent.h"
#include "imp-local-registrar.h"

G_BEGIN_DECLS

#define IMP_TYPE_REGISTER_AGENT (imp_register_agent_get_type ())
G_DECLARE_FINAL_TYPE (ImpRegisterAgent, imp_register_agent, IMP, REGISTER_AGENT, GObject)

ImpRegisterAgent *imp_register_agent_new       (ImpLocalRegistrar *registrar,
                                                const ImpLimits   *limits);

ImpAgent         *imp_register_agent_get_agent (ImpRegisterAgent  *self);

G_END_DECLS
