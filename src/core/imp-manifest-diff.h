/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-manifest.h"

G_BEGIN_DECLS

typedef enum
{
  IMP_CHANGE_ADDED,
  IMP_CHANGE_REMOVED,
  IMP_CHANGE_CHANGED,
} ImpChangeKind;

/* One field in which two manifests differ, as texts on one line that can be shown. */
typedef struct
{
  char          *key;     /* (owned) */
  ImpChangeKind  kind;
  char          *before;  /* (owned) (nullable): nothing was there */
  char          *after;   /* (owned) (nullable): nothing is there */
} ImpManifestChange;

void       imp_manifest_change_free (ImpManifestChange *self);
GPtrArray *imp_manifest_diff        (ImpManifest       *before,
                                     ImpManifest       *after);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpManifestChange, imp_manifest_change_free)

G_END_DECLS
