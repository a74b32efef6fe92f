/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-device.h"

G_BEGIN_DECLS

#define IMP_TYPE_DEVICE_CARD (imp_device_card_get_type ())
G_DECLARE_FINAL_TYPE (ImpDeviceCard, imp_device_card, IMP, DEVICE_CARD, AdwBin)

GtkWidget *imp_device_card_new           (void);

void       imp_device_card_set_device    (ImpDeviceCard *self,
                                          ImpDevice     *device);
void       imp_device_card_refresh       (ImpDeviceCard *self);
void       imp_device_card_set_checkable (ImpDeviceCard *self,
                                          gboolean       checkable);
void       imp_device_card_set_checked   (ImpDeviceCard *self,
                                          gboolean       checked);

G_END_DECLS
