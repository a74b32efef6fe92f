/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-local-registration.h"

#include "imp-contracts.h"
#include "imp-error.h"
#include "imp-registration-event.h"
#include "imp-sbom-stage.h"

/**
 * ImpLocalRegistration:
 *
 * One registration: the payload is staged in the store, one transaction is submitted to the
 * ledger, and then the payload is kept, or discarded if the ledger said no.
 *
 * A crash between any two of these leaves either nothing, or something staged that
 * imp_local_registrar_recover_async() decides upon when the process starts again.
 */
struct _ImpLocalRegistration
{
  GObject parent_instance;

  ImpLocalRegistrar *registrar;  /* (owned) */
  GCancellable *cancellable;     /* (owned) of the staging */
  char *request_id;              /* (owned) (nullable) */
  char *fingerprint;             /* (owned) (nullable) */
  char *token;                   /* (owned) (nullable) */
  ImpUpdate *update;             /* (owned) (nullable) */
  GTask *task;                   /* (owned) (nullable) of the finish */
  GBytes *sbom;                  /* (owned) (nullable) */
  ImpPayloadInfo *info;          /* (owned) (nullable) what is staged */
  ImpCid *sbom_cid;              /* (owned) (nullable) staged, too */
  ImpReceipt *receipt;           /* (owned) (nullable) */
  GError *error;                 /* (owned) (nullable) */
  JsonArray *steps;              /* (owned) */
  gboolean staging;
  gboolean aborted;

  /* µs of the monotonic clock */
  gint64 begun;
  gint64 ended;
  gint64 staged;
  gint64 submitted;
  gint64 committed;
};

static void imp_local_registration_iface_init (ImpRegistrationInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpLocalRegistration, imp_local_registration, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_REGISTRATION,
                                                      imp_local_registration_iface_init))

static void
emit_event (ImpLocalRegistration *self,
            JsonObject           *event)
{
  g_autoptr(JsonNode) node = json_node_init_object (json_node_alloc (), event);

  g_signal_emit_by_name (self, "step", node);
  g_signal_emit_by_name (self->registrar, "step", node);
}

static void
add_step (ImpLocalRegistration *self,
          const char           *name,
          gint64                time)
{
  g_autoptr(JsonObject) event = imp_registration_event_new (self->request_id, self->fingerprint,
                                                            self->update, name);
  JsonObject *step = json_object_new ();
  double ms = MAX (time, 0) / 1000.0;

  json_object_set_string_member (step, "name", name);
  json_object_set_double_member (step, "ms", ms);
  json_array_add_object_element (self->steps, step);

  json_object_set_double_member (event, "ms", ms);
  emit_event (self, event);
}

static void
tell_failure (ImpLocalRegistration *self,
              const GError         *error)
{
  g_autoptr(JsonObject) event = imp_registration_event_new (self->request_id, self->fingerprint,
                                                            self->update, "failed");

  imp_registration_event_set_error (event, error);
  emit_event (self, event);
}

static void
end_task (ImpLocalRegistration *self)
{
  imp_local_registrar_change_active (self->registrar, -1);
  g_clear_object (&self->task);
}

static void
return_error (ImpLocalRegistration *self,
              GError               *error)
{
  g_autoptr(GTask) task = g_object_ref (self->task);

  tell_failure (self, error);
  end_task (self);
  g_task_return_error (task, error);
}

static JsonNode *
make_result (ImpLocalRegistration *self)
{
  JsonObject *object = json_object_new ();
  ImpTransaction *transaction = self->receipt->transaction;
  JsonNode *node;

  json_object_set_string_member (object, "transaction", imp_transaction_get_id (transaction));
  json_object_set_int_member (object, "sequence", imp_transaction_get_sequence (transaction));
  json_object_set_string_member (object, "cid", imp_cid_get_string (self->info->cid));
  imp_json_set_string_or_null (object, "checkpoint",
                               self->receipt->checkpoint != NULL
                                 ? imp_checkpoint_get_text (self->receipt->checkpoint)
                                 : NULL);
  json_object_set_array_member (object, "steps", json_array_ref (self->steps));

  node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return node;
}

static void
discarded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpLocalRegistration) self = user_data;
  g_autoptr(GError) error = NULL;

  /* The next start of the process finds it staged and tries again. */
  if (!imp_store_discard_finish (IMP_STORE (object), result, &error))
    g_warning ("A refused payload stays in the store until the next start: %s", error->message);

  if (self->task != NULL)
    return_error (self, g_steal_pointer (&self->error));
}

static void
discard_payload (ImpLocalRegistration *self)
{
  imp_store_discard_async (imp_local_registrar_get_store (self->registrar), self->info->cid, NULL,
                           discarded_cb, g_object_ref (self));
}

static void
sbom_discarded_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(ImpLocalRegistration) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!imp_store_discard_finish (IMP_STORE (object), result, &error))
    g_warning ("A refused SBOM stays in the store until the next start: %s", error->message);

  discard_payload (self);
}

static void
discard (ImpLocalRegistration *self)
{
  if (self->sbom_cid != NULL)
    imp_store_discard_async (imp_local_registrar_get_store (self->registrar), self->sbom_cid, NULL,
                             sbom_discarded_cb, g_object_ref (self));
  else
    discard_payload (self);
}

static void
kept_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(ImpLocalRegistration) self = user_data;
  g_autoptr(GTask) task = g_object_ref (self->task);
  g_autoptr(GError) error = NULL;

  /* It is in the ledger, and its payload is durable: this does not undo either. */
  if (!imp_store_keep_finish (IMP_STORE (object), result, &error))
    g_warning ("A registered payload is only staged until the next start: %s", error->message);

  add_step (self, "answer", g_get_monotonic_time () - self->committed);
  end_task (self);
  g_task_return_pointer (task, make_result (self), (GDestroyNotify) json_node_unref);
}

static void
keep_payload (ImpLocalRegistration *self)
{
  imp_store_keep_async (imp_local_registrar_get_store (self->registrar), self->info->cid, NULL,
                        kept_cb, g_object_ref (self));
}

static void
sbom_kept_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpLocalRegistration) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!imp_store_keep_finish (IMP_STORE (object), result, &error))
    g_warning ("A registered SBOM is only staged until the next start: %s", error->message);

  keep_payload (self);
}

static void
keep (ImpLocalRegistration *self)
{
  if (self->sbom_cid != NULL)
    imp_store_keep_async (imp_local_registrar_get_store (self->registrar), self->sbom_cid, NULL,
                          sbom_kept_cb, g_object_ref (self));
  else
    keep_payload (self);
}

static void
submitted_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpLocalRegistration) self = user_data;
  gint64 verify;

  self->receipt = imp_ledger_submit_finish (IMP_LEDGER (object), result, &self->error);
  if (self->receipt == NULL)
    {
      discard (self);
      return;
    }

  self->committed = g_get_monotonic_time ();
  if (self->fingerprint == NULL)
    self->fingerprint = g_strdup (imp_transaction_get_author (self->receipt->transaction));

  verify = CLAMP (self->receipt->verify_time, 0, self->committed - self->submitted);
  add_step (self, "verify", verify);
  add_step (self, "record", self->committed - self->submitted - verify);
  keep (self);
}

static void
submit (ImpLocalRegistration *self)
{
  g_autofree char *manifest = imp_manifest_canonicalize (imp_update_get_manifest (self->update));
  const char *arguments[] = {
    self->token,
    manifest,
    imp_update_get_author_sign (self->update),
    imp_update_get_author_manifest_sign (self->update),
    imp_cid_get_string (self->info->cid),
    NULL,
  };

  self->submitted = g_get_monotonic_time ();
  imp_ledger_submit_async (imp_local_registrar_get_ledger (self->registrar),
                           IMP_CONTRACT_REGISTER_UPDATE, "createUpdate", arguments, NULL,
                           submitted_cb, g_object_ref (self));
}

/* A disk that is full or fails is the store's trouble, not the author's mistake. */
static void
explain_stage_error (GError **error)
{
  g_autoptr(GError) cause = NULL;

  if ((*error)->domain != G_IO_ERROR || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  cause = g_steal_pointer (error);
  g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE, "the payload cannot be stored: %s",
               cause->message);
}

static void
sbom_staged_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(ImpLocalRegistration) self = user_data;

  self->sbom_cid = imp_sbom_stage_finish (result, &self->error);
  if (self->error == NULL)
    {
      submit (self);
      return;
    }

  explain_stage_error (&self->error);
  discard (self);
}

/* Both halves are there: the payload is stored, and who it belongs to is known. */
static void
proceed (ImpLocalRegistration *self)
{
  if (self->error != NULL)
    {
      return_error (self, g_steal_pointer (&self->error));
      return;
    }

  add_step (self, "receive", self->ended - self->begun);
  add_step (self, "store", self->staged - self->ended);
  if (self->sbom != NULL)
    imp_sbom_stage_async (imp_local_registrar_get_store (self->registrar),
                          imp_update_get_manifest (self->update), self->sbom, sbom_staged_cb,
                          g_object_ref (self));
  else
    submit (self);
}

static void
staged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpLocalRegistration) self = user_data;

  self->info = imp_store_stage_finish (IMP_STORE (object), result, &self->error);
  self->staged = g_get_monotonic_time ();
  self->staging = FALSE;
  if (self->error != NULL)
    explain_stage_error (&self->error);

  if (self->aborted && self->info != NULL)
    discard (self);
  else if (self->task != NULL)
    proceed (self);
  else if (self->error != NULL && !self->aborted)
    {
      tell_failure (self, self->error);
      g_signal_emit_by_name (self, "failed", self->error);
    }
}

static void
imp_local_registration_set_payload (ImpRegistration *registration,
                                    GInputStream    *payload)
{
  ImpLocalRegistration *self = IMP_LOCAL_REGISTRATION (registration);

  self->begun = g_get_monotonic_time ();
  self->staging = TRUE;
  imp_store_stage_async (imp_local_registrar_get_store (self->registrar), payload, NULL,
                         imp_local_registrar_get_payload_limit (self->registrar),
                         self->cancellable, staged_cb, g_object_ref (self));
}

static void
imp_local_registration_end_payload (ImpRegistration *registration)
{
  IMP_LOCAL_REGISTRATION (registration)->ended = g_get_monotonic_time ();
}

static void
imp_local_registration_set_sbom (ImpRegistration *registration,
                                 GBytes          *sbom)
{
  ImpLocalRegistration *self = IMP_LOCAL_REGISTRATION (registration);

  g_return_if_fail (self->task == NULL && self->sbom == NULL);

  self->sbom = g_bytes_ref (sbom);
}

static void
imp_local_registration_finish_async (ImpRegistration     *registration,
                                     const char          *token,
                                     const char          *fingerprint,
                                     ImpUpdate           *update,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  ImpLocalRegistration *self = IMP_LOCAL_REGISTRATION (registration);

  g_return_if_fail (self->task == NULL && !self->aborted);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, imp_local_registration_finish_async);
  self->token = g_strdup (token);
  self->fingerprint = g_strdup (fingerprint);
  self->update = g_object_ref (update);
  imp_local_registrar_change_active (self->registrar, +1);

  if (!self->staging)
    proceed (self);
}

static void
imp_local_registration_abort (ImpRegistration *registration)
{
  ImpLocalRegistration *self = IMP_LOCAL_REGISTRATION (registration);

  if (self->task != NULL || self->aborted || self->receipt != NULL)
    return;

  self->aborted = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->info != NULL)
    discard (self);
}

static void
imp_local_registration_iface_init (ImpRegistrationInterface *iface)
{
  iface->set_payload = imp_local_registration_set_payload;
  iface->end_payload = imp_local_registration_end_payload;
  iface->set_sbom = imp_local_registration_set_sbom;
  iface->finish_async = imp_local_registration_finish_async;
  iface->abort = imp_local_registration_abort;
}

static void
imp_local_registration_finalize (GObject *object)
{
  ImpLocalRegistration *self = IMP_LOCAL_REGISTRATION (object);

  g_object_unref (self->registrar);
  g_object_unref (self->cancellable);
  g_free (self->request_id);
  g_free (self->fingerprint);
  g_free (self->token);
  g_clear_object (&self->update);
  g_clear_pointer (&self->sbom, g_bytes_unref);
  g_clear_pointer (&self->sbom_cid, imp_cid_unref);
  g_clear_pointer (&self->info, imp_payload_info_free);
  g_clear_pointer (&self->receipt, imp_receipt_free);
  g_clear_error (&self->error);
  json_array_unref (self->steps);

  G_OBJECT_CLASS (imp_local_registration_parent_class)->finalize (object);
}

static void
imp_local_registration_class_init (ImpLocalRegistrationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_local_registration_finalize;
}

static void
imp_local_registration_init (ImpLocalRegistration *self)
{
  self->cancellable = g_cancellable_new ();
  self->steps = json_array_new ();
}

/**
 * imp_local_registration_new:
 * @registrar: who registers
 * @request_id: (nullable): what a client follows its request by
 *
 * Begins a registration.
 *
 * Returns: (transfer full): the registration
 */
ImpLocalRegistration *
imp_local_registration_new (ImpLocalRegistrar *registrar,
                            const char        *request_id)
{
  ImpLocalRegistration *self = g_object_new (IMP_TYPE_LOCAL_REGISTRATION, NULL);

  self->registrar = g_object_ref (registrar);
  self->request_id = g_strdup (request_id);
  return self;
}
