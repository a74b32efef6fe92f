/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-rehearsal-results.h"

G_BEGIN_DECLS

/* The grid of what was tried and how it ended. */
#define IMP_TYPE_REHEARSAL_WINDOW (imp_rehearsal_window_get_type ())
G_DECLARE_FINAL_TYPE (ImpRehearsalWindow, imp_rehearsal_window, IMP, REHEARSAL_WINDOW, AdwWindow)

GtkWidget *imp_rehearsal_window_new (GtkWindow            *parent,
                                     ImpRehearsalResults  *results);

G_END_DECLS
