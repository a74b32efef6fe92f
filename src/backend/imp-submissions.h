/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-submission.h"

G_BEGIN_DECLS

/* All submissions of this user, newest first: a GListModel of ImpSubmission. */
#define IMP_TYPE_SUBMISSIONS (imp_submissions_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmissions, imp_submissions, IMP, SUBMISSIONS, GObject)

ImpSubmissions *imp_submissions_new           (const char           *directory);
void            imp_submissions_load          (ImpSubmissions       *self);
gboolean        imp_submissions_get_loaded    (ImpSubmissions       *self);
const GError   *imp_submissions_get_error     (ImpSubmissions       *self);
ImpSubmission  *imp_submissions_find          (ImpSubmissions       *self,
                                               const char           *id);

ImpSubmission  *imp_submissions_start         (ImpSubmissions       *self,
                                               ImpPublication       *publication,
                                               ImpDraft             *draft,
                                               ImpSubmission        *earlier,
                                               GCancellable         *cancellable);
void            imp_submissions_reconcile     (ImpSubmissions       *self,
                                               ImpAgentClient       *client);
guint           imp_submissions_get_in_flight (ImpSubmissions       *self);

G_END_DECLS
