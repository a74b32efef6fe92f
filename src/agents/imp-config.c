/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-config.h"

#include "imp-error.h"
#include "imp-unixfs.h"

#define DEFAULT_KEEP_ACTIVITY 100000
#define FIRST_PORT            3000

const char *const imp_role_names[] = { "author", "register", "retrieval", "verification", NULL };

static int
find_role (const char *name)
{
  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      if (strcmp (imp_role_names[role], name) == 0)
        return role;
    }

  return -1;
}

static GSocketAddress *
parse_address (const char  *text,
               guint16      default_port,
               GError     **error)
{
  g_autoptr(GSocketConnectable) parsed = g_network_address_parse (text, default_port, NULL);
  GSocketAddress *address = NULL;

  if (parsed != NULL)
    address = g_inet_socket_address_new_from_string (
      g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)),
      g_network_address_get_port (G_NETWORK_ADDRESS (parsed)));

  if (address == NULL)
    imp_error_set (error, IMP_ERROR_MALFORMED,
                   "expected an IP address and a port, such as “127.0.0.1:3000” or “[::1]:3000”, not “%s”", text);
  return address;
}

static gboolean
set_role_listen (ImpConfig   *self,
                 int          role,
                 const char  *value,
                 GError     **error)
{
  GSocketAddress *address = parse_address (value, FIRST_PORT + role, error);

  if (address == NULL)
    return FALSE;

  g_object_unref (self->listen[role]);
  self->listen[role] = address;
  return TRUE;
}

static char *
find_data_dir (void)
{
  const char *state = g_getenv ("STATE_DIRECTORY");

  if (state != NULL && g_path_is_absolute (state))
    return g_strdup (state);

  return g_build_filename (g_get_user_data_dir (), "imprimatur", NULL);
}

/**
 * imp_config_new:
 *
 * Makes a configuration in which every key has its default.
 *
 * Returns: (transfer full): the configuration
 */
ImpConfig *
imp_config_new (void)
{
  ImpConfig *self = g_new0 (ImpConfig, 1);

  self->data_dir = find_data_dir ();
  self->name = g_strdup (g_get_host_name ());
  self->profile = g_strdup (imp_unixfs_v0.name);
  self->keep_activity = DEFAULT_KEEP_ACTIVITY;
  self->limits = imp_limits_default;

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      self->roles[role] = TRUE;
      self->listen[role] = g_inet_socket_address_new_from_string ("127.0.0.1", FIRST_PORT + role);
    }

  return self;
}

/**
 * imp_config_free:
 * @self: (transfer full): a configuration, not `NULL`
 *
 * Frees a configuration and what it names.
 */
void
imp_config_free (ImpConfig *self)
{
  for (int role = 0; role < IMP_N_ROLES; role++)
    g_object_unref (self->listen[role]);

  g_free (self->data_dir);
  g_free (self->name);
  g_free (self->register_agent);
  g_free (self->origin);
  g_free (self->profile);
  g_free (self);
}

/**
 * imp_config_set_roles:
 * @self: a configuration
 * @roles: names of roles, parted by commas
 * @error: return location for an error
 *
 * Sets which agents run.
 *
 * Returns: whether all of them are known
 */
gboolean
imp_config_set_roles (ImpConfig   *self,
                      const char  *roles,
                      GError     **error)
{
  g_auto(GStrv) names = g_strsplit (roles, ",", -1);
  gboolean wanted[IMP_N_ROLES] = { FALSE };

  for (guint i = 0; names[i] != NULL; i++)
    {
      int role = find_role (g_strstrip (names[i]));

      if (role < 0)
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "expected “author”, “register”, “retrieval” or “verification”, not “%s”", names[i]);
      wanted[role] = TRUE;
    }

  memcpy (self->roles, wanted, sizeof wanted);
  return TRUE;
}

/**
 * imp_config_set_listen:
 * @self: a configuration
 * @text: an IP address, where all agents are to listen, each on its port; or `ROLE=ADDRESS:PORT`
 * @error: return location for an error
 *
 * Sets where agents listen.
 *
 * Returns: whether @text could be read
 */
gboolean
imp_config_set_listen (ImpConfig   *self,
                       const char  *text,
                       GError     **error)
{
  const char *equals = strchr (text, '=');

  if (equals != NULL)
    {
      g_autofree char *name = g_strndup (text, equals - text);

      int role = find_role (name);

      if (role < 0)
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "expected the name of a role before “=”, not “%s”", name);
      return set_role_listen (self, role, equals + 1, error);
    }

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      guint16 port =
        g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (self->listen[role]));
      GSocketAddress *address = g_inet_socket_address_new_from_string (text, port);

      if (address == NULL)
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "expected an IP address, or ROLE=ADDRESS:PORT, not “%s”", text);

      g_object_unref (self->listen[role]);
      self->listen[role] = address;
    }

  return TRUE;
}

/**
 * imp_config_set_embedded:
 * @self: a configuration
 *
 * Sets all roles on loopback, on ports of the system's choosing.
 */
void
imp_config_set_embedded (ImpConfig *self)
{
  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      self->roles[role] = TRUE;
      g_object_unref (self->listen[role]);
      self->listen[role] = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
    }
}

/**
 * imp_config_check:
 * @self: a configuration
 * @error: return location for an error
 *
 * Checks what no key says alone.
 *
 * Returns: whether a daemon can run by it
 */
gboolean
imp_config_check (ImpConfig  *self,
                  GError    **error)
{
  if (self->roles[IMP_ROLE_AUTHOR] && !self->roles[IMP_ROLE_REGISTER] &&
      self->register_agent == NULL)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                           "an author agent without a register agent in the same process needs "
                           "“register-agent” in group [author]");
      return FALSE;
    }

  return TRUE;
}
