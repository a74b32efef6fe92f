/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-challenges.h"
#include "imp-ledger.h"
#include "imp-registrar.h"
#include "imp-store.h"

G_BEGIN_DECLS

/* The registrar of the process that holds the ledger and the store. */
#define IMP_TYPE_LOCAL_REGISTRAR (imp_local_registrar_get_type ())
G_DECLARE_FINAL_TYPE (ImpLocalRegistrar, imp_local_registrar, IMP, LOCAL_REGISTRAR, GObject)

ImpLocalRegistrar *imp_local_registrar_new               (ImpLedger         *ledger,
                                                          ImpStore          *store,
                                                          const char        *name,
                                                          guint64            payload_limit);

ImpLedger         *imp_local_registrar_get_ledger        (ImpLocalRegistrar *self);
ImpStore          *imp_local_registrar_get_store         (ImpLocalRegistrar *self);
guint64            imp_local_registrar_get_payload_limit (ImpLocalRegistrar *self);
guint              imp_local_registrar_get_active        (ImpLocalRegistrar *self);
void               imp_local_registrar_change_active     (ImpLocalRegistrar *self,
                                                          int                change);

/* Keeps or discards what a crash left staged. */
void               imp_local_registrar_recover_async     (ImpLocalRegistrar   *self,
                                                          GCancellable        *cancellable,
                                                          GAsyncReadyCallback  callback,
                                                          gpointer             user_data);
gboolean           imp_local_registrar_recover_finish    (ImpLocalRegistrar   *self,
                                                          GAsyncResult        *result,
                                                          GError             **error);

G_END_DECLS
