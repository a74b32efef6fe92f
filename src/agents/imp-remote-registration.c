/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-remote-registration.h"

#include "imp-error.h"
#include "imp-http.h"
#include "imp-json.h"
#include "imp-multipart-stream.h"
#include "imp-pipe.h"
#include "imp-registration-event.h"

#define FIELD_SIZE (2 * 1024 * 1024)

/**
 * ImpRemoteRegistration:
 *
 * One registration at another agent: the payload is passed on while it arrives.
 *
 * Whose token belongs to it may be known only afterwards, so the payload is sent first and the two
 * other parts when they are there.
 */
struct _ImpRemoteRegistration
{
  GObject parent_instance;

  ImpRemoteRegistrar *registrar;  /* (owned) */
  GCancellable *cancellable;      /* (owned) */
  char *request_id;               /* (owned) (nullable) */
  char *fingerprint;              /* (owned) (nullable) */
  ImpUpdate *update;              /* (owned) (nullable) */
  ImpPipe *token_pipe;            /* (owned) (nullable) */
  ImpPipe *update_pipe;           /* (owned) (nullable) */
  ImpPipe *sbom_pipe;             /* (owned) (nullable) */
  GBytes *sbom;                   /* (owned) (nullable) */
  GTask *task;                    /* (owned) (nullable) of the finish */
  GError *error;                  /* (owned) (nullable) that came before it */
  gboolean sending;
};

static void imp_remote_registration_iface_init (ImpRegistrationInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpRemoteRegistration, imp_remote_registration, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_REGISTRATION,
                                                      imp_remote_registration_iface_init))

static void
tell_step (ImpRemoteRegistration *self,
           const char            *step,
           double                 ms,
           const GError          *error)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonObject) event = imp_registration_event_new (self->request_id, self->fingerprint,
                                                            self->update, step);

  if (error == NULL)
    json_object_set_double_member (event, "ms", ms);
  else
    imp_registration_event_set_error (event, error);

  json_node_set_object (node, event);
  g_signal_emit_by_name (self, "step", node);
}

/* The other agent measured the steps and told its own listeners; ours hear of them now. */
static void
tell_steps (ImpRemoteRegistration *self,
            JsonNode              *result)
{
  JsonArray *steps = imp_json_get_array (json_node_get_object (result), "steps", NULL);

  for (guint i = 0; steps != NULL && i < json_array_get_length (steps); i++)
    {
      JsonNode *node = json_array_get_element (steps, i);
      const char *name = NULL;

      if (JSON_NODE_HOLDS_OBJECT (node))
        name = imp_json_get_string (json_node_get_object (node), "name", NULL);
      if (name != NULL)
        tell_step (self, name,
                   json_object_get_double_member_with_default (json_node_get_object (node), "ms", 0),
                   NULL);
    }
}

static void
end_task (ImpRemoteRegistration *self,
          JsonNode              *result,
          GError                *error)
{
  g_autoptr(GTask) task = g_steal_pointer (&self->task);

  if (result != NULL)
    {
      tell_steps (self, result);
      g_task_return_pointer (task, result, (GDestroyNotify) json_node_unref);
      return;
    }

  tell_step (self, "failed", 0, error);
  g_task_return_error (task, error);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  static const char *const members[] = { "transaction", "cid", NULL };
  g_autoptr(ImpRemoteRegistration) self = user_data;
  GError *error = NULL;
  JsonNode *node = imp_remote_registrar_read_finish (self->registrar, result, members, &error);

  self->sending = FALSE;
  if (self->task != NULL)
    {
      end_task (self, node, error);
      return;
    }

  /* A reply before all was sent is a refusal, or nonsense. */
  g_clear_pointer (&node, json_node_unref);
  if (error == NULL)
    g_set_error_literal (&error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
                         "the register agent answered before the update was sent");

  self->error = error;
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit_by_name (self, "failed", error);
}

static void
imp_remote_registration_set_payload (ImpRegistration *registration,
                                     GInputStream    *payload)
{
  ImpRemoteRegistration *self = IMP_REMOTE_REGISTRATION (registration);
  g_autoptr(ImpMultipartStream) body = imp_multipart_stream_new ();
  g_autofree char *type = imp_multipart_stream_dup_content_type (body);
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GError) error = NULL;

  message = imp_http_message_new ("POST", imp_remote_registrar_get_uri (self->registrar),
                                  "/v1/updates", &error);
  if (message == NULL)
    {
      g_signal_emit_by_name (self, "failed", error);
      return;
    }

  self->token_pipe = imp_pipe_new (FIELD_SIZE);
  self->update_pipe = imp_pipe_new (FIELD_SIZE);
  self->sbom_pipe = imp_pipe_new (IMP_SBOM_MAX_SIZE);
  imp_multipart_stream_add_stream (body, "payload", "payload", payload, -1);
  imp_multipart_stream_add_stream (body, "authorKey", NULL, G_INPUT_STREAM (self->token_pipe), -1);
  imp_multipart_stream_add_stream (body, "update", NULL, G_INPUT_STREAM (self->update_pipe), -1);
  /* Whether there is one is known last; without one the part is empty. */
  imp_multipart_stream_add_stream (body, "sbom", "sbom", G_INPUT_STREAM (self->sbom_pipe), -1);

  /* A body that is read once cannot be sent again on a fresh connection when an idle one turns out
   * to be closed.
   */
  soup_message_add_flags (message, SOUP_MESSAGE_NEW_CONNECTION);
  soup_message_set_request_body (message, type, G_INPUT_STREAM (body), -1);
  if (self->request_id != NULL)
    soup_message_headers_replace (soup_message_get_request_headers (message), "X-Request-Id",
                                  self->request_id);

  self->sending = TRUE;
  imp_http_send_json_async (imp_remote_registrar_get_session (self->registrar), message,
                            self->cancellable, sent_cb, g_object_ref (self));
}

static void
imp_remote_registration_end_payload (ImpRegistration *registration)
{
}

static void
push_text (ImpPipe    *pipe,
           const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  imp_pipe_push (pipe, bytes);
  imp_pipe_end (pipe, NULL);
}

static void
imp_remote_registration_set_sbom (ImpRegistration *registration,
                                  GBytes          *sbom)
{
  ImpRemoteRegistration *self = IMP_REMOTE_REGISTRATION (registration);

  self->sbom = g_bytes_ref (sbom);
}

static void
imp_remote_registration_finish_async (ImpRegistration     *registration,
                                      const char          *token,
                                      const char          *fingerprint,
                                      ImpUpdate           *update,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  ImpRemoteRegistration *self = IMP_REMOTE_REGISTRATION (registration);
  g_autoptr(JsonNode) node = imp_update_to_json (update);
  g_autofree char *text = imp_json_canonicalize (node);

  self->task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->task, imp_remote_registration_finish_async);
  self->fingerprint = g_strdup (fingerprint);
  self->update = g_object_ref (update);

  if (!self->sending)
    {
      end_task (self, NULL, g_steal_pointer (&self->error));
      return;
    }

  push_text (self->token_pipe, token);
  push_text (self->update_pipe, text);
  if (self->sbom != NULL)
    imp_pipe_push (self->sbom_pipe, self->sbom);
  imp_pipe_end (self->sbom_pipe, NULL);
}

static void
imp_remote_registration_abort (ImpRegistration *registration)
{
  ImpRemoteRegistration *self = IMP_REMOTE_REGISTRATION (registration);

  if (self->task == NULL)
    g_cancellable_cancel (self->cancellable);
}

static void
imp_remote_registration_iface_init (ImpRegistrationInterface *iface)
{
  iface->set_payload = imp_remote_registration_set_payload;
  iface->end_payload = imp_remote_registration_end_payload;
  iface->set_sbom = imp_remote_registration_set_sbom;
  iface->finish_async = imp_remote_registration_finish_async;
  iface->abort = imp_remote_registration_abort;
}

static void
imp_remote_registration_finalize (GObject *object)
{
  ImpRemoteRegistration *self = IMP_REMOTE_REGISTRATION (object);

  g_object_unref (self->registrar);
  g_object_unref (self->cancellable);
  g_free (self->request_id);
  g_free (self->fingerprint);
  g_clear_object (&self->update);
  g_clear_object (&self->token_pipe);
  g_clear_object (&self->update_pipe);
  g_clear_object (&self->sbom_pipe);
  g_clear_pointer (&self->sbom, g_bytes_unref);
  g_clear_error (&self->error);

  G_OBJECT_CLASS (imp_remote_registration_parent_class)->finalize (object);
}

static void
imp_remote_registration_class_init (ImpRemoteRegistrationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_remote_registration_finalize;
}

static void
imp_remote_registration_init (ImpRemoteRegistration *self)
{
  self->cancellable = g_cancellable_new ();
}

/**
 * imp_remote_registration_new:
 * @registrar: where it is registered
 * @request_id: (nullable): what a client follows its request by
 *
 * Begins a registration.
 *
 * Returns: (transfer full): the registration
 */
ImpRemoteRegistration *
imp_remote_registration_new (ImpRemoteRegistrar *registrar,
                             const char         *request_id)
{
  ImpRemoteRegistration *self = g_object_new (IMP_TYPE_REMOTE_REGISTRATION, NULL);

  self->registrar = g_object_ref (registrar);
  self->request_id = g_strdup (request_id);
  return self;
}
