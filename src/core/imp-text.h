/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char     *imp_text_make_printable  (const char *text,
                                    gssize      length,
                                    guint       max_characters);
char     *imp_text_excerpt         (const char *text,
                                    gssize      length);
char     *imp_text_make_sentence   (const char *fragment);
gboolean  imp_text_find_unseen     (const char *text,
                                    gunichar   *found,
                                    guint      *position);
gboolean  imp_text_find_misleading (const char *text,
                                    gunichar   *found,
                                    guint      *position);
gboolean  imp_text_is_composed     (const char *text);

G_END_DECLS
