/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-request-private.h"

#include "imp-error.h"

/**
 * imp_request_get_query:
 * @self: a request
 * @name: a key of the query
 *
 * Gets what the query says of @name; an empty value is none.
 *
 * Returns: (nullable): the value
 */
const char *
imp_request_get_query (ImpRequest *self,
                       const char *name)
{
  const char *value;

  g_return_val_if_fail (IMP_IS_REQUEST (self), NULL);

  value = self->query != NULL ? g_hash_table_lookup (self->query, name) : NULL;
  return value != NULL && *value != '\0' ? value : NULL;
}

/* libsoup leaves out what it cannot decode and ends a value at its NUL: a filter that is lost or cut
 * would answer with too much.
 */
static gboolean
check_encoding (ImpRequest  *self,
                GError     **error)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (self->message));
  g_autoptr(GHashTable) decoded = NULL;
  g_autoptr(GError) cause = NULL;

  if (query == NULL)
    return TRUE;

  if (strstr (query, "%00") != NULL)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the query has a NUL in it");
      return FALSE;
    }

  decoded = g_uri_parse_params (query, -1, "&", G_URI_PARAMS_WWW_FORM, &cause);
  if (decoded != NULL)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the query cannot be read: %s", cause->message);
  return FALSE;
}

/**
 * imp_request_check_query:
 * @self: a request
 * @names: the keys that this resource knows
 * @error: return location for an error
 *
 * Refuses a query that is not encoded well, or has other keys: a misspelt filter would otherwise
 * answer with too much.
 *
 * Returns: whether all keys are known
 */
gboolean
imp_request_check_query (ImpRequest         *self,
                         const char *const  *names,
                         GError            **error)
{
  GHashTableIter iter;
  const char *name;

  g_return_val_if_fail (IMP_IS_REQUEST (self), FALSE);

  if (!check_encoding (self, error))
    return FALSE;
  if (self->query == NULL)
    return TRUE;

  g_hash_table_iter_init (&iter, self->query);
  while (g_hash_table_iter_next (&iter, (gpointer *) &name, NULL))
    {
      if (!g_strv_contains (names, name))
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the query has an unknown key “%.64s”",
                       name);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * imp_request_get_query_int:
 * @self: a request
 * @name: a key of the query
 * @minimum: the least that is allowed
 * @maximum: the most that is allowed
 * @value: (inout): the number; stays what it is where the query does not have @name
 * @error: return location for an error
 *
 * Reads a number from the query.
 *
 * Returns: whether it is a number and in its range
 */
gboolean
imp_request_get_query_int (ImpRequest  *self,
                           const char  *name,
                           guint64      minimum,
                           guint64      maximum,
                           guint64     *value,
                           GError     **error)
{
  const char *text;

  g_return_val_if_fail (IMP_IS_REQUEST (self), FALSE);

  text = imp_request_get_query (self, name);
  if (text == NULL || g_ascii_string_to_unsigned (text, 10, minimum, maximum, value, NULL))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
               "“%s” must be a number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT
               ", not “%.32s”",
               name, minimum, maximum, text);
  return FALSE;
}
