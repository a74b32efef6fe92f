/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-log.h"

G_BEGIN_DECLS

#define IMP_FLEET_MAX_DEVICES 10000

/* The emulated devices of this user: a GListModel of ImpDevice, by name. */
#define IMP_TYPE_FLEET (imp_fleet_get_type ())
G_DECLARE_FINAL_TYPE (ImpFleet, imp_fleet, IMP, FLEET, GObject)

ImpFleet   *imp_fleet_new           (const char             *directory);

void        imp_fleet_load_async    (ImpFleet               *self,
                                     GCancellable           *cancellable,
                                     GAsyncReadyCallback     callback,
                                     gpointer                user_data);
gboolean    imp_fleet_load_finish   (ImpFleet               *self,
                                     GAsyncResult           *result,
                                     GError                **error);
void        imp_fleet_add_async     (ImpFleet               *self,
                                     const ImpDeviceConfig  *config,
                                     guint                   count,
                                     GFileProgressCallback   progress,
                                     gpointer                progress_data,
                                     GCancellable           *cancellable,
                                     GAsyncReadyCallback     callback,
                                     gpointer                user_data);
gboolean    imp_fleet_add_finish    (ImpFleet               *self,
                                     GAsyncResult           *result,
                                     GError                **error);
ImpDevice  *imp_fleet_find          (ImpFleet               *self,
                                     const char             *id,
                                     GError                **error);

/* Devices that nobody sees any more, until they are shown again or removed. */
void        imp_fleet_hide          (ImpFleet               *self,
                                     GPtrArray              *devices);
void        imp_fleet_show          (ImpFleet               *self,
                                     GPtrArray              *devices);
void        imp_fleet_remove_async  (ImpFleet               *self,
                                     GPtrArray              *devices,
                                     GCancellable           *cancellable,
                                     GAsyncReadyCallback     callback,
                                     gpointer                user_data);
gboolean    imp_fleet_remove_finish (ImpFleet               *self,
                                     GAsyncResult           *result,
                                     GError                **error);

/* What the devices do. */
const char *imp_fleet_get_retrieval (ImpFleet               *self);
void        imp_fleet_set_retrieval (ImpFleet               *self,
                                     const char             *retrieval);
void        imp_fleet_update        (ImpFleet               *self,
                                     ImpDevice              *device);
void        imp_fleet_poll          (ImpFleet               *self,
                                     GPtrArray              *devices,
                                     gboolean                polling);
void        imp_fleet_set_polling   (ImpFleet               *self,
                                     GPtrArray              *devices,
                                     gboolean                polling);

G_END_DECLS
