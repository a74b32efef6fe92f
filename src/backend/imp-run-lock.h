/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A lock that says that some process is at something; it goes with the process, however that ends. */
int      imp_run_lock_take    (const char *path);
void     imp_run_lock_drop    (const char *path,
                               int         lock);
gboolean imp_run_lock_is_held (const char *path);

G_END_DECLS
