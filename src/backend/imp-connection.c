/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-connection.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>

#include "imp-agent-address.h"
#include "imp-backoff.h"
#include "imp-data-path.h"
#include "imp-embedded-agents.h"
#include "imp-error.h"
#include "imp-health-watch.h"
#include "imp-text.h"
#include "imp-waiters.h"

#define WATCH_SECONDS 5
#define WATCH_SECONDS_AILING 2
#define MAX_RESTARTS 8

/**
 * ImpConnection:
 *
 * Where the agents are.
 *
 * “This computer” starts `imprimaturd --embedded`, or uses the one that serves the data folder
 * already, and ends what it started when it is closed or disposed of; the others are URLs. Once
 * open, a connection notices when agents go away and come back: `notify::state` says so, and
 * agents of this computer that end are started again, less and less eagerly and not for ever.
 */
struct _ImpConnection
{
  GObject parent_instance;

  char               *name;               /* (owned) */
  char               *identity;           /* (owned) */
  char               *data_dir;           /* (owned) (nullable): embedded */
  char               *urls[IMP_N_ROLES];  /* (owned) (nullable): remote */
  ImpEmbeddedAgents  *agents;             /* (owned) (nullable): embedded, while open */

  ImpConnectionState  state;
  char               *detail;             /* (owned) (nullable) */

  ImpWaiters         *waiting;            /* (owned) for the opening */
  GCancellable       *life;               /* (owned) (nullable): cancelled by closing */
  ImpHealthWatch     *watch;              /* (owned) */
  ImpBackoff         *restart;            /* (owned): embedded */
};

enum
{
  PROP_NAME = 1,
  PROP_STATE,
  PROP_DETAIL,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (ImpConnection, imp_connection, G_TYPE_OBJECT)

G_DEFINE_ENUM_TYPE (ImpConnectionState, imp_connection_state,
                    G_DEFINE_ENUM_VALUE (IMP_CONNECTION_CLOSED, "closed"),
                    G_DEFINE_ENUM_VALUE (IMP_CONNECTION_OPENING, "opening"),
                    G_DEFINE_ENUM_VALUE (IMP_CONNECTION_ANSWERING, "answering"),
                    G_DEFINE_ENUM_VALUE (IMP_CONNECTION_DEGRADED, "degraded"),
                    G_DEFINE_ENUM_VALUE (IMP_CONNECTION_FAILED, "failed"))

static void
set_state (ImpConnection      *self,
           ImpConnectionState  state,
           const char         *detail)
{
  g_object_freeze_notify (G_OBJECT (self));

  if (g_strcmp0 (self->detail, detail) != 0)
    {
      g_free (self->detail);
      self->detail = g_strdup (detail);
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_DETAIL]);
    }

  if (self->state != state)
    {
      self->state = state;
      g_object_notify_by_pspec (G_OBJECT (self), props[PROP_STATE]);
    }

  g_object_thaw_notify (G_OBJECT (self));
}

static void
fail_open (ImpConnection *self,
           const GError  *error)
{
  g_autofree char *sentence = imp_text_make_sentence (error->message);

  set_state (self, IMP_CONNECTION_FAILED, sentence);
  imp_waiters_answer (self->waiting, error);
}

static void
restart_later (ImpConnection *self,
               const char    *why)
{
  if (imp_backoff_is_waiting (self->restart))
    return;

  imp_health_watch_stop (self->watch);
  if (imp_backoff_get_waits (self->restart) >= MAX_RESTARTS)
    {
      set_state (self, IMP_CONNECTION_FAILED, why);
      return;
    }

  set_state (self, IMP_CONNECTION_OPENING, why);
  imp_backoff_wait (self->restart);
}

static void
exited_cb (ImpEmbeddedAgents *agents,
           ImpConnection     *self)
{
  restart_later (self, _("The agents of this computer ended; they are being started again."));
}

static void
show_health (ImpConnection *self,
             guint          n_asked,
             guint          n_failed,
             const char    *detail)
{
  if (n_failed == 0)
    {
      imp_backoff_reset (self->restart);
      set_state (self, IMP_CONNECTION_ANSWERING, NULL);
    }
  else if (n_failed < n_asked)
    set_state (self, IMP_CONNECTION_DEGRADED, detail);
  else
    set_state (self, IMP_CONNECTION_FAILED, detail);
}

/* One that fails to open is watched too: it may come back. Whoever is told may close the connection,
 * so that the watch goes on first.
 */
static void
note_health (ImpConnection *self,
             guint          n_asked,
             guint          n_failed,
             const char    *detail)
{
  g_autoptr(GError) error = NULL;

  imp_health_watch_later (self->watch, n_failed == 0 ? WATCH_SECONDS : WATCH_SECONDS_AILING);

  if (n_failed == n_asked && imp_waiters_are_any (self->waiting))
    {
      g_set_error (&error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                   "no agent of “%s” answers: %s", self->name, detail);
      fail_open (self, error);
    }
  else
    {
      show_health (self, n_asked, n_failed, detail);
      imp_waiters_answer (self->waiting, NULL);
    }
}

static void
heard_health (guint       n_asked,
              guint       n_failed,
              const char *detail,
              gpointer    user_data)
{
  g_autoptr(ImpConnection) self = g_object_ref (user_data);

  if (self->agents == NULL || n_failed < n_asked)
    {
      note_health (self, n_asked, n_failed, detail);
      return;
    }

  imp_embedded_agents_stop (self->agents);
  restart_later (self, _("The agents of this computer do not answer; "
                         "they are being started again."));
}

static void
agents_started_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(ImpConnection) self = user_data;
  ImpEmbeddedAgents *agents = IMP_EMBEDDED_AGENTS (object);
  g_autofree char *sentence = NULL;
  g_autoptr(GError) error = NULL;
  gboolean started = imp_embedded_agents_start_finish (agents, result, &error);

  /* Closed meanwhile, which has stopped what was started. */
  if (agents != self->agents)
    return;

  if (started)
    {
      imp_health_watch_later (self->watch, WATCH_SECONDS);
      set_state (self, IMP_CONNECTION_ANSWERING, NULL);
      imp_waiters_answer (self->waiting, NULL);
    }
  else if (imp_waiters_are_any (self->waiting))
    fail_open (self, error);
  else
    {
      sentence = imp_text_make_sentence (error->message);
      restart_later (self, sentence);
    }
}

static void
start_agents (gpointer user_data)
{
  ImpConnection *self = user_data;

  imp_embedded_agents_start_async (self->agents, self->life, agents_started_cb,
                                   g_object_ref (self));
}

static void
begin_opening (ImpConnection *self)
{
  self->life = g_cancellable_new ();
  imp_backoff_reset (self->restart);
  set_state (self, IMP_CONNECTION_OPENING, NULL);

  if (self->data_dir != NULL)
    {
      self->agents = imp_embedded_agents_new (self->data_dir);
      g_signal_connect (self->agents, "exited", G_CALLBACK (exited_cb), self);
      start_agents (self);
    }
  else
    imp_health_watch_ask (self->watch);
}

static void
shut (ImpConnection *self)
{
  imp_health_watch_stop (self->watch);
  imp_backoff_cancel (self->restart);
  g_cancellable_cancel (self->life);
  g_clear_object (&self->life);

  if (self->agents != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->agents, self);
      imp_embedded_agents_stop (self->agents);
      g_clear_object (&self->agents);
    }
}

static void
imp_connection_dispose (GObject *object)
{
  ImpConnection *self = IMP_CONNECTION (object);

  shut (self);

  G_OBJECT_CLASS (imp_connection_parent_class)->dispose (object);
}

static void
imp_connection_finalize (GObject *object)
{
  ImpConnection *self = IMP_CONNECTION (object);

  g_free (self->name);
  g_free (self->identity);
  g_free (self->data_dir);
  g_free (self->detail);
  imp_agent_addresses_clear (self->urls);
  imp_health_watch_free (self->watch);
  imp_backoff_free (self->restart);
  imp_waiters_free (self->waiting);

  G_OBJECT_CLASS (imp_connection_parent_class)->finalize (object);
}

static void
imp_connection_get_property (GObject    *object,
                             guint       property_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  ImpConnection *self = IMP_CONNECTION (object);

  switch (property_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_DETAIL:
      g_value_set_string (value, self->detail);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imp_connection_class_init (ImpConnectionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = imp_connection_dispose;
  object_class->finalize = imp_connection_finalize;
  object_class->get_property = imp_connection_get_property;

  props[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  props[PROP_STATE] = g_param_spec_enum ("state", NULL, NULL, IMP_TYPE_CONNECTION_STATE,
                                         IMP_CONNECTION_CLOSED, flags);
  props[PROP_DETAIL] = g_param_spec_string ("detail", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static const char *
get_url (const char *role,
         gpointer    user_data)
{
  return imp_connection_get_url (user_data, role);
}

static void
imp_connection_init (ImpConnection *self)
{
  self->watch = imp_health_watch_new (get_url, heard_health, self);
  self->restart = imp_backoff_new (start_agents, self);

  /* Without anyone who waits, nobody wants it any more. */
  self->waiting = imp_waiters_new ((ImpWaitersDeserted) imp_connection_close, self);
}

/**
 * imp_connection_new_embedded:
 * @data_dir: (nullable): a folder of its own, or `NULL` for this user’s
 *
 * Makes the connection to “This computer”.
 *
 * Returns: (transfer full): a closed connection
 */
ImpConnection *
imp_connection_new_embedded (const char *data_dir)
{
  ImpConnection *self = g_object_new (IMP_TYPE_CONNECTION, NULL);
  g_autofree char *user_dir = imp_dup_data_dir ();

  self->name = g_strdup (_("This computer"));
  self->data_dir = g_canonicalize_filename (data_dir != NULL ? data_dir : user_dir, NULL);
  self->identity = g_strconcat ("embedded:", self->data_dir, NULL);

  return self;
}

/**
 * imp_connection_new_remote:
 * @name: what people call it
 * @author: (nullable): URL of the author agent
 * @register_: (nullable): URL of the register agent
 * @retrieval: (nullable): URL of the retrieval agent
 * @verification: (nullable): URL of the verification agent
 * @error: return location for an error
 *
 * Makes a connection to agents that somebody else runs.
 *
 * Returns: (transfer full) (nullable): a closed connection, or `NULL` with %IMP_ERROR_MALFORMED
 */
ImpConnection *
imp_connection_new_remote (const char  *name,
                           const char  *author,
                           const char  *register_,
                           const char  *retrieval,
                           const char  *verification,
                           GError     **error)
{
  g_autoptr(ImpConnection) self = g_object_new (IMP_TYPE_CONNECTION, NULL);
  const char *urls[IMP_N_ROLES] = { author, register_, retrieval, verification };

  g_return_val_if_fail (name != NULL, NULL);

  if (!imp_connection_check_name (name, error) ||
      !imp_agent_addresses_normalize (self->urls, urls, error))
    return NULL;

  self->name = g_strdup (name);
  self->identity = g_strdup (imp_agent_addresses_get_first (self->urls));
  if (self->identity == NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the connection “%s” has no agent", name);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * imp_connection_open_async:
 * @self: a connection
 * @cancellable: (nullable): cancels the waiting; the last that waits cancels the opening
 * @callback: called once
 * @user_data: data for @callback
 *
 * Opens the connection: finds or starts the agents of this computer, or asks remote ones whether
 * they answer. It is an error if none does. An open connection answers at once.
 */
void
imp_connection_open_async (ImpConnection       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_CONNECTION (self));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_connection_open_async);

  if (g_task_return_error_if_cancelled (task))
    return;

  if (self->state == IMP_CONNECTION_ANSWERING || self->state == IMP_CONNECTION_DEGRADED)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  imp_waiters_add (self->waiting, task);
  if (self->state != IMP_CONNECTION_OPENING || imp_backoff_is_waiting (self->restart))
    {
      shut (self);
      begin_opening (self);
    }
}

/**
 * imp_connection_open_finish:
 * @self: a connection
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether an agent answers
 */
gboolean
imp_connection_open_finish (ImpConnection  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * imp_connection_close:
 * @self: a connection
 *
 * Ends the agents of this computer, if this process started them, and stops watching remote ones.
 * An opening that is under way fails with `G_IO_ERROR_CLOSED`.
 */
void
imp_connection_close (ImpConnection *self)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (IMP_IS_CONNECTION (self));

  shut (self);
  set_state (self, IMP_CONNECTION_CLOSED, NULL);

  error = g_error_new (G_IO_ERROR, G_IO_ERROR_CLOSED, "the connection “%s” was closed", self->name);
  imp_waiters_answer (self->waiting, error);
}

/**
 * imp_connection_get_name:
 * @self: a connection
 *
 * Returns: what the user calls it, which also finds it in the settings
 */
const char *
imp_connection_get_name (ImpConnection *self)
{
  g_return_val_if_fail (IMP_IS_CONNECTION (self), NULL);

  return self->name;
}

/**
 * imp_connection_get_identity:
 * @self: a connection
 *
 * Says what the connection is, whatever it is called and whatever ports its agents have today.
 *
 * Returns: `embedded:` and a folder, or the retrieval agent’s URL
 */
const char *
imp_connection_get_identity (ImpConnection *self)
{
  g_return_val_if_fail (IMP_IS_CONNECTION (self), NULL);

  return self->identity;
}

/**
 * imp_connection_get_data_dir:
 * @self: a connection
 *
 * Returns: (nullable): the folder of an embedded connection
 */
const char *
imp_connection_get_data_dir (ImpConnection *self)
{
  g_return_val_if_fail (IMP_IS_CONNECTION (self), NULL);

  return self->data_dir;
}

/**
 * imp_connection_is_embedded:
 * @self: a connection
 *
 * Returns: whether its agents are those of this computer
 */
gboolean
imp_connection_is_embedded (ImpConnection *self)
{
  g_return_val_if_fail (IMP_IS_CONNECTION (self), FALSE);

  return self->data_dir != NULL;
}

/**
 * imp_connection_get_state:
 * @self: a connection
 *
 * Returns: whether it is closed, being opened, or which of its agents answer;
 * [property@Imp.Connection:state] notifies
 */
ImpConnectionState
imp_connection_get_state (ImpConnection *self)
{
  g_return_val_if_fail (IMP_IS_CONNECTION (self), IMP_CONNECTION_CLOSED);

  return self->state;
}

/**
 * imp_connection_get_detail:
 * @self: a connection
 *
 * Says which agents do not answer, and why.
 *
 * Returns: (nullable): one sentence or more
 */
const char *
imp_connection_get_detail (ImpConnection *self)
{
  g_return_val_if_fail (IMP_IS_CONNECTION (self), NULL);

  return self->detail;
}

/**
 * imp_connection_get_url:
 * @self: a connection
 * @role: “author”, “register”, “retrieval” or “verification”
 *
 * Finds an agent. The address may change whenever agents of this computer are started again.
 *
 * Returns: (nullable): a URL without a slash at its end; `NULL` when there is no such agent, or
 *   when the connection to this computer is not open
 */
const char *
imp_connection_get_url (ImpConnection *self,
                        const char    *role)
{
  g_return_val_if_fail (IMP_IS_CONNECTION (self), NULL);
  g_return_val_if_fail (role != NULL, NULL);

  if (self->data_dir != NULL)
    return self->agents != NULL ? imp_embedded_agents_get_url (self->agents, role) : NULL;

  return imp_agent_addresses_find (self->urls, role);
}
