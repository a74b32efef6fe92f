/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-fetch.h"

G_BEGIN_DECLS

#define IMP_TYPE_FETCH_ROW (imp_fetch_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpFetchRow, imp_fetch_row, IMP, FETCH_ROW, AdwBin)

GtkWidget  *imp_fetch_row_new            (gboolean         narrow);
void        imp_fetch_row_set_fetch      (ImpFetchRow     *self,
                                          ImpFetch        *fetch);

const char *imp_fetch_outcome_get_title  (ImpFetchOutcome  outcome);

G_END_DECLS
