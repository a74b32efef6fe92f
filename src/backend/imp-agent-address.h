/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IMP_N_ROLES 4
extern const char *const imp_roles[IMP_N_ROLES + 1];

/* What people type for a connection, and what they are told. */
gboolean    imp_connection_check_name     (const char         *name,
                                           GError            **error);
char       *imp_agent_address_normalize   (const char         *role,
                                           const char         *text,
                                           GError            **error);

/* Where the agents are: an address each or NULL, in the order of imp_roles. */
gboolean    imp_agent_addresses_normalize (char              **addresses,
                                           const char *const  *typed,
                                           GError            **error);
const char *imp_agent_addresses_find      (char *const        *addresses,
                                           const char         *role);
const char *imp_agent_addresses_get_first (char *const        *addresses);
void        imp_agent_addresses_clear     (char              **addresses);

G_END_DECLS
