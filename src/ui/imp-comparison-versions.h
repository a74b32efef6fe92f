/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "imp-session.h"

G_BEGIN_DECLS

/* Which two versions of a class are compared. */
#define IMP_TYPE_COMPARISON_VERSIONS (imp_comparison_versions_get_type ())
G_DECLARE_FINAL_TYPE (ImpComparisonVersions, imp_comparison_versions, IMP, COMPARISON_VERSIONS, AdwBin)

void        imp_comparison_versions_load_async  (ImpComparisonVersions *self,
                                                 ImpAgentClient        *client,
                                                 const char            *a,
                                                 const char            *b,
                                                 GCancellable          *cancellable,
                                                 GAsyncReadyCallback    callback,
                                                 gpointer               user_data);
gboolean    imp_comparison_versions_load_finish (ImpComparisonVersions *self,
                                                 GAsyncResult          *result,
                                                 GError               **error);

const char *imp_comparison_versions_get_a       (ImpComparisonVersions *self);
const char *imp_comparison_versions_get_b       (ImpComparisonVersions *self);

G_END_DECLS
