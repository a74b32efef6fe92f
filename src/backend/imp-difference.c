/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-difference.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>

/**
 * ImpDifference:
 *
 * A field, a section or a string of two versions, and how it came from the one to the other. It never
 * changes.
 */
struct _ImpDifference
{
  GObject parent_instance;

  ImpChange  change;
  char      *name;    /* (owned) */
  char      *detail;  /* (owned) (nullable) */
  char      *a;       /* (owned) (nullable): the first version has none */
  char      *b;       /* (owned) (nullable): the second version has none */
};

G_DEFINE_FINAL_TYPE (ImpDifference, imp_difference, G_TYPE_OBJECT)

static const struct
{
  const char *id;
  const char *title;
  const char *symbol;
} changes[] = {
  [IMP_CHANGE_SAME] = { "same", NC_("difference", "Same"), "=" },
  [IMP_CHANGE_CHANGED] = { "changed", NC_("difference", "Changed"), "≠" },
  [IMP_CHANGE_GROWN] = { "grown", NC_("difference", "Grown"), "↑" },
  [IMP_CHANGE_SHRUNK] = { "shrunk", NC_("difference", "Shrunk"), "↓" },
  [IMP_CHANGE_ADDED] = { "added", NC_("difference", "Added"), "+" },
  [IMP_CHANGE_GONE] = { "gone", NC_("difference", "Gone"), "−" },
};

/* For programs. */
const char *
imp_change_to_string (ImpChange change)
{
  return changes[change].id;
}

/**
 * imp_change_get_title:
 * @change: a change
 *
 * Returns: its name for people, translated; never freed
 */
const char *
imp_change_get_title (ImpChange change)
{
  return g_dpgettext2 (IMP_GETTEXT_PACKAGE, "difference", changes[change].title);
}

/**
 * imp_change_get_symbol:
 * @change: a change
 *
 * Returns: the one character that stands for it where there is no room for the title
 */
const char *
imp_change_get_symbol (ImpChange change)
{
  return changes[change].symbol;
}

static void
imp_difference_finalize (GObject *object)
{
  ImpDifference *self = IMP_DIFFERENCE (object);

  g_free (self->name);
  g_free (self->detail);
  g_free (self->a);
  g_free (self->b);

  G_OBJECT_CLASS (imp_difference_parent_class)->finalize (object);
}

static void
imp_difference_class_init (ImpDifferenceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_difference_finalize;
}

static void
imp_difference_init (ImpDifference *self)
{
}

/**
 * imp_difference_new:
 * @change: how it came from the one to the other
 * @name: what it is called
 * @detail: (nullable): what else tells it from others
 * @a: (nullable): what the first version has
 * @b: (nullable): what the second version has
 *
 * Makes a difference, with copies of the texts.
 *
 * Returns: (transfer full): the difference
 */
ImpDifference *
imp_difference_new (ImpChange   change,
                    const char *name,
                    const char *detail,
                    const char *a,
                    const char *b)
{
  ImpDifference *self = g_object_new (IMP_TYPE_DIFFERENCE, NULL);

  self->change = change;
  self->name = g_strdup (name);
  self->detail = g_strdup (detail);
  self->a = g_strdup (a);
  self->b = g_strdup (b);

  return self;
}

/**
 * imp_difference_get_change:
 * @self: a difference
 *
 * Returns: how it came from the one version to the other
 */
ImpChange
imp_difference_get_change (ImpDifference *self)
{
  g_return_val_if_fail (IMP_IS_DIFFERENCE (self), IMP_CHANGE_SAME);

  return self->change;
}

/**
 * imp_difference_get_name:
 * @self: a difference
 *
 * Returns: the field, the section or the string; lent by @self
 */
const char *
imp_difference_get_name (ImpDifference *self)
{
  g_return_val_if_fail (IMP_IS_DIFFERENCE (self), NULL);

  return self->name;
}

/**
 * imp_difference_get_detail:
 * @self: a difference
 *
 * Returns: (nullable): what else tells it from others
 */
const char *
imp_difference_get_detail (ImpDifference *self)
{
  g_return_val_if_fail (IMP_IS_DIFFERENCE (self), NULL);

  return self->detail;
}

/**
 * imp_difference_get_a:
 * @self: a difference
 *
 * Returns: (nullable): what the first version has, `NULL` if it has none
 */
const char *
imp_difference_get_a (ImpDifference *self)
{
  g_return_val_if_fail (IMP_IS_DIFFERENCE (self), NULL);

  return self->a;
}

/**
 * imp_difference_get_b:
 * @self: a difference
 *
 * Returns: (nullable): what the second version has, `NULL` if it has none
 */
const char *
imp_difference_get_b (ImpDifference *self)
{
  g_return_val_if_fail (IMP_IS_DIFFERENCE (self), NULL);

  return self->b;
}
