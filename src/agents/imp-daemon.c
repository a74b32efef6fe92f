/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-daemon.h"

#include <unistd.h>

#include "imp-author-agent.h"
#include "imp-data-dir.h"
#include "imp-embedded-ledger.h"
#include "imp-embedded-store.h"
#include "imp-json.h"
#include "imp-local-registrar.h"
#include "imp-register-agent.h"
#include "imp-remote-registrar.h"
#include "imp-retrieval-agent.h"
#include "imp-store-payload-reader.h"
#include "imp-verification-agent.h"

#define STOP_INTERVAL 20     /* ms */
#define STOP_PATIENCE 10000  /* ms */

/**
 * ImpDaemon:
 *
 * The agents of one process, with what they share: a data directory, a ledger and a store.
 */
struct _ImpDaemon
{
  GObject parent_instance;

  ImpDataDir *data_dir;           /* (owned) */
  ImpLedger *ledger;              /* (owned) (nullable) */
  ImpStore *store;                /* (owned) (nullable) */
  ImpLocalRegistrar *registrar;   /* (owned) (nullable) */
  GObject *services[IMP_N_ROLES]; /* (owned) (nullable) */
  ImpAgent *agents[IMP_N_ROLES];  /* (nullable) of services */
  GSocketAddress *listen[IMP_N_ROLES];  /* (owned) */
  guint stop_id;
  guint waited;                   /* ms since stopping began */
};

G_DEFINE_FINAL_TYPE (ImpDaemon, imp_daemon, G_TYPE_OBJECT)

static gboolean
needs_ledger (const ImpConfig *config)
{
  return config->roles[IMP_ROLE_REGISTER] || config->roles[IMP_ROLE_RETRIEVAL];
}

static gboolean
open_engines (ImpDaemon        *self,
              const ImpConfig  *config,
              GError          **error)
{
  g_autofree char *ledger_path = imp_data_dir_build (self->data_dir, "ledger");
  g_autofree char *store_path = imp_data_dir_build (self->data_dir, "store");
  g_autoptr(ImpPayloadReader) payloads = NULL;

  if (!needs_ledger (config))
    return TRUE;

  self->store = imp_embedded_store_open (store_path, imp_unixfs_get_profile (config->profile),
                                         error);
  if (self->store == NULL)
    {
      g_prefix_error (error, "the store: ");
      return FALSE;
    }

  payloads = imp_store_payload_reader_new (self->store);
  self->ledger = imp_embedded_ledger_open (ledger_path, config->origin, config->name, payloads,
                                           error);
  if (self->ledger == NULL)
    {
      g_prefix_error (error, "the ledger: ");
      return FALSE;
    }

  self->registrar = imp_local_registrar_new (self->ledger, self->store, config->name,
                                             config->limits.payload_size);
  return TRUE;
}

static void
take_service (ImpDaemon *self,
              ImpRole    role,
              gpointer   service,
              ImpAgent  *agent)
{
  self->services[role] = service;
  self->agents[role] = agent;
}

static gboolean
add_author (ImpDaemon        *self,
            const ImpConfig  *config,
            GError          **error)
{
  g_autofree char *path = imp_data_dir_build (self->data_dir, "tokens.json");
  g_autoptr(ImpTokenStore) tokens = imp_token_store_open (path, error);
  g_autoptr(ImpRegistrar) registrar = NULL;
  ImpAuthorAgent *service;

  if (tokens == NULL)
    return FALSE;

  if (config->register_agent != NULL)
    registrar = IMP_REGISTRAR (imp_remote_registrar_new (config->register_agent));
  else
    registrar = IMP_REGISTRAR (g_object_ref (self->registrar));

  service = imp_author_agent_new (registrar, tokens, &config->limits);
  take_service (self, IMP_ROLE_AUTHOR, service, imp_author_agent_get_agent (service));
  return TRUE;
}

static void
add_register (ImpDaemon       *self,
              const ImpConfig *config)
{
  ImpRegisterAgent *service = imp_register_agent_new (self->registrar, &config->limits);

  take_service (self, IMP_ROLE_REGISTER, service, imp_register_agent_get_agent (service));
}

static gboolean
add_retrieval (ImpDaemon        *self,
               const ImpConfig  *config,
               GError          **error)
{
  g_autofree char *path = imp_data_dir_build (self->data_dir, "agents.db");
  g_autoptr(ImpActivityLog) activity = imp_activity_log_open (path, config->keep_activity, error);
  ImpRetrievalAgent *service;

  if (activity == NULL)
    return FALSE;

  service = imp_retrieval_agent_new (self->ledger, self->store, activity, &config->limits);
  take_service (self, IMP_ROLE_RETRIEVAL, service, imp_retrieval_agent_get_agent (service));
  return TRUE;
}

static void
add_verification (ImpDaemon       *self,
                  const ImpConfig *config)
{
  ImpVerificationAgent *service = imp_verification_agent_new (&config->limits);

  take_service (self, IMP_ROLE_VERIFICATION, service, imp_verification_agent_get_agent (service));
}

static gboolean
add_agents (ImpDaemon        *self,
            const ImpConfig  *config,
            GError          **error)
{
  if (config->roles[IMP_ROLE_AUTHOR] && !add_author (self, config, error))
    return FALSE;
  if (config->roles[IMP_ROLE_RETRIEVAL] && !add_retrieval (self, config, error))
    return FALSE;
  if (config->roles[IMP_ROLE_REGISTER])
    add_register (self, config);
  if (config->roles[IMP_ROLE_VERIFICATION])
    add_verification (self, config);

  return TRUE;
}

static gboolean
listen_all (ImpDaemon  *self,
            GError    **error)
{
  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      if (self->agents[role] != NULL &&
          !imp_agent_listen (self->agents[role], self->listen[role], error))
        return FALSE;
    }

  return TRUE;
}

static void
imp_daemon_dispose (GObject *object)
{
  ImpDaemon *self = IMP_DAEMON (object);

  g_clear_handle_id (&self->stop_id, g_source_remove);
  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      /* Open connections hold their agent. */
      if (self->agents[role] != NULL)
        imp_agent_close (self->agents[role]);

      self->agents[role] = NULL;
      g_clear_object (&self->services[role]);
      g_clear_object (&self->listen[role]);
    }

  g_clear_object (&self->registrar);
  g_clear_object (&self->ledger);
  g_clear_object (&self->store);
  g_clear_object (&self->data_dir);

  G_OBJECT_CLASS (imp_daemon_parent_class)->dispose (object);
}

static void
imp_daemon_class_init (ImpDaemonClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = imp_daemon_dispose;
}

static void
imp_daemon_init (ImpDaemon *self)
{
}

/**
 * imp_daemon_open:
 * @config: what to run
 * @error: return location for an error
 *
 * Opens the data directory and what is in it. This blocks: it checks the ledger's file.
 * %G_IO_ERROR_BUSY if another process has the directory.
 *
 * Returns: (transfer full): the daemon, which does not listen yet
 */
ImpDaemon *
imp_daemon_open (const ImpConfig  *config,
                 GError          **error)
{
  g_autoptr(ImpDaemon) self = NULL;

  g_return_val_if_fail (config != NULL, NULL);

  self = g_object_new (IMP_TYPE_DAEMON, NULL);
  for (int role = 0; role < IMP_N_ROLES; role++)
    self->listen[role] = g_object_ref (config->listen[role]);

  if (!(self->data_dir = imp_data_dir_open (config->data_dir, error)) ||
      !open_engines (self, config, error) ||
      !add_agents (self, config, error))
    return NULL;

  return g_steal_pointer (&self);
}

static void
recovered_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpDaemon *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!imp_local_registrar_recover_finish (IMP_LOCAL_REGISTRAR (object), result, &error) ||
      !listen_all (self, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * imp_daemon_start_async:
 * @self: a daemon that does not listen
 * @callback: called when all agents answer
 * @user_data: data for @callback
 *
 * Puts right what a crash left, and begins to answer.
 */
void
imp_daemon_start_async (ImpDaemon           *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  GError *error = NULL;

  g_return_if_fail (IMP_IS_DAEMON (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, imp_daemon_start_async);

  if (self->registrar != NULL)
    imp_local_registrar_recover_async (self->registrar, NULL, recovered_cb, g_steal_pointer (&task));
  else if (listen_all (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * imp_daemon_start_finish:
 * @self: a daemon
 * @result: the result
 * @error: return location for an error
 *
 * Gets whether the agents answer.
 *
 * Returns: whether they do
 */
gboolean
imp_daemon_start_finish (ImpDaemon     *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
is_busy (ImpDaemon *self)
{
  if (self->registrar != NULL && imp_local_registrar_get_active (self->registrar) > 0)
    return TRUE;

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      if (self->agents[role] != NULL && imp_agent_count_pending (self->agents[role]) > 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
stop_cb (gpointer user_data)
{
  GTask *task = user_data;
  ImpDaemon *self = g_task_get_source_object (task);

  self->waited += STOP_INTERVAL;
  if (is_busy (self) && self->waited < STOP_PATIENCE)
    return G_SOURCE_CONTINUE;

  self->stop_id = 0;
  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      if (self->agents[role] != NULL)
        imp_agent_close (self->agents[role]);
    }

  g_task_return_boolean (task, TRUE);
  return G_SOURCE_REMOVE;
}

/**
 * imp_daemon_stop_async:
 * @self: a daemon
 * @callback: called when it has stopped
 * @user_data: data for @callback
 *
 * Takes nothing new, lets what is being committed be answered, and closes all connections.
 */
void
imp_daemon_stop_async (ImpDaemon           *self,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (IMP_IS_DAEMON (self));
  g_return_if_fail (self->stop_id == 0);

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      if (self->agents[role] != NULL)
        imp_agent_refuse_uploads (self->agents[role]);
    }

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, imp_daemon_stop_async);
  self->stop_id = g_timeout_add_full (G_PRIORITY_DEFAULT, STOP_INTERVAL, stop_cb, task,
                                      g_object_unref);
}

/**
 * imp_daemon_stop_finish:
 * @self: a daemon
 * @result: the result
 * @error: return location for an error
 *
 * Ends stopping.
 *
 * Returns: whether it has stopped
 */
gboolean
imp_daemon_stop_finish (ImpDaemon     *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imp_daemon_describe:
 * @self: a daemon that listens
 *
 * Says where its agents are.
 *
 * Returns: (transfer full): one line of JSON
 */
char *
imp_daemon_describe (ImpDaemon *self)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonObject) object = json_object_new ();

  g_return_val_if_fail (IMP_IS_DAEMON (self), NULL);

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      g_autofree char *uri = NULL;

      if (self->agents[role] == NULL)
        continue;

      uri = imp_agent_dup_uri (self->agents[role]);
      json_object_set_string_member (object, imp_role_names[role], uri);
    }

  json_object_set_int_member (object, "pid", getpid ());
  json_node_set_object (node, object);
  return imp_json_canonicalize (node);
}

/**
 * imp_daemon_announce:
 * @self: a daemon that listens
 * @error: return location for an error
 *
 * Writes where its agents are into the data directory.
 *
 * Returns: whether it is written
 */
gboolean
imp_daemon_announce (ImpDaemon  *self,
                     GError    **error)
{
  g_autofree char *line = imp_daemon_describe (self);

  return imp_data_dir_announce (self->data_dir, line, error);
}

/**
 * imp_daemon_get_agent:
 * @self: a daemon
 * @role: a role
 *
 * Returns: (transfer none) (nullable): the agent of this role, or `NULL` if this process has none
 */
ImpAgent *
imp_daemon_get_agent (ImpDaemon *self,
                      ImpRole    role)
{
  g_return_val_if_fail (IMP_IS_DAEMON (self), NULL);

  return self->agents[role];
}
