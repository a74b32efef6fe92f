/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "imp-agent-client.h"
#include "imp-progress.h"

G_BEGIN_DECLS

/* One agent, asked by a thread that waits for the answers. */
typedef struct _ImpAgentSync ImpAgentSync;

ImpAgentSync  *imp_agent_sync_new        (ImpAgentClient  *client,
                                          const char      *role,
                                          GError         **error);
void           imp_agent_sync_free       (ImpAgentSync    *self);

void           imp_agent_sync_explain    (ImpAgentSync    *self,
                                          GError         **error);
GInputStream  *imp_agent_sync_open       (ImpAgentSync    *self,
                                          const char      *path,
                                          goffset         *length,
                                          GCancellable    *cancellable,
                                          GError         **error);
JsonNode      *imp_agent_sync_get_json   (ImpAgentSync    *self,
                                          const char      *path,
                                          GCancellable    *cancellable,
                                          GError         **error);
char          *imp_agent_sync_get_text   (ImpAgentSync    *self,
                                          const char      *path,
                                          GCancellable    *cancellable,
                                          GError         **error);

gboolean       imp_agent_sync_download   (ImpAgentSync    *self,
                                          const char      *cid,
                                          GFile           *file,
                                          guint64          max_size,
                                          ImpProgress     *progress,
                                          GCancellable    *cancellable,
                                          GError         **error);

GBytes        *imp_read_body             (GInputStream    *stream,
                                          gsize            limit,
                                          GCancellable    *cancellable,
                                          GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpAgentSync, imp_agent_sync_free)

G_END_DECLS
