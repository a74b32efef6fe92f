/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *imp_author_names_format (GListModel *authors,
                               const char *fingerprint);
char *imp_author_names_find   (GListModel *authors,
                               const char *text);

G_END_DECLS
