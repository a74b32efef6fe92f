/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-update.h"

G_BEGIN_DECLS

/* Where authors and updates are registered: in this process, or at a register agent elsewhere. */
#define IMP_TYPE_REGISTRAR (imp_registrar_get_type ())
G_DECLARE_INTERFACE (ImpRegistrar, imp_registrar, IMP, REGISTRAR, GObject)

/* One update on its way into the ledger. */
#define IMP_TYPE_REGISTRATION (imp_registration_get_type ())
G_DECLARE_INTERFACE (ImpRegistration, imp_registration, IMP, REGISTRATION, GObject)

struct _ImpRegistrarInterface
{
  GTypeInterface parent_iface;

  void             (*create_challenge_async) (ImpRegistrar        *self,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
  void             (*register_author_async)  (ImpRegistrar        *self,
                                              const char          *message,
                                              const char          *signed_message,
                                              ImpKey              *author,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
  void             (*find_author_async)      (ImpRegistrar        *self,
                                              const char          *fingerprint,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
  ImpRegistration *(*begin)                  (ImpRegistrar        *self,
                                              const char          *request_id);
};

struct _ImpRegistrationInterface
{
  GTypeInterface parent_iface;

  void (*set_payload)  (ImpRegistration     *self,
                        GInputStream        *payload);
  void (*end_payload)  (ImpRegistration     *self);
  void (*set_sbom)     (ImpRegistration     *self,
                        GBytes              *sbom);
  void (*finish_async) (ImpRegistration     *self,
                        const char          *token,
                        const char          *fingerprint,
                        ImpUpdate           *update,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data);
  void (*abort)        (ImpRegistration     *self);
};

void             imp_registrar_create_challenge_async  (ImpRegistrar         *self,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
JsonNode        *imp_registrar_create_challenge_finish (ImpRegistrar         *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);
void             imp_registrar_register_author_async   (ImpRegistrar         *self,
                                                        const char           *message,
                                                        const char           *signed_message,
                                                        ImpKey               *author,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
char            *imp_registrar_register_author_finish  (ImpRegistrar         *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);
void             imp_registrar_find_author_async       (ImpRegistrar         *self,
                                                        const char           *fingerprint,
                                                        GCancellable         *cancellable,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
JsonNode        *imp_registrar_find_author_finish      (ImpRegistrar         *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);
ImpRegistration *imp_registrar_begin                   (ImpRegistrar         *self,
                                                        const char           *request_id);

void             imp_registration_set_payload          (ImpRegistration      *self,
                                                        GInputStream         *payload);
void             imp_registration_end_payload          (ImpRegistration      *self);
void             imp_registration_set_sbom             (ImpRegistration      *self,
                                                        GBytes               *sbom);
void             imp_registration_finish_async         (ImpRegistration      *self,
                                                        const char           *token,
                                                        const char           *fingerprint,
                                                        ImpUpdate            *update,
                                                        GAsyncReadyCallback   callback,
                                                        gpointer              user_data);
JsonNode        *imp_registration_finish_finish        (ImpRegistration      *self,
                                                        GAsyncResult         *result,
                                                        GError              **error);
void             imp_registration_abort                (ImpRegistration      *self);

G_END_DECLS
