/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-config.h"

#include "imp-error.h"
#include "imp-unixfs.h"

/* The configuration file: a key file, in which only the keys that are known here may stand. */

/* One key of the file, and what takes its value. */
typedef struct
{
  const char *group;
  const char *key;
  gboolean (*set) (ImpConfig *self, const char *group, const char *value, GError **error);
} Setting;

static gboolean
set_malformed (GError     **error,
               const char  *expected,
               const char  *value)
{
  return imp_error_set (error, IMP_ERROR_MALFORMED, "expected %s, not “%s”", expected, value);
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

static gboolean
set_listen (ImpConfig   *self,
            const char  *group,
            const char  *value,
            GError     **error)
{
  g_autofree char *text = g_strconcat (group, "=", value, NULL);

  return imp_config_set_listen (self, text, error);
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
set_number (guint       *field,
            const char  *value,
            guint        minimum,
            guint        maximum,
            GError     **error)
{
  guint64 number;

  if (!parse_number (value, minimum, maximum, &number, error))
    return FALSE;

  *field = number;
  return TRUE;
}

static gboolean
set_keep_activity (ImpConfig   *self,
                   const char  *group,
                   const char  *value,
                   GError     **error)
{
  return set_number (&self->keep_activity, value, 100, 100000000, error);
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
  return set_number (&self->limits.idle_timeout, value, 1, 3600, error);
}

static gboolean
set_connections (ImpConfig   *self,
                 const char  *group,
                 const char  *value,
                 GError     **error)
{
  return set_number (&self->limits.connections, value, 1, 100000, error);
}

static gboolean
set_uploads (ImpConfig   *self,
             const char  *group,
             const char  *value,
             GError     **error)
{
  return set_number (&self->limits.uploads, value, 1, 10000, error);
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
