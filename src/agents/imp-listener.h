/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* Accepts connections for a server, within limits of number and time. */
#define IMP_TYPE_LISTENER (imp_listener_get_type ())
G_DECLARE_FINAL_TYPE (ImpListener, imp_listener, IMP, LISTENER, GObject)

ImpListener *imp_listener_new             (SoupServer         *server,
                                           guint               idle_timeout,
                                           guint               max_connections);

gboolean     imp_listener_listen          (ImpListener        *self,
                                           GSocketAddress     *address,
                                           GError            **error);
void         imp_listener_close           (ImpListener        *self);
char        *imp_listener_dup_uri         (ImpListener        *self);
guint        imp_listener_get_connections (ImpListener        *self);

GSocket     *imp_message_get_socket       (SoupServerMessage  *message);
void         imp_message_end_deadline     (SoupServerMessage  *message);

G_END_DECLS
