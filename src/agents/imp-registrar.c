/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-registrar.h"

#include <json-glib/json-glib.h>

/**
 * ImpRegistrar:
 *
 * What an author agent needs of a register agent, wherever that one is.
 */
G_DEFINE_INTERFACE (ImpRegistrar, imp_registrar, G_TYPE_OBJECT)

/**
 * ImpRegistration:
 *
 * The registration of one update.
 *
 * The payload is set as soon as it begins to arrive and is taken in while it does; what says whose
 * it is may come before or after it. A registration is either finished or aborted.
 */
G_DEFINE_INTERFACE (ImpRegistration, imp_registration, G_TYPE_OBJECT)

static void
imp_registrar_default_init (ImpRegistrarInterface *iface)
{
  /**
   * ImpRegistrar::step:
   * @self: a registrar
   * @step: what happened, as in the `registration` event
   *
   * A registration has gone a step further.
   */
  g_signal_new ("step", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, JSON_TYPE_NODE);
}

static void
imp_registration_default_init (ImpRegistrationInterface *iface)
{
  /**
   * ImpRegistration::step:
   * @self: a registration
   * @step: what happened, as in the `registration` event
   *
   * The registration has gone a step further.
   */
  g_signal_new ("step", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, JSON_TYPE_NODE);

  /**
   * ImpRegistration::failed:
   * @self: a registration that was not finished yet
   * @error: why
   *
   * The payload cannot be taken: the rest of it need not be sent.
   */
  g_signal_new ("failed", G_TYPE_FROM_INTERFACE (iface), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 1, G_TYPE_ERROR);
}

/**
 * imp_registrar_create_challenge_async:
 * @self: a registrar
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is there
 * @user_data: data for @callback
 *
 * Asks for something new to sign.
 */
void
imp_registrar_create_challenge_async (ImpRegistrar        *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_return_if_fail (IMP_IS_REGISTRAR (self));

  IMP_REGISTRAR_GET_IFACE (self)->create_challenge_async (self, cancellable, callback, user_data);
}

/**
 * imp_registrar_create_challenge_finish:
 * @self: a registrar
 * @result: the result
 * @error: return location for an error
 *
 * Gets the challenge.
 *
 * Returns: (transfer full): `{challenge, agent, expires}`
 */
JsonNode *
imp_registrar_create_challenge_finish (ImpRegistrar  *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_registrar_register_author_async:
 * @self: a registrar
 * @message: the petition
 * @signed_message: the author's signature over it
 * @author: the author's public key
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is done
 * @user_data: data for @callback
 *
 * Registers an author.
 */
void
imp_registrar_register_author_async (ImpRegistrar        *self,
                                     const char          *message,
                                     const char          *signed_message,
                                     ImpKey              *author,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (IMP_IS_REGISTRAR (self));

  IMP_REGISTRAR_GET_IFACE (self)->register_author_async (self, message, signed_message, author,
                                                         cancellable, callback, user_data);
}

/**
 * imp_registrar_register_author_finish:
 * @self: a registrar
 * @result: the result
 * @error: return location for an error
 *
 * Gets what came of it.
 *
 * Returns: (transfer full): the author's registration token, a secret
 */
char *
imp_registrar_register_author_finish (ImpRegistrar  *self,
                                      GAsyncResult  *result,
                                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_registrar_find_author_async:
 * @self: a registrar
 * @fingerprint: 64 hex digits
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is found
 * @user_data: data for @callback
 *
 * Looks an author up in the ledger.
 */
void
imp_registrar_find_author_async (ImpRegistrar        *self,
                                 const char          *fingerprint,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (IMP_IS_REGISTRAR (self));

  IMP_REGISTRAR_GET_IFACE (self)->find_author_async (self, fingerprint, cancellable, callback,
                                                     user_data);
}

/**
 * imp_registrar_find_author_finish:
 * @self: a registrar
 * @result: the result
 * @error: return location for an error
 *
 * Gets the author, or %IMP_ERROR_NOT_FOUND.
 *
 * Returns: (transfer full): `{fingerprint, registered, since, tokenExpires}`
 */
JsonNode *
imp_registrar_find_author_finish (ImpRegistrar  *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_registrar_begin:
 * @self: a registrar
 * @request_id: (nullable): what a client follows its request by
 *
 * Begins to register an update.
 *
 * Returns: (transfer full): the registration
 */
ImpRegistration *
imp_registrar_begin (ImpRegistrar *self,
                     const char   *request_id)
{
  g_return_val_if_fail (IMP_IS_REGISTRAR (self), NULL);

  return IMP_REGISTRAR_GET_IFACE (self)->begin (self, request_id);
}

/**
 * imp_registration_set_payload:
 * @self: a registration
 * @payload: the payload, which another thread reads
 *
 * Begins to take the payload in.
 */
void
imp_registration_set_payload (ImpRegistration *self,
                              GInputStream    *payload)
{
  g_return_if_fail (IMP_IS_REGISTRATION (self));

  IMP_REGISTRATION_GET_IFACE (self)->set_payload (self, payload);
}

/**
 * imp_registration_end_payload:
 * @self: a registration
 *
 * Says that the last byte has arrived, which is when `receive` ends and `store` begins.
 */
void
imp_registration_end_payload (ImpRegistration *self)
{
  g_return_if_fail (IMP_IS_REGISTRATION (self));

  IMP_REGISTRATION_GET_IFACE (self)->end_payload (self);
}

/**
 * imp_registration_set_sbom:
 * @self: a registration that is not finished
 * @sbom: the bytes that the manifest’s “sbom” names
 *
 * Takes what is stored beside the payload, and kept and thrown away with it.
 */
void
imp_registration_set_sbom (ImpRegistration *self,
                           GBytes          *sbom)
{
  g_return_if_fail (IMP_IS_REGISTRATION (self));
  g_return_if_fail (sbom != NULL);

  IMP_REGISTRATION_GET_IFACE (self)->set_sbom (self, sbom);
}

/**
 * imp_registration_finish_async:
 * @self: a registration whose payload has ended
 * @token: the author's token
 * @fingerprint: (nullable): the author, if that is known
 * @update: the update
 * @callback: called when it is recorded or refused
 * @user_data: data for @callback
 *
 * Has the update recorded. This goes on when nobody waits for it any more.
 */
void
imp_registration_finish_async (ImpRegistration     *self,
                               const char          *token,
                               const char          *fingerprint,
                               ImpUpdate           *update,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (IMP_IS_REGISTRATION (self));

  IMP_REGISTRATION_GET_IFACE (self)->finish_async (self, token, fingerprint, update, callback,
                                                   user_data);
}

/**
 * imp_registration_finish_finish:
 * @self: a registration
 * @result: the result
 * @error: return location for an error
 *
 * Gets what came of it.
 *
 * Returns: (transfer full): `{transaction, sequence, cid, checkpoint, steps}`
 */
JsonNode *
imp_registration_finish_finish (ImpRegistration  *self,
                                GAsyncResult     *result,
                                GError          **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_registration_abort:
 * @self: a registration that is not finished
 *
 * Gives up; what was stored of the payload is thrown away. Does nothing while a finish is under way.
 */
void
imp_registration_abort (ImpRegistration *self)
{
  g_return_if_fail (IMP_IS_REGISTRATION (self));

  IMP_REGISTRATION_GET_IFACE (self)->abort (self);
}
