/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Asks agents at once whether they work. */
void      imp_health_ask_async  (SoupSession          *session,
                                 const char *const    *roles,
                                 const char *const    *urls,
                                 GCancellable         *cancellable,
                                 GAsyncReadyCallback   callback,
                                 gpointer              user_data);
gboolean  imp_health_ask_finish (SoupSession          *session,
                                 GAsyncResult         *result,
                                 guint                *n_asked,
                                 guint                *n_failed,
                                 char                **detail,
                                 GError              **error);

G_END_DECLS
