/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Differences of one kind, to be searched. */
#define IMP_TYPE_COMPARISON_LIST (imp_comparison_list_get_type ())
G_DECLARE_FINAL_TYPE (ImpComparisonList, imp_comparison_list, IMP, COMPARISON_LIST, AdwBin)

void  imp_comparison_list_set_differences (ImpComparisonList *self,
                                           GListModel        *differences,
                                           const char        *version_a,
                                           const char        *version_b);
void  imp_comparison_list_search          (ImpComparisonList *self,
                                           const char        *text,
                                           gboolean           only_changes);
guint imp_comparison_list_count_changes   (ImpComparisonList *self);

G_END_DECLS
