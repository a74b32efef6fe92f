/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-session.h"

G_BEGIN_DECLS

/* The same submission again, from its record. */
void           imp_submission_retry_async  (ImpSession           *session,
                                            ImpSubmission        *submission,
                                            GCancellable         *cancellable,
                                            GAsyncReadyCallback   callback,
                                            gpointer              user_data);
ImpSubmission *imp_submission_retry_finish (ImpSession           *session,
                                            GAsyncResult         *result,
                                            GError              **error);

G_END_DECLS
