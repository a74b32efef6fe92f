/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-client-private.h"

#include "imp-error.h"
#include "imp-event-follower.h"
#include "imp-http.h"

/**
 * ImpAgentClient:
 *
 * The agents of a connection, as asynchronous calls.
 *
 * The connection says at each call where its agents are, so a client outlives agents that are
 * started again elsewhere. Errors name the agent that they are about.
 *
 * The signal “event” (a name and a [struct@Json.Object]) passes on what the agents’ event streams
 * say, once somebody asked for it with [method@Imp.AgentClient.follow].
 */
struct _ImpAgentClient
{
  GObject parent_instance;

  ImpConnection *connection;  /* (owned) */
  SoupSession   *session;     /* (owned) */
  GPtrArray     *followers;   /* (owned) (nullable) (element-type ImpEventFollower) */
};

G_DEFINE_FINAL_TYPE (ImpAgentClient, imp_agent_client, G_TYPE_OBJECT)

enum
{
  EVENT,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

typedef struct
{
  char           *role;     /* (owned) */
  SoupMessage    *message;  /* (owned) (nullable) */
  ImpReplyFunc    func;     /* (nullable): the reply as it is */
  GDestroyNotify  destroy;
  gint64          began;
  double          latency;  /* ms */
  guint           status;   /* 0: no reply came */
} Request;

static void
request_free (Request *request)
{
  g_free (request->role);
  g_clear_object (&request->message);
  g_free (request);
}

/* The streams that together say everything once: registrations are the author agent’s to tell,
 * the rest is told by the retrieval agent.
 */
static const char *const followed[] = { "author", "retrieval" };

static void
event_cb (const char *name,
          JsonObject *data,
          gpointer    user_data)
{
  g_signal_emit (user_data, signals[EVENT], 0, name, data);
}

static void
imp_agent_client_dispose (GObject *object)
{
  ImpAgentClient *self = IMP_AGENT_CLIENT (object);

  g_clear_pointer (&self->followers, g_ptr_array_unref);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (imp_agent_client_parent_class)->dispose (object);
}

static void
imp_agent_client_finalize (GObject *object)
{
  ImpAgentClient *self = IMP_AGENT_CLIENT (object);

  g_clear_object (&self->connection);

  G_OBJECT_CLASS (imp_agent_client_parent_class)->finalize (object);
}

static void
imp_agent_client_class_init (ImpAgentClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imp_agent_client_dispose;
  object_class->finalize = imp_agent_client_finalize;

  signals[EVENT] = g_signal_new ("event", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, JSON_TYPE_OBJECT);
}

static void
imp_agent_client_init (ImpAgentClient *self)
{
  self->session = imp_http_session_new ();
}

/**
 * imp_agent_client_new:
 * @connection: where the agents are; it need not be open yet
 *
 * Makes a client. It asks nobody by itself.
 *
 * Returns: (transfer full): the client
 */
ImpAgentClient *
imp_agent_client_new (ImpConnection *connection)
{
  ImpAgentClient *self;

  g_return_val_if_fail (IMP_IS_CONNECTION (connection), NULL);

  self = g_object_new (IMP_TYPE_AGENT_CLIENT, NULL);
  self->connection = g_object_ref (connection);

  return self;
}

/**
 * imp_agent_client_get_connection:
 * @self: a client
 *
 * Returns: (transfer none): the connection that it was made for
 */
ImpConnection *
imp_agent_client_get_connection (ImpAgentClient *self)
{
  g_return_val_if_fail (IMP_IS_AGENT_CLIENT (self), NULL);

  return self->connection;
}

/**
 * imp_agent_client_follow:
 * @self: a client
 *
 * Begins to listen to the agents’ events, for as long as the client lives. A stream that breaks is
 * resumed where it broke.
 */
void
imp_agent_client_follow (ImpAgentClient *self)
{
  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));

  if (self->followers != NULL)
    return;

  self->followers = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_event_follower_free);
  for (guint i = 0; i < G_N_ELEMENTS (followed); i++)
    g_ptr_array_add (self->followers,
                     imp_event_follower_new (self->connection, followed[i], event_cb, self));
}

/**
 * imp_agent_client_new_message:
 * @self: a client
 * @role: which agent
 * @method: an HTTP method
 * @path: a path, with its query
 * @error: return location for an error
 *
 * Addresses a request to an agent.
 *
 * Returns: (transfer full) (nullable): a message, or `NULL` where there is no such agent
 */
SoupMessage *
imp_agent_client_new_message (ImpAgentClient  *self,
                              const char      *role,
                              const char      *method,
                              const char      *path,
                              GError         **error)
{
  const char *url = imp_connection_get_url (self->connection, role);
  const char *name = imp_connection_get_name (self->connection);

  if (url != NULL)
    return imp_http_message_new (method, url, path, error);

  if (imp_connection_is_embedded (self->connection))
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "the connection “%s” is not open",
                 name);
  else
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED, "the connection “%s” has no %s agent",
                 name, role);
  return NULL;
}

/**
 * imp_agent_explain_error:
 * @role: which agent
 * @url: (nullable): where it is
 * @error: (inout): what went wrong with a request to it
 *
 * Says which agent does not answer, or answers what it should not. What an agent refuses is
 * clear already, and a cancellation stays one.
 */
void
imp_agent_explain_error (const char  *role,
                         const char  *url,
                         GError     **error)
{
  GError *about = *error;

  if (url == NULL || g_error_matches (about, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (about->domain != IMP_ERROR)
    g_prefix_error (error, "the %s agent at %s does not answer: ", role, url);
  else if (about->code == IMP_ERROR_BAD_REPLY)
    g_prefix_error (error, "the %s agent at %s: ", role, url);
}

static void
request_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpAgentClient *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = imp_http_send_json_finish (SOUP_SESSION (object), result, &error);
  gpointer value = NULL;

  request->latency = (g_get_monotonic_time () - request->began) / 1000.0;
  request->status = soup_message_get_status (request->message);

  if (node != NULL && request->func == NULL)
    value = g_steal_pointer (&node);
  else if (node != NULL && (value = request->func (node, &error)) == NULL)
    {
      /* Whatever is wrong with it, it is the agent that sent it. */
      error->domain = IMP_ERROR;
      error->code = IMP_ERROR_BAD_REPLY;
    }

  if (value != NULL)
    g_task_return_pointer (task, value, request->destroy);
  else
    {
      imp_agent_explain_error (request->role,
                               imp_connection_get_url (self->connection, request->role), &error);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

/**
 * imp_agent_client_request_async:
 * @self: a client
 * @role: which agent
 * @method: an HTTP method
 * @path: a path, with its query
 * @body: (nullable): what is sent
 * @func: (nullable): makes the result of the reply, which is the result itself otherwise
 * @destroy: frees the result
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * One request that is answered with JSON.
 */
void
imp_agent_client_request_async (ImpAgentClient      *self,
                                const char          *role,
                                const char          *method,
                                const char          *path,
                                JsonNode            *body,
                                ImpReplyFunc         func,
                                GDestroyNotify       destroy,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(SoupMessage) message = NULL;
  g_autoptr(GError) error = NULL;
  Request *request = g_new0 (Request, 1);

  request->role = g_strdup (role);
  request->func = func;
  request->destroy = destroy;
  request->began = g_get_monotonic_time ();
  g_task_set_source_tag (task, imp_agent_client_request_async);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);

  message = imp_agent_client_new_message (self, role, method, path, &error);
  if (message == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (body != NULL)
    imp_http_set_json (message, body);
  request->message = g_object_ref (message);
  imp_http_send_json_async (self->session, message, cancellable, request_cb,
                            g_steal_pointer (&task));
}

/**
 * imp_agent_client_request_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Ends a request of [method@Imp.AgentClient.request_async].
 *
 * Returns: (transfer full) (nullable): what the function of the request made of the reply, or `NULL`
 * with @error set
 */
gpointer
imp_agent_client_request_finish (ImpAgentClient  *self,
                                 GAsyncResult    *result,
                                 GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_agent_client_get_last_status:
 * @result: what the callback of a request was given
 *
 * Returns: the HTTP status of the reply, 0 if none came
 */
guint
imp_agent_client_get_last_status (GAsyncResult *result)
{
  Request *request = g_task_get_task_data (G_TASK (result));

  return request->status;
}

/**
 * imp_agent_client_get_latency:
 * @result: what the callback of a request was given
 *
 * Returns: how long it took, in milliseconds
 */
double
imp_agent_client_get_latency (GAsyncResult *result)
{
  Request *request = g_task_get_task_data (G_TASK (result));

  return request->latency;
}
