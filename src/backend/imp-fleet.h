/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-device.h"

G_BEGIN_DECLS

/* The emulated devices of this user: a GListModel of ImpDevice, a folder each under @directory. */
#define IMP_TYPE_FLEET (imp_fleet_get_type ())
G_DECLARE_FINAL_TYPE (ImpFleet, imp_fleet, IMP, FLEET, GObject)

/* @directory: (nullable): $XDG_DATA_HOME/imprimatur/devices */
ImpFleet  *imp_fleet_new           (const char             *directory);
/* Reads the folders, a few an iteration of the loop: ten thousand do not stall it. A folder that cannot be read is left out and named in the error at the end, with the
 * others loaded.
 */
void       imp_fleet_load_async    (ImpFleet               *self,
                                    GCancellable           *cancellable,
                                    GAsyncReadyCallback     callback,
                                    gpointer                user_data);
gboolean   imp_fleet_load_finish   (ImpFleet               *self,
                                    GAsyncResult           *result,
                                    GError                **error);
/* @count devices; with more than one an id gets "-1", "-2"… behind it. All or none. */
void       imp_fleet_add_async     (ImpFleet               *self,
                                    const ImpDeviceConfig  *config,
                                    guint                   count,
                                    GCancellable           *cancellable,
                                    GAsyncReadyCallback     callback,
                                    gpointer                user_data);
gboolean   imp_fleet_add_finish    (ImpFleet               *self,
                                    GAsyncResult           *result,
                                    GError                **error);
gboolean   imp_fleet_remove        (ImpFleet               *self,
                                    ImpDevice              *device,
                                    GError                **error);
ImpDevice *imp_fleet_find          (ImpFleet               *self,
                                    const char             *id,
                                    GError                **error);

G_END_DECLS
