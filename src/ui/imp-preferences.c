/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-preferences.h"

static const char *const preferences[] = {
  IMP_PREFERENCE_COLOR_SCHEME,
  IMP_PREFERENCE_KEY,
  IMP_PREFERENCE_VENDOR_ID,
  IMP_PREFERENCE_STORAGE_LOCATION,
  IMP_PREFERENCE_EXPIRY_DAYS,
  IMP_PREFERENCE_POLL_INTERVAL,
  IMP_PREFERENCE_NOTIFY,
  IMP_PREFERENCE_CHECK_LEDGER,
};

/**
 * imp_preferences_save:
 * @settings: the settings
 *
 * Writes down all preferences, for imp_preferences_restore().
 *
 * Returns: (transfer full): a dictionary
 */
GVariant *
imp_preferences_save (GSettings *settings)
{
  GVariantDict saved;

  g_variant_dict_init (&saved, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (preferences); i++)
    {
      g_autoptr(GVariant) value = g_settings_get_value (settings, preferences[i]);

      g_variant_dict_insert_value (&saved, preferences[i], value);
    }

  return g_variant_ref_sink (g_variant_dict_end (&saved));
}

/**
 * imp_preferences_restore:
 * @settings: the settings
 * @saved: what imp_preferences_save() returned
 *
 * Sets all preferences as they were.
 */
void
imp_preferences_restore (GSettings *settings,
                         GVariant  *saved)
{
  GVariantIter iter;
  const char *key;
  GVariant *value;

  g_variant_iter_init (&iter, saved);
  while (g_variant_iter_loop (&iter, "{&sv}", &key, &value))
    g_settings_set_value (settings, key, value);
}

/**
 * imp_preferences_reset:
 * @settings: the settings
 *
 * Sets all preferences as they were at first; the state of the window stays.
 */
void
imp_preferences_reset (GSettings *settings)
{
  for (guint i = 0; i < G_N_ELEMENTS (preferences); i++)
    g_settings_reset (settings, preferences[i]);
}
