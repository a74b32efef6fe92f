/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Tasks that wait for the same thing; one may be cancelled while others go on waiting. */
typedef struct _ImpWaiters ImpWaiters;

typedef void (*ImpWaitersDeserted) (gpointer user_data);

ImpWaiters *imp_waiters_new     (ImpWaitersDeserted  deserted,
                                 gpointer            user_data);
void        imp_waiters_free    (ImpWaiters         *self);
void        imp_waiters_add     (ImpWaiters         *self,
                                 GTask              *task);
gboolean    imp_waiters_are_any (ImpWaiters         *self);
void        imp_waiters_answer  (ImpWaiters         *self,
                                 const GError       *error);

G_END_DECLS
