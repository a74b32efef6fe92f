/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-author.h"
#include "imp-session.h"

G_BEGIN_DECLS

#define IMP_TYPE_KEY_ROW (imp_key_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpKeyRow, imp_key_row, IMP, KEY_ROW, AdwExpanderRow)

GtkWidget *imp_key_row_new           (ImpAuthor     *author,
                                      ImpSession    *session);
ImpAuthor *imp_key_row_get_author    (ImpKeyRow     *self);
void       imp_key_row_update_header (GtkListBoxRow *row,
                                      GtkListBoxRow *before,
                                      gpointer       user_data);

G_END_DECLS
