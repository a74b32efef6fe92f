/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *imp_dup_data_dir  (void);
char *imp_dup_data_path (const char *directory,
                         const char *name);

G_END_DECLS
