/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-recent-destinations.h"

#define KEY "recent-destinations"
#define MAX_RECENT 8

/**
 * imp_recent_destinations_list:
 * @settings: (nullable): where they are remembered
 * @connection: identity of the connection in use
 *
 * Lists what was gone to last and still exists with this connection.
 *
 * Returns: (transfer full) (element-type ImpDestination): newest first
 */
GPtrArray *
imp_recent_destinations_list (GSettings  *settings,
                              const char *connection)
{
  GPtrArray *recent = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GVariant) value = settings != NULL ? g_settings_get_value (settings, KEY) : NULL;
  gsize n = value != NULL ? g_variant_n_children (value) : 0;

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr(GVariant) child = g_variant_get_child_value (value, i);
      ImpDestination *destination = imp_destination_new_from_variant (child, connection);

      if (destination != NULL)
        g_ptr_array_add (recent, destination);
    }

  return recent;
}

/**
 * imp_recent_destinations_add:
 * @settings: (nullable): where they are remembered
 * @connection: identity of the connection in use
 * @destination: where somebody went
 *
 * Remembers a destination, before all others.
 */
void
imp_recent_destinations_add (GSettings      *settings,
                             const char     *connection,
                             ImpDestination *destination)
{
  g_autoptr(GPtrArray) recent = imp_recent_destinations_list (settings, connection);
  GVariantBuilder builder;

  if (settings == NULL)
    return;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(usssss)"));
  g_variant_builder_add_value (&builder, imp_destination_to_variant (destination, connection));
  for (guint i = 0, n = 1; i < recent->len && n < MAX_RECENT; i++)
    {
      ImpDestination *other = g_ptr_array_index (recent, i);

      if (imp_destination_equal (other, destination))
        continue;
      g_variant_builder_add_value (&builder, imp_destination_to_variant (other, connection));
      n++;
    }

  g_settings_set_value (settings, KEY, g_variant_builder_end (&builder));
}
