/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* How much was registered and fetched in an hour that begins at @time. */
typedef struct
{
  gint64  time;  /* ms */
  guint64 updates;
} ImpUpdatesHour;

typedef struct
{
  gint64  time;  /* ms */
  guint64 complete;
  guint64 cut;
  guint64 failed;
  guint64 bytes;
} ImpFetchesHour;

/* How many devices run a version, as they said themselves. */
typedef struct
{
  char     *class_id;  /* (owned) */
  char     *version;   /* (owned) empty: they never said */
  guint64   devices;
  gboolean  newest;
} ImpRunningVersion;

/* What the agents counted (docs/api.md, GET /v1/statistics). */
typedef struct
{
  GArray *updates;  /* (owned) of ImpUpdatesHour; hours without any are not in it */
  GArray *fetches;  /* (owned) of ImpFetchesHour; likewise */
  GArray *devices;  /* (owned) of ImpRunningVersion */
} ImpAgentStatistics;

ImpAgentStatistics *imp_agent_statistics_new_from_json (JsonNode            *node,
                                                        GError             **error);
void                imp_agent_statistics_free          (ImpAgentStatistics  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpAgentStatistics, imp_agent_statistics_free)

void                imp_agent_client_get_statistics_async  (ImpAgentClient      *self,
                                                            gint64               since,
                                                            GCancellable        *cancellable,
                                                            GAsyncReadyCallback  callback,
                                                            gpointer             user_data);
ImpAgentStatistics *imp_agent_client_get_statistics_finish (ImpAgentClient      *self,
                                                            GAsyncResult        *result,
                                                            GError             **error);

G_END_DECLS
