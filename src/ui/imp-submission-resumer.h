/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-session.h"

G_BEGIN_DECLS

/* Takes up what was being submitted when the program last ended. */
#define IMP_TYPE_SUBMISSION_RESUMER (imp_submission_resumer_get_type ())
G_DECLARE_FINAL_TYPE (ImpSubmissionResumer, imp_submission_resumer, IMP, SUBMISSION_RESUMER, GObject)

ImpSubmissionResumer *imp_submission_resumer_new (ImpSession *session);

G_END_DECLS
