/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-draft.h"
#include "imp-publication.h"

G_BEGIN_DECLS

/* What became of one publication, as it is remembered. */
#define IMP_TYPE_SUBMISSION (imp_submission_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmission, imp_submission, IMP, SUBMISSION, GObject)

const char     *imp_submission_get_id          (ImpSubmission *self);
const char     *imp_submission_get_author      (ImpSubmission *self);
const char     *imp_submission_get_file_name   (ImpSubmission *self);
const char     *imp_submission_get_class_id    (ImpSubmission *self);
const char     *imp_submission_get_version     (ImpSubmission *self);
gint64          imp_submission_get_time        (ImpSubmission *self);
guint64         imp_submission_get_size        (ImpSubmission *self);
const char     *imp_submission_get_connection  (ImpSubmission *self);
const char     *imp_submission_get_state       (ImpSubmission *self);
const char     *imp_submission_get_detail      (ImpSubmission *self);
const char     *imp_submission_get_transaction (ImpSubmission *self);
const char     *imp_submission_get_cid         (ImpSubmission *self);
const char     *imp_submission_get_reply       (ImpSubmission *self);
const char     *imp_submission_get_digest      (ImpSubmission *self);
ImpDraft       *imp_submission_get_draft       (ImpSubmission *self);
guint           imp_submission_get_attempt     (ImpSubmission *self);
double          imp_submission_get_step_ms     (ImpSubmission *self,
                                                ImpStep        step);
ImpPublication *imp_submission_get_publication (ImpSubmission *self);
void            imp_submission_cancel          (ImpSubmission *self);

G_END_DECLS
