/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

SoupSession *imp_http_session_new      (void);
void         imp_http_send_json_async  (SoupSession          *session,
                                        SoupMessage          *message,
                                        GCancellable         *cancellable,
                                        GAsyncReadyCallback   callback,
                                        gpointer              user_data);
JsonNode    *imp_http_send_json_finish (SoupSession          *session,
                                        GAsyncResult         *result,
                                        GError              **error);

SoupMessage *imp_http_message_new      (const char           *method,
                                        const char           *base,
                                        const char           *path,
                                        GError              **error);
void         imp_http_set_json         (SoupMessage          *message,
                                        JsonNode             *body);

G_END_DECLS
