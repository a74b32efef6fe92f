/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The keys that can be made. */
typedef enum
{
  IMP_KEY_RSA_2048,
  IMP_KEY_RSA_3072,
  IMP_KEY_RSA_4096,
  IMP_KEY_EC_P256,
  IMP_KEY_EC_P384,
  IMP_KEY_ED25519,
} ImpKeyType;

const char *imp_key_type_to_string   (ImpKeyType   type);
gboolean    imp_key_type_from_string (const char  *text,
                                      ImpKeyType  *type);

G_END_DECLS
