/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-rehearsal-item.h"

G_BEGIN_DECLS

#define IMP_TYPE_REHEARSAL_DETAIL (imp_rehearsal_detail_get_type ())
G_DECLARE_FINAL_TYPE (ImpRehearsalDetail, imp_rehearsal_detail, IMP, REHEARSAL_DETAIL, AdwBin)

void imp_rehearsal_detail_set (ImpRehearsalDetail  *self,
                               ImpDevice           *device,
                               ImpRehearsalItem    *item);

G_END_DECLS
