/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-device.h"

G_BEGIN_DECLS

#define IMP_TYPE_DEVICE_VIEW (imp_device_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpDeviceView, imp_device_view, IMP, DEVICE_VIEW, AdwBin)

void       imp_device_view_set_device (ImpDeviceView *self,
                                       ImpDevice     *device);

G_END_DECLS
