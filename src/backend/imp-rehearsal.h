/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-rehearsal-results.h"

G_BEGIN_DECLS

/* Attacks on a device, one after another. */
#define IMP_TYPE_REHEARSAL (imp_rehearsal_get_type ())
G_DECLARE_FINAL_TYPE (ImpRehearsal, imp_rehearsal, IMP, REHEARSAL, GObject)

ImpRehearsal    *imp_rehearsal_new          (ImpRehearsalResults   *results);

void             imp_rehearsal_run_async    (ImpRehearsal          *self,
                                             ImpAgentClient        *client,
                                             ImpDevice             *device,
                                             GPtrArray             *attacks,
                                             GCancellable          *cancellable,
                                             GAsyncReadyCallback    callback,
                                             gpointer               user_data);
GPtrArray       *imp_rehearsal_run_finish   (ImpRehearsal          *self,
                                             GAsyncResult          *result,
                                             GError               **error);
const ImpAttack *imp_rehearsal_get_current  (ImpRehearsal          *self);
guint            imp_rehearsal_get_done     (ImpRehearsal          *self);
guint            imp_rehearsal_get_total    (ImpRehearsal          *self);

void             imp_rehearsal_restore_async  (ImpRehearsal         *self,
                                               ImpAgentClient       *client,
                                               ImpDevice            *device,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean         imp_rehearsal_restore_finish (ImpRehearsal         *self,
                                               GAsyncResult         *result,
                                               GError              **error);

G_END_DECLS
