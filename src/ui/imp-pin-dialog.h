/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-keyring.h"

G_BEGIN_DECLS

#define IMP_TYPE_PIN_DIALOG (imp_pin_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpPinDialog, imp_pin_dialog, IMP, PIN_DIALOG, AdwMessageDialog)

gboolean imp_pin_dialog_ask_cb (ImpKeyring     *keyring,
                                ImpPinRequest  *request,
                                GtkApplication *application);

G_END_DECLS
