/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-draft.h"

G_BEGIN_DECLS

/* What a draft has that no row is there for, and a button that takes it away. */
#define IMP_TYPE_OTHER_FIELDS_ROW (imp_other_fields_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpOtherFieldsRow, imp_other_fields_row, IMP, OTHER_FIELDS_ROW, AdwActionRow)

void imp_other_fields_row_load (ImpOtherFieldsRow *self,
                                ImpDraft          *draft);
void imp_other_fields_row_save (ImpOtherFieldsRow *self,
                                ImpDraft          *draft);

G_END_DECLS
