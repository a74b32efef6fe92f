/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *imp_text_make_printable (const char *text,
                                   gssize      length,
                                   guint       max_characters);
char     *imp_text_excerpt        (const char *text,
                                   gssize      length);
gboolean  imp_text_has_control    (const char *text);

G_END_DECLS
