/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-publish-defaults.h"

#include "imp-manifest.h"
#include "imp-preferences.h"

static void
propose_text (ImpPublishForm *form,
              const char     *field,
              GSettings      *settings,
              const char     *preference)
{
  g_autofree char *text = g_settings_get_string (settings, preference);

  if (*text != '\0')
    imp_publish_form_propose (form, field, text);
}

static void
propose_expiry (ImpPublishForm *form,
                GSettings      *settings)
{
  guint days = g_settings_get_uint (settings, IMP_PREFERENCE_EXPIRY_DAYS);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr(GDateTime) end = g_date_time_add_days (now, days);
  g_autofree char *day = g_date_time_format (end, "%Y-%m-%d");

  if (days > 0)
    imp_publish_form_propose (form, IMP_MANIFEST_EXPIRATION_TIME, day);
}

/**
 * imp_publish_defaults_propose:
 * @form: the form of a new update
 * @settings: (nullable): the preferences
 *
 * Proposes what the preferences say; what a person wrote stays.
 */
void
imp_publish_defaults_propose (ImpPublishForm *form,
                              GSettings      *settings)
{
  g_autofree char *fingerprint = NULL;

  g_return_if_fail (IMP_IS_PUBLISH_FORM (form));

  if (settings == NULL)
    return;

  fingerprint = g_settings_get_string (settings, IMP_PREFERENCE_KEY);
  imp_publish_form_select_author (form, fingerprint);
  propose_text (form, IMP_MANIFEST_VENDOR_ID, settings, IMP_PREFERENCE_VENDOR_ID);
  propose_text (form, IMP_MANIFEST_STORAGE_LOCATION, settings, IMP_PREFERENCE_STORAGE_LOCATION);
  propose_expiry (form, settings);
}
