/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define IMP_KEYRING_MAX_LABEL_CHARS 128

/* A signing key of the keyring or of a PKCS#11 token, as it is listed: no secret in it. Immutable. */
#define IMP_TYPE_KEYRING_ITEM (imp_keyring_item_get_type ())
G_DECLARE_FINAL_TYPE (ImpKeyringItem, imp_keyring_item, IMP, KEYRING_ITEM, GObject)

ImpKeyringItem *imp_keyring_item_new             (const char     *label,
                                                  const char     *algorithm,
                                                  const char     *fingerprint,
                                                  const char     *public_pem,
                                                  const char     *location,
                                                  gint64          created);

ImpKeyringItem *imp_keyring_item_new_on_token    (const char     *label,
                                                  ImpKey         *public_key,
                                                  const char     *token,
                                                  const char     *url);
gboolean        imp_keyring_item_equal           (ImpKeyringItem *self,
                                                  ImpKeyringItem *other);

const char     *imp_keyring_item_get_label       (ImpKeyringItem *self);
const char     *imp_keyring_item_get_algorithm   (ImpKeyringItem *self);
const char     *imp_keyring_item_get_fingerprint (ImpKeyringItem *self);
const char     *imp_keyring_item_get_location    (ImpKeyringItem *self);
const char     *imp_keyring_item_get_public_pem  (ImpKeyringItem *self);
gint64          imp_keyring_item_get_created     (ImpKeyringItem *self);
const char     *imp_keyring_item_get_token       (ImpKeyringItem *self);
const char     *imp_keyring_item_get_url         (ImpKeyringItem *self);

G_END_DECLS
