/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-manifest.h"

G_BEGIN_DECLS

gboolean imp_manifest_check_object        (JsonObject  *object,
                                           GError     **error);

gboolean imp_manifest_parse_sequence      (JsonNode    *node,
                                           gint64      *sequence);
gboolean imp_manifest_parse_sequence_text (const char  *text,
                                           gint64      *sequence);
gboolean imp_manifest_parse_size          (JsonNode    *node,
                                           guint64     *size);
gboolean imp_manifest_parse_size_text     (const char  *text,
                                           guint64     *size);

G_END_DECLS
