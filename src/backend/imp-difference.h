/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_CHANGE_SAME,
  IMP_CHANGE_CHANGED,
  IMP_CHANGE_GROWN,
  IMP_CHANGE_SHRUNK,
  IMP_CHANGE_ADDED,
  IMP_CHANGE_GONE,
} ImpChange;

const char    *imp_change_to_string      (ImpChange       change);
const char    *imp_change_get_title      (ImpChange       change);
const char    *imp_change_get_symbol     (ImpChange       change);

/* One thing that two versions have, or only one of them. */
#define IMP_TYPE_DIFFERENCE (imp_difference_get_type ())
G_DECLARE_FINAL_TYPE (ImpDifference, imp_difference, IMP, DIFFERENCE, GObject)

ImpDifference *imp_difference_new        (ImpChange       change,
                                          const char     *name,
                                          const char     *detail,
                                          const char     *a,
                                          const char     *b);

ImpChange      imp_difference_get_change (ImpDifference  *self);
const char    *imp_difference_get_name   (ImpDifference  *self);
const char    *imp_difference_get_detail (ImpDifference  *self);
const char    *imp_difference_get_a      (ImpDifference  *self);
const char    *imp_difference_get_b      (ImpDifference  *self);

G_END_DECLS
