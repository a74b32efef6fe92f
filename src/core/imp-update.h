/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-manifest.h"

G_BEGIN_DECLS

#define IMP_TYPE_UPDATE (imp_update_get_type ())
G_DECLARE_FINAL_TYPE (ImpUpdate, imp_update, IMP, UPDATE, GObject)

ImpUpdate   *imp_update_new                    (ImpManifest  *manifest,
                                                const char   *author_sign,
                                                const char   *author_manifest_sign);
ImpUpdate   *imp_update_new_from_json          (JsonNode     *node,
                                                GError      **error);
ImpUpdate   *imp_update_sign                   (ImpManifest  *manifest,
                                                ImpKey       *author,
                                                GError      **error);
JsonNode    *imp_update_to_json                (ImpUpdate    *self);

ImpManifest *imp_update_get_manifest           (ImpUpdate    *self);
const char  *imp_update_get_author_sign        (ImpUpdate    *self);
const char  *imp_update_get_author_manifest_sign (ImpUpdate  *self);

gboolean     imp_update_verify_manifest        (ImpUpdate    *self,
                                                ImpKey       *author,
                                                GError      **error);
gboolean     imp_update_verify_payload_sign    (ImpUpdate    *self,
                                                ImpKey       *author,
                                                GError      **error);

G_END_DECLS
