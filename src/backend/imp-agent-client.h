/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-connection.h"
#include "imp-key.h"
#include "imp-transaction.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* The agents’ API (docs/api.md) as asynchronous calls. */
#define IMP_TYPE_AGENT_CLIENT (imp_agent_client_get_type ())
G_DECLARE_FINAL_TYPE (ImpAgentClient, imp_agent_client, IMP, AGENT_CLIENT, GObject)

typedef struct
{
  gboolean registered;
  gint64   since;          /* ms, or -1 */
  gint64   token_expires;  /* ms, or -1: the agent holds no token */
} ImpAuthorStatus;

/* An update as the ledger has it, with what proves it. */
typedef struct
{
  ImpTransaction *transaction;  /* (owned) with its leaf */
  ImpUpdate      *update;       /* (owned) */
  ImpKey         *author;       /* (owned) */
  char           *cid;          /* (owned) */
  guint64         leaf;
  guint64         size;         /* of the tree that the path is for */
  GArray         *path;         /* (owned) of ImpHash */
  char           *checkpoint;   /* (owned) a signed note, not verified yet */
} ImpRegisteredUpdate;

void            imp_registered_update_free           (ImpRegisteredUpdate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpRegisteredUpdate, imp_registered_update_free)

/* A page; next is the “before” of the next one, or its “from” where the oldest come first; 0 at the end. */
typedef struct
{
  GPtrArray *items;  /* (owned) of ImpTransaction; of ImpFetch for fetches */
  guint64    next;
} ImpPage;

void            imp_page_free                        (ImpPage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPage, imp_page_free)

/* What a page is of; NULL and 0 mean any. */
typedef struct
{
  guint64     before;
  guint64     from;
  guint       limit;
  gboolean    oldest_first;
  gint64      since;   /* ms */
  gint64      until;   /* ms */
  const char *contract;
  const char *function;
  const char *author;
  const char *class_id;
  const char *version;
  const char *cid;
  const char *text;
} ImpPageQuery;

ImpAgentClient *imp_agent_client_new                 (ImpConnection        *connection);
ImpConnection  *imp_agent_client_get_connection      (ImpAgentClient       *self);
void            imp_agent_client_follow              (ImpAgentClient       *self);

void            imp_agent_client_get_status_async    (ImpAgentClient       *self,
                                                      const char           *role,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
JsonObject     *imp_agent_client_get_status_finish   (ImpAgentClient       *self,
                                                      GAsyncResult         *result,
                                                      double               *latency,
                                                      GError              **error);

void            imp_agent_client_get_author_async    (ImpAgentClient       *self,
                                                      const char           *fingerprint,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
gboolean        imp_agent_client_get_author_finish   (ImpAgentClient       *self,
                                                      GAsyncResult         *result,
                                                      ImpAuthorStatus      *status,
                                                      GError              **error);
void            imp_agent_client_register_author_async  (ImpAgentClient       *self,
                                                         ImpKey               *key,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
gboolean        imp_agent_client_register_author_finish (ImpAgentClient       *self,
                                                         GAsyncResult         *result,
                                                         ImpAuthorStatus      *status,
                                                         GError              **error);

void            imp_agent_client_list_updates_async  (ImpAgentClient       *self,
                                                      const ImpPageQuery   *query,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
ImpPage        *imp_agent_client_list_updates_finish (ImpAgentClient       *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void            imp_agent_client_list_transactions_async  (ImpAgentClient       *self,
                                                           const ImpPageQuery   *query,
                                                           GCancellable         *cancellable,
                                                           GAsyncReadyCallback   callback,
                                                           gpointer              user_data);
ImpPage        *imp_agent_client_list_transactions_finish (ImpAgentClient       *self,
                                                           GAsyncResult         *result,
                                                           GError              **error);
void            imp_agent_client_list_fetches_async  (ImpAgentClient       *self,
                                                      guint64               before,
                                                      guint                 limit,
                                                      const char           *device,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
ImpPage        *imp_agent_client_list_fetches_finish (ImpAgentClient       *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

void            imp_agent_client_get_transaction_async  (ImpAgentClient       *self,
                                                         const char           *id,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
ImpTransaction *imp_agent_client_get_transaction_finish (ImpAgentClient       *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);
void            imp_agent_client_get_update_async    (ImpAgentClient       *self,
                                                      const char           *transaction,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
ImpRegisteredUpdate *imp_agent_client_get_update_finish (ImpAgentClient    *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void            imp_agent_client_download_async      (ImpAgentClient        *self,
                                                      const char            *cid,
                                                      GFile                 *file,
                                                      GCancellable          *cancellable,
                                                      GFileProgressCallback  progress,
                                                      gpointer               progress_data,
                                                      GAsyncReadyCallback    callback,
                                                      gpointer               user_data);
gboolean        imp_agent_client_download_finish     (ImpAgentClient        *self,
                                                      GAsyncResult          *result,
                                                      GError               **error);

void            imp_agent_client_get_json_async      (ImpAgentClient        *self,
                                                      const char            *role,
                                                      const char            *path,
                                                      GCancellable          *cancellable,
                                                      GAsyncReadyCallback    callback,
                                                      gpointer               user_data);
JsonNode       *imp_agent_client_get_json_finish     (ImpAgentClient        *self,
                                                      GAsyncResult          *result,
                                                      GError               **error);

G_END_DECLS
