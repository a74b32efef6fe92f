/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes a file durable while it is being written. */
typedef struct _ImpFlusher ImpFlusher;

ImpFlusher *imp_flusher_new    (int          fd);
void        imp_flusher_free   (ImpFlusher  *self);

void        imp_flusher_wrote  (ImpFlusher  *self,
                                gsize        size);
gboolean    imp_flusher_finish (ImpFlusher  *self,
                                GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpFlusher, imp_flusher_free)

G_END_DECLS
