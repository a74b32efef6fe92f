/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-submissions.h"

G_BEGIN_DECLS

#define IMP_TYPE_SUBMISSION_VIEW (imp_submission_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmissionView, imp_submission_view, IMP, SUBMISSION_VIEW, AdwBin)

ImpSubmission *imp_submission_view_get_submission (ImpSubmissionView *self);
void           imp_submission_view_set_submission (ImpSubmissionView *self,
                                                   ImpSubmission     *submission);

G_END_DECLS
