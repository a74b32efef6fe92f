/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_FETCHES_VIEW (imp_fetches_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpFetchesView, imp_fetches_view, IMP, FETCHES_VIEW, AdwBin)

void imp_fetches_view_set_narrow (ImpFetchesView *self,
                                  gboolean        narrow);
void imp_fetches_view_load       (ImpFetchesView *self,
                                  ImpSession     *session);
void imp_fetches_view_close      (ImpFetchesView *self);

G_END_DECLS
