/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-status-chip.h"
#include "imp-submissions.h"

G_BEGIN_DECLS

void     imp_submission_state_show    (ImpStatusChip *chip,
                                       ImpSubmission *submission);
gboolean imp_submission_state_running (ImpSubmission *submission);

G_END_DECLS
