/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-submission.h"

G_BEGIN_DECLS

ImpSubmission *imp_submission_new              (ImpPublication   *publication,
                                                const char       *directory,
                                                GCancellable     *cancellable);
ImpSubmission *imp_submission_new_from_file    (const char       *directory,
                                                const char       *id,
                                                GError          **error);

gboolean       imp_submission_save             (ImpSubmission    *self,
                                                GError          **error);
void           imp_submission_end              (ImpSubmission    *self,
                                                const GError     *error);
void           imp_submission_settle           (ImpSubmission       *self,
                                                ImpRegisteredUpdate *update);
gboolean       imp_submission_is_forsaken      (ImpSubmission    *self,
                                                ImpConnection    *connection);

GCancellable  *imp_submission_get_cancellable  (ImpSubmission    *self);
gint64         imp_submission_get_manifest_sequence (ImpSubmission *self);

G_END_DECLS
