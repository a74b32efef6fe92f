/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* Whether the ledger has an update whose answer never came. */
void                 imp_lookup_async  (ImpAgentClient       *client,
                                        const char           *author,
                                        const char           *class_id,
                                        const char           *version,
                                        gint64                sequence,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
gboolean             imp_lookup_finish (ImpAgentClient       *client,
                                        GAsyncResult         *result,
                                        ImpRegisteredUpdate **update,
                                        GError              **error);

G_END_DECLS
