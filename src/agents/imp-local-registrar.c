/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-local-registrar.h"

#include "imp-contracts.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"
#include "imp-local-registration.h"
#include "imp-time.h"

/**
 * ImpLocalRegistrar:
 *
 * Registers in this process' own ledger and store: what a register agent answers with, and what an
 * author agent in the same process uses without going over a socket.
 */
struct _ImpLocalRegistrar
{
  GObject parent_instance;

  ImpLedger *ledger;          /* (owned) */
  ImpStore *store;            /* (owned) */
  ImpChallenges *challenges;  /* (owned) */
  guint64 payload_limit;
  guint active;               /* registrations that are being recorded */
};

static void imp_local_registrar_iface_init (ImpRegistrarInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpLocalRegistrar, imp_local_registrar, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_REGISTRAR,
                                                      imp_local_registrar_iface_init))

static JsonNode *
take_object (JsonObject *object)
{
  JsonNode *node = json_node_init_object (json_node_alloc (), object);

  json_object_unref (object);
  return node;
}

static void
imp_local_registrar_create_challenge_async (ImpRegistrar        *registrar,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data)
{
  ImpLocalRegistrar *self = IMP_LOCAL_REGISTRAR (registrar);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *challenge = NULL;
  g_autofree char *text = NULL;
  JsonObject *object;
  gint64 expires;
  GError *error = NULL;

  challenge = imp_challenges_create (self->challenges, imp_time_now (), &expires, &error);
  if (challenge == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  text = imp_time_format (expires);
  object = json_object_new ();
  json_object_set_string_member (object, "challenge", challenge);
  json_object_set_string_member (object, "agent", imp_challenges_get_agent (self->challenges));
  json_object_set_string_member (object, "expires", text);
  g_task_return_pointer (task, take_object (object), (GDestroyNotify) json_node_unref);
}

static void
author_registered_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(ImpReceipt) receipt = NULL;
  GError *error = NULL;

  receipt = imp_ledger_submit_finish (IMP_LEDGER (object), result, &error);
  if (receipt == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&receipt->result), g_free);
}

static void
imp_local_registrar_register_author_async (ImpRegistrar        *registrar,
                                           const char          *message,
                                           const char          *signed_message,
                                           ImpKey              *author,
                                           GCancellable        *cancellable,
                                           GAsyncReadyCallback  callback,
                                           gpointer             user_data)
{
  ImpLocalRegistrar *self = IMP_LOCAL_REGISTRAR (registrar);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *arguments[] = { message, signed_message, imp_key_get_public_pem (author), NULL };
  GError *error = NULL;

  if (!imp_challenges_check (self->challenges, message, imp_key_get_fingerprint (author),
                             imp_time_now (), &error))
    {
      g_task_return_error (task, error);
      return;
    }

  imp_ledger_submit_async (self->ledger, IMP_CONTRACT_REGISTER_AUTHOR, "createAuthor", arguments,
                           NULL, author_registered_cb, g_steal_pointer (&task));
}

static JsonNode *
read_author (const char  *fingerprint,
             const char  *text,
             GError     **error)
{
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, IMP_MANIFEST_MAX_SIZE, error);
  const char *since;
  JsonObject *object;

  if (node == NULL ||
      !(since = imp_json_get_string (json_node_get_object (node), "registered", error)))
    return NULL;

  object = json_object_new ();
  json_object_set_string_member (object, "fingerprint", fingerprint);
  json_object_set_boolean_member (object, "registered", TRUE);
  json_object_set_string_member (object, "since", since);
  json_object_set_null_member (object, "tokenExpires");
  return take_object (object);
}

static void
author_found_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *text = NULL;
  JsonNode *author = NULL;
  GError *error = NULL;

  if (!(text = imp_ledger_evaluate_finish (IMP_LEDGER (object), result, &error)) ||
      !(author = read_author (g_task_get_task_data (task), text, &error)))
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, author, (GDestroyNotify) json_node_unref);
}

static void
imp_local_registrar_find_author_async (ImpRegistrar        *registrar,
                                       const char          *fingerprint,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data)
{
  ImpLocalRegistrar *self = IMP_LOCAL_REGISTRAR (registrar);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  const char *arguments[] = { fingerprint, NULL };

  g_task_set_task_data (task, g_strdup (fingerprint), g_free);
  imp_ledger_evaluate_async (self->ledger, IMP_CONTRACT_RETRIEVE_UPDATE, "queryAuthor", arguments,
                             cancellable, author_found_cb, g_steal_pointer (&task));
}

static ImpRegistration *
imp_local_registrar_begin (ImpRegistrar *registrar,
                           const char   *request_id)
{
  return IMP_REGISTRATION (imp_local_registration_new (IMP_LOCAL_REGISTRAR (registrar),
                                                       request_id));
}

static void
imp_local_registrar_iface_init (ImpRegistrarInterface *iface)
{
  iface->create_challenge_async = imp_local_registrar_create_challenge_async;
  iface->register_author_async = imp_local_registrar_register_author_async;
  iface->find_author_async = imp_local_registrar_find_author_async;
  iface->begin = imp_local_registrar_begin;
}

static void
imp_local_registrar_finalize (GObject *object)
{
  ImpLocalRegistrar *self = IMP_LOCAL_REGISTRAR (object);

  g_object_unref (self->ledger);
  g_object_unref (self->store);
  g_object_unref (self->challenges);

  G_OBJECT_CLASS (imp_local_registrar_parent_class)->finalize (object);
}

static void
imp_local_registrar_class_init (ImpLocalRegistrarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_local_registrar_finalize;
}

static void
imp_local_registrar_init (ImpLocalRegistrar *self)
{
}

/**
 * imp_local_registrar_new:
 * @ledger: where updates are recorded
 * @store: where payloads are kept
 * @name: the name under which challenges are given out
 * @payload_limit: the most bytes that a payload may have
 *
 * Makes a registrar.
 *
 * Returns: (transfer full): the registrar
 */
ImpLocalRegistrar *
imp_local_registrar_new (ImpLedger  *ledger,
                         ImpStore   *store,
                         const char *name,
                         guint64     payload_limit)
{
  ImpLocalRegistrar *self;

  g_return_val_if_fail (IMP_IS_LEDGER (ledger), NULL);
  g_return_val_if_fail (IMP_IS_STORE (store), NULL);

  self = g_object_new (IMP_TYPE_LOCAL_REGISTRAR, NULL);
  self->ledger = g_object_ref (ledger);
  self->store = g_object_ref (store);
  self->challenges = imp_challenges_new (name);
  self->payload_limit = payload_limit;
  return self;
}

/**
 * imp_local_registrar_get_ledger:
 * @self: a registrar
 *
 * Returns: (transfer none): the ledger that it records in
 */
ImpLedger *
imp_local_registrar_get_ledger (ImpLocalRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_LOCAL_REGISTRAR (self), NULL);

  return self->ledger;
}

/**
 * imp_local_registrar_get_store:
 * @self: a registrar
 *
 * Returns: (transfer none): the store that it puts payloads in
 */
ImpStore *
imp_local_registrar_get_store (ImpLocalRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_LOCAL_REGISTRAR (self), NULL);

  return self->store;
}

/**
 * imp_local_registrar_get_payload_limit:
 * @self: a registrar
 *
 * Returns: how large a payload may be, in bytes
 */
guint64
imp_local_registrar_get_payload_limit (ImpLocalRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_LOCAL_REGISTRAR (self), 0);

  return self->payload_limit;
}

/**
 * imp_local_registrar_get_active:
 * @self: a registrar
 *
 * Counts the registrations that are being recorded: a process ends when there are none.
 *
 * Returns: their number
 */
guint
imp_local_registrar_get_active (ImpLocalRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_LOCAL_REGISTRAR (self), 0);

  return self->active;
}

/**
 * imp_local_registrar_change_active:
 * @self: a registrar
 * @change: +1 when recording begins, -1 when it has ended, however it ended
 *
 * Counts the registrations that a stopping process waits for.
 */
void
imp_local_registrar_change_active (ImpLocalRegistrar *self,
                                   int                change)
{
  g_return_if_fail (IMP_IS_LOCAL_REGISTRAR (self));

  self->active += change;
}
