/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_REHEARSAL_VIEW (imp_rehearsal_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpRehearsalView, imp_rehearsal_view, IMP, REHEARSAL_VIEW, AdwBin)

void imp_rehearsal_view_set_session (ImpRehearsalView  *self,
                                     ImpSession        *session);
void imp_rehearsal_view_close       (ImpRehearsalView  *self);

G_END_DECLS
