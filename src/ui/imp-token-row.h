/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-pkcs11-token.h"

G_BEGIN_DECLS

#define IMP_TYPE_TOKEN_ROW (imp_token_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpTokenRow, imp_token_row, IMP, TOKEN_ROW, AdwActionRow)

GtkWidget *imp_token_row_new (ImpPkcs11Token *token);

G_END_DECLS
