/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-pinned-log.h"
#include "imp-progress.h"
#include "imp-trust.h"

G_BEGIN_DECLS

/* Each blocks, and belongs into a thread. */
ImpRegisteredUpdate *
           imp_trust_fetch_update  (ImpAgentSync         *agent,
                                    const char           *transaction,
                                    GCancellable         *cancellable,
                                    GError              **error);
GPtrArray *imp_trust_verify_update (ImpPinnedLog         *log,
                                    ImpAgentSync         *agent,
                                    const char           *transaction,
                                    gboolean              with_payload,
                                    GCancellable         *cancellable,
                                    GError              **error);
char      *imp_trust_audit         (ImpPinnedLog         *log,
                                    ImpAgentSync         *agent,
                                    ImpProgress          *progress,
                                    GCancellable         *cancellable,
                                    GError              **error);

G_END_DECLS
