/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-rehearsal.h"
#include "imp-status-chip.h"

G_BEGIN_DECLS

/* An attack, and how it ended on one device the last time. */
#define IMP_TYPE_REHEARSAL_ITEM (imp_rehearsal_item_get_type ())
G_DECLARE_FINAL_TYPE (ImpRehearsalItem, imp_rehearsal_item, IMP, REHEARSAL_ITEM, GObject)

GListModel       *imp_rehearsal_item_new_list   (void);

const ImpAttack  *imp_rehearsal_item_get_attack (ImpRehearsalItem  *self);
ImpAttackResult  *imp_rehearsal_item_get_result (ImpRehearsalItem  *self);
gboolean          imp_rehearsal_item_is_running (ImpRehearsalItem  *self);
void              imp_rehearsal_item_set        (ImpRehearsalItem  *self,
                                                 ImpAttackResult   *result,
                                                 gboolean           running);

void              imp_attack_show_verdict       (ImpAttackResult   *result,
                                                 gboolean           running,
                                                 ImpStatusChip     *chip);

G_END_DECLS
