/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key-pin.h"
#include "imp-key-type.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* A public key, with its private half or without. */
#define IMP_TYPE_KEY (imp_key_get_type ())
G_DECLARE_FINAL_TYPE (ImpKey, imp_key, IMP, KEY, GObject)

#define IMP_KEY_MAX_PEM_SIZE (64 * 1024)

ImpKey     *imp_key_generate            (ImpKeyType     type,
                                         GError       **error);
ImpKey     *imp_key_new_from_pem        (const char    *pem,
                                         gssize         length,
                                         const char    *password,
                                         GError       **error);
ImpKey     *imp_key_new_from_raw_public (const guint8  *bytes,
                                         gsize          size,
                                         GError       **error);
ImpKey     *imp_key_new_from_pkcs11     (const char    *url,
                                         const char    *public_pem,
                                         const char    *token,
                                         ImpPinAsker   *pin,
                                         GError       **error);
ImpKey     *imp_key_generate_on_pkcs11  (ImpKeyType     type,
                                         const char    *token_url,
                                         const char    *label,
                                         const char    *token,
                                         ImpPinAsker   *pin,
                                         GError       **error);
gboolean    imp_key_pem_is_encrypted    (const char    *pem,
                                         gssize         length);

gboolean    imp_key_has_private         (ImpKey        *self);
gboolean    imp_key_is_on_token         (ImpKey        *self);
const char *imp_key_get_fingerprint     (ImpKey        *self);
const char *imp_key_get_algorithm       (ImpKey        *self);
const char *imp_key_get_public_pem      (ImpKey        *self);
GBytes     *imp_key_get_raw_public      (ImpKey        *self);
GBytes     *imp_key_export_private      (ImpKey        *self,
                                         GError       **error);

char       *imp_key_sign                (ImpKey        *self,
                                         const void    *data,
                                         gsize          size,
                                         GError       **error);
gboolean    imp_key_verify              (ImpKey        *self,
                                         const void    *data,
                                         gsize          size,
                                         const char    *signature,
                                         GError       **error);
gsize       imp_key_get_max_signature   (ImpKey        *self);

char       *imp_key_sign_text           (ImpKey        *self,
                                         const char    *text,
                                         GError       **error);
gboolean    imp_key_verify_text         (ImpKey        *self,
                                         const char    *text,
                                         const char    *signature,
                                         GError       **error);

GBytes     *imp_key_sign_raw            (ImpKey        *self,
                                         const void    *data,
                                         gsize          size,
                                         GError       **error);
gboolean    imp_key_verify_raw          (ImpKey        *self,
                                         const void    *data,
                                         gsize          size,
                                         const void    *signature,
                                         gsize          signature_size,
                                         GError       **error);

G_END_DECLS
