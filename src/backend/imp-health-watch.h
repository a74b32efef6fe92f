/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Asks agents again and again whether they work. */
typedef struct _ImpHealthWatch ImpHealthWatch;

typedef const char *(*ImpHealthUrlFunc) (const char *role,
                                         gpointer    user_data);
typedef void (*ImpHealthFunc) (guint       n_asked,
                               guint       n_failed,
                               const char *detail,
                               gpointer    user_data);

ImpHealthWatch *imp_health_watch_new   (ImpHealthUrlFunc  get_url,
                                        ImpHealthFunc     heard,
                                        gpointer          user_data);
void            imp_health_watch_free  (ImpHealthWatch   *self);

void            imp_health_watch_ask   (ImpHealthWatch   *self);
void            imp_health_watch_later (ImpHealthWatch   *self,
                                        guint             seconds);
void            imp_health_watch_stop  (ImpHealthWatch   *self);

G_END_DECLS
