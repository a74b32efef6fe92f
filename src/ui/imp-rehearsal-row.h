/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-rehearsal-item.h"

G_BEGIN_DECLS

#define IMP_TYPE_REHEARSAL_ROW (imp_rehearsal_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpRehearsalRow, imp_rehearsal_row, IMP, REHEARSAL_ROW, AdwBin)

GtkListItemFactory *imp_rehearsal_row_factory_new (void);

G_END_DECLS
