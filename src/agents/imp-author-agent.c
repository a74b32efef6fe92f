/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-author-agent.h"

#include "imp-error.h"
#include "imp-intake.h"
#include "imp-petition.h"
#include "imp-time.h"

/**
 * ImpAuthorAgent:
 *
 * What an author speaks to: it registers authors, keeps their tokens and attaches them to updates.
 */
struct _ImpAuthorAgent
{
  GObject parent_instance;

  ImpAgent *agent;          /* (owned) */
  ImpRegistrar *registrar;  /* (owned) */
  ImpTokenStore *tokens;    /* (owned) */
  ImpIntakeType intake;
};

G_DEFINE_FINAL_TYPE (ImpAuthorAgent, imp_author_agent, G_TYPE_OBJECT)

static const ImpUploadField fields[] = {
  { "publicKey", IMP_KEY_MAX_PEM_SIZE, TRUE },
  { "update", IMP_MANIFEST_MAX_SIZE, TRUE },
  { "sbom", IMP_SBOM_MAX_SIZE, FALSE },
  { NULL },
};

static char *
get_token (ImpUpload  *upload,
           char      **fingerprint,
           gpointer    user_data,
           GError    **error)
{
  ImpAuthorAgent *self = IMP_AUTHOR_AGENT (user_data);
  g_autoptr(ImpKey) author = NULL;
  const char *token;

  author = imp_author_key_parse (imp_upload_get_field (upload, "publicKey"), error);
  if (author == NULL)
    return NULL;

  *fingerprint = g_strdup (imp_key_get_fingerprint (author));
  token = imp_token_store_get (self->tokens, *fingerprint, imp_time_now (), NULL);
  if (token == NULL)
    g_set_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VALID,
                 "this agent holds no valid registration token of author %.16s…: "
                 "register the author first",
                 *fingerprint);

  return g_strdup (token);
}

/* An author who is being registered: the request, and whose token will come. */
typedef struct
{
  ImpAuthorAgent *self;  /* (owned) */
  ImpRequest *request;   /* (owned) */
  char *fingerprint;     /* (owned) */
} Applicant;

static void
applicant_free (Applicant *applicant)
{
  g_object_unref (applicant->self);
  g_object_unref (applicant->request);
  g_free (applicant->fingerprint);
  g_free (applicant);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Applicant, applicant_free)

static void
token_kept_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(Applicant) applicant = user_data;
  g_autoptr(GError) error = NULL;

  if (!imp_token_store_put_finish (IMP_TOKEN_STORE (object), result, &error))
    g_warning ("A registration token is kept in memory only: %s", error->message);

  imp_request_reply_string (applicant->request, SOUP_STATUS_CREATED, "registered");
}

static void
author_registered_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(Applicant) applicant = user_data;
  ImpAuthorAgent *self = applicant->self;
  const char *fingerprint = applicant->fingerprint;
  g_autoptr(GError) error = NULL;
  g_autofree char *token = imp_registrar_register_author_finish (IMP_REGISTRAR (object), result,
                                                                 &error);

  if (token == NULL)
    imp_request_reply_error (applicant->request, error);
  else
    imp_token_store_put_async (self->tokens, fingerprint, token, imp_time_now (), NULL,
                               token_kept_cb, g_steal_pointer (&applicant));
}

static void
handle_register_author (ImpRequest *request,
                        gpointer    user_data)
{
  ImpAuthorAgent *self = IMP_AUTHOR_AGENT (user_data);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPetition) petition = imp_petition_parse (request, &error);
  Applicant *applicant;

  if (petition == NULL)
    {
      imp_request_reply_error (request, error);
      return;
    }

  applicant = g_new0 (Applicant, 1);
  applicant->self = g_object_ref (self);
  applicant->request = g_object_ref (request);
  applicant->fingerprint = g_strdup (imp_key_get_fingerprint (petition->author));
  imp_registrar_register_author_async (self->registrar, petition->message,
                                       petition->signed_message, petition->author, NULL,
                                       author_registered_cb, applicant);
}

static void
handle_sign (ImpRequest *request,
             gpointer    user_data)
{
  imp_request_reply_string (request, SOUP_STATUS_GONE,
                            "Private keys are never sent to an agent: sign on the machine that "
                            "holds the key, with imprimatur or imprimaturctl.");
}

static void
add_token_expiry (ImpAuthorAgent *self,
                  JsonNode       *author,
                  const char     *fingerprint)
{
  JsonObject *object = json_node_get_object (author);
  gint64 expires;

  if (imp_token_store_get (self->tokens, fingerprint, imp_time_now (), &expires) == NULL)
    json_object_set_null_member (object, "tokenExpires");
  else
    {
      g_autofree char *time = imp_time_format (expires);

      json_object_set_string_member (object, "tokenExpires", time);
    }
}

static void
author_found_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Applicant) applicant = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_registrar_find_author_finish (IMP_REGISTRAR (object), result,
                                                               &error);

  if (node == NULL)
    {
      imp_request_reply_error (applicant->request, error);
      return;
    }

  add_token_expiry (applicant->self, node, applicant->fingerprint);
  imp_request_reply_json (applicant->request, SOUP_STATUS_OK, node);
}

static void
handle_author (ImpRequest *request,
               gpointer    user_data)
{
  ImpAuthorAgent *self = IMP_AUTHOR_AGENT (user_data);
  Applicant *applicant = g_new0 (Applicant, 1);

  applicant->self = g_object_ref (self);
  applicant->request = g_object_ref (request);
  applicant->fingerprint = g_strdup (imp_request_get_parameter (request, "fingerprint"));
  imp_registrar_find_author_async (self->registrar, applicant->fingerprint,
                                   imp_request_get_cancellable (request), author_found_cb,
                                   applicant);
}

static const ImpRoute routes[] = {
  { "POST", "/register/author", IMP_ROUTE_REFERENCE, IMP_PETITION_MAX_SIZE, handle_register_author },
  { "POST", "/sign", IMP_ROUTE_REFERENCE, IMP_PETITION_MAX_SIZE, handle_sign },
  { "GET", "/v1/authors/{fingerprint}", IMP_ROUTE_PLAIN, 0, handle_author },
};

static void
imp_author_agent_finalize (GObject *object)
{
  ImpAuthorAgent *self = IMP_AUTHOR_AGENT (object);

  g_clear_object (&self->agent);
  g_clear_object (&self->registrar);
  g_clear_object (&self->tokens);

  G_OBJECT_CLASS (imp_author_agent_parent_class)->finalize (object);
}

static void
imp_author_agent_class_init (ImpAuthorAgentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_author_agent_finalize;
}

static void
imp_author_agent_init (ImpAuthorAgent *self)
{
}

/**
 * imp_author_agent_new:
 * @registrar: where it registers
 * @tokens: the tokens of its authors
 * @limits: what it puts up with
 *
 * Makes an author agent, which does not listen yet.
 *
 * Returns: (transfer full): the agent
 */
ImpAuthorAgent *
imp_author_agent_new (ImpRegistrar    *registrar,
                      ImpTokenStore   *tokens,
                      const ImpLimits *limits)
{
  ImpAuthorAgent *self;

  g_return_val_if_fail (IMP_IS_REGISTRAR (registrar), NULL);
  g_return_val_if_fail (IMP_IS_TOKEN_STORE (tokens), NULL);

  self = g_object_new (IMP_TYPE_AUTHOR_AGENT, NULL);
  self->registrar = g_object_ref (registrar);
  self->tokens = g_object_ref (tokens);
  self->agent = imp_agent_new ("author", limits);
  self->intake = (ImpIntakeType) {
    .agent = self->agent,
    .registrar = registrar,
    .fields = fields,
    .key_field = "publicKey",
    .tell_steps = TRUE,
    .token_func = get_token,
    .user_data = self,
  };

  imp_intake_add_routes (&self->intake);
  imp_agent_add_routes (self->agent, routes, G_N_ELEMENTS (routes), self);
  return self;
}

/**
 * imp_author_agent_get_agent:
 * @self: an author agent
 *
 * Returns: (transfer none): the server that it answers through, which is started and stopped
 */
ImpAgent *
imp_author_agent_get_agent (ImpAuthorAgent *self)
{
  g_return_val_if_fail (IMP_IS_AUTHOR_AGENT (self), NULL);

  return self->agent;
}
