/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-sync.h"

G_BEGIN_DECLS

#define IMP_PAYLOAD_CACHE_MAX_SIZE (G_GUINT64_CONSTANT (512) * 1024 * 1024)  /* bytes, all payloads together */

/* Payloads that were fetched, in files that are named after their CIDs. What is not asynchronous blocks, and
 * belongs into a thread.
 */
char  *imp_payload_cache_dup_directory (void);

GFile *imp_payload_cache_fetch         (const char    *directory,
                                        guint64        max_size,
                                        ImpAgentSync  *agent,
                                        ImpManifest   *manifest,
                                        const char    *cid,
                                        ImpProgress   *progress,
                                        GCancellable  *cancellable,
                                        GError       **error);

void   imp_payload_cache_fetch_async   (ImpAgentClient         *client,
                                        ImpManifest            *manifest,
                                        const char             *cid,
                                        GFileProgressCallback   progress,
                                        gpointer                progress_data,
                                        GCancellable           *cancellable,
                                        GAsyncReadyCallback     callback,
                                        gpointer                user_data);
GFile *imp_payload_cache_fetch_finish  (GAsyncResult           *result,
                                        GError                **error);

G_END_DECLS
