/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-agent.h"

#include "imp-device-offer.h"
#include "imp-error.h"
#include "imp-http.h"
#include "imp-json.h"
#include "imp-problem.h"

#define REPORT_SECONDS 10

/**
 * ImpDeviceAgent:
 *
 * A device's end of the conversation with a retrieval agent.
 *
 * It blocks and lives in one thread, of which it takes the default main context. It is patient with a
 * slow line and not with one that drips: see [struct@Imp.DevicePace].
 */
struct _ImpDeviceAgent
{
  GMainContext          *context;      /* (owned) */
  SoupSession           *session;      /* (owned) */
  char                  *base;
  char                  *device_id;
  ImpDevicePace          pace;
  GCancellable          *cancellable;  /* (owned) (nullable) */
  ImpDeviceExchangeFunc  exchange;
  gpointer               user_data;
};

/* One request on its way. */
typedef struct
{
  GCancellable *cancellable;  /* (owned): cancelled by the caller's, or by the time */
  gboolean      late;
  gboolean      done;
  GInputStream *stream;       /* (owned) (nullable) */
  GError       *error;        /* (owned) (nullable) */
} Request;

/**
 * imp_device_agent_new:
 * @base: the retrieval agent's URL
 * @device_id: what the device calls itself to the agent
 * @pace: how patient the device is; it is copied
 * @cancellable: (nullable): cancels every request
 * @exchange: what each exchange is told to
 * @user_data: data for @exchange
 *
 * Makes an end of the conversation for this thread, which has another default main context until it is
 * freed.
 *
 * Returns: (transfer full): the agent, to be freed in the same thread
 */
ImpDeviceAgent *
imp_device_agent_new (const char            *base,
                      const char            *device_id,
                      const ImpDevicePace   *pace,
                      GCancellable          *cancellable,
                      ImpDeviceExchangeFunc  exchange,
                      gpointer               user_data)
{
  ImpDeviceAgent *self = g_new0 (ImpDeviceAgent, 1);

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);

  self->session = imp_http_session_new ();
  soup_session_set_timeout (self->session, pace->idle_seconds);
  self->base = g_strdup (base);
  self->device_id = g_strdup (device_id);
  self->pace = *pace;
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->exchange = exchange;
  self->user_data = user_data;

  return self;
}

/**
 * imp_device_agent_free:
 * @self: (transfer full): an agent
 *
 * Breaks off what is under way, lets it end, and gives the thread its main context back.
 */
void
imp_device_agent_free (ImpDeviceAgent *self)
{
  soup_session_abort (self->session);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_clear_object (&self->session);
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);

  g_clear_object (&self->cancellable);
  g_free (self->base);
  g_free (self->device_id);
  g_free (self);
}

static void
sent_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Request *request = user_data;

  request->stream = soup_session_send_finish (SOUP_SESSION (object), result, &request->error);
  request->done = TRUE;
}

static gboolean
late_cb (gpointer user_data)
{
  Request *request = user_data;

  request->late = TRUE;
  g_cancellable_cancel (request->cancellable);

  return G_SOURCE_REMOVE;
}

static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  g_main_context_wakeup (user_data);
}

static GSource *
attach (ImpDeviceAgent *self,
        GSource        *source,
        GSourceFunc     func,
        Request        *request)
{
  g_source_set_callback (source, func, request, NULL);
  g_source_attach (source, self->context);

  return source;
}

static void
detach (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

/* Whoever cancels does so in a thread of their own. A source of the cancellable would be lost where
 * it is destroyed in that very moment, so that the context is only woken.
 */
static void
iterate (ImpDeviceAgent *self,
         Request        *request)
{
  gulong handler = 0;

  if (self->cancellable != NULL)
    handler = g_cancellable_connect (self->cancellable, G_CALLBACK (cancelled_cb), self->context, NULL);

  while (!request->done)
    {
      if (g_cancellable_is_cancelled (self->cancellable))
        g_cancellable_cancel (request->cancellable);
      g_main_context_iteration (self->context, TRUE);
    }

  g_cancellable_disconnect (self->cancellable, handler);
}

static GInputStream *
wait_for_answer (ImpDeviceAgent  *self,
                 SoupMessage     *message,
                 GError         **error)
{
  Request request = { g_cancellable_new (), };
  GSource *late = attach (self, g_timeout_source_new_seconds (self->pace.answer_seconds), late_cb, &request);

  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, request.cancellable, sent_cb, &request);
  iterate (self, &request);
  detach (late);
  g_object_unref (request.cancellable);

  if (request.error != NULL && request.late)
    {
      g_clear_error (&request.error);
      g_set_error (&request.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT,
                   "no answer within %u s", self->pace.answer_seconds);
    }
  if (request.error != NULL)
    g_propagate_error (error, request.error);

  return request.stream;
}

/* Headers that drip are bounded by the time for an answer: no idle time-out ends them. */
static ImpDeviceBody *
send_message (ImpDeviceAgent  *self,
              SoupMessage     *message,
              GError         **error)
{
  g_autoptr(ImpDeviceBody) body = NULL;
  g_autoptr(GError) local_error = NULL;
  GInputStream *stream;

  body = imp_device_body_new (message, &self->pace, self->cancellable, self->exchange, self->user_data);
  stream = wait_for_answer (self, message, &local_error);
  if (imp_device_body_begin (body, stream, local_error))
    return g_steal_pointer (&body);

  g_propagate_prefixed_error (error, g_steal_pointer (&local_error), "%s: ", self->base);
  return NULL;
}

static SoupMessage *
new_message (ImpDeviceAgent  *self,
             const char      *method,
             const char      *path,
             GError         **error)
{
  SoupMessage *message = imp_http_message_new (method, self->base, path, error);

  if (message == NULL)
    return NULL;

  soup_message_disable_feature (message, SOUP_TYPE_CONTENT_DECODER);
  soup_message_headers_replace (soup_message_get_request_headers (message), "X-Device-Id", self->device_id);

  return message;
}

static JsonNode *
parse_reply (GBytes  *bytes,
             GError **error)
{
  g_autoptr(GError) local_error = NULL;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  JsonNode *node = imp_json_parse (text != NULL ? text : "", size, IMP_REPLY_MAX_SIZE, &local_error);

  if (node == NULL)
    g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the answer is not JSON: %s", local_error->message);

  return node;
}

static JsonNode *
ask (ImpDeviceAgent  *self,
     const char      *method,
     const char      *path,
     JsonNode        *question,
     GError         **error)
{
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(ImpDeviceBody) body = NULL;
  g_autoptr(GBytes) reply = NULL;

  message = new_message (self, method, path, error);
  if (message == NULL)
    return NULL;

  if (question != NULL)
    imp_http_set_json (message, question);

  if (!(body = send_message (self, message, error)) ||
      !(reply = imp_device_body_read_all (body, error)) ||
      !imp_problem_check (message, reply, error))
    return NULL;

  return parse_reply (reply, error);
}

static JsonObject *
ask_object (ImpDeviceAgent  *self,
            const char      *path,
            JsonNode       **reply,
            GError         **error)
{
  *reply = ask (self, SOUP_METHOD_GET, path, NULL, error);
  if (*reply == NULL)
    return NULL;

  if (JSON_NODE_HOLDS_OBJECT (*reply))
    return json_node_get_object (*reply);

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the answer is not a JSON object");
  return NULL;
}

static char *
make_path (ImpDeviceAgent *self,
           const char     *what)
{
  g_autofree char *id = g_uri_escape_string (self->device_id, NULL, FALSE);

  return g_strdup_printf ("/v1/devices/%s/%s", id, what);
}

/**
 * imp_device_agent_ask_latest:
 * @self: the agent
 * @public_key: PEM of the author that the device trusts
 * @class_id: the device's class
 * @error: return location for an error
 *
 * Asks for the newest version; %IMP_ERROR_UPDATE_NON_EXISTENT when there is none.
 *
 * Returns: (transfer full) (nullable): the answer, or `NULL` with @error set
 */
JsonNode *
imp_device_agent_ask_latest (ImpDeviceAgent  *self,
                             const char      *public_key,
                             const char      *class_id,
                             GError         **error)
{
  g_autofree char *path = make_path (self, "latest");
  g_autoptr(JsonNode) question = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "publicKey", public_key);
  json_object_set_string_member (object, "classID", class_id);
  json_node_set_object (question, object);

  return ask (self, SOUP_METHOD_POST, path, question, error);
}

/**
 * imp_device_agent_get_log_key:
 * @self: the agent
 * @error: return location for an error
 *
 * Asks for the key of the log, to be pinned.
 *
 * Returns: (transfer full) (nullable): a verifier key of signed notes, or `NULL` with @error set
 */
char *
imp_device_agent_get_log_key (ImpDeviceAgent  *self,
                              GError         **error)
{
  g_autoptr(JsonNode) reply = NULL;
  JsonObject *object = ask_object (self, "/v1/ledger/key", &reply, error);

  return object != NULL ? g_strdup (imp_json_get_string (object, "key", error)) : NULL;
}

/**
 * imp_device_agent_get_consistency:
 * @self: the agent
 * @from: size of the older tree
 * @to: size of the newer one
 * @error: return location for an error
 *
 * Asks for a proof that the log has only grown.
 *
 * Returns: (transfer full) (element-type ImpHash) (nullable): the proof, or `NULL` with @error set
 */
GArray *
imp_device_agent_get_consistency (ImpDeviceAgent  *self,
                                  guint64          from,
                                  guint64          to,
                                  GError         **error)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonNode) reply = NULL;
  JsonObject *object;

  path = g_strdup_printf ("/v1/ledger/consistency?from=%" G_GUINT64_FORMAT "&to=%" G_GUINT64_FORMAT, from, to);
  object = ask_object (self, path, &reply, error);

  return object != NULL ? imp_device_parse_path (object, error) : NULL;
}

/**
 * imp_device_agent_report:
 * @self: the agent
 * @report: what the device did
 * @error: return location for an error
 *
 * Tells the agent what became of an update.
 *
 * Returns: whether it took it
 */
gboolean
imp_device_agent_report (ImpDeviceAgent  *self,
                         JsonNode        *report,
                         GError         **error)
{
  g_autofree char *path = make_path (self, "reports");
  g_autoptr(JsonNode) reply = NULL;

  /* Somebody is waiting for the outcome, and it is certain already. */
  self->pace.answer_seconds = MIN (self->pace.answer_seconds, REPORT_SECONDS);
  reply = ask (self, SOUP_METHOD_POST, path, report, error);

  return reply != NULL;
}

/**
 * imp_device_agent_get_payload:
 * @self: the agent
 * @cid: which
 * @error: return location for an error
 *
 * Asks for a payload.
 *
 * Returns: (transfer full) (nullable): its bytes, or `NULL` with @error set
 */
ImpDeviceBody *
imp_device_agent_get_payload (ImpDeviceAgent  *self,
                              const char      *cid,
                              GError         **error)
{
  g_autofree char *path = g_strconcat ("/v1/payloads/", cid, NULL);
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(ImpDeviceBody) body = NULL;
  g_autoptr(GBytes) reply = NULL;

  if (!(message = new_message (self, SOUP_METHOD_GET, path, error)) ||
      !(body = send_message (self, message, error)))
    return NULL;

  if (soup_message_get_status (message) == SOUP_STATUS_OK)
    return g_steal_pointer (&body);

  /* A part of it, or a detour, is a success for HTTP and none for us. */
  if (!(reply = imp_device_body_read_all (body, error)) ||
      !imp_problem_check (message, reply, error))
    return NULL;

  g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
               "the agent answered %u to a request for a payload", soup_message_get_status (message));
  return NULL;
}
