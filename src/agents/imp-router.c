/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-router.h"

struct _ImpRouter
{
  GPtrArray *entries;  /* (owned) (element-type Entry) */
};

typedef struct
{
  const ImpRoute *route;
  char **parts;  /* (owned) */
  gpointer user_data;
} Entry;

static void
entry_free (Entry *entry)
{
  g_strfreev (entry->parts);
  g_free (entry);
}

/* Parts are unescaped one by one, so that an escaped “/” stays inside its part. */
static char **
split_path (const char *path)
{
  g_auto(GStrv) parts = g_strsplit (path, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *part = g_uri_unescape_string (parts[i], NULL);

      if (part == NULL || !g_utf8_validate (part, -1, NULL))
        {
          g_free (part);
          return NULL;
        }

      g_free (parts[i]);
      parts[i] = part;
    }

  return g_steal_pointer (&parts);
}

static gboolean
is_parameter (const char *part)
{
  return *part == '{';
}

static gboolean
matches (const Entry *entry,
         char       **parts)
{
  guint i;

  for (i = 0; entry->parts[i] != NULL && parts[i] != NULL; i++)
    {
      if (is_parameter (entry->parts[i]) ? *parts[i] == '\0' : strcmp (entry->parts[i], parts[i]) != 0)
        return FALSE;
    }

  return entry->parts[i] == NULL && parts[i] == NULL;
}

static void
read_parameters (const Entry *entry,
                 char       **parts,
                 GHashTable  *parameters)
{
  for (guint i = 0; entry->parts[i] != NULL; i++)
    {
      const char *name = entry->parts[i];

      if (is_parameter (name))
        g_hash_table_replace (parameters, g_strndup (name + 1, strlen (name) - 2),
                              g_strdup (parts[i]));
    }
}

static gboolean
allows (const ImpRoute *route,
        const char     *method)
{
  return strcmp (route->method, method) == 0 ||
         (strcmp (route->method, "GET") == 0 && strcmp (method, "HEAD") == 0);
}

/**
 * imp_router_new:
 *
 * Makes a router without routes.
 *
 * Returns: (transfer full): the router
 */
ImpRouter *
imp_router_new (void)
{
  ImpRouter *self = g_new0 (ImpRouter, 1);

  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);
  return self;
}

/**
 * imp_router_free:
 * @self: (transfer full): a router, not `NULL`
 *
 * Frees a router. The routes are static and stay, and so does the data of their handlers.
 */
void
imp_router_free (ImpRouter *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

/**
 * imp_router_add:
 * @self: a router
 * @route: a route that is never freed; earlier routes go before later ones
 * @user_data: data for its handler
 *
 * Adds a route.
 */
void
imp_router_add (ImpRouter      *self,
                const ImpRoute *route,
                gpointer        user_data)
{
  Entry *entry = g_new0 (Entry, 1);

  entry->route = route;
  entry->parts = g_strsplit (route->path, "/", -1);
  entry->user_data = user_data;
  g_ptr_array_add (self->entries, entry);
}

/**
 * imp_router_list:
 * @self: a router
 *
 * Lists the routes, in the order in which they were added.
 *
 * Returns: (transfer container) (element-type ImpRoute): the routes
 */
GPtrArray *
imp_router_list (ImpRouter *self)
{
  GPtrArray *routes = g_ptr_array_new ();

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      g_ptr_array_add (routes, (gpointer) entry->route);
    }

  return routes;
}

/**
 * imp_router_match:
 * @self: a router
 * @method: an HTTP method
 * @path: a path, as it came, escaped
 * @match: (out): what answers it; if nothing does, a route of the same path if there is one
 * @parameters: (element-type utf8 utf8): is given the parts that stand for names in braces
 * @allowed: (out): methods for `Allow` if the path is known and the method is not, `NULL` otherwise
 *
 * Finds who answers.
 *
 * Returns: whether anybody does
 */
gboolean
imp_router_match (ImpRouter   *self,
                  const char  *method,
                  const char  *path,
                  ImpMatch    *match,
                  GHashTable  *parameters,
                  char       **allowed)
{
  g_auto(GStrv) parts = split_path (path);
  g_autoptr(GString) methods = g_string_new (NULL);

  *allowed = NULL;
  if (parts == NULL)
    return FALSE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = g_ptr_array_index (self->entries, i);

      if (!matches (entry, parts))
        continue;

      match->route = entry->route;
      if (allows (entry->route, method))
        {
          match->user_data = entry->user_data;
          read_parameters (entry, parts, parameters);
          return TRUE;
        }

      g_string_append_printf (methods, "%s%s", methods->len > 0 ? ", " : "", entry->route->method);
    }

  if (methods->len > 0)
    *allowed = g_string_free (g_steal_pointer (&methods), FALSE);
  return FALSE;
}
