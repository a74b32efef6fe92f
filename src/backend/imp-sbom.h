/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-manifest.h"

G_BEGIN_DECLS

/* A software bill of materials, read from its file. */
typedef struct
{
  char   *name;    /* (owned) of the file, for people */
  GBytes *bytes;   /* (owned) */
  char   *format;  /* (owned) “SPDX-2.3”, “CycloneDX-1.5” */
  char   *digest;  /* (owned) SHA-384, hex */
  char   *cid;     /* (owned) */
} ImpSbom;

void      imp_sbom_free        (ImpSbom              *self);
ImpSbom  *imp_sbom_parse       (GBytes               *bytes,
                                GError              **error);
void      imp_sbom_read_async  (GFile                *file,
                                GCancellable         *cancellable,
                                GAsyncReadyCallback   callback,
                                gpointer              user_data);
ImpSbom  *imp_sbom_read_finish (GAsyncResult         *result,
                                GError              **error);

JsonNode *imp_sbom_to_json     (ImpSbom              *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpSbom, imp_sbom_free)

G_END_DECLS
