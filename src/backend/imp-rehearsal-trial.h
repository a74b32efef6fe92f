/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-rehearsal-private.h"

G_BEGIN_DECLS

/* One attack on the device of a stage, from its preparation to its result. */
void             imp_trial_run_async  (ImpStage             *stage,
                                       const ImpAttack      *attack,
                                       ImpRehearsalResults  *results,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
ImpAttackResult *imp_trial_run_finish (ImpStage             *stage,
                                       GAsyncResult         *result,
                                       GError              **error);

G_END_DECLS
