/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_ADD_DEVICES_DIALOG (imp_add_devices_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpAddDevicesDialog, imp_add_devices_dialog, IMP, ADD_DEVICES_DIALOG,
                      AdwMessageDialog)

GtkWidget    *imp_add_devices_dialog_new             (GtkWindow           *parent,
                                                      ImpSession          *session);

GCancellable *imp_add_devices_dialog_get_cancellable (ImpAddDevicesDialog *self);

G_END_DECLS
