/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

/* Two versions of a class side by side. */
#define IMP_TYPE_COMPARISON_WINDOW (imp_comparison_window_get_type ())
G_DECLARE_FINAL_TYPE (ImpComparisonWindow, imp_comparison_window, IMP, COMPARISON_WINDOW, AdwWindow)

GtkWidget *imp_comparison_window_new (GtkWindow  *parent,
                                      ImpSession *session,
                                      const char *a,
                                      const char *b);

G_END_DECLS
