/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Tries something again, each time after twice as long. */
typedef struct _ImpBackoff ImpBackoff;

typedef void (*ImpBackoffFunc) (gpointer user_data);

ImpBackoff *imp_backoff_new        (ImpBackoffFunc  again,
                                    gpointer        user_data);
void        imp_backoff_free       (ImpBackoff     *self);

void        imp_backoff_wait       (ImpBackoff     *self);
gboolean    imp_backoff_is_waiting (ImpBackoff     *self);
guint       imp_backoff_get_waits  (ImpBackoff     *self);
void        imp_backoff_reset      (ImpBackoff     *self);
void        imp_backoff_cancel     (ImpBackoff     *self);

G_END_DECLS
