/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-keyring.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_AUTHOR_UNKNOWN,         /* not asked yet, or nobody answers */
  IMP_AUTHOR_NOT_REGISTERED,
  IMP_AUTHOR_REGISTERED,
  IMP_AUTHOR_EXPIRED,         /* on the ledger, but the agent holds no token that is still good */
} ImpAuthorState;

/* A signing key and how it stands with the connection. */
#define IMP_TYPE_AUTHOR (imp_author_get_type ())
G_DECLARE_FINAL_TYPE (ImpAuthor, imp_author, IMP, AUTHOR, GObject)

ImpAuthor      *imp_author_new             (ImpKeyringItem       *item);

ImpKeyringItem *imp_author_get_item        (ImpAuthor            *self);
const char     *imp_author_get_label       (ImpAuthor            *self);
const char     *imp_author_get_fingerprint (ImpAuthor            *self);
ImpAuthorState  imp_author_get_state       (ImpAuthor            *self);
gint64          imp_author_get_since       (ImpAuthor            *self);
char           *imp_author_describe        (ImpAuthor            *self);

void            imp_author_refresh         (ImpAuthor            *self,
                                            ImpAgentClient       *client);
void            imp_author_refresh_published  (ImpAuthor            *self,
                                               ImpAgentClient       *client);
GListModel     *imp_author_get_published      (ImpAuthor            *self);
gboolean        imp_author_get_published_more (ImpAuthor            *self);
gboolean        imp_author_is_published_known (ImpAuthor            *self);
void            imp_author_register_async  (ImpAuthor            *self,
                                            ImpKeyring           *keyring,
                                            ImpAgentClient       *client,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
gboolean        imp_author_register_finish (ImpAuthor            *self,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
