/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-keyring.h"

G_BEGIN_DECLS

#define IMP_TYPE_GENERATE_KEY_DIALOG (imp_generate_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpGenerateKeyDialog, imp_generate_key_dialog, IMP, GENERATE_KEY_DIALOG,
                      AdwMessageDialog)

GtkWidget      *imp_generate_key_dialog_new          (GtkWindow            *parent,
                                                      ImpKeyring           *keyring);
void            imp_generate_key_dialog_restore      (ImpGenerateKeyDialog *self,
                                                      const char           *label,
                                                      ImpKeyType            type,
                                                      ImpPkcs11Token       *token,
                                                      const char           *problem);

char           *imp_generate_key_dialog_dup_label    (ImpGenerateKeyDialog *self);
ImpKeyType      imp_generate_key_dialog_get_key_type (ImpGenerateKeyDialog *self);
ImpPkcs11Token *imp_generate_key_dialog_dup_token    (ImpGenerateKeyDialog *self);

G_END_DECLS
