/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-session.h"

#include <gtk/gtk.h>

#include "imp-author.h"
#include "imp-data-path.h"

/**
 * ImpSession:
 *
 * What every place of the console works with: the connection in use and its
 * client, the keys, the submissions, the devices, what is known of the ledger.
 *
 * It belongs to the application and not to a window: a submission goes on when
 * the window is closed.
 */
struct _ImpSession
{
  GObject parent_instance;

  char           *data_dir;       /* (owned) */
  GSettings      *settings;       /* (owned) (nullable): where no schema is installed */
  ImpConnections *connections;    /* (owned) */
  ImpConnection  *connection;     /* (owned): the one in use */
  gulong          state_id;
  ImpAgentClient *client;         /* (owned) (nullable): once the connection is open */
  GError         *error;          /* (owned) (nullable): why it is not */
  GCancellable   *opening;        /* (owned) (nullable) */
  ImpKeyring     *keyring;        /* (owned) */
  GListModel     *authors;        /* (owned) */
  gboolean        keys_loaded;
  GError         *keyring_error;  /* (owned) (nullable) */
  ImpSubmissions *submissions;    /* (owned) */
  ImpTrust       *trust;          /* (owned) */
  ImpFleet       *fleet;          /* (owned) */
  gboolean        fleet_loaded;
  GError         *fleet_error;    /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpSession, imp_session, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_CLIENT,
  PROP_KEYS_LOADED,
  PROP_FLEET_LOADED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

enum {
  SIGNAL_FALTERED,
  SIGNAL_RECOVERED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gpointer
make_author (gpointer item,
             gpointer user_data)
{
  ImpSession *self = user_data;
  ImpAuthor *author = imp_author_new (item);

  if (self->client != NULL)
    imp_author_refresh (author, self->client);
  g_object_unref (item);
  return author;
}

static void
refresh_authors (ImpSession *self)
{
  guint n = g_list_model_get_n_items (self->authors);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(ImpAuthor) author = g_list_model_get_item (self->authors, i);

      imp_author_refresh (author, self->client);
    }
}

/* Devices ask the agents in use, wherever those are now. */
static void
point_fleet (ImpSession *self)
{
  imp_fleet_set_retrieval (self->fleet,
                           self->client != NULL ? imp_connection_get_url (self->connection, "retrieval")
                                                : NULL);
}

static void
set_client (ImpSession     *self,
            ImpAgentClient *client,
            GError         *error)
{
  g_set_object (&self->client, client);
  g_clear_error (&self->error);
  self->error = error;
  point_fleet (self);

  if (client != NULL)
    {
      imp_agent_client_follow (client);
      imp_submissions_reconcile (self->submissions, client);
      refresh_authors (self);
    }

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLIENT]);
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(ImpSession) self = user_data;
  ImpConnection *connection = IMP_CONNECTION (object);
  g_autoptr(ImpAgentClient) client = NULL;
  g_autoptr(GError) error = NULL;

  if (imp_connection_open_finish (connection, result, &error))
    client = imp_agent_client_new (connection);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (connection == self->connection)
    set_client (self, client, g_steal_pointer (&error));
}

/* The connection notices by itself that agents went away and came back; then
 * what the places show is asked for again.
 */
static void
connection_state_cb (ImpSession    *self,
                     GParamSpec    *pspec,
                     ImpConnection *connection)
{
  if (self->client == NULL)
    return;

  if (imp_connection_get_state (connection) != IMP_CONNECTION_ANSWERING)
    {
      g_signal_emit (self, signals[SIGNAL_FALTERED], 0);
      return;
    }

  point_fleet (self);
  refresh_authors (self);
  g_signal_emit (self, signals[SIGNAL_RECOVERED], 0);
}

static void
loaded_keys_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(ImpSession) self = user_data;

  g_clear_error (&self->keyring_error);
  imp_keyring_load_finish (self->keyring, result, &self->keyring_error);
  self->keys_loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_KEYS_LOADED]);
}

static void
loaded_fleet_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(ImpSession) self = user_data;

  g_clear_error (&self->fleet_error);
  imp_fleet_load_finish (self->fleet, result, &self->fleet_error);
  self->fleet_loaded = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FLEET_LOADED]);
}

static void
imp_session_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  ImpSession *self = IMP_SESSION (object);

  switch (prop_id)
    {
    case PROP_CLIENT:
      g_value_set_object (value, self->client);
      break;

    case PROP_KEYS_LOADED:
      g_value_set_boolean (value, self->keys_loaded);
      break;

    case PROP_FLEET_LOADED:
      g_value_set_boolean (value, self->fleet_loaded);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
drop_connection (ImpSession *self)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  if (self->connection != NULL)
    g_clear_signal_handler (&self->state_id, self->connection);
  g_clear_object (&self->connection);
}

static void
imp_session_dispose (GObject *object)
{
  ImpSession *self = IMP_SESSION (object);

  drop_connection (self);
  g_clear_object (&self->authors);
  g_clear_object (&self->client);
  g_clear_object (&self->submissions);
  g_clear_object (&self->trust);
  g_clear_object (&self->fleet);
  g_clear_object (&self->keyring);
  g_clear_object (&self->settings);
  g_clear_object (&self->connections);

  G_OBJECT_CLASS (imp_session_parent_class)->dispose (object);
}

static void
imp_session_finalize (GObject *object)
{
  ImpSession *self = IMP_SESSION (object);

  g_clear_error (&self->error);
  g_clear_error (&self->keyring_error);
  g_clear_error (&self->fleet_error);
  g_free (self->data_dir);

  G_OBJECT_CLASS (imp_session_parent_class)->finalize (object);
}

static void
imp_session_class_init (ImpSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = imp_session_dispose;
  object_class->finalize = imp_session_finalize;
  object_class->get_property = imp_session_get_property;

  properties[PROP_CLIENT] =
    g_param_spec_object ("client", NULL, NULL,
                         IMP_TYPE_AGENT_CLIENT,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_KEYS_LOADED] =
    g_param_spec_boolean ("keys-loaded", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FLEET_LOADED] =
    g_param_spec_boolean ("fleet-loaded", NULL, NULL,
                          FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  /**
   * ImpSession::faltered:
   *
   * Emitted when not all agents answer any more.
   */
  signals[SIGNAL_FALTERED] =
    g_signal_new ("faltered",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);

  /**
   * ImpSession::recovered:
   *
   * Emitted when all agents answer again after some did not.
   */
  signals[SIGNAL_RECOVERED] =
    g_signal_new ("recovered",
                  G_TYPE_FROM_CLASS (klass),
                  G_SIGNAL_RUN_LAST,
                  0,
                  NULL, NULL, NULL,
                  G_TYPE_NONE, 0);
}

static void
imp_session_init (ImpSession *self)
{
}

/**
 * imp_session_new:
 * @data_dir: (nullable): where data lives, %NULL for the user's own folder
 * @settings: (nullable): the preferences
 *
 * Sets everything up without asking anybody anything yet: see imp_session_open().
 *
 * Returns: (transfer full): the session
 */
ImpSession *
imp_session_new (const char *data_dir,
                 GSettings  *settings)
{
  ImpSession *self = g_object_new (IMP_TYPE_SESSION, NULL);
  g_autofree char *submissions = NULL;
  g_autofree char *trust = NULL;
  g_autofree char *devices = NULL;

  self->data_dir = data_dir != NULL ? g_canonicalize_filename (data_dir, NULL) : imp_dup_data_dir ();
  if (settings != NULL)
    self->settings = g_object_ref (settings);
  submissions = g_build_filename (self->data_dir, "submissions", NULL);
  trust = g_build_filename (self->data_dir, "trust", NULL);
  devices = g_build_filename (self->data_dir, "devices", NULL);

  self->connections = imp_connections_new (self->data_dir);
  self->connection = g_object_ref (imp_connections_get_active (self->connections));
  self->submissions = imp_submissions_new (submissions);
  self->trust = imp_trust_new (trust);
  self->fleet = imp_fleet_new (devices);
  self->keyring = imp_keyring_new ();
  self->authors = G_LIST_MODEL (gtk_map_list_model_new (g_object_ref (G_LIST_MODEL (self->keyring)),
                                                        make_author, self, NULL));
  return self;
}

/**
 * imp_session_get_data_dir:
 * @self: a session
 *
 * Returns: the folder with the agents, devices and records of this user, lent by @self
 */
const char *
imp_session_get_data_dir (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->data_dir;
}

/**
 * imp_session_get_settings:
 * @self: a session
 *
 * Gets the preferences.
 *
 * Returns: (transfer none) (nullable): the settings, %NULL where no schema is installed
 */
GSettings *
imp_session_get_settings (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->settings;
}

/**
 * imp_session_get_connections:
 * @self: a session
 *
 * Returns: (transfer none): the connections that can be chosen from
 */
ImpConnections *
imp_session_get_connections (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->connections;
}

/**
 * imp_session_get_connection:
 * @self: a session
 *
 * Returns: (transfer none): the one in use, open or not
 */
ImpConnection *
imp_session_get_connection (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->connection;
}

/**
 * imp_session_get_client:
 * @self: a session
 *
 * Gets the agents in use.
 *
 * Returns: (transfer none) (nullable): the client, %NULL while the connection is not open
 */
ImpAgentClient *
imp_session_get_client (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->client;
}

/**
 * imp_session_get_error:
 * @self: a session
 *
 * Gets why the connection could not be opened.
 *
 * Returns: (transfer none) (nullable): the error
 */
const GError *
imp_session_get_error (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->error;
}

/**
 * imp_session_get_keyring:
 * @self: a session
 *
 * Returns: (transfer none): the keys, empty until they are loaded
 */
ImpKeyring *
imp_session_get_keyring (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->keyring;
}

/**
 * imp_session_get_keys_loaded:
 * @self: a session
 *
 * Returns: whether the keys have been asked for and the answer is there, be it an error
 */
gboolean
imp_session_get_keys_loaded (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), FALSE);

  return self->keys_loaded;
}

/**
 * imp_session_get_keyring_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why the keys could not be read, or `NULL`
 */
const GError *
imp_session_get_keyring_error (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->keyring_error;
}

/**
 * imp_session_get_authors:
 * @self: a session
 *
 * Gets the keys of the keyring, each with how it stands with the agents in use.
 *
 * Returns: (transfer none): a list of [class@Author]
 */
GListModel *
imp_session_get_authors (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->authors;
}

/**
 * imp_session_get_submissions:
 * @self: a session
 *
 * Returns: (transfer none): what was submitted and is being submitted
 */
ImpSubmissions *
imp_session_get_submissions (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->submissions;
}

/**
 * imp_session_get_trust:
 * @self: a session
 *
 * Returns: (transfer none): what this machine has seen of ledgers
 */
ImpTrust *
imp_session_get_trust (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->trust;
}

/**
 * imp_session_get_fleet:
 * @self: a session
 *
 * Returns: (transfer none): the emulated devices, empty until they are loaded
 */
ImpFleet *
imp_session_get_fleet (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->fleet;
}

/**
 * imp_session_get_fleet_loaded:
 * @self: a session
 *
 * Returns: whether the devices have been read, be it with an error
 */
gboolean
imp_session_get_fleet_loaded (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), FALSE);

  return self->fleet_loaded;
}

/**
 * imp_session_get_fleet_error:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): why some device could not be read, or `NULL`
 */
const GError *
imp_session_get_fleet_error (ImpSession *self)
{
  g_return_val_if_fail (IMP_IS_SESSION (self), NULL);

  return self->fleet_error;
}

/**
 * imp_session_start:
 * @self: a session
 *
 * Opens the session, if it was never opened.
 */
void
imp_session_start (ImpSession *self)
{
  g_return_if_fail (IMP_IS_SESSION (self));

  if (self->opening == NULL)
    imp_session_open (self);
}

/**
 * imp_session_open:
 * @self: a session
 *
 * Opens the connection that was used last and loads the keys and the devices;
 * also what “Try Again” does.
 */
void
imp_session_open (ImpSession *self)
{
  g_return_if_fail (IMP_IS_SESSION (self));

  imp_session_use (self, imp_connections_get_active (self->connections));
  imp_session_load_keys (self);
  imp_session_load_fleet (self);
}

/**
 * imp_session_use:
 * @self: a session
 * @connection: where the agents are
 *
 * Works with these agents from now on.
 */
void
imp_session_use (ImpSession    *self,
                 ImpConnection *connection)
{
  g_return_if_fail (IMP_IS_SESSION (self));
  g_return_if_fail (IMP_IS_CONNECTION (connection));

  g_object_ref (connection);
  drop_connection (self);
  self->connection = connection;
  self->state_id = g_signal_connect_swapped (connection, "notify::state",
                                             G_CALLBACK (connection_state_cb), self);
  imp_connections_set_active (self->connections, connection);
  set_client (self, NULL, NULL);

  self->opening = g_cancellable_new ();
  imp_connection_open_async (connection, self->opening, opened_cb, g_object_ref (self));
}

/**
 * imp_session_load_keys:
 * @self: a session
 *
 * Reads the keyring, which may ask the person to unlock it.
 */
void
imp_session_load_keys (ImpSession *self)
{
  g_return_if_fail (IMP_IS_SESSION (self));

  imp_keyring_load_async (self->keyring, NULL, loaded_keys_cb, g_object_ref (self));
}

/**
 * imp_session_load_fleet:
 * @self: a session
 *
 * Reads the emulated devices of this data directory.
 */
void
imp_session_load_fleet (ImpSession *self)
{
  g_return_if_fail (IMP_IS_SESSION (self));

  imp_fleet_load_async (self->fleet, NULL, loaded_fleet_cb, g_object_ref (self));
}
