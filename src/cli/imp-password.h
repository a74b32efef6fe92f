/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define IMP_PASSWORD_MAX_SIZE 1024

/* A password in memory is wiped when it is freed. */
gboolean  imp_password_can_ask (void);
char     *imp_password_ask     (const char    *prompt,
                                GCancellable  *cancellable,
                                GError       **error);
char     *imp_password_read    (int            fd,
                                GError       **error);
void      imp_password_free    (char          *password);

/* The same for an answer that may be seen. */
char     *imp_terminal_ask     (const char    *prompt,
                                GCancellable  *cancellable,
                                GError       **error);

G_END_DECLS
