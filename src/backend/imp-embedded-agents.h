/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* imprimaturd --embedded as a child of this process, or the one that serves the folder already. */
#define IMP_TYPE_EMBEDDED_AGENTS (imp_embedded_agents_get_type ())
G_DECLARE_FINAL_TYPE (ImpEmbeddedAgents, imp_embedded_agents, IMP, EMBEDDED_AGENTS, GObject)

ImpEmbeddedAgents *imp_embedded_agents_new          (const char           *data_dir);

void               imp_embedded_agents_start_async  (ImpEmbeddedAgents    *self,
                                                     GCancellable         *cancellable,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
gboolean           imp_embedded_agents_start_finish (ImpEmbeddedAgents    *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
void               imp_embedded_agents_stop         (ImpEmbeddedAgents    *self);

const char        *imp_embedded_agents_get_url      (ImpEmbeddedAgents    *self,
                                                     const char           *role);

G_END_DECLS
