/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-submissions.h"

G_BEGIN_DECLS

#define IMP_TYPE_SUBMISSION_ROW (imp_submission_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmissionRow, imp_submission_row, IMP, SUBMISSION_ROW, AdwActionRow)

GtkWidget     *imp_submission_row_new            (ImpSubmission    *submission);

ImpSubmission *imp_submission_row_get_submission (ImpSubmissionRow *self);

G_END_DECLS
