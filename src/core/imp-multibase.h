/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Enough to name what is wrong with an identifier over a hash of 64 bytes. */
#define IMP_MULTIBASE_MAX_SIZE   80
#define IMP_MULTIBASE_MAX_LENGTH 162

gboolean imp_multibase_decode (const char    *text,
                               guint8        *bytes,
                               gsize         *size,
                               GError       **error);
gboolean imp_base58_decode    (const char    *text,
                               guint8        *bytes,
                               gsize         *size,
                               GError       **error);

void     imp_base32_encode    (const guint8  *bytes,
                               gsize          size,
                               char          *text);
void     imp_base58_encode    (const guint8  *bytes,
                               gsize          size,
                               char          *text);

G_END_DECLS
