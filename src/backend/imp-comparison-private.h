/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-comparison.h"

G_BEGIN_DECLS

struct _ImpComparison
{
  GObject parent_instance;

  ImpComparisonSide  sides[2];
  GListStore        *fields;    /* (owned) of ImpDifference */
  GListStore        *sections;  /* (owned) of ImpDifference; empty where there are none */
  GListStore        *strings;   /* (owned) of ImpDifference: those that only one has */
  guint64            n_added;   /* strings, listed or not */
  guint64            n_gone;
  guint              share;     /* one of so many strings was compared */
  GPtrArray         *notes;     /* (owned) (element-type utf8) what was not compared, or not whole; NULL ends it */
};

/* Adds to a comparison that is being made. */
gboolean imp_comparison_add_contents  (ImpComparison  *self,
                                       GFile          *a,
                                       GFile          *b,
                                       GCancellable   *cancellable,
                                       GError        **error);
void     imp_comparison_take_note     (ImpComparison  *self,
                                       char           *sentence);

G_END_DECLS
