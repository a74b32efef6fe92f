/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsecret/secret.h>

#include "imp-key.h"
#include "imp-keyring-item.h"

G_BEGIN_DECLS

/* How a signing key stands in the system’s keyring. */
extern const SecretSchema imp_keyring_schema;

GHashTable     *imp_keyring_match_fingerprint (const char         *fingerprint);
ImpKeyringItem *imp_keyring_item_from_secret  (SecretRetrievable  *retrievable);
SecretValue    *imp_keyring_secret_from_key   (ImpKey             *key,
                                               GError            **error);
ImpKey         *imp_keyring_key_from_secret   (SecretValue        *secret,
                                               ImpKeyringItem     *item,
                                               GError            **error);

GError         *imp_keyring_explain_error     (GError             *error);

G_END_DECLS
