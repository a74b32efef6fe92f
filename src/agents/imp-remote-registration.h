/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-remote-registrar.h"

G_BEGIN_DECLS

#define IMP_TYPE_REMOTE_REGISTRATION (imp_remote_registration_get_type ())
G_DECLARE_FINAL_TYPE (ImpRemoteRegistration, imp_remote_registration, IMP, REMOTE_REGISTRATION, GObject)

ImpRemoteRegistration *imp_remote_registration_new (ImpRemoteRegistrar *registrar,
                                                    const char         *request_id);

G_END_DECLS
