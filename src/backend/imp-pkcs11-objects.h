/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-keyring-item.h"

G_BEGIN_DECLS

/* What is on a PKCS#11 token: the keys that can sign updates, and why the others cannot. */
int imp_pkcs11_objects_read (const char   *token_url,
                             const char   *token,
                             gboolean      log_in,
                             GPtrArray   **keys,
                             GStrv        *unusable);

G_END_DECLS
