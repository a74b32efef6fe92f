/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key-pin.h"
#include "imp-keyring-item.h"

G_BEGIN_DECLS

/* A PKCS#11 token that is there: a smart card, an HSM, SoftHSM. Immutable. */
#define IMP_TYPE_PKCS11_TOKEN (imp_pkcs11_token_get_type ())
G_DECLARE_FINAL_TYPE (ImpPkcs11Token, imp_pkcs11_token, IMP, PKCS11_TOKEN, GObject)

GPtrArray          *imp_pkcs11_token_list           (GPtrArray       *known);
ImpPkcs11Token     *imp_pkcs11_token_reveal         (ImpPkcs11Token  *self,
                                                     ImpPinAsker     *pin,
                                                     GError         **error);
gboolean            imp_pkcs11_token_equal          (ImpPkcs11Token  *self,
                                                     ImpPkcs11Token  *other);

const char         *imp_pkcs11_token_get_url        (ImpPkcs11Token  *self);
const char         *imp_pkcs11_token_get_label      (ImpPkcs11Token  *self);
const char         *imp_pkcs11_token_get_model      (ImpPkcs11Token  *self);
const char         *imp_pkcs11_token_get_serial     (ImpPkcs11Token  *self);
gboolean            imp_pkcs11_token_get_pin_locked (ImpPkcs11Token  *self);
gboolean            imp_pkcs11_token_get_revealed   (ImpPkcs11Token  *self);

GPtrArray          *imp_pkcs11_token_get_keys       (ImpPkcs11Token  *self);
const char *const  *imp_pkcs11_token_get_unusable   (ImpPkcs11Token  *self);

G_END_DECLS
