/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_KEY_RSA_2048,
  IMP_KEY_RSA_3072,
  IMP_KEY_RSA_4096,
  IMP_KEY_EC_P256,
  IMP_KEY_EC_P384,
  IMP_KEY_ED25519,
} ImpKeyType;

/* "rsa-2048", "ec-p256", "ed25519": as on the command line and in JSON. */
const char *imp_key_type_to_string   (ImpKeyType   type);
gboolean    imp_key_type_from_string (const char  *text,
                                      ImpKeyType  *type);

/* A public key, with its private half or without. Immutable, usable from any thread. */
#define IMP_TYPE_KEY (imp_key_get_type ())
G_DECLARE_FINAL_TYPE (ImpKey, imp_key, IMP, KEY, GObject)

#define IMP_KEY_MAX_PEM_SIZE (64 * 1024)

/* Slow for RSA (a second): call it from a thread. */
ImpKey     *imp_key_generate          (ImpKeyType    type,
                                       GError      **error);
/* Any of: SPKI, PKCS#1 public and private, SEC 1 private, PKCS#8, encrypted PKCS#8 (@password).
 * Wrong or missing password: IMP_ERROR_KEY_NOT_VALID that says so. RSA below 2048 bits, other curves,
 * DSA: refused by name. (max IMP_KEY_MAX_PEM_SIZE)
 */
ImpKey     *imp_key_new_from_pem      (const char   *pem,
                                       gssize        length,
                                       const char   *password,
                                       GError      **error);
gboolean    imp_key_pem_is_encrypted  (const char   *pem,
                                       gssize        length);

gboolean    imp_key_has_private       (ImpKey       *self);
const char *imp_key_get_fingerprint   (ImpKey       *self);  /* 64 hex: SHA-256 of the SPKI DER */
const char *imp_key_get_algorithm     (ImpKey       *self);  /* "RSA-2048", "EC P-256", "Ed25519": for people */
const char *imp_key_get_public_pem    (ImpKey       *self);  /* SPKI */
GBytes     *imp_key_get_raw_public    (ImpKey       *self);  /* (transfer full) Ed25519 only: 32 bytes */
/* PKCS#8 PEM; the bytes are wiped when the last reference goes. */
GBytes     *imp_key_export_private    (ImpKey       *self,
                                       GError      **error);

/* The schemes of the protocol, over the bytes as they are (callers pass 96 hex characters):
 * RSA = PKCS#1 block type 1 without DigestInfo, ECDSA with SHA-384, Ed25519. base64 in and out.
 * A signature that does not fit is FALSE with IMP_ERROR_KEY_NOT_VERIFIABLE.
 */
char       *imp_key_sign              (ImpKey       *self,
                                       const void   *data,
                                       gsize         size,
                                       GError      **error);
gboolean    imp_key_verify            (ImpKey       *self,
                                       const void   *data,
                                       gsize         size,
                                       const char   *signature,
                                       GError      **error);
/* Length of the longest base64 text imp_key_sign can give: lets an upload announce its length. */
gsize       imp_key_get_max_signature (ImpKey       *self);

/* A text, as the petition of an author is signed: signature over hex SHA-384 of its UTF-8. */
char       *imp_key_sign_text         (ImpKey       *self,
                                       const char   *text,
                                       GError      **error);
gboolean    imp_key_verify_text       (ImpKey       *self,
                                       const char   *text,
                                       const char   *signature,
                                       GError      **error);

/* Raw scheme access for formats that fix their own: Ed25519 over bytes (signed notes), RS384 (JWT). */
GBytes     *imp_key_sign_raw          (ImpKey       *self,
                                       const void   *data,
                                       gsize         size,
                                       GError      **error);
gboolean    imp_key_verify_raw        (ImpKey       *self,
                                       const void   *data,
                                       gsize         size,
                                       const void   *signature,
                                       gsize         signature_size,
                                       GError      **error);

G_END_DECLS
