/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define IMP_TYPE_DIGEST_ROW (imp_digest_row_get_type ())
G_DECLARE_FINAL_TYPE (ImpDigestRow, imp_digest_row, IMP, DIGEST_ROW, AdwActionRow)

GtkWidget  *imp_digest_row_new        (const char   *title,
                                       const char   *digest);

void        imp_digest_row_set_digest (ImpDigestRow *self,
                                       const char   *digest);

G_END_DECLS
