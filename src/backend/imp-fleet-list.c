/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-fleet-private.h"

/* Which devices are in the list, and where.
 *
 * The list stays sorted by name, with numbers by their value. Devices come and go in runs: a change is told
 * for each run, and as one where there are too many of them.
 */

#define MAX_RUNS 64

static const char *
get_sort_key (ImpDevice *device)
{
  static const char quark_name[] = "imp-fleet-sort-key";
  GQuark quark = g_quark_from_static_string (quark_name);
  char *key = g_object_get_qdata (G_OBJECT (device), quark);

  if (key == NULL)
    {
      key = g_utf8_collate_key_for_filename (imp_device_get_id (device), -1);
      g_object_set_qdata_full (G_OBJECT (device), quark, key, g_free);
    }

  return key;
}

static int
compare_devices (gconstpointer a,
                 gconstpointer b)
{
  return strcmp (get_sort_key (*(ImpDevice *const *) a), get_sort_key (*(ImpDevice *const *) b));
}

/**
 * imp_fleet_sort_devices:
 * @devices: (element-type ImpDevice): devices
 *
 * Sorts them in place, in the order of the fleet's list.
 */
void
imp_fleet_sort_devices (GPtrArray *devices)
{
  g_ptr_array_sort (devices, compare_devices);
}

/* Returns: the position of the first device that comes after @device */
static guint
find_place (GPtrArray *devices,
            ImpDevice *device)
{
  guint low = 0;
  guint high = devices->len;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (compare_devices (&g_ptr_array_index (devices, middle), &device) <= 0)
        low = middle + 1;
      else
        high = middle;
    }

  return low;
}

static void
insert_run (GPtrArray *devices,
            guint      position,
            gpointer  *run,
            guint      n)
{
  guint n_behind = devices->len - position;

  g_ptr_array_set_size (devices, devices->len + n);
  memmove (devices->pdata + position + n, devices->pdata + position, n_behind * sizeof (gpointer));
  for (guint i = 0; i < n; i++)
    devices->pdata[position + i] = g_object_ref (run[i]);
}

/* From the last run to the first, so that the places of those before stay what they are. */
static guint
insert_runs (ImpFleet  *self,
             GPtrArray *devices,
             gboolean   tell)
{
  guint n_runs = 0;
  guint end = devices->len;

  while (end > 0)
    {
      guint place = find_place (self->devices, g_ptr_array_index (devices, end - 1));
      guint start = end - 1;

      while (start > 0 &&
             find_place (self->devices, g_ptr_array_index (devices, start - 1)) == place)
        start--;

      insert_run (self->devices, place, devices->pdata + start, end - start);
      if (tell)
        g_list_model_items_changed (G_LIST_MODEL (self), place, 0, end - start);
      end = start;
      n_runs++;
    }

  return n_runs;
}

static guint
count_runs (ImpFleet  *self,
            GPtrArray *devices)
{
  guint last = G_MAXUINT;
  guint n_runs = 0;

  for (guint i = 0; i < devices->len; i++)
    {
      guint place = find_place (self->devices, g_ptr_array_index (devices, i));

      n_runs += place != last;
      last = place;
    }

  return n_runs;
}

/**
 * imp_fleet_merge:
 * @self: a fleet
 * @devices: (element-type ImpDevice): devices
 *
 * Takes devices into the list that are not in it, and lets those poll that do. Devices that are known stay
 * the objects that they are: somebody may be updating them.
 */
void
imp_fleet_merge (ImpFleet  *self,
                 GPtrArray *devices)
{
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_full (devices->len, NULL);
  guint n_before = self->devices->len;

  for (guint i = 0; i < devices->len; i++)
    {
      ImpDevice *device = g_ptr_array_index (devices, i);

      if (g_hash_table_insert (self->known, (char *) imp_device_get_directory (device), device))
        g_ptr_array_add (fresh, device);
    }

  imp_fleet_sort_devices (fresh);
  if (count_runs (self, fresh) <= MAX_RUNS)
    insert_runs (self, fresh, TRUE);
  else
    {
      insert_runs (self, fresh, FALSE);
      g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->devices->len);
    }

  for (guint i = 0; i < fresh->len; i++)
    {
      if (imp_device_get_polling (g_ptr_array_index (fresh, i)))
        imp_fleet_scheduler_poll (self->scheduler, g_ptr_array_index (fresh, i), FALSE);
    }
}

static guint
remove_runs (ImpFleet   *self,
             GHashTable *gone,
             gboolean    tell)
{
  guint n_runs = 0;
  guint end = self->devices->len;

  while (end > 0)
    {
      guint start = end;

      while (start > 0 && g_hash_table_contains (gone, g_ptr_array_index (self->devices, start - 1)))
        start--;

      if (start < end)
        {
          g_ptr_array_remove_range (self->devices, start, end - start);
          if (tell)
            g_list_model_items_changed (G_LIST_MODEL (self), start, end - start, 0);
          n_runs++;
        }
      end = start > 0 ? start - 1 : 0;
    }

  return n_runs;
}

static guint
count_gone_runs (ImpFleet   *self,
                 GHashTable *gone)
{
  gboolean last = FALSE;
  guint n_runs = 0;

  for (guint i = 0; i < self->devices->len; i++)
    {
      gboolean is_gone = g_hash_table_contains (gone, g_ptr_array_index (self->devices, i));

      n_runs += is_gone && !last;
      last = is_gone;
    }

  return n_runs;
}

/**
 * imp_fleet_take_out:
 * @self: a fleet
 * @devices: (element-type ImpDevice): devices
 *
 * Takes those out of the list that are in it, and cancels what they do.
 */
void
imp_fleet_take_out (ImpFleet  *self,
                    GPtrArray *devices)
{
  g_autoptr(GHashTable) gone = g_hash_table_new (NULL, NULL);
  guint n_before = self->devices->len;

  for (guint i = 0; i < devices->len; i++)
    {
      g_hash_table_add (gone, g_ptr_array_index (devices, i));
      imp_fleet_scheduler_forget (self->scheduler, g_ptr_array_index (devices, i));
    }

  if (count_gone_runs (self, gone) <= MAX_RUNS)
    remove_runs (self, gone, TRUE);
  else
    {
      remove_runs (self, gone, FALSE);
      g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->devices->len);
    }
}
