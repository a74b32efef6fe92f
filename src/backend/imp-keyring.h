/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-keyring-item.h"
#include "imp-pin-request.h"
#include "imp-pkcs11-token.h"

G_BEGIN_DECLS

/* The signing keys in the system's keyring and on PKCS#11 tokens: a GListModel of ImpKeyringItem. */
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
void            imp_keyring_load_tokens_async  (ImpKeyring           *self,
                                                gboolean              read_again,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean        imp_keyring_load_tokens_finish (ImpKeyring           *self,
                                                GAsyncResult         *result,
                                                GError              **error);
GListModel     *imp_keyring_get_tokens         (ImpKeyring           *self);
void            imp_keyring_reveal_async       (ImpKeyring           *self,
                                                ImpPkcs11Token       *token,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean        imp_keyring_reveal_finish      (ImpKeyring           *self,
                                                GAsyncResult         *result,
                                                GError              **error);

gboolean        imp_keyring_check_label     (ImpKeyring           *self,
                                             const char           *label,
                                             GError              **error);
void            imp_keyring_generate_async  (ImpKeyring           *self,
                                             ImpPkcs11Token       *token,
                                             ImpKeyType            type,
                                             const char           *label,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
ImpKeyringItem *imp_keyring_generate_finish (ImpKeyring           *self,
                                             GAsyncResult         *result,
                                             GError              **error);
void            imp_keyring_import_async    (ImpKeyring           *self,
                                             GBytes               *pem,
                                             const char           *password,
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
void            imp_keyring_open_key_async  (ImpKeyring           *self,
                                             ImpKeyringItem       *item,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
ImpKey         *imp_keyring_open_key_finish (ImpKeyring           *self,
                                             GAsyncResult         *result,
                                             GError              **error);

ImpKeyringItem *imp_keyring_find            (ImpKeyring           *self,
                                             const char           *name,
                                             GError              **error);

G_END_DECLS
