/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void    imp_secret_wipe         (void       *data,
                                 gsize       size);
GBytes *imp_secret_new          (const void *data,
                                 gsize       size);
void    imp_secret_forbid_dumps (void);
void    imp_secret_hide_memory  (void);

G_END_DECLS
