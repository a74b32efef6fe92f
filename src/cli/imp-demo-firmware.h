/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Two images to publish, one after the other. */
typedef struct _ImpDemoFirmware ImpDemoFirmware;

ImpDemoFirmware *imp_demo_firmware_new          (const char       *directory,
                                                 GError          **error);
void             imp_demo_firmware_free         (ImpDemoFirmware  *self);

const char      *imp_demo_firmware_get_path     (ImpDemoFirmware  *self,
                                                 guint             number);
gboolean         imp_demo_firmware_is_generated (ImpDemoFirmware  *self);

void             imp_demo_remove_directory      (const char       *path);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDemoFirmware, imp_demo_firmware_free)

G_END_DECLS
