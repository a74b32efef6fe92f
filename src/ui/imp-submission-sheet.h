/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-submissions.h"

G_BEGIN_DECLS

#define IMP_TYPE_SUBMISSION_SHEET (imp_submission_sheet_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmissionSheet, imp_submission_sheet, IMP, SUBMISSION_SHEET, AdwWindow)

GtkWidget *imp_submission_sheet_new (GtkWindow     *parent,
                                     ImpSubmission *submission);

G_END_DECLS
