/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-sbom.h"

G_BEGIN_DECLS

#define IMP_TYPE_SBOM_GROUP (imp_sbom_group_get_type ())
G_DECLARE_FINAL_TYPE (ImpSbomGroup, imp_sbom_group, IMP, SBOM_GROUP, AdwPreferencesGroup)

GFile    *imp_sbom_group_get_file  (ImpSbomGroup *self);
GBytes   *imp_sbom_group_get_bytes (ImpSbomGroup *self);
JsonNode *imp_sbom_group_dup_json  (ImpSbomGroup *self);
gboolean  imp_sbom_group_is_ready  (ImpSbomGroup *self);

void      imp_sbom_group_set_file  (ImpSbomGroup *self,
                                    GFile        *file);
void      imp_sbom_group_set_named (ImpSbomGroup *self,
                                    JsonNode     *named);
void      imp_sbom_group_complain  (ImpSbomGroup *self);

G_END_DECLS
