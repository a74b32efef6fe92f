/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Milliseconds since 1970-01-01 UTC. */
gint64    imp_time_now            (void);
char     *imp_time_format         (gint64       ms);
gboolean  imp_time_parse          (const char  *text,
                                   gint64      *ms,
                                   GError     **error);

G_END_DECLS
