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

ImpLedger *
imp_local_registrar_get_ledger (ImpLocalRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_LOCAL_REGISTRAR (self), NULL);

  return self->ledger;
}

ImpStore *
imp_local_registrar_get_store (ImpLocalRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_LOCAL_REGISTRAR (self), NULL);

  return self->store;
}

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

void
imp_local_registrar_change_active (ImpLocalRegistrar *self,
                                   int                change)
{
  g_return_if_fail (IMP_IS_LOCAL_REGISTRAR (self));

  self->active += change;
}

/* What a crash left staged, one payload after the other. */
typedef struct
{
  GPtrArray *cids;  /* (owned) */
  guint next;
} Recovery;

static void
recovery_free (Recovery *recovery)
{
  g_clear_pointer (&recovery->cids, g_ptr_array_unref);
  g_free (recovery);
}

static void recover_next (GTask *task);

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!imp_store_keep_finish (IMP_STORE (object), result, &error))
    g_task_return_error (task, error);
  else
    recover_next (g_steal_pointer (&task));
}

static void
discarded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (!imp_store_discard_finish (IMP_STORE (object), result, &error))
    g_task_return_error (task, error);
  else
    recover_next (g_steal_pointer (&task));
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpLocalRegistrar *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Recovery *recovery = g_task_get_task_data (task);
  ImpCid *cid = g_ptr_array_index (recovery->cids, recovery->next++);
  g_autoptr(GPtrArray) transactions = NULL;
  GError *error = NULL;

  transactions = imp_ledger_list_transactions_finish (IMP_LEDGER (object), result, NULL, &error);
  if (transactions == NULL)
    g_task_return_error (task, error);
  else if (transactions->len > 0)
    imp_store_keep_async (self->store, cid, cancellable, kept_cb, g_steal_pointer (&task));
  else
    imp_store_discard_async (self->store, cid, cancellable, discarded_cb, g_steal_pointer (&task));
}

static void
recover_next (GTask *task_owned)
{
  g_autoptr(GTask) task = task_owned;
  ImpLocalRegistrar *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  Recovery *recovery = g_task_get_task_data (task);
  ImpLedgerQuery query = { .limit = 1, .contract = IMP_CONTRACT_REGISTER_UPDATE };

  if (recovery->next >= recovery->cids->len)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  query.cid = imp_cid_get_string (g_ptr_array_index (recovery->cids, recovery->next));
  imp_ledger_list_transactions_async (self->ledger, &query, cancellable, looked_up_cb,
                                      g_steal_pointer (&task));
}

static void
staged_listed_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Recovery *recovery = g_task_get_task_data (task);
  GError *error = NULL;

  recovery->cids = imp_store_list_staged_finish (IMP_STORE (object), result, &error);
  if (recovery->cids == NULL)
    g_task_return_error (task, error);
  else
    recover_next (g_steal_pointer (&task));
}

/**
 * imp_local_registrar_recover_async:
 * @self: a registrar that has not begun to register
 * @cancellable: (nullable): a cancellable
 * @callback: called when it is done
 * @user_data: data for @callback
 *
 * Decides what becomes of payloads that were staged when the process last ended: those whose update
 * is in the ledger are kept, the others discarded.
 */
void
imp_local_registrar_recover_async (ImpLocalRegistrar   *self,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_LOCAL_REGISTRAR (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_local_registrar_recover_async);
  g_task_set_task_data (task, g_new0 (Recovery, 1), (GDestroyNotify) recovery_free);
  imp_store_list_staged_async (self->store, cancellable, staged_listed_cb,
                               g_steal_pointer (&task));
}

/**
 * imp_local_registrar_recover_finish:
 * @self: a registrar
 * @result: the result
 * @error: return location for an error
 *
 * Gets how it went.
 *
 * Returns: whether nothing is staged any more
 */
gboolean
imp_local_registrar_recover_finish (ImpLocalRegistrar  *self,
                                    GAsyncResult       *result,
                                    GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
