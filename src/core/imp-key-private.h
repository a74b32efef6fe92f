/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-key-pin.h"

#include <gnutls/abstract.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_SCHEME_RSA,
  IMP_SCHEME_ECDSA,
  IMP_SCHEME_ED25519,
} ImpScheme;

struct _ImpKey
{
  GObject parent_instance;

  gnutls_pubkey_t   public_key;   /* (owned) */
  gnutls_privkey_t  private_key;  /* (owned) (nullable) */

  ImpScheme  scheme;
  gsize      max_signature;  /* bytes of the longest signature */
  char      *algorithm;
  char      *fingerprint;
  char      *public_pem;

  ImpPinAsker *pin;    /* (owned) (nullable): where the private half is on a token */
  char        *token;  /* (owned) (nullable): what that is called */
};

gnutls_pk_algorithm_t imp_key_type_get_algorithm (ImpKeyType  type,
                                                  guint      *bits);

ImpKey *imp_key_new_take_public  (gnutls_pubkey_t   public_key,
                                  GError          **error);
ImpKey *imp_key_new_take_private (gnutls_privkey_t  private_key,
                                  GError          **error);

G_END_DECLS
