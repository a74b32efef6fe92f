/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-connections.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "imp-agent-address.h"

#define GROUP_PREFIX "connection "
#define GROUP_CONSOLE "console"
#define KEY_ACTIVE "active"

/**
 * ImpConnections:
 *
 * The connections that this user has set up, “This computer” first.
 *
 * They are kept in `$XDG_CONFIG_HOME/imprimatur/connections.conf`, a group each. A group that is
 * wrong is passed over with a warning and kept as it is. The property “active” is the one that the
 * console shows; it is remembered.
 */
struct _ImpConnections
{
  GObject parent_instance;

  GPtrArray     *items;   /* (owned) (element-type ImpConnection) */
  ImpConnection *active;  /* (owned) */
  GKeyFile      *file;    /* (owned) */
  char          *path;    /* (owned) */
};

enum
{
  PROP_ACTIVE = 1,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

static void imp_connections_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpConnections, imp_connections, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      imp_connections_list_model_init))

static gboolean
save (ImpConnections  *self,
      GError         **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);
  g_autofree char *text = NULL;
  gsize length;

  if (g_mkdir_with_parents (folder, 0700) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", folder,
                   g_strerror (errno));
      return FALSE;
    }

  text = g_key_file_to_data (self->file, &length, NULL);
  return g_file_set_contents_full (self->path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                   error);
}

static char *
make_group (const char *name)
{
  g_autofree char *escaped = g_uri_escape_string (name, " ", TRUE);

  return g_strconcat (GROUP_PREFIX, escaped, NULL);
}

static ImpConnection *
read_connection (GKeyFile    *file,
                 const char  *group,
                 GError     **error)
{
  g_autofree char *name = g_uri_unescape_string (group + strlen (GROUP_PREFIX), NULL);
  g_autofree char *author = g_key_file_get_string (file, group, imp_roles[0], NULL);
  g_autofree char *register_ = g_key_file_get_string (file, group, imp_roles[1], NULL);
  g_autofree char *retrieval = g_key_file_get_string (file, group, imp_roles[2], NULL);
  g_autofree char *verification = g_key_file_get_string (file, group, imp_roles[3], NULL);

  return imp_connection_new_remote (name != NULL ? name : "", author, register_, retrieval,
                                    verification, error);
}

static void
load (ImpConnections *self)
{
  g_auto(GStrv) groups = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_key_file_load_from_file (self->file, self->path,
                                  G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, &error))
    {
      if (!g_error_matches (error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
        g_warning ("“%s”: %s", self->path, error->message);
      return;
    }

  groups = g_key_file_get_groups (self->file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      g_autoptr(GError) wrong = NULL;
      ImpConnection *connection;

      if (!g_str_has_prefix (groups[i], GROUP_PREFIX))
        continue;

      connection = read_connection (self->file, groups[i], &wrong);
      if (connection != NULL)
        g_ptr_array_add (self->items, connection);
      else
        g_warning ("“%s”, [%s]: %s", self->path, groups[i], wrong->message);
    }
}

static void
load_active (ImpConnections *self)
{
  g_autofree char *name = g_key_file_get_string (self->file, GROUP_CONSOLE, KEY_ACTIVE, NULL);
  ImpConnection *active = name != NULL ? imp_connections_find (self, name) : NULL;

  self->active = active != NULL ? active : g_object_ref (g_ptr_array_index (self->items, 0));
}

static GType
imp_connections_get_item_type (GListModel *model)
{
  return IMP_TYPE_CONNECTION;
}

static guint
imp_connections_get_n_items (GListModel *model)
{
  return IMP_CONNECTIONS (model)->items->len;
}

static gpointer
imp_connections_get_item (GListModel *model,
                          guint       position)
{
  ImpConnections *self = IMP_CONNECTIONS (model);

  if (position >= self->items->len)
    return NULL;

  return g_object_ref (g_ptr_array_index (self->items, position));
}

static void
imp_connections_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = imp_connections_get_item_type;
  iface->get_n_items = imp_connections_get_n_items;
  iface->get_item = imp_connections_get_item;
}

static void
imp_connections_finalize (GObject *object)
{
  ImpConnections *self = IMP_CONNECTIONS (object);

  g_clear_object (&self->active);
  g_ptr_array_unref (self->items);
  g_key_file_unref (self->file);
  g_free (self->path);

  G_OBJECT_CLASS (imp_connections_parent_class)->finalize (object);
}

static void
imp_connections_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  ImpConnections *self = IMP_CONNECTIONS (object);

  switch (property_id)
    {
    case PROP_ACTIVE:
      g_value_set_object (value, self->active);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imp_connections_set_property (GObject      *object,
                              guint         property_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  ImpConnections *self = IMP_CONNECTIONS (object);

  switch (property_id)
    {
    case PROP_ACTIVE:
      imp_connections_set_active (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
imp_connections_class_init (ImpConnectionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = imp_connections_finalize;
  object_class->get_property = imp_connections_get_property;
  object_class->set_property = imp_connections_set_property;

  props[PROP_ACTIVE] = g_param_spec_object ("active", NULL, NULL, IMP_TYPE_CONNECTION,
                                            G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                              G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
imp_connections_init (ImpConnections *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->file = g_key_file_new ();
  self->path = g_build_filename (g_get_user_config_dir (), "imprimatur", "connections.conf", NULL);
}

/**
 * imp_connections_new:
 * @data_dir: (nullable): the folder of “This computer”, or `NULL` for this user’s
 *
 * Reads the list of connections.
 *
 * Returns: (transfer full): the connections, none of them open
 */
ImpConnections *
imp_connections_new (const char *data_dir)
{
  ImpConnections *self = g_object_new (IMP_TYPE_CONNECTIONS, NULL);

  g_ptr_array_add (self->items, imp_connection_new_embedded (data_dir));
  load (self);
  load_active (self);

  return self;
}

/**
 * imp_connections_add:
 * @self: the connections
 * @connection: a remote one
 * @error: return location for an error
 *
 * Adds a connection and writes the list. A name that is taken is `G_IO_ERROR_EXISTS`.
 *
 * Returns: whether it was added
 */
gboolean
imp_connections_add (ImpConnections  *self,
                     ImpConnection   *connection,
                     GError         **error)
{
  g_autoptr(ImpConnection) same = NULL;
  g_autofree char *group = NULL;

  g_return_val_if_fail (IMP_IS_CONNECTIONS (self), FALSE);
  g_return_val_if_fail (IMP_IS_CONNECTION (connection), FALSE);
  g_return_val_if_fail (!imp_connection_is_embedded (connection), FALSE);

  same = imp_connections_find (self, imp_connection_get_name (connection));
  if (same != NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, "there is a connection “%s” already",
                   imp_connection_get_name (connection));
      return FALSE;
    }

  group = make_group (imp_connection_get_name (connection));
  for (guint i = 0; i < IMP_N_ROLES; i++)
    {
      const char *url = imp_connection_get_url (connection, imp_roles[i]);

      if (url != NULL)
        g_key_file_set_string (self->file, group, imp_roles[i], url);
    }

  if (!save (self, error))
    {
      g_key_file_remove_group (self->file, group, NULL);
      return FALSE;
    }

  g_ptr_array_add (self->items, g_object_ref (connection));
  g_list_model_items_changed (G_LIST_MODEL (self), self->items->len - 1, 0, 1);
  return TRUE;
}

/**
 * imp_connections_remove:
 * @self: the connections
 * @connection: a remote one
 * @error: return location for an error
 *
 * Closes a connection, takes it out and writes the list. “This computer” stays.
 *
 * Returns: whether it was removed
 */
gboolean
imp_connections_remove (ImpConnections  *self,
                        ImpConnection   *connection,
                        GError         **error)
{
  g_autofree char *group = NULL;
  guint position;

  g_return_val_if_fail (IMP_IS_CONNECTIONS (self), FALSE);
  g_return_val_if_fail (IMP_IS_CONNECTION (connection), FALSE);

  if (imp_connection_is_embedded (connection))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "“%s” cannot be removed",
                   imp_connection_get_name (connection));
      return FALSE;
    }

  if (!g_ptr_array_find (self->items, connection, &position))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "there is no connection “%s”",
                   imp_connection_get_name (connection));
      return FALSE;
    }

  group = make_group (imp_connection_get_name (connection));
  g_key_file_remove_group (self->file, group, NULL);
  if (!save (self, error))
    return FALSE;

  if (self->active == connection)
    imp_connections_set_active (self, g_ptr_array_index (self->items, 0));
  imp_connection_close (connection);
  g_ptr_array_remove_index (self->items, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  return TRUE;
}

/**
 * imp_connections_find:
 * @self: the connections
 * @name: what people call it
 *
 * Returns: (transfer full) (nullable): the connection of that name
 */
ImpConnection *
imp_connections_find (ImpConnections *self,
                      const char     *name)
{
  g_return_val_if_fail (IMP_IS_CONNECTIONS (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      ImpConnection *connection = g_ptr_array_index (self->items, i);

      if (g_str_equal (imp_connection_get_name (connection), name))
        return g_object_ref (connection);
    }

  return NULL;
}

/**
 * imp_connections_get_active:
 * @self: the connections
 *
 * Returns: (transfer none): the one that the console shows
 */
ImpConnection *
imp_connections_get_active (ImpConnections *self)
{
  g_return_val_if_fail (IMP_IS_CONNECTIONS (self), NULL);

  return self->active;
}

/**
 * imp_connections_set_active:
 * @self: the connections
 * @connection: one of them
 *
 * Makes a connection the one that the console shows, and remembers that. If it cannot be written down,
 * it still holds for this run.
 */
void
imp_connections_set_active (ImpConnections *self,
                            ImpConnection  *connection)
{
  g_autoptr(GError) error = NULL;

  g_return_if_fail (IMP_IS_CONNECTIONS (self));
  g_return_if_fail (g_ptr_array_find (self->items, connection, NULL));

  if (!g_set_object (&self->active, connection))
    return;

  g_key_file_set_string (self->file, GROUP_CONSOLE, KEY_ACTIVE,
                         imp_connection_get_name (connection));
  if (!save (self, &error))
    g_warning ("the active connection is not remembered: %s", error->message);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_ACTIVE]);
}
