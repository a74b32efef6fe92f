/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-fleet.h"

G_BEGIN_DECLS

/* Takes devices away, with second thoughts. */
#define IMP_TYPE_DEVICE_REMOVER (imp_device_remover_get_type ())
G_DECLARE_FINAL_TYPE (ImpDeviceRemover, imp_device_remover, IMP, DEVICE_REMOVER, GObject)

ImpDeviceRemover *imp_device_remover_new    (ImpFleet         *fleet);

void              imp_device_remover_remove (ImpDeviceRemover *self,
                                             GtkWidget        *from,
                                             GPtrArray        *devices);
void              imp_device_remover_commit (ImpDeviceRemover *self);

G_END_DECLS
