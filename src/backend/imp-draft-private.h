/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-draft.h"

G_BEGIN_DECLS

gboolean  imp_draft_field_is_computed (const char         *key);
char     *imp_draft_field_to_text     (const char         *key,
                                       JsonNode           *node);
void      imp_draft_field_put         (ImpManifestBuilder *builder,
                                       const char         *key,
                                       const char         *text);

G_END_DECLS
