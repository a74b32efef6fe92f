/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-connection.h"

G_BEGIN_DECLS

/* The event stream of one agent, resumed whenever it breaks. */
typedef struct _ImpEventFollower ImpEventFollower;
typedef void (*ImpAgentEventFunc) (const char *name, JsonObject *data, gpointer user_data);

ImpEventFollower *imp_event_follower_new  (ImpConnection     *connection,
                                           const char        *role,
                                           ImpAgentEventFunc  func,
                                           gpointer           user_data);
void              imp_event_follower_free (ImpEventFollower  *self);

G_END_DECLS
