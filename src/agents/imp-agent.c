/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-private.h"

const ImpLimits imp_limits_default = {
  .idle_timeout = 30,
  .connections = 512,
  .uploads = 16,
  .payload_size = G_GUINT64_CONSTANT (4) * 1024 * 1024 * 1024,
};

/**
 * ImpAgent:
 *
 * The part that every agent has: a server, its routes and its limits, `/healthz`, `/metrics`,
 * `/v1/status`, `/v1/events` and `/openapi.json`.
 *
 * An agent of a certain role owns one and adds its routes.
 */
G_DEFINE_FINAL_TYPE (ImpAgent, imp_agent, G_TYPE_OBJECT)

static void
early_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  imp_agent_answer (user_data, message, path, query);
}

static void
imp_agent_dispose (GObject *object)
{
  ImpAgent *self = IMP_AGENT (object);

  imp_agent_close (self);
  g_hash_table_remove_all (self->requests);

  G_OBJECT_CLASS (imp_agent_parent_class)->dispose (object);
}

static void
imp_agent_finalize (GObject *object)
{
  ImpAgent *self = IMP_AGENT (object);

  g_clear_object (&self->listener);
  g_clear_object (&self->server);
  g_clear_object (&self->events);
  g_clear_object (&self->metrics);
  g_clear_pointer (&self->uploads, imp_upload_slots_free);
  g_clear_pointer (&self->router, imp_router_free);
  g_hash_table_unref (self->requests);
  g_free (self->role);

  G_OBJECT_CLASS (imp_agent_parent_class)->finalize (object);
}

static void
imp_agent_class_init (ImpAgentClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imp_agent_dispose;
  object_class->finalize = imp_agent_finalize;
}

static void
imp_agent_init (ImpAgent *self)
{
  self->router = imp_router_new ();
  self->events = imp_event_log_new ();
  self->requests = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->started = g_get_monotonic_time ();
}

/**
 * imp_agent_new:
 * @role: `author`, `register`, `retrieval` or `verification`
 * @limits: what it puts up with
 *
 * Makes an agent that has only what all agents have.
 *
 * Returns: (transfer full): the agent
 */
ImpAgent *
imp_agent_new (const char      *role,
               const ImpLimits *limits)
{
  ImpAgent *self;

  g_return_val_if_fail (role != NULL, NULL);
  g_return_val_if_fail (limits != NULL, NULL);

  self = g_object_new (IMP_TYPE_AGENT, NULL);
  self->role = g_strdup (role);
  self->limits = *limits;
  self->uploads = imp_upload_slots_new (limits->uploads);
  self->metrics = imp_metrics_new (role);
  imp_agent_add_shared_routes (self);

  /* A route takes the path apart before it unescapes it. */
  self->server = soup_server_new ("raw-paths", TRUE, "server-header", "Imprimatur", NULL);
  soup_server_add_early_handler (self->server, NULL, early_cb, self, NULL);
  self->listener = imp_listener_new (self->server, limits->idle_timeout, limits->connections);

  return self;
}

/**
 * imp_agent_add_routes:
 * @self: an agent
 * @routes: (array length=n_routes): routes that are never freed
 * @n_routes: their number
 * @user_data: data for their handlers
 *
 * Adds what a role answers.
 */
void
imp_agent_add_routes (ImpAgent       *self,
                      const ImpRoute *routes,
                      gsize           n_routes,
                      gpointer        user_data)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  for (gsize i = 0; i < n_routes; i++)
    imp_router_add (self->router, &routes[i], user_data);
}

/**
 * imp_agent_set_status_func:
 * @self: an agent
 * @func: (scope forever): adds what the role knows to the status
 * @user_data: data for @func
 *
 * Lets a role say more of itself; where @func fails, `/healthz` does.
 */
void
imp_agent_set_status_func (ImpAgent      *self,
                           ImpStatusFunc  func,
                           gpointer       user_data)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  self->status_func = func;
  self->status_data = user_data;
}

/**
 * imp_agent_listen:
 * @self: an agent
 * @address: where; port 0 lets the system choose
 * @error: return location for an error
 *
 * Begins to answer.
 *
 * Returns: whether it listens
 */
gboolean
imp_agent_listen (ImpAgent        *self,
                  GSocketAddress  *address,
                  GError         **error)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), FALSE);

  if (imp_listener_listen (self->listener, address, error))
    return TRUE;

  g_prefix_error (error, "the %s agent cannot listen: ", self->role);
  return FALSE;
}

/**
 * imp_agent_refuse_uploads:
 * @self: an agent
 *
 * Lets what is under way come to its end and takes no new uploads.
 */
void
imp_agent_refuse_uploads (ImpAgent *self)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  self->draining = TRUE;
}

/**
 * imp_agent_count_pending:
 * @self: an agent
 *
 * Counts the requests that have been read and not answered yet.
 *
 * Returns: their number
 */
guint
imp_agent_count_pending (ImpAgent *self)
{
  GHashTableIter iter;
  gpointer request;
  guint n = 0;

  g_return_val_if_fail (IMP_IS_AGENT (self), 0);

  g_hash_table_iter_init (&iter, self->requests);
  while (g_hash_table_iter_next (&iter, &request, NULL))
    n += imp_request_is_pending (request) ? 1 : 0;

  return n;
}

/**
 * imp_agent_close:
 * @self: an agent
 *
 * Stops listening and closes all connections.
 */
void
imp_agent_close (ImpAgent *self)
{
  g_return_if_fail (IMP_IS_AGENT (self));

  self->draining = TRUE;
  imp_listener_close (self->listener);
  soup_server_disconnect (self->server);
}

/**
 * imp_agent_get_limits:
 * @self: an agent
 *
 * Returns: what the agent puts up with; lent, and the same as long as it lives
 */
const ImpLimits *
imp_agent_get_limits (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return &self->limits;
}

/**
 * imp_agent_dup_uri:
 * @self: an agent that listens
 *
 * Gets where the agent can be asked.
 *
 * Returns: (transfer full): a URL without a path or a slash at its end
 */
char *
imp_agent_dup_uri (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return imp_listener_dup_uri (self->listener);
}

/**
 * imp_agent_get_metrics:
 * @self: an agent
 *
 * Returns: (transfer none): what `/metrics` answers with, where a role counts what it does
 */
ImpMetrics *
imp_agent_get_metrics (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return self->metrics;
}

/**
 * imp_agent_get_events:
 * @self: an agent
 *
 * Returns: (transfer none): the events that `/v1/events` sends, where a role tells what happened
 */
ImpEventLog *
imp_agent_get_events (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return self->events;
}

/**
 * imp_agent_list_routes:
 * @self: an agent
 *
 * Lists what the agent answers.
 *
 * Returns: (transfer container) (element-type ImpRoute): the routes
 */
GPtrArray *
imp_agent_list_routes (ImpAgent *self)
{
  g_return_val_if_fail (IMP_IS_AGENT (self), NULL);

  return imp_router_list (self->router);
}
