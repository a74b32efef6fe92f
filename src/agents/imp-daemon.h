/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-config.h"

G_BEGIN_DECLS

/* The agents of one process. */
#define IMP_TYPE_DAEMON (imp_daemon_get_type ())
G_DECLARE_FINAL_TYPE (ImpDaemon, imp_daemon, IMP, DAEMON, GObject)

ImpDaemon *imp_daemon_open         (const ImpConfig      *config,
                                    GError              **error);

void       imp_daemon_start_async  (ImpDaemon            *self,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean   imp_daemon_start_finish (ImpDaemon            *self,
                                    GAsyncResult         *result,
                                    GError              **error);
void       imp_daemon_stop_async   (ImpDaemon            *self,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean   imp_daemon_stop_finish  (ImpDaemon            *self,
                                    GAsyncResult         *result,
                                    GError              **error);

char      *imp_daemon_describe     (ImpDaemon            *self);
gboolean   imp_daemon_announce     (ImpDaemon            *self,
                                    GError              **error);
ImpAgent  *imp_daemon_get_agent    (ImpDaemon            *self,
                                    ImpRole               role);

G_END_DECLS
