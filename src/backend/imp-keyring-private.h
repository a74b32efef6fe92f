/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-keyring.h"

G_BEGIN_DECLS

/* What the files of ImpKeyring share. */
struct _ImpKeyring
{
  GObject parent_instance;

  GPtrArray  *items;   /* (owned) (element-type ImpKeyringItem): all that is listed, by label */
  GPtrArray  *stored;  /* (owned) (element-type ImpKeyringItem): those of the keyring service */
  GListStore *tokens;  /* (owned): of ImpPkcs11Token */
};

void            imp_keyring_merge             (ImpKeyring           *self);
ImpKeyringItem *imp_keyring_find_fingerprint  (ImpKeyring           *self,
                                               const char           *fingerprint);
gboolean        imp_keyring_ask_pin           (GObject              *self,
                                               ImpPinRequest        *request);

/* The keyring service’s part. */
void            imp_keyring_search_async      (ImpKeyring           *self,
                                               GCancellable         *cancellable,
                                               GAsyncReadyCallback   callback,
                                               gpointer              user_data);
gboolean        imp_keyring_search_finish     (ImpKeyring           *self,
                                               GAsyncResult         *result,
                                               GError              **error);
void            imp_keyring_lookup            (ImpKeyring           *self,
                                               ImpKeyringItem       *item,
                                               GTask                *task);

/* The tokens’ part. */
void            imp_keyring_open_on_token     (ImpKeyring           *self,
                                               ImpKeyringItem       *item,
                                               GTask                *task);

G_END_DECLS
