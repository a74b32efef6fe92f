/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-config.h"

#include "imp-error.h"
#include "imp-unixfs.h"

#define DEFAULT_KEEP_ACTIVITY 100000
#define FIRST_PORT            3000

const char *const imp_role_names[] = { "author", "register", "retrieval", "verification", NULL };

/* One key of the file, and what takes its value. */
typedef struct
{
  const char *group;
  const char *key;
  gboolean (*set) (ImpConfig *self, const char *group, const char *value, GError **error);
} Setting;

static gboolean
set_malformed (GError    **error,
               const char *expected,
               const char *value)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "expected %s, not “%s”", expected, value);
  return FALSE;
}

static gboolean
set_data_dir (ImpConfig   *self,
              const char  *group,
              const char  *value,
              GError     **error)
{
  if (!g_path_is_absolute (value))
    return set_malformed (error, "an absolute path", value);

  g_free (self->data_dir);
  self->data_dir = g_strdup (value);
  return TRUE;
}

static gboolean
set_name (ImpConfig   *self,
          const char  *group,
          const char  *value,
          GError     **error)
{
  if (*value == '\0' || strlen (value) > 255 || !g_utf8_validate (value, -1, NULL))
    return set_malformed (error, "a name of 1 to 255 bytes", value);

  g_free (self->name);
  self->name = g_strdup (value);
  return TRUE;
}

static gboolean
set_roles (ImpConfig   *self,
           const char  *group,
           const char  *value,
           GError     **error)
{
  return imp_config_set_roles (self, value, error);
}

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
    set_malformed (error, "an IP address and a port, such as “127.0.0.1:3000” or “[::1]:3000”",
                   text);
  return address;
}

static gboolean
set_listen (ImpConfig   *self,
            const char  *group,
            const char  *value,
            GError     **error)
{
  int role = find_role (group);
  GSocketAddress *address = parse_address (value, FIRST_PORT + role, error);

  if (address == NULL)
    return FALSE;

  g_object_unref (self->listen[role]);
  self->listen[role] = address;
  return TRUE;
}

static gboolean
set_register_agent (ImpConfig   *self,
                    const char  *group,
                    const char  *value,
                    GError     **error)
{
  g_autoptr(GUri) uri = g_uri_parse (value, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL ||
      (strcmp (g_uri_get_scheme (uri), "http") != 0 &&
       strcmp (g_uri_get_scheme (uri), "https") != 0))
    return set_malformed (error, "a URL, such as “http://192.0.2.1:3001”", value);

  g_free (self->register_agent);
  self->register_agent = g_strdup (value);
  return TRUE;
}

static gboolean
set_engine (ImpConfig   *self,
            const char  *group,
            const char  *value,
            GError     **error)
{
  return strcmp (value, "embedded") == 0 || set_malformed (error, "“embedded”", value);
}

static gboolean
set_origin (ImpConfig   *self,
            const char  *group,
            const char  *value,
            GError     **error)
{
  if (*value == '\0' || strlen (value) > 255 || strpbrk (value, " +\n\r\t") != NULL)
    return set_malformed (error, "a name without white space and “+”", value);

  g_free (self->origin);
  self->origin = g_strdup (value);
  return TRUE;
}

static gboolean
set_profile (ImpConfig   *self,
             const char  *group,
             const char  *value,
             GError     **error)
{
  if (imp_unixfs_get_profile (value) == NULL)
    return set_malformed (error, "the name of an import profile, such as “v0” or “v1”", value);

  g_free (self->profile);
  self->profile = g_strdup (value);
  return TRUE;
}

static gboolean
parse_number (const char  *value,
              guint64      minimum,
              guint64      maximum,
              guint64     *number,
              GError     **error)
{
  if (g_ascii_string_to_unsigned (value, 10, minimum, maximum, number, NULL))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
               "expected a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ", not “%s”",
               minimum, maximum, value);
  return FALSE;
}

static gboolean
set_keep_activity (ImpConfig   *self,
                   const char  *group,
                   const char  *value,
                   GError     **error)
{
  guint64 number;

  if (!parse_number (value, 100, 100000000, &number, error))
    return FALSE;

  self->keep_activity = number;
  return TRUE;
}

static gboolean
set_payload_size (ImpConfig   *self,
                  const char  *group,
                  const char  *value,
                  GError     **error)
{
  static const struct { const char *suffix; guint shift; } units[] = {
    { "KiB", 10 }, { "MiB", 20 }, { "GiB", 30 }, { "", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autofree char *digits = NULL;
      guint64 number;

      if (!g_str_has_suffix (value, units[i].suffix))
        continue;

      digits = g_strndup (value, strlen (value) - strlen (units[i].suffix));
      g_strchomp (digits);
      if (!parse_number (digits, 1, (G_GUINT64_CONSTANT (1) << 43) >> units[i].shift, &number, error))
        return FALSE;

      self->limits.payload_size = number << units[i].shift;
      return TRUE;
    }

  g_assert_not_reached ();
}

static gboolean
set_idle_timeout (ImpConfig   *self,
                  const char  *group,
                  const char  *value,
                  GError     **error)
{
  guint64 number;

  if (!parse_number (value, 1, 3600, &number, error))
    return FALSE;

  self->limits.idle_timeout = number;
  return TRUE;
}

static gboolean
set_connections (ImpConfig   *self,
                 const char  *group,
                 const char  *value,
                 GError     **error)
{
  guint64 number;

  if (!parse_number (value, 1, 100000, &number, error))
    return FALSE;

  self->limits.connections = number;
  return TRUE;
}

static gboolean
set_uploads (ImpConfig   *self,
             const char  *group,
             const char  *value,
             GError     **error)
{
  guint64 number;

  if (!parse_number (value, 1, 10000, &number, error))
    return FALSE;

  self->limits.uploads = number;
  return TRUE;
}

static const Setting settings[] = {
  { "imprimaturd", "data-dir", set_data_dir },
  { "imprimaturd", "name", set_name },
  { "imprimaturd", "roles", set_roles },
  { "author", "listen", set_listen },
  { "author", "register-agent", set_register_agent },
  { "register", "listen", set_listen },
  { "retrieval", "listen", set_listen },
  { "retrieval", "keep-activity", set_keep_activity },
  { "verification", "listen", set_listen },
  { "ledger", "engine", set_engine },
  { "ledger", "origin", set_origin },
  { "store", "engine", set_engine },
  { "store", "profile", set_profile },
  { "limits", "payload-size", set_payload_size },
  { "limits", "idle-timeout", set_idle_timeout },
  { "limits", "connections", set_connections },
  { "limits", "uploads", set_uploads },
};

static const Setting *
find_setting (const char *group,
              const char *key)
{
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      if (strcmp (settings[i].group, group) == 0 && strcmp (settings[i].key, key) == 0)
        return &settings[i];
    }

  return NULL;
}

static gboolean
load_group (ImpConfig   *self,
            GKeyFile    *file,
            const char  *group,
            GError     **error)
{
  g_auto(GStrv) keys = g_key_file_get_keys (file, group, NULL, error);

  if (keys == NULL)
    return FALSE;

  for (guint i = 0; keys[i] != NULL; i++)
    {
      const Setting *setting = find_setting (group, keys[i]);
      g_autofree char *value = NULL;

      if (setting == NULL)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "there is no key “%s” in group [%s]",
                       keys[i], group);
          return FALSE;
        }

      if (!(value = g_key_file_get_string (file, group, keys[i], error)) ||
          !setting->set (self, group, value, error))
        {
          g_prefix_error (error, "“%s” in group [%s]: ", keys[i], group);
          return FALSE;
        }
    }

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
 * imp_config_load:
 * @self: a configuration
 * @path: a key file
 * @error: return location for an error
 *
 * Reads a file. A key that is not known is an error, so that a misspelt one is not overlooked.
 *
 * Returns: whether all of it was taken
 */
gboolean
imp_config_load (ImpConfig   *self,
                 const char  *path,
                 GError     **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_auto(GStrv) groups = NULL;

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, error))
    {
      g_prefix_error (error, "“%s”: ", path);
      return FALSE;
    }

  groups = g_key_file_get_groups (file, NULL);
  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (!load_group (self, file, groups[i], error))
        {
          g_prefix_error (error, "“%s”: ", path);
          return FALSE;
        }
    }

  return TRUE;
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
        return set_malformed (error, "“author”, “register”, “retrieval” or “verification”",
                              names[i]);
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

      if (find_role (name) < 0)
        return set_malformed (error, "the name of a role before “=”", name);
      return set_listen (self, name, equals + 1, error);
    }

  for (int role = 0; role < IMP_N_ROLES; role++)
    {
      guint16 port =
        g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (self->listen[role]));
      GSocketAddress *address = g_inet_socket_address_new_from_string (text, port);

      if (address == NULL)
        return set_malformed (error, "an IP address, or ROLE=ADDRESS:PORT", text);

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
