/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-register-agent.h"

#include "imp-engine-status.h"
#include "imp-intake.h"
#include "imp-json.h"
#include "imp-petition.h"
#include "imp-token.h"

/**
 * ImpRegisterAgent:
 *
 * Takes authors and updates to the ledger.
 */
struct _ImpRegisterAgent
{
  GObject parent_instance;

  ImpAgent *agent;               /* (owned) */
  ImpLocalRegistrar *registrar;  /* (owned) */
  ImpIntakeType intake;
};

G_DEFINE_FINAL_TYPE (ImpRegisterAgent, imp_register_agent, G_TYPE_OBJECT)

static const ImpUploadField fields[] = {
  { "authorKey", IMP_TOKEN_MAX_SIZE, TRUE },
  { "update", IMP_MANIFEST_MAX_SIZE, FALSE },
  { "sbom", IMP_SBOM_MAX_SIZE, FALSE },
  { "manifest", IMP_MANIFEST_MAX_SIZE, FALSE },
  { "authorSign", IMP_TOKEN_MAX_SIZE, FALSE },
  { "authorManifestSign", IMP_TOKEN_MAX_SIZE, FALSE },
  { NULL },
};

static char *
get_token (ImpUpload  *upload,
           char      **fingerprint,
           gpointer    user_data,
           GError    **error)
{
  return g_strdup (imp_upload_get_field (upload, "authorKey"));
}

static void
author_registered_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = imp_registrar_register_author_finish (IMP_REGISTRAR (object), result,
                                                                 &error);

  if (token != NULL)
    imp_request_reply_string (request, SOUP_STATUS_CREATED, token);
  else
    imp_request_reply_error (request, error);
}

static void
handle_register_author (ImpRequest *request,
                        gpointer    user_data)
{
  ImpRegisterAgent *self = IMP_REGISTER_AGENT (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPetition) petition = imp_petition_parse (request, &error);

  if (petition == NULL)
    {
      imp_request_reply_error (request, error);
      return;
    }

  imp_registrar_register_author_async (IMP_REGISTRAR (self->registrar), petition->message,
                                       petition->signed_message, petition->author, NULL,
                                       author_registered_cb, g_object_ref (request));
}

static void
author_found_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_registrar_find_author_finish (IMP_REGISTRAR (object), result,
                                                               &error);

  if (node != NULL)
    imp_request_reply_json (request, SOUP_STATUS_OK, node);
  else
    imp_request_reply_error (request, error);
}

static void
handle_author (ImpRequest *request,
               gpointer    user_data)
{
  ImpRegisterAgent *self = IMP_REGISTER_AGENT (user_data);

  imp_registrar_find_author_async (IMP_REGISTRAR (self->registrar),
                                   imp_request_get_parameter (request, "fingerprint"),
                                   imp_request_get_cancellable (request), author_found_cb,
                                   g_object_ref (request));
}

static const ImpRoute routes[] = {
  { "POST", "/register/author", IMP_ROUTE_REFERENCE, IMP_PETITION_MAX_SIZE, handle_register_author },
  { "GET", "/v1/authors/{fingerprint}", IMP_ROUTE_PLAIN, 0, handle_author },
};

static void
get_status (GTask    *task,
            gpointer  user_data)
{
  ImpRegisterAgent *self = IMP_REGISTER_AGENT (user_data);

  imp_engine_status_collect (task, imp_local_registrar_get_ledger (self->registrar),
                             imp_local_registrar_get_store (self->registrar));
}

/* Steps of an author agent in this process are this agent's steps too. */
static void
step_cb (ImpRegistrar     *registrar,
         JsonNode         *step,
         ImpRegisterAgent *self)
{
  imp_event_log_append (imp_agent_get_events (self->agent), "registration", step);
}

static void
committed_cb (ImpLedger        *ledger,
              ImpTransaction   *transaction,
              ImpRegisterAgent *self)
{
  g_autoptr(JsonNode) node = imp_transaction_to_json (transaction, FALSE);

  imp_event_log_append (imp_agent_get_events (self->agent), "transaction", node);
}

static void
imp_register_agent_finalize (GObject *object)
{
  ImpRegisterAgent *self = IMP_REGISTER_AGENT (object);

  g_clear_object (&self->agent);
  g_clear_object (&self->registrar);

  G_OBJECT_CLASS (imp_register_agent_parent_class)->finalize (object);
}

static void
imp_register_agent_class_init (ImpRegisterAgentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_register_agent_finalize;
}

static void
imp_register_agent_init (ImpRegisterAgent *self)
{
}

/**
 * imp_register_agent_new:
 * @registrar: what it registers with
 * @limits: what it puts up with
 *
 * Makes a register agent, which does not listen yet.
 *
 * Returns: (transfer full): the agent
 */
ImpRegisterAgent *
imp_register_agent_new (ImpLocalRegistrar *registrar,
                        const ImpLimits   *limits)
{
  ImpRegisterAgent *self;

  g_return_val_if_fail (IMP_IS_LOCAL_REGISTRAR (registrar), NULL);

  self = g_object_new (IMP_TYPE_REGISTER_AGENT, NULL);
  self->registrar = g_object_ref (registrar);
  self->agent = imp_agent_new ("register", limits);
  self->intake = (ImpIntakeType) {
    .agent = self->agent,
    .registrar = IMP_REGISTRAR (registrar),
    .fields = fields,
    .key_field = "authorKey",
    .token_func = get_token,
    .user_data = self,
  };

  imp_intake_add_routes (&self->intake);
  imp_agent_add_routes (self->agent, routes, G_N_ELEMENTS (routes), self);
  imp_agent_set_status_func (self->agent, get_status, self);
  g_signal_connect_object (registrar, "step", G_CALLBACK (step_cb), self, 0);
  g_signal_connect_object (imp_local_registrar_get_ledger (registrar), "committed",
                           G_CALLBACK (committed_cb), self, 0);

  return self;
}

/**
 * imp_register_agent_get_agent:
 * @self: a register agent
 *
 * Returns: (transfer none): the server that it answers through, which is started and stopped
 */
ImpAgent *
imp_register_agent_get_agent (ImpRegisterAgent *self)
{
  g_return_val_if_fail (IMP_IS_REGISTER_AGENT (self), NULL);

  return self->agent;
}
