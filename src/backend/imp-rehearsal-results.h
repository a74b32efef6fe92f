/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-attack-result.h"

G_BEGIN_DECLS

/* What was rehearsed, newest first, across restarts: a GListModel of ImpAttackResult. */
#define IMP_TYPE_REHEARSAL_RESULTS (imp_rehearsal_results_get_type ())
G_DECLARE_FINAL_TYPE (ImpRehearsalResults, imp_rehearsal_results, IMP, REHEARSAL_RESULTS, GObject)

ImpRehearsalResults *imp_rehearsal_results_new        (const char           *directory);

void                 imp_rehearsal_results_load_async  (ImpRehearsalResults  *self,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
gboolean             imp_rehearsal_results_load_finish (ImpRehearsalResults  *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);
void                 imp_rehearsal_results_add        (ImpRehearsalResults  *self,
                                                       ImpAttackResult      *result);
void                 imp_rehearsal_results_clear      (ImpRehearsalResults  *self);
ImpAttackResult     *imp_rehearsal_results_find       (ImpRehearsalResults  *self,
                                                       const char           *device,
                                                       const ImpAttack      *attack);
GPtrArray           *imp_rehearsal_results_dup_all    (ImpRehearsalResults  *self);

/* Heads of the ledger that were seen, to be turned back to one day. */
void                 imp_rehearsal_results_see_head   (ImpRehearsalResults  *self,
                                                       const char           *head);
char                *imp_rehearsal_results_dup_older_head (ImpRehearsalResults *self,
                                                       const char           *head);

G_END_DECLS
