/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-application.h"

G_BEGIN_DECLS

#define IMP_TYPE_WINDOW (imp_window_get_type ())
G_DECLARE_FINAL_TYPE (ImpWindow, imp_window, IMP, WINDOW, AdwApplicationWindow)

ImpWindow *imp_window_new (ImpApplication *application);

G_END_DECLS
