/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Progress from a thread to the main context that waits for it. */
typedef struct _ImpProgress ImpProgress;

ImpProgress *imp_progress_new     (GFileProgressCallback  func,
                                   gpointer               user_data);
void         imp_progress_report  (ImpProgress           *self,
                                   guint64                done,
                                   guint64                total);
void         imp_progress_end     (ImpProgress           *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpProgress, imp_progress_end)

G_END_DECLS
