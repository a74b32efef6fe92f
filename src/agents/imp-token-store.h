/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The registration tokens that an author agent keeps for its authors. Secrets. */
#define IMP_TYPE_TOKEN_STORE (imp_token_store_get_type ())
G_DECLARE_FINAL_TYPE (ImpTokenStore, imp_token_store, IMP, TOKEN_STORE, GObject)

ImpTokenStore *imp_token_store_open       (const char           *path,
                                           GError              **error);

const char    *imp_token_store_get        (ImpTokenStore        *self,
                                           const char           *fingerprint,
                                           gint64                now,
                                           gint64               *expires);
void           imp_token_store_put_async  (ImpTokenStore        *self,
                                           const char           *fingerprint,
                                           const char           *token,
                                           gint64                now,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
gboolean       imp_token_store_put_finish (ImpTokenStore        *self,
                                           GAsyncResult         *result,
                                           GError              **error);

G_END_DECLS
