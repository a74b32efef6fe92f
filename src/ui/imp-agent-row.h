/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_AGENT_ROW (imp_agent_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpAgentRow, imp_agent_row, IMP, AGENT_ROW, AdwActionRow)

void imp_agent_row_ask (ImpAgentRow  *self,
                        ImpSession   *session,
                        GCancellable *cancellable);

G_END_DECLS
