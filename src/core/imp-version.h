/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

int   imp_version_compare (const char *a,
                           const char *b);
char *imp_version_next    (const char *version);

G_END_DECLS
