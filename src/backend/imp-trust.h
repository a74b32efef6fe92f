/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"

G_BEGIN_DECLS

/* What this machine has seen of a ledger and holds it to: the pinned log key and the newest checkpoint, in @directory, a file a log. Everything is recomputed here. */
#define IMP_TYPE_TRUST (imp_trust_get_type ())
G_DECLARE_FINAL_TYPE (ImpTrust, imp_trust, IMP, TRUST, GObject)

/* The verdicts of one update, each with its reason. */
typedef struct
{
  const char *id;      /* "manifest-digest", "manifest-signature", "payload-signature", "checkpoint", "inclusion", "consistency", "payload" */
  const char *title;   /* translatable */
  gboolean    passed;
  char       *detail;
} ImpVerdict;

void       imp_verdict_free                (ImpVerdict *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpVerdict, imp_verdict_free)

/* A signed head of the log that fits everything seen before. */
typedef struct
{
  char    *origin;
  char    *key;         /* the log's verifier key, as it is pinned */
  guint64  size;
  char    *root;        /* base64 */
  gint64   time;        /* ms, of the log's own cosignature; -1: it has none */
  gboolean pinned_now;  /* this is the first time that this machine sees this log */
} ImpTrustHead;

void          imp_trust_head_free          (ImpTrustHead          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpTrustHead, imp_trust_head_free)

/* @directory: (nullable): $XDG_DATA_HOME/imprimatur/trust */
ImpTrust  *imp_trust_new                   (const char            *directory);

/* Fetches the log's newest head and holds it to what was seen: key, signature, age, consistency. IMP_ERROR_REFUSED says which does not fit. */
void          imp_trust_check_head_async   (ImpTrust              *self,
                                            ImpAgentClient        *client,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
ImpTrustHead *imp_trust_check_head_finish  (ImpTrust              *self,
                                            GAsyncResult          *result,
                                            GError               **error);

/* GPtrArray of ImpVerdict, all of them, passed or not; an error only when the agent cannot be asked. */
void       imp_trust_verify_update_async   (ImpTrust              *self,
                                            ImpAgentClient        *client,
                                            const char            *transaction,
                                            gboolean               with_payload,
                                            GCancellable          *cancellable,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
GPtrArray *imp_trust_verify_update_finish  (ImpTrust              *self,
                                            GAsyncResult          *result,
                                            GError               **error);
/* The whole log from its first leaf against the pinned key and the last checkpoint seen. Gives one sentence of what was proven; the error names the leaf where it breaks.
 * progress: leaves done, all.
 */
void       imp_trust_audit_async           (ImpTrust              *self,
                                            ImpAgentClient        *client,
                                            GCancellable          *cancellable,
                                            GFileProgressCallback  progress,
                                            gpointer               progress_data,
                                            GAsyncReadyCallback    callback,
                                            gpointer               user_data);
char      *imp_trust_audit_finish          (ImpTrust              *self,
                                            GAsyncResult          *result,
                                            GError               **error);

G_END_DECLS
