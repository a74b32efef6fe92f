/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "imp-inclusion.h"

G_BEGIN_DECLS

/* The path of a leaf to the checkpoint, drawn. */
#define IMP_TYPE_INCLUSION_VIEW (imp_inclusion_view_get_type ())
G_DECLARE_FINAL_TYPE (ImpInclusionView, imp_inclusion_view, IMP, INCLUSION_VIEW, GtkWidget)

void  imp_inclusion_view_take_path (ImpInclusionView *self,
                                    ImpInclusion     *path);

char *imp_inclusion_view_dup_text  (ImpInclusionView *self);

G_END_DECLS
