/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint8 *imp_base64_decode    (const char   *text,
                              gsize         length,
                              gsize        *size);

char   *imp_base64url_encode (const void   *bytes,
                              gsize         size);
guint8 *imp_base64url_decode (const char   *text,
                              gsize         length,
                              gsize        *size);

G_END_DECLS
