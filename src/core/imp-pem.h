/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean imp_pem_read (const char  *text,
                       gsize        length,
                       char       **label,
                       GBytes     **der,
                       GError     **error);

G_END_DECLS
