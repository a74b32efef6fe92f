/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-key.h"

G_BEGIN_DECLS

#define IMP_TYPE_GENERATE_KEY_DIALOG (imp_generate_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpGenerateKeyDialog, imp_generate_key_dialog, IMP, GENERATE_KEY_DIALOG,
                      AdwMessageDialog)

GtkWidget  *imp_generate_key_dialog_new          (GtkWindow            *parent);

const char *imp_generate_key_dialog_get_label    (ImpGenerateKeyDialog *self);
ImpKeyType  imp_generate_key_dialog_get_key_type (ImpGenerateKeyDialog *self);

G_END_DECLS
