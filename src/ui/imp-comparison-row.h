/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-difference.h"

G_BEGIN_DECLS

#define IMP_COMPARISON_NAME_WIDTH 300  /* of the column of names, side by side */

/* One difference: side by side, or stacked where there is no room for that. */
#define IMP_TYPE_COMPARISON_ROW (imp_comparison_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpComparisonRow, imp_comparison_row, IMP, COMPARISON_ROW, AdwBin)

GtkWidget *imp_comparison_row_new      (void);

void       imp_comparison_row_set      (ImpComparisonRow *self,
                                        ImpDifference    *difference,
                                        const char       *version_a,
                                        const char       *version_b);

G_END_DECLS
