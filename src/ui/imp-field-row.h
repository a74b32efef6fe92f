/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_FIELD_ROW (imp_field_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpFieldRow, imp_field_row, IMP, FIELD_ROW, AdwPreferencesRow)

GtkWidget  *imp_field_row_new         (const char  *title);

const char *imp_field_row_get_problem (ImpFieldRow *self);
void        imp_field_row_set_problem (ImpFieldRow *self,
                                       const char  *problem);

G_END_DECLS
