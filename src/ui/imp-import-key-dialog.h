/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-keyring.h"

G_BEGIN_DECLS

#define IMP_TYPE_IMPORT_KEY_DIALOG (imp_import_key_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ImpImportKeyDialog, imp_import_key_dialog, IMP, IMPORT_KEY_DIALOG,
                      AdwMessageDialog)

GtkWidget  *imp_import_key_dialog_new           (GtkWindow          *parent,
                                                 ImpKeyring         *keyring,
                                                 const char         *label,
                                                 const char         *file_name,
                                                 GBytes             *pem);

GBytes     *imp_import_key_dialog_get_pem       (ImpImportKeyDialog *self);
const char *imp_import_key_dialog_get_file_name (ImpImportKeyDialog *self);
char       *imp_import_key_dialog_dup_label     (ImpImportKeyDialog *self);
const char *imp_import_key_dialog_get_password  (ImpImportKeyDialog *self);

void        imp_import_key_dialog_set_problem   (ImpImportKeyDialog *self,
                                                 const char         *problem);

G_END_DECLS
