/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The most that it says of its agents, in bytes. */
#define IMP_IMPRIMATURD_MAX_LINE (64 * 1024)

GSubprocess *imp_imprimaturd_spawn          (const char  *data_dir,
                                             GError     **error);
char        *imp_imprimaturd_read_complaint (const char  *data_dir);
gboolean     imp_imprimaturd_holds          (const char  *data_dir);
gboolean     imp_imprimaturd_parse_urls     (const char  *text,
                                             gsize        length,
                                             char       **urls,
                                             GError     **error);

G_END_DECLS
