/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-file-info.h"

G_BEGIN_DECLS

#define IMP_TYPE_FIRMWARE_GROUP (imp_firmware_group_get_type ())
G_DECLARE_FINAL_TYPE (ImpFirmwareGroup, imp_firmware_group, IMP, FIRMWARE_GROUP,
                      AdwPreferencesGroup)

GFile             *imp_firmware_group_get_file (ImpFirmwareGroup *self);
const ImpFileInfo *imp_firmware_group_get_info (ImpFirmwareGroup *self);

void               imp_firmware_group_set_file (ImpFirmwareGroup *self,
                                                GFile            *file);
void               imp_firmware_group_complain (ImpFirmwareGroup *self);

G_END_DECLS
