/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define IMP_PREFERENCE_COLOR_SCHEME     "color-scheme"
#define IMP_PREFERENCE_KEY              "default-key"
#define IMP_PREFERENCE_VENDOR_ID        "default-vendor-id"
#define IMP_PREFERENCE_STORAGE_LOCATION "default-storage-location"
#define IMP_PREFERENCE_EXPIRY_DAYS      "default-expiry-days"
#define IMP_PREFERENCE_POLL_INTERVAL    "device-poll-interval"
#define IMP_PREFERENCE_NOTIFY           "notify-submissions"
#define IMP_PREFERENCE_CHECK_LEDGER     "check-ledger"

/* The keys that a person sets, unlike the state of the window. */
GVariant *imp_preferences_save    (GSettings *settings);
void      imp_preferences_restore (GSettings *settings,
                                   GVariant  *saved);
void      imp_preferences_reset   (GSettings *settings);

G_END_DECLS
