/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-intake.h"

#include "imp-error.h"

typedef struct
{
  const ImpIntakeType *type;
  ImpRequest *request;            /* (owned) */
  ImpUpload *upload;              /* (owned) */
  ImpRegistration *registration;  /* (owned) (nullable) */
} Intake;

static void
intake_free (Intake *intake)
{
  g_signal_handlers_disconnect_by_data (intake->upload, intake);
  if (intake->registration != NULL)
    g_signal_handlers_disconnect_by_data (intake->registration, intake);

  g_clear_object (&intake->registration);
  g_clear_object (&intake->upload);
  g_clear_object (&intake->request);
  g_free (intake);
}

static const char *
describe_outcome (const GError *error)
{
  if (error == NULL)
    return "registered";
  if (imp_error_get_code (error) != NULL)
    return "refused";
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return "cut";

  return "failed";
}

static void
reply_created (ImpRequest   *request,
               JsonNode     *result,
               const GError *error)
{
  if (error != NULL)
    imp_request_reply_error (request, error);
  else
    imp_request_reply_json (request, SOUP_STATUS_CREATED, result);
}

static void
finish (Intake       *intake,
        JsonNode     *result,
        const GError *error)
{
  ImpMetrics *metrics = imp_agent_get_metrics (intake->type->agent);

  imp_metrics_add (metrics, "imprimatur_registrations_total", "outcome", describe_outcome (error),
                   1);
  imp_metrics_add (metrics, "imprimatur_payload_received_bytes_total", NULL, NULL,
                   imp_upload_get_payload_size (intake->upload));

  reply_created (intake->request, result, error);
  intake_free (intake);
}

/* What cannot become a registration any more is not read to its end. */
static void
give_up (Intake       *intake,
         const GError *error)
{
  if (intake->registration != NULL)
    imp_registration_abort (intake->registration);

  imp_upload_stop (intake->upload);
  finish (intake, NULL, error);
}

static void
step_cb (ImpRegistration *registration,
         JsonNode        *step,
         Intake          *intake)
{
  imp_event_log_append (imp_agent_get_events (intake->type->agent), "registration", step);
}

static void
failed_cb (ImpRegistration *registration,
           const GError    *error,
           Intake          *intake)
{
  give_up (intake, error);
}

/* Where the key came before the payload, a token that is missing is told before the payload is read. */
static gboolean
check_key_early (Intake  *intake,
                 GError **error)
{
  g_autofree char *fingerprint = NULL;
  g_autofree char *token = NULL;

  if (imp_upload_get_field (intake->upload, intake->type->key_field) == NULL)
    return TRUE;

  token = intake->type->token_func (intake->upload, &fingerprint, intake->type->user_data, error);
  return token != NULL;
}

static void
payload_begun_cb (ImpUpload    *upload,
                  GInputStream *payload,
                  Intake       *intake)
{
  g_autoptr(GError) error = NULL;

  if (!check_key_early (intake, &error))
    {
      give_up (intake, error);
      return;
    }

  intake->registration = imp_registrar_begin (intake->type->registrar,
                                              imp_request_get_id (intake->request));
  g_signal_connect (intake->registration, "failed", G_CALLBACK (failed_cb), intake);
  if (intake->type->tell_steps)
    g_signal_connect (intake->registration, "step", G_CALLBACK (step_cb), intake);

  imp_registration_set_payload (intake->registration, payload);
}

static void
payload_ended_cb (ImpUpload *upload,
                  Intake    *intake)
{
  imp_registration_end_payload (intake->registration);
}

static void
finished_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  Intake *intake = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_registration_finish_finish (IMP_REGISTRATION (object), result,
                                                             &error);

  finish (intake, node, error);
}

/* An agent that passes an upload on does not know beforehand whether there is one: none is empty. */
static void
take_sbom (Intake *intake)
{
  const char *text = imp_upload_get_field (intake->upload, "sbom");
  g_autoptr(GBytes) sbom = NULL;

  if (text == NULL || *text == '\0')
    return;

  sbom = g_bytes_new (text, strlen (text));
  imp_registration_set_sbom (intake->registration, sbom);
}

static void
done_cb (ImpUpload    *upload,
         const GError *cause,
         Intake       *intake)
{
  const ImpIntakeType *type = intake->type;
  g_autoptr(GError) error = cause != NULL ? g_error_copy (cause) : NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autofree char *fingerprint = NULL;
  g_autofree char *token = NULL;

  if (error != NULL ||
      !(update = imp_upload_parse_update (upload, &error)) ||
      !(token = type->token_func (upload, &fingerprint, type->user_data, &error)))
    {
      give_up (intake, error);
      return;
    }

  take_sbom (intake);
  imp_registration_finish_async (intake->registration, token, fingerprint, update, finished_cb,
                                 intake);
}

/* What arrives is registered while it arrives. */
static void
handle_register (ImpRequest *request,
                 gpointer    user_data)
{
  const ImpIntakeType *type = user_data;
  Intake *intake = g_new0 (Intake, 1);

  intake->type = type;
  intake->request = g_object_ref (request);
  intake->upload = imp_upload_new (request, type->fields,
                                   imp_agent_get_limits (type->agent)->payload_size);

  g_signal_connect (intake->upload, "payload-begun", G_CALLBACK (payload_begun_cb), intake);
  g_signal_connect (intake->upload, "payload-ended", G_CALLBACK (payload_ended_cb), intake);
  g_signal_connect (intake->upload, "done", G_CALLBACK (done_cb), intake);
  imp_upload_start (intake->upload);
}

static void
challenge_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(ImpRequest) request = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_registrar_create_challenge_finish (IMP_REGISTRAR (object), result,
                                                                    &error);

  reply_created (request, node, error);
}

static void
handle_challenge (ImpRequest *request,
                  gpointer    user_data)
{
  const ImpIntakeType *type = user_data;

  imp_registrar_create_challenge_async (type->registrar, imp_request_get_cancellable (request),
                                        challenge_cb, g_object_ref (request));
}

static const ImpRoute routes[] = {
  { "POST", "/register", IMP_ROUTE_REFERENCE | IMP_ROUTE_UPLOAD, 0, handle_register },
  { "POST", "/v1/updates", IMP_ROUTE_UPLOAD, 0, handle_register },
  { "POST", "/v1/challenges", IMP_ROUTE_PLAIN, 1024, handle_challenge },
};

/**
 * imp_intake_add_routes:
 * @type: how an agent takes updates; is not copied, and lives as long as the agent
 *
 * Lets the agent give out challenges and take updates, and adds what is counted of them.
 */
void
imp_intake_add_routes (ImpIntakeType *type)
{
  ImpMetrics *metrics = imp_agent_get_metrics (type->agent);

  imp_metrics_describe (metrics, "imprimatur_registrations_total", "counter",
                        "Updates that were submitted, by outcome.");
  imp_metrics_describe (metrics, "imprimatur_payload_received_bytes_total", "counter",
                        "Bytes of payloads that arrived.");
  imp_agent_add_routes (type->agent, routes, G_N_ELEMENTS (routes), type);
}
