/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent-client.h"
#include "imp-difference.h"

G_BEGIN_DECLS

/* Two versions side by side. */
#define IMP_TYPE_COMPARISON (imp_comparison_get_type ())
G_DECLARE_FINAL_TYPE (ImpComparison, imp_comparison, IMP, COMPARISON, GObject)

/* One of the two. */
typedef struct
{
  char        *transaction;  /* (owned) */
  ImpManifest *manifest;     /* (owned) */
  char        *cid;          /* (owned) */
  char        *format;       /* (owned) (nullable): what the payload's first bytes say */
} ImpComparisonSide;

void                     imp_comparison_new_async        (ImpAgentClient         *client,
                                                          const char             *a,
                                                          const char             *b,
                                                          GFileProgressCallback   progress,
                                                          gpointer                progress_data,
                                                          GCancellable           *cancellable,
                                                          GAsyncReadyCallback     callback,
                                                          gpointer                user_data);
ImpComparison           *imp_comparison_new_finish       (GAsyncResult           *result,
                                                          GError                **error);

const ImpComparisonSide *imp_comparison_get_a            (ImpComparison          *self);
const ImpComparisonSide *imp_comparison_get_b            (ImpComparison          *self);
GListModel              *imp_comparison_get_fields       (ImpComparison          *self);
GListModel              *imp_comparison_get_sections     (ImpComparison          *self);
GListModel              *imp_comparison_get_strings      (ImpComparison          *self);
const char *const       *imp_comparison_get_notes        (ImpComparison          *self);
char                    *imp_comparison_dup_title        (ImpComparison          *self);

JsonNode                *imp_comparison_to_json          (ImpComparison          *self);
char                    *imp_comparison_to_text          (ImpComparison          *self);

G_END_DECLS
