/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-metrics.h"

/**
 * ImpMetrics:
 *
 * The counters and gauges of one agent.
 *
 * A series must be described before it is counted: a name without a type and a
 * help line is a mistake of ours, not of the reader's.
 */
struct _ImpMetrics
{
  GObject parent_instance;

  char *role;           /* (owned) */
  GPtrArray *families;  /* (owned) (element-type Family), in the order they were described */
};

typedef struct
{
  const char *name;
  const char *type;
  const char *help;
  GHashTable *series;  /* (owned) labels (owned) -> guint64 (owned) */
} Family;

G_DEFINE_FINAL_TYPE (ImpMetrics, imp_metrics, G_TYPE_OBJECT)

static void
family_free (Family *family)
{
  g_hash_table_unref (family->series);
  g_free (family);
}

static Family *
find_family (ImpMetrics *self,
             const char *name)
{
  for (guint i = 0; i < self->families->len; i++)
    {
      Family *family = g_ptr_array_index (self->families, i);

      if (strcmp (family->name, name) == 0)
        return family;
    }

  g_assert_not_reached ();
}

static guint64 *
get_series (ImpMetrics *self,
            const char *name,
            char       *labels)
{
  Family *family = find_family (self, name);
  guint64 *value = g_hash_table_lookup (family->series, labels);

  if (value != NULL)
    {
      g_free (labels);
      return value;
    }

  value = g_new0 (guint64, 1);
  g_hash_table_insert (family->series, labels, value);
  return value;
}

static void
format_family (const Family *family,
               GString      *text)
{
  g_autoptr(GList) labels = g_hash_table_get_keys (family->series);

  labels = g_list_sort (labels, (GCompareFunc) strcmp);
  g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n", family->name, family->help,
                          family->name, family->type);

  for (GList *l = labels; l != NULL; l = l->next)
    {
      const guint64 *value = g_hash_table_lookup (family->series, l->data);

      g_string_append_printf (text, "%s{%s} %" G_GUINT64_FORMAT "\n", family->name,
                              (const char *) l->data, *value);
    }
}

static void
imp_metrics_finalize (GObject *object)
{
  ImpMetrics *self = IMP_METRICS (object);

  g_free (self->role);
  g_ptr_array_unref (self->families);

  G_OBJECT_CLASS (imp_metrics_parent_class)->finalize (object);
}

static void
imp_metrics_class_init (ImpMetricsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_metrics_finalize;
}

static void
imp_metrics_init (ImpMetrics *self)
{
  self->families = g_ptr_array_new_with_free_func ((GDestroyNotify) family_free);
}

/**
 * imp_metrics_new:
 * @role: the agent's role, a label of every series
 *
 * Makes an empty set of metrics.
 *
 * Returns: (transfer full): the metrics
 */
ImpMetrics *
imp_metrics_new (const char *role)
{
  ImpMetrics *self;

  g_return_val_if_fail (role != NULL, NULL);

  self = g_object_new (IMP_TYPE_METRICS, NULL);
  self->role = g_strdup (role);
  return self;
}

/**
 * imp_metrics_describe:
 * @self: metrics
 * @name: (transfer none): a name that is never freed
 * @type: `counter` or `gauge`
 * @help: one line for people
 *
 * Adds a metric, which has no series yet.
 */
void
imp_metrics_describe (ImpMetrics *self,
                      const char *name,
                      const char *type,
                      const char *help)
{
  Family *family;

  g_return_if_fail (IMP_IS_METRICS (self));

  family = g_new0 (Family, 1);
  family->name = name;
  family->type = type;
  family->help = help;
  family->series = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_ptr_array_add (self->families, family);
}

/**
 * imp_metrics_add:
 * @self: metrics
 * @name: a described name
 * @label: (nullable): the name of a label
 * @value: (nullable): its value; from a small set of our own words, never from a request
 * @amount: how much to add
 *
 * Counts.
 */
void
imp_metrics_add (ImpMetrics *self,
                 const char *name,
                 const char *label,
                 const char *value,
                 guint64     amount)
{
  char *labels;

  g_return_if_fail (IMP_IS_METRICS (self));

  if (label != NULL)
    labels = g_strdup_printf ("role=\"%s\",%s=\"%s\"", self->role, label, value);
  else
    labels = g_strdup_printf ("role=\"%s\"", self->role);

  *get_series (self, name, labels) += amount;
}

/**
 * imp_metrics_set:
 * @self: metrics
 * @name: a described name
 * @amount: what it is now
 *
 * Sets a gauge.
 */
void
imp_metrics_set (ImpMetrics *self,
                 const char *name,
                 guint64     amount)
{
  g_return_if_fail (IMP_IS_METRICS (self));

  *get_series (self, name, g_strdup_printf ("role=\"%s\"", self->role)) = amount;
}

/**
 * imp_metrics_format:
 * @self: metrics
 *
 * Prints all that was counted, in Prometheus' text format 0.0.4.
 *
 * Returns: (transfer full): the text
 */
char *
imp_metrics_format (ImpMetrics *self)
{
  GString *text;

  g_return_val_if_fail (IMP_IS_METRICS (self), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->families->len; i++)
    format_family (g_ptr_array_index (self->families, i), text);

  return g_string_free (text, FALSE);
}
