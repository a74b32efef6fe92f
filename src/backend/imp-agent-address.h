/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What people type for a connection, and what they are told. */
gboolean  imp_connection_check_name   (const char  *name,
                                       GError     **error);
char     *imp_agent_address_normalize (const char  *role,
                                       const char  *text,
                                       GError     **error);
char     *imp_make_sentence           (const char  *fragment);

G_END_DECLS
