/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-key.h"

G_BEGIN_DECLS

/* A signing key as the keyring lists it: no secret in it. Immutable. properties: label, algorithm, fingerprint, location. */
#define IMP_TYPE_KEYRING_ITEM (imp_keyring_item_get_type ())
G_DECLARE_FINAL_TYPE (ImpKeyringItem, imp_keyring_item, IMP, KEYRING_ITEM, GObject)

const char *imp_keyring_item_get_label       (ImpKeyringItem *self);
const char *imp_keyring_item_get_algorithm   (ImpKeyringItem *self);
const char *imp_keyring_item_get_fingerprint (ImpKeyringItem *self);
const char *imp_keyring_item_get_location    (ImpKeyringItem *self);  /* "Login keyring" */
const char *imp_keyring_item_get_public_pem  (ImpKeyringItem *self);
gint64      imp_keyring_item_get_created     (ImpKeyringItem *self);  /* ms */

/* The keys of this user, in the system's keyring (libsecret): a GListModel of ImpKeyringItem, by label. Where SECRET_BACKEND=file is set, libsecret's own file takes its place.
 * No keyring service: G_IO_ERROR_NOT_SUPPORTED; locked and not unlocked: G_IO_ERROR_PERMISSION_DENIED; each said in a sentence that a person can act on.
 */
#define IMP_TYPE_KEYRING (imp_keyring_get_type ())
G_DECLARE_FINAL_TYPE (ImpKeyring, imp_keyring, IMP, KEYRING, GObject)

ImpKeyring     *imp_keyring_new             (void);

void            imp_keyring_load_async      (ImpKeyring           *self,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean        imp_keyring_load_finish     (ImpKeyring           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
void            imp_keyring_generate_async  (ImpKeyring           *self,
                                             ImpKeyType            type,
                                             const char           *label,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
ImpKeyringItem *imp_keyring_generate_finish (ImpKeyring           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* A key that is there already (same fingerprint): G_IO_ERROR_EXISTS, naming it. */
void            imp_keyring_import_async    (ImpKeyring           *self,
                                             GBytes               *pem,
                                             const char           *password,   /* (nullable) */
                                             const char           *label,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
ImpKeyringItem *imp_keyring_import_finish   (ImpKeyring           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
void            imp_keyring_remove_async    (ImpKeyring           *self,
                                             ImpKeyringItem       *item,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
gboolean        imp_keyring_remove_finish   (ImpKeyring           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
/* The private key, to sign with now; drop it when signed. Unlocks through the keyring's own prompt. */
void            imp_keyring_open_key_async  (ImpKeyring           *self,
                                             ImpKeyringItem       *item,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
ImpKey         *imp_keyring_open_key_finish (ImpKeyring           *self,
                                             GAsyncResult         *result,
                                             GError              **error);

/* By label, or by fingerprint (8 digits of it or more, unambiguous): IMP_ERROR_NOT_FOUND, IMP_ERROR_MALFORMED when several fit. */
ImpKeyringItem *imp_keyring_find            (ImpKeyring           *self,
                                             const char           *name,
                                             GError              **error);

G_END_DECLS
