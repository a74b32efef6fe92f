/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "imp-registrar.h"

G_BEGIN_DECLS

/* The registrar of an author agent whose register agent is another process. */
#define IMP_TYPE_REMOTE_REGISTRAR (imp_remote_registrar_get_type ())
G_DECLARE_FINAL_TYPE (ImpRemoteRegistrar, imp_remote_registrar, IMP, REMOTE_REGISTRAR, GObject)

ImpRemoteRegistrar *imp_remote_registrar_new         (const char          *uri);

SoupSession        *imp_remote_registrar_get_session (ImpRemoteRegistrar  *self);
const char         *imp_remote_registrar_get_uri     (ImpRemoteRegistrar  *self);
JsonNode           *imp_remote_registrar_read_finish (ImpRemoteRegistrar  *self,
                                                      GAsyncResult        *result,
                                                      const char *const   *members,
                                                      GError             **error);

G_END_DECLS
