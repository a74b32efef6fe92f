/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-connection.h"

G_BEGIN_DECLS

/* The connections that this user has set up: a GListModel of ImpConnection, “This computer” first. */
#define IMP_TYPE_CONNECTIONS (imp_connections_get_type ())
G_DECLARE_FINAL_TYPE (ImpConnections, imp_connections, IMP, CONNECTIONS, GObject)

ImpConnections *imp_connections_new        (const char      *data_dir);
gboolean        imp_connections_add        (ImpConnections  *self,
                                            ImpConnection   *connection,
                                            GError         **error);
gboolean        imp_connections_remove     (ImpConnections  *self,
                                            ImpConnection   *connection,
                                            GError         **error);
ImpConnection  *imp_connections_find       (ImpConnections  *self,
                                            const char      *name);
ImpConnection  *imp_connections_get_active (ImpConnections  *self);
void            imp_connections_set_active (ImpConnections  *self,
                                            ImpConnection   *connection);

G_END_DECLS
