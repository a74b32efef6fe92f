/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-manifest.h"

G_BEGIN_DECLS

#define IMP_TYPE_MANIFEST_VIEW (imp_manifest_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpManifestView, imp_manifest_view, IMP, MANIFEST_VIEW, AdwBin)

void imp_manifest_view_set_manifest (ImpManifestView *self,
                                     ImpManifest     *manifest);
void imp_manifest_view_set_message  (ImpManifestView *self,
                                     const char      *message);

G_END_DECLS
