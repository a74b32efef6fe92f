/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_APPLICATION (imp_application_get_type ())
G_DECLARE_FINAL_TYPE (ImpApplication, imp_application, IMP, APPLICATION, AdwApplication)

ImpApplication *imp_application_new          (void);

ImpSession     *imp_application_get_session  (ImpApplication *self);
GSettings      *imp_application_get_settings (ImpApplication *self);

G_END_DECLS
