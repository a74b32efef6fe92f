/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-trust-path.h"

G_BEGIN_DECLS

/* What this machine has seen of ledgers and holds them to. */
#define IMP_TYPE_TRUST (imp_trust_get_type ())
G_DECLARE_FINAL_TYPE (ImpTrust, imp_trust, IMP, TRUST, GObject)

/* One thing that was checked of an update, and what came of it. */
typedef struct
{
  const char *id;
  const char *title;
  gboolean    passed;
  char       *detail;  /* (owned) */
} ImpVerdict;

void          imp_verdict_free               (ImpVerdict            *self);

/* A signed head of a log that fits everything seen before. */
typedef struct
{
  char    *origin;      /* (owned) */
  char    *key;         /* (owned) the log's verifier key, as it is pinned */
  guint64  size;
  char    *root;        /* (owned) base64 */
  gint64   time;        /* ms, of the log's own cosignature; -1: it has none */
  gboolean pinned_now;  /* this is the first time that this machine sees this log */
} ImpTrustHead;

void          imp_trust_head_free            (ImpTrustHead          *self);

ImpTrust     *imp_trust_new                  (const char            *directory);

void          imp_trust_check_head_async     (ImpTrust              *self,
                                              ImpAgentClient        *client,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
ImpTrustHead *imp_trust_check_head_finish    (ImpTrust              *self,
                                              GAsyncResult          *result,
                                              GError               **error);
void          imp_trust_verify_update_async  (ImpTrust              *self,
                                              ImpAgentClient        *client,
                                              const char            *transaction,
                                              gboolean               with_payload,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
GPtrArray    *imp_trust_verify_update_finish (ImpTrust              *self,
                                              GAsyncResult          *result,
                                              GError               **error);
void          imp_trust_get_path_async       (ImpTrust              *self,
                                              ImpAgentClient        *client,
                                              const char            *transaction,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
ImpTrustPath *imp_trust_get_path_finish      (ImpTrust              *self,
                                              GAsyncResult          *result,
                                              GError               **error);
void          imp_trust_verify_path_async    (ImpTrust              *self,
                                              ImpTrustPath          *path,
                                              const char            *log_key,
                                              const char            *author,
                                              GFile                 *payload,
                                              GFileProgressCallback  progress,
                                              gpointer               progress_data,
                                              GCancellable          *cancellable,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
GPtrArray    *imp_trust_verify_path_finish   (ImpTrust              *self,
                                              GAsyncResult          *result,
                                              GError               **error);
gboolean      imp_trust_has_key              (ImpTrust              *self,
                                              const char            *log_key);
void          imp_trust_audit_async          (ImpTrust              *self,
                                              ImpAgentClient        *client,
                                              GCancellable          *cancellable,
                                              GFileProgressCallback  progress,
                                              gpointer               progress_data,
                                              GAsyncReadyCallback    callback,
                                              gpointer               user_data);
char         *imp_trust_audit_finish         (ImpTrust              *self,
                                              GAsyncResult          *result,
                                              GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpVerdict, imp_verdict_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpTrustHead, imp_trust_head_free)

G_END_DECLS
