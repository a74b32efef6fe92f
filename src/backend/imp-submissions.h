/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-publication.h"

G_BEGIN_DECLS

/* What became of one publication, as it is remembered. properties (notify): state, detail. */
#define IMP_TYPE_SUBMISSION (imp_submission_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmission, imp_submission, IMP, SUBMISSION, GObject)

const char     *imp_submission_get_id          (ImpSubmission *self);   /* the publication's */
const char     *imp_submission_get_author      (ImpSubmission *self);   /* fingerprint */
const char     *imp_submission_get_file_name   (ImpSubmission *self);
const char     *imp_submission_get_class_id    (ImpSubmission *self);
const char     *imp_submission_get_version     (ImpSubmission *self);
gint64          imp_submission_get_time        (ImpSubmission *self);   /* ms, when it began */
guint64         imp_submission_get_size        (ImpSubmission *self);
const char     *imp_submission_get_connection  (ImpSubmission *self);
/* "running", "recorded", "failed", "cancelled", "interrupted" (the program ended in the middle, and the ledger does not have it) */
const char     *imp_submission_get_state       (ImpSubmission *self);
const char     *imp_submission_get_detail      (ImpSubmission *self);   /* (nullable): the error */
const char     *imp_submission_get_transaction (ImpSubmission *self);
const char     *imp_submission_get_cid         (ImpSubmission *self);
const char     *imp_submission_get_reply       (ImpSubmission *self);
double          imp_submission_get_step_ms     (ImpSubmission *self,
                                                ImpStep        step);
ImpPublication *imp_submission_get_publication (ImpSubmission *self);   /* (nullable): while it runs */
void            imp_submission_cancel          (ImpSubmission *self);

/* All of them, newest first: a GListModel of ImpSubmission, kept in @directory (a file each, replaced by rename). One that was running when the program ended is looked up on the ledger
 * when a client is there: recorded or interrupted. property in-flight: how many run.
 */
#define IMP_TYPE_SUBMISSIONS (imp_submissions_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmissions, imp_submissions, IMP, SUBMISSIONS, GObject)

/* @directory: (nullable): $XDG_DATA_HOME/imprimatur/submissions */
ImpSubmissions *imp_submissions_new           (const char           *directory);
/* Starts @publication and remembers what becomes of it; goes on whoever forgets it. */
ImpSubmission  *imp_submissions_start         (ImpSubmissions       *self,
                                               ImpPublication       *publication,
                                               GCancellable         *cancellable);
void            imp_submissions_reconcile     (ImpSubmissions       *self,
                                               ImpAgentClient       *client);
guint           imp_submissions_get_in_flight (ImpSubmissions       *self);

G_END_DECLS
