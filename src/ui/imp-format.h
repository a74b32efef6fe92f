/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *imp_format_time      (gint64        ms);
char *imp_format_age       (gint64        ms);
char *imp_format_duration  (double        ms);
char *imp_format_size      (guint64       bytes);
char *imp_format_short_id  (const char   *id);
char *imp_format_sentence  (const char   *sentence);
char *imp_format_error     (const GError *error);

G_END_DECLS
