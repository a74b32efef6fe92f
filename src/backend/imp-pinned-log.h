/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-sync.h"
#include "imp-checkpoint.h"

G_BEGIN_DECLS

/* A log as this machine knows it: its key, and the newest head that was seen of it. */
typedef struct
{
  char          *directory;   /* (owned) */
  char          *identity;    /* (owned) of the connection through which it is seen */
  char          *key;         /* (owned) verifier key */
  char          *origin;      /* (owned) */
  ImpCheckpoint *seen;        /* (owned) (nullable) verified when it was seen */
  gint64         seen_time;   /* ms, -1: it has none */
  gboolean       pinned_now;  /* nothing was known of it before */
} ImpPinnedLog;

ImpPinnedLog  *imp_pinned_log_open        (const char         *directory,
                                           const char         *identity,
                                           ImpAgentSync       *agent,
                                           GCancellable       *cancellable,
                                           GError            **error);
void           imp_pinned_log_free        (ImpPinnedLog       *self);

gboolean       imp_pinned_log_is_known    (const char         *directory,
                                           const char         *key);
gboolean       imp_pinned_log_check       (ImpPinnedLog       *self,
                                           ImpCheckpoint      *head,
                                           gint64             *time,
                                           GError            **error);
gboolean       imp_pinned_log_check_age   (gint64              time,
                                           GError            **error);
gboolean       imp_pinned_log_hold        (ImpPinnedLog       *self,
                                           ImpAgentSync       *agent,
                                           ImpCheckpoint      *head,
                                           gint64              time,
                                           GCancellable       *cancellable,
                                           GError            **error);

gboolean       imp_fetch_consistency      (ImpAgentSync       *agent,
                                           guint64             from,
                                           const ImpHash      *from_root,
                                           guint64             to,
                                           const ImpHash      *to_root,
                                           GCancellable       *cancellable,
                                           GError            **error);
ImpCheckpoint *imp_fetch_checkpoint       (ImpAgentSync       *agent,
                                           GCancellable       *cancellable,
                                           GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPinnedLog, imp_pinned_log_free)

G_END_DECLS
