/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* Makes of a reply what the caller of a request gets. */
typedef gpointer (*ImpReplyFunc) (JsonNode *node, GError **error);

SoupMessage *imp_agent_client_new_message    (ImpAgentClient       *self,
                                              const char           *role,
                                              const char           *method,
                                              const char           *path,
                                              GError              **error);
void         imp_agent_explain_error         (const char           *role,
                                              const char           *url,
                                              GError              **error);

void         imp_agent_client_request_async  (ImpAgentClient       *self,
                                              const char           *role,
                                              const char           *method,
                                              const char           *path,
                                              JsonNode             *body,
                                              ImpReplyFunc          func,
                                              GDestroyNotify        destroy,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gpointer     imp_agent_client_request_finish (ImpAgentClient       *self,
                                              GAsyncResult         *result,
                                              GError              **error);
guint        imp_agent_client_get_last_status (GAsyncResult        *result);
double       imp_agent_client_get_latency    (GAsyncResult         *result);

char        *imp_page_query_make_path        (const ImpPageQuery   *query,
                                              const char           *base);

/* Replies */
ImpRegisteredUpdate *imp_registered_update_new_from_json (JsonNode    *node,
                                                          GError     **error);
ImpPage             *imp_page_new_of_updates             (JsonNode    *node,
                                                          GError     **error);
ImpPage             *imp_page_new_of_transactions        (JsonNode    *node,
                                                          GError     **error);
ImpPage             *imp_page_new_of_fetches             (JsonNode    *node,
                                                          GError     **error);
gboolean             imp_author_status_read              (ImpAuthorStatus *status,
                                                          JsonNode    *node,
                                                          GError     **error);
GArray              *imp_hashes_from_json                (JsonArray   *array,
                                                          GError     **error);

G_END_DECLS
