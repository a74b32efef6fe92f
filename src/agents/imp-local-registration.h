/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-local-registrar.h"

G_BEGIN_DECLS

#define IMP_TYPE_LOCAL_REGISTRATION (imp_local_registration_get_type ())
G_DECLARE_FINAL_TYPE (ImpLocalRegistration, imp_local_registration, IMP, LOCAL_REGISTRATION, GObject)

ImpLocalRegistration *imp_local_registration_new (ImpLocalRegistrar *registrar,
                                                  const char        *request_id);

G_END_DECLS
