/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-device-folder.h"

G_BEGIN_DECLS

const char *imp_device_folder_get_path   (ImpDeviceFolder  *self);
int       imp_device_folder_get_fd       (ImpDeviceFolder  *self);
gboolean  imp_device_folder_has_power    (ImpDeviceFolder  *self,
                                          GError          **error);
gboolean  imp_device_folder_step         (ImpDeviceFolder  *self,
                                          GError          **error);
gboolean  imp_device_folder_write        (ImpDeviceFolder  *self,
                                          int               fd,
                                          const void       *data,
                                          gsize             size,
                                          GError          **error);
void      imp_device_folder_synced       (ImpDeviceFolder  *self,
                                          int               fd);
gboolean  imp_device_folder_sync         (ImpDeviceFolder  *self,
                                          GError          **error);
gboolean  imp_device_set_file_error      (GError          **error,
                                          int               saved_errno,
                                          const char       *what);

G_END_DECLS
