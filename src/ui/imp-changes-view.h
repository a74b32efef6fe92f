/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-manifest-diff.h"

G_BEGIN_DECLS

/* In which fields two manifests differ. */
#define IMP_TYPE_CHANGES_VIEW (imp_changes_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpChangesView, imp_changes_view, IMP, CHANGES_VIEW, AdwBin)

void        imp_changes_view_set          (ImpChangesView *self,
                                           ImpManifest    *before,
                                           ImpManifest    *after);

const char *imp_changes_view_title_of_key (const char     *key);
char       *imp_changes_view_describe     (const char     *key,
                                           const GError   *error);

G_END_DECLS
