/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the first bytes of a firmware file say. */
const char *imp_firmware_format_detect  (const guint8  *head,
                                         gsize          size,
                                         char         **title);
char       *imp_firmware_version_in_head (const guint8 *head,
                                         gsize          size);

G_END_DECLS
