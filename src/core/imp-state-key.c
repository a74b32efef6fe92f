/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-transaction.h"

/**
 * imp_state_key:
 * @kind: what is kept under the key, such as `update`
 * @...: its parts, then `NULL`
 *
 * Makes a key of the world state. Each part is percent-encoded, so that no class and no version can
 * reach another’s key.
 *
 * Returns: (transfer full): a key such as `update/FINGERPRINT/CLASS/VERSION`
 */
char *
imp_state_key (const char *kind,
               ...)
{
  g_autoptr(GString) key = NULL;
  const char *part;
  va_list args;

  g_return_val_if_fail (kind != NULL, NULL);

  key = g_string_new (kind);

  va_start (args, kind);
  while ((part = va_arg (args, const char *)) != NULL)
    {
      g_autofree char *escaped = g_uri_escape_string (part, NULL, FALSE);

      g_string_append_printf (key, "/%s", escaped);
    }
  va_end (args);

  return g_string_free (g_steal_pointer (&key), FALSE);
}

/**
 * imp_state_key_split:
 * @key: a key of the world state
 *
 * Takes a key apart.
 *
 * Returns: (transfer full) (nullable): its kind and its parts, or `NULL` if [func@Imp.state_key]
 *   did not make @key
 */
char **
imp_state_key_split (const char *key)
{
  g_autoptr(GStrvBuilder) builder = NULL;
  g_auto(GStrv) parts = NULL;

  g_return_val_if_fail (key != NULL, NULL);

  builder = g_strv_builder_new ();
  parts = g_strsplit (key, "/", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_autofree char *part = g_uri_unescape_string (parts[i], NULL);
      g_autofree char *again = part != NULL ? g_uri_escape_string (part, NULL, FALSE) : NULL;

      if (g_strcmp0 (again, parts[i]) != 0)
        return NULL;

      g_strv_builder_add (builder, part);
    }

  return g_strv_builder_end (builder);
}
