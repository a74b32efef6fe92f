/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The bytes that something was computed from. */
#define IMP_TYPE_TRUST_PATH_BYTES (imp_trust_path_bytes_get_type ())
G_DECLARE_FINAL_TYPE (ImpTrustPathBytes, imp_trust_path_bytes, IMP, TRUST_PATH_BYTES, GtkListBoxRow)

GtkWidget *imp_trust_path_bytes_new (const char *title,
                                     const char *text);

G_END_DECLS
