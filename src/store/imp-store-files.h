/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

void     imp_set_file_error  (GError     **error,
                              int          saved_errno,
                              const char  *what);
void     imp_set_unavailable (GError     **error,
                              int          saved_errno,
                              const char  *what);
gboolean imp_file_write_at   (int          fd,
                              const void  *data,
                              gsize        size,
                              guint64      offset,
                              GError     **error);
gssize   imp_file_read_at    (int          fd,
                              void        *data,
                              gsize        size,
                              guint64      offset,
                              GError     **error);
gboolean imp_file_sync       (int          fd,
                              GError     **error);
void     imp_clear_fd        (int         *fd);
int      imp_open_directory  (const char  *directory,
                              const char  *name,
                              GError     **error);
gboolean imp_file_lock       (int          fd);

G_END_DECLS
