/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

/* The trust path of one update, recomputed step by step. */
#define IMP_TYPE_TRUST_PATH_WINDOW (imp_trust_path_window_get_type ())
G_DECLARE_FINAL_TYPE (ImpTrustPathWindow, imp_trust_path_window, IMP, TRUST_PATH_WINDOW, AdwWindow)

GtkWidget *imp_trust_path_window_new              (GtkWindow          *parent,
                                                   ImpSession         *session);

void       imp_trust_path_window_show_transaction (ImpTrustPathWindow *self,
                                                   const char         *transaction);
void       imp_trust_path_window_show_file        (ImpTrustPathWindow *self,
                                                   GFile              *file);

G_END_DECLS
