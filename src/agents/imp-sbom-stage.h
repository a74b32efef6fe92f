/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-manifest.h"
#include "imp-store.h"

G_BEGIN_DECLS

/* Puts the SBOM that a manifest names into a store, where it stays staged. */
void    imp_sbom_stage_async  (ImpStore             *store,
                               ImpManifest          *manifest,
                               GBytes               *sbom,
                               GAsyncReadyCallback   callback,
                               gpointer              user_data);
ImpCid *imp_sbom_stage_finish (GAsyncResult         *result,
                               GError              **error);

G_END_DECLS
