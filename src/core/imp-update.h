/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-manifest.h"

G_BEGIN_DECLS

/* {manifest, authorSign, authorManifestSign}: immutable. */
#define IMP_TYPE_UPDATE (imp_update_get_type ())
G_DECLARE_FINAL_TYPE (ImpUpdate, imp_update, IMP, UPDATE, GObject)

ImpUpdate   *imp_update_new                    (ImpManifest  *manifest,
                                                const char   *author_sign,
                                                const char   *author_manifest_sign);
/* Members other than the three are ignored ("payload", "publicKey"…): they are the caller's. */
ImpUpdate   *imp_update_new_from_json          (JsonNode     *node,
                                                GError      **error);
ImpUpdate   *imp_update_sign                   (ImpManifest  *manifest,
                                                ImpKey       *author,
                                                GError      **error);
JsonNode    *imp_update_to_json                (ImpUpdate    *self);

ImpManifest *imp_update_get_manifest           (ImpUpdate    *self);
const char  *imp_update_get_author_sign        (ImpUpdate    *self);
const char  *imp_update_get_author_manifest_sign (ImpUpdate  *self);

/* Recomputes manifestDigest and checks authorManifestSign: IMP_ERROR_MANIFEST_NOT_VERIFIABLE. */
gboolean     imp_update_verify_manifest        (ImpUpdate    *self,
                                                ImpKey       *author,
                                                GError      **error);
/* authorSign over manifest's payloadDigest, without looking at any payload: IMP_ERROR_PAYLOAD_NOT_VERIFIABLE. */
gboolean     imp_update_verify_payload_sign    (ImpUpdate    *self,
                                                ImpKey       *author,
                                                GError      **error);

G_END_DECLS
