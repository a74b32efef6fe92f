/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-fleet-filter.h"

#include <string.h>

#include "imp-search-text.h"
#include "imp-version.h"

#define STATUS(status) (1u << IMP_DEVICE_STATUS_##status)
#define ANY_STATUS     G_MAXUINT

/**
 * ImpFleetFilter:
 *
 * Which devices of a fleet are shown, in which order.
 *
 * Both models work a little at a time: ten thousand devices are looked at between frames. By name needs no
 * sorting, for a fleet is.
 */
struct _ImpFleetFilter
{
  GObject parent_instance;

  GtkFilterListModel *filtered;  /* (owned) */
  GtkSortListModel   *sorted;    /* (owned) */
  GtkFilter          *filter;    /* (owned) */
  char               *text;      /* (owned) (nullable): folded */
  guint               shown;
  guint               order;
};

G_DEFINE_FINAL_TYPE (ImpFleetFilter, imp_fleet_filter, G_TYPE_OBJECT)

static const struct
{
  const char *name;
  guint       statuses;
  gboolean    polling;
} filters[] = {
  { "all", ANY_STATUS, FALSE },
  { "polling", ANY_STATUS, TRUE },
  { "idle", STATUS (UNASKED), FALSE },
  { "busy", STATUS (WAITING) | STATUS (BUSY), FALSE },
  { "good", STATUS (UPDATED) | STATUS (CURRENT), FALSE },
  { "refused", STATUS (REFUSED), FALSE },
  { "unreachable", STATUS (UNREACHABLE) | STATUS (FAILED), FALSE },
};

static gboolean
match (gpointer item,
       gpointer user_data)
{
  ImpFleetFilter *self = user_data;
  ImpDevice *device = item;

  if (filters[self->shown].polling && !imp_device_get_polling (device))
    return FALSE;

  if (filters[self->shown].statuses != ANY_STATUS &&
      !(filters[self->shown].statuses &
        (1u << imp_device_log_get_status (imp_device_log_get (device)))))
    return FALSE;

  return self->text == NULL ||
         imp_search_text_matches (self->text, imp_device_get_id (device)) ||
         imp_search_text_matches (self->text, imp_device_get_class_id (device)) ||
         imp_search_text_matches (self->text, imp_device_get_version (device));
}

static int
compare_classes (gconstpointer a,
                 gconstpointer b,
                 gpointer      user_data)
{
  return strcmp (imp_device_get_class_id ((ImpDevice *) a),
                 imp_device_get_class_id ((ImpDevice *) b));
}

/* Those that lag behind come first, and of them those that run nothing. */
static int
compare_versions (gconstpointer a,
                  gconstpointer b,
                  gpointer      user_data)
{
  const char *first = imp_device_get_version ((ImpDevice *) a);
  const char *second = imp_device_get_version ((ImpDevice *) b);

  if (first == NULL || second == NULL)
    return (first != NULL) - (second != NULL);

  return imp_version_compare (first, second);
}

/* Those that were not answered for the longest time come first. */
static int
compare_times (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  gint64 first = imp_device_log_get_answered (imp_device_log_get ((ImpDevice *) a));
  gint64 second = imp_device_log_get_answered (imp_device_log_get ((ImpDevice *) b));

  return (first > second) - (first < second);
}

static const struct
{
  const char       *name;
  GCompareDataFunc  func;  /* (nullable) */
} orders[] = {
  { "name", NULL },
  { "class", compare_classes },
  { "version", compare_versions },
  { "time", compare_times },
};

static void
imp_fleet_filter_finalize (GObject *object)
{
  ImpFleetFilter *self = IMP_FLEET_FILTER (object);

  g_object_unref (self->sorted);
  g_object_unref (self->filtered);
  g_object_unref (self->filter);
  g_free (self->text);

  G_OBJECT_CLASS (imp_fleet_filter_parent_class)->finalize (object);
}

static void
imp_fleet_filter_class_init (ImpFleetFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_fleet_filter_finalize;
}

static void
imp_fleet_filter_init (ImpFleetFilter *self)
{
  self->filter = GTK_FILTER (gtk_custom_filter_new (match, self, NULL));
  self->filtered = gtk_filter_list_model_new (NULL, NULL);
  gtk_filter_list_model_set_incremental (self->filtered, TRUE);
  self->sorted = gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), NULL);
  gtk_sort_list_model_set_incremental (self->sorted, TRUE);
}

/**
 * imp_fleet_filter_new:
 *
 * Makes a filter that shows all devices of a fleet that is still to be set, by name.
 *
 * Returns: (transfer full): the filter
 */
ImpFleetFilter *
imp_fleet_filter_new (void)
{
  return g_object_new (IMP_TYPE_FLEET_FILTER, NULL);
}

/**
 * imp_fleet_filter_get_model:
 * @self: a filter
 *
 * Returns: (transfer none): the devices that are shown, in their order; the same model as long as the
 * filter lives
 */
GListModel *
imp_fleet_filter_get_model (ImpFleetFilter *self)
{
  g_return_val_if_fail (IMP_IS_FLEET_FILTER (self), NULL);

  return G_LIST_MODEL (self->sorted);
}

/**
 * imp_fleet_filter_is_active:
 * @self: a filter
 *
 * Returns: whether it may hide some devices
 */
gboolean
imp_fleet_filter_is_active (ImpFleetFilter *self)
{
  g_return_val_if_fail (IMP_IS_FLEET_FILTER (self), FALSE);

  return self->text != NULL || self->shown != 0;
}

/**
 * imp_fleet_filter_get_shown:
 * @self: a filter
 *
 * Returns: which devices are shown, by the name that [method@Imp.FleetFilter.set_shown] takes
 */
const char *
imp_fleet_filter_get_shown (ImpFleetFilter *self)
{
  g_return_val_if_fail (IMP_IS_FLEET_FILTER (self), NULL);

  return filters[self->shown].name;
}

/**
 * imp_fleet_filter_get_sorted:
 * @self: a filter
 *
 * Returns: in which order they are shown, by the name that [method@Imp.FleetFilter.set_sorted] takes
 */
const char *
imp_fleet_filter_get_sorted (ImpFleetFilter *self)
{
  g_return_val_if_fail (IMP_IS_FLEET_FILTER (self), NULL);

  return orders[self->order].name;
}

/**
 * imp_fleet_filter_set_fleet:
 * @self: a filter
 * @fleet: (nullable): the devices to choose from
 *
 * Sets which fleet is shown. Text, choice and order stay.
 */
void
imp_fleet_filter_set_fleet (ImpFleetFilter *self,
                            ImpFleet       *fleet)
{
  g_return_if_fail (IMP_IS_FLEET_FILTER (self));

  gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (fleet));
}

/* A list that shows all is not asked about each of them. */
static void
refilter (ImpFleetFilter *self)
{
  if (!imp_fleet_filter_is_active (self))
    gtk_filter_list_model_set_filter (self->filtered, NULL);
  else if (gtk_filter_list_model_get_filter (self->filtered) == NULL)
    gtk_filter_list_model_set_filter (self->filtered, self->filter);
  else
    gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/**
 * imp_fleet_filter_set_text:
 * @self: a filter
 * @text: part of a name, a class or a version; all of them if it is empty
 *
 * Shows the devices that have this text in them.
 */
void
imp_fleet_filter_set_text (ImpFleetFilter *self,
                           const char     *text)
{
  g_return_if_fail (IMP_IS_FLEET_FILTER (self));

  g_free (self->text);
  self->text = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  refilter (self);
}

/**
 * imp_fleet_filter_set_shown:
 * @self: a filter
 * @shown: “all”, “polling”, “idle”, “busy”, “good”, “refused” or “unreachable”
 *
 * Shows the devices that stand like this.
 */
void
imp_fleet_filter_set_shown (ImpFleetFilter *self,
                            const char     *shown)
{
  g_return_if_fail (IMP_IS_FLEET_FILTER (self));

  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      if (g_strcmp0 (filters[i].name, shown) == 0)
        self->shown = i;
    }
  refilter (self);
}

/**
 * imp_fleet_filter_set_sorted:
 * @self: a filter
 * @sorted: “name”, “class”, “version” or “time”
 *
 * Sets the order of the devices.
 */
void
imp_fleet_filter_set_sorted (ImpFleetFilter *self,
                             const char     *sorted)
{
  g_autoptr(GtkSorter) sorter = NULL;

  g_return_if_fail (IMP_IS_FLEET_FILTER (self));

  for (guint i = 0; i < G_N_ELEMENTS (orders); i++)
    {
      if (g_strcmp0 (orders[i].name, sorted) == 0)
        self->order = i;
    }

  if (orders[self->order].func != NULL)
    sorter = GTK_SORTER (gtk_custom_sorter_new (orders[self->order].func, NULL, NULL));
  gtk_sort_list_model_set_sorter (self->sorted, sorter);
}

/**
 * imp_fleet_filter_refresh:
 * @self: a filter
 *
 * Looks at the devices again, which may stand otherwise than before.
 */
void
imp_fleet_filter_refresh (ImpFleetFilter *self)
{
  GtkSorter *sorter;

  g_return_if_fail (IMP_IS_FLEET_FILTER (self));

  if (self->shown != 0)
    refilter (self);

  sorter = gtk_sort_list_model_get_sorter (self->sorted);
  if (sorter != NULL && orders[self->order].func != compare_classes)
    gtk_sorter_changed (sorter, GTK_SORTER_CHANGE_DIFFERENT);
}
