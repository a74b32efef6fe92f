/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Looks for a version among the strings of a file as it passes. */
typedef struct _ImpVersionSearch ImpVersionSearch;

ImpVersionSearch *imp_version_search_new  (void);
void              imp_version_search_feed (ImpVersionSearch *self,
                                           const guint8     *data,
                                           gsize             size);
char             *imp_version_search_end  (ImpVersionSearch *self);

G_END_DECLS
