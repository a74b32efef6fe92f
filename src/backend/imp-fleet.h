/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device.h"

G_BEGIN_DECLS

#define IMP_FLEET_MAX_DEVICES 10000

/* The emulated devices of this user: a GListModel of ImpDevice. */
#define IMP_TYPE_FLEET (imp_fleet_get_type ())
G_DECLARE_FINAL_TYPE (ImpFleet, imp_fleet, IMP, FLEET, GObject)

ImpFleet  *imp_fleet_new           (const char             *directory);

void       imp_fleet_load_async    (ImpFleet               *self,
                                    GCancellable           *cancellable,
                                    GAsyncReadyCallback     callback,
                                    gpointer                user_data);
gboolean   imp_fleet_load_finish   (ImpFleet               *self,
                                    GAsyncResult           *result,
                                    GError                **error);
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
