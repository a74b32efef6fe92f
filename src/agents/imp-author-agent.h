/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent.h"
#include "imp-registrar.h"
#include "imp-token-store.h"

G_BEGIN_DECLS

#define IMP_TYPE_AUTHOR_AGENT (imp_author_agent_get_type ())
G_DECLARE_FINAL_TYPE (ImpAuthorAgent, imp_author_agent, IMP, AUTHOR_AGENT, GObject)

ImpAuthorAgent *imp_author_agent_new       (ImpRegistrar    *registrar,
                                            ImpTokenStore   *tokens,
                                            const ImpLimits *limits);

ImpAgent       *imp_author_agent_get_agent (ImpAuthorAgent  *self);

G_END_DECLS
