/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IMP_VARINT_MAX_SIZE 10

gsize    imp_varint_write  (guint8        *bytes,
                            guint64        value);
void     imp_varint_append (GByteArray    *array,
                            guint64        value);
gboolean imp_varint_read   (const guint8 **cursor,
                            const guint8  *end,
                            guint64       *value);

G_END_DECLS
