/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Texts that were picked, each with a button that takes it away again. */
#define IMP_TYPE_CHIPS_ROW (imp_chips_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpChipsRow, imp_chips_row, IMP, CHIPS_ROW, AdwPreferencesRow)

char *imp_chips_row_dup_text (ImpChipsRow *self);
void  imp_chips_row_set_text (ImpChipsRow *self,
                              const char  *text);
void  imp_chips_row_add      (ImpChipsRow *self,
                              const char  *chip);

G_END_DECLS
