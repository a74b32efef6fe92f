/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-trust.h"

G_BEGIN_DECLS

/* That a line is in the ledger, computed here and drawn. */
#define IMP_TYPE_INCLUSION_GROUP (imp_inclusion_group_get_type ())
G_DECLARE_FINAL_TYPE (ImpInclusionGroup, imp_inclusion_group, IMP, INCLUSION_GROUP, AdwPreferencesGroup)

void imp_inclusion_group_load  (ImpInclusionGroup *self,
                                ImpTrust          *trust,
                                ImpAgentClient    *client,
                                ImpTransaction    *transaction);
void imp_inclusion_group_close (ImpInclusionGroup *self);

G_END_DECLS
