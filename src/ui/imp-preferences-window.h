/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_PREFERENCES_WINDOW (imp_preferences_window_get_type ())
G_DECLARE_FINAL_TYPE (ImpPreferencesWindow, imp_preferences_window, IMP, PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

GtkWidget *imp_preferences_window_new (GtkWindow  *parent,
                                       ImpSession *session);

G_END_DECLS
