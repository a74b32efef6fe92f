/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Files of SQLite that count their fsyncs, and fail on demand. */
void  failing_vfs_install      (void);
guint failing_vfs_get_n_syncs  (void);
void  failing_vfs_fail_sync    (gboolean fail);
void  failing_vfs_fail_write   (gboolean fail);

G_END_DECLS
