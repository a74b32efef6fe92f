/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-contract-private.h"

#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"
#include "imp-transaction.h"

static char *
make_latest_key (const char  *pem,
                 const char  *class_id,
                 char       **fingerprint,
                 GError     **error)
{
  g_autoptr(ImpKey) author = imp_contract_read_author_key (pem, error);

  if (author == NULL)
    return NULL;

  if (fingerprint != NULL)
    *fingerprint = g_strdup (imp_key_get_fingerprint (author));
  return imp_state_key (IMP_STATE_LATEST, imp_key_get_fingerprint (author), class_id, NULL);
}

/* One read, however many updates there are. */
static char *
read_latest_version (const ImpContractContext  *context,
                     const char *const         *arguments,
                     char                     **fingerprint,
                     GError                   **error)
{
  g_autofree char *key = make_latest_key (arguments[0], arguments[1], fingerprint, error);
  g_autoptr(JsonObject) latest = NULL;

  if (key == NULL || !imp_contract_get_state (context->state, key, &latest, error))
    return NULL;

  if (latest == NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT,
                   "this author has registered no update for class “%s”", arguments[1]);
      return NULL;
    }

  return g_strdup (imp_json_get_string (latest, "version", error));
}

/**
 * imp_retrieve_update_query_version:
 * @context: who asks, and the state
 * @arguments: the author's public key in PEM, and the class
 * @error: return location for an error
 *
 * Answers which version of a class the author registered last.
 *
 * Returns: (transfer full) (nullable): the version, or `NULL` with %IMP_ERROR_UPDATE_NON_EXISTENT
 */
char *
imp_retrieve_update_query_version (const ImpContractContext  *context,
                                   const char *const         *arguments,
                                   GError                   **error)
{
  return read_latest_version (context, arguments, NULL, error);
}

/**
 * imp_retrieve_update_query_update:
 * @context: what the query may look at
 * @arguments: an author’s public key and a class
 * @error: return location for an [error@Imp.Error]
 *
 * Finds the newest update of a class.
 *
 * Returns: (transfer full) (nullable): its record in JSON, or `NULL` with @error set
 */
char *
imp_retrieve_update_query_update (const ImpContractContext  *context,
                                  const char *const         *arguments,
                                  GError                   **error)
{
  g_autofree char *fingerprint = NULL;
  g_autofree char *version = NULL;
  g_autofree char *key = NULL;
  g_autofree char *value = NULL;

  version = read_latest_version (context, arguments, &fingerprint, error);
  if (version == NULL)
    return NULL;

  key = imp_state_key (IMP_STATE_UPDATE, fingerprint, arguments[1], version, NULL);
  if (!imp_world_state_get (context->state, key, &value, error))
    return NULL;

  if (value == NULL)
    g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                 "version “%s” is the latest of class “%s”, but its update is not there",
                 version, arguments[1]);

  return g_steal_pointer (&value);
}

static gboolean
add_version (JsonArray              *array,
             const char             *key,
             const ImpStateVersion  *version,
             GError                **error)
{
  g_autoptr(JsonObject) object = imp_contract_parse_state (key, version->value, error);
  g_autofree char *time = NULL;

  if (object == NULL)
    return FALSE;

  time = imp_time_format (version->time);
  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "transaction", version->transaction);
  json_array_add_object_element (array, g_steal_pointer (&object));

  return TRUE;
}

/**
 * imp_retrieve_update_query_history:
 * @context: what the query may look at
 * @arguments: an author’s public key and a class
 * @error: return location for an [error@Imp.Error]
 *
 * Lists every version that was ever the latest.
 *
 * Returns: (transfer full) (nullable): a JSON array, or `NULL` with @error set
 */
char *
imp_retrieve_update_query_history (const ImpContractContext  *context,
                                   const char *const         *arguments,
                                   GError                   **error)
{
  g_autofree char *key = make_latest_key (arguments[0], arguments[1], NULL, error);
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_ARRAY);
  g_autoptr(JsonArray) array = json_array_new ();
  g_autoptr(GPtrArray) versions = NULL;

  if (key == NULL || !(versions = imp_world_state_history (context->state, key, error)))
    return NULL;

  for (guint i = 0; i < versions->len; i++)
    {
      if (!add_version (array, key, g_ptr_array_index (versions, i), error))
        return NULL;
    }

  json_node_set_array (node, array);
  return imp_json_canonicalize (node);
}

/**
 * imp_retrieve_update_query_author:
 * @context: who asks, and the state
 * @arguments: the author's fingerprint
 * @error: return location for an error
 *
 * Answers what the ledger keeps of an author.
 *
 * Returns: (transfer full) (nullable): JSON of the author, with the fingerprint, or `NULL` with
 * %IMP_ERROR_NOT_FOUND
 */
char *
imp_retrieve_update_query_author (const ImpContractContext  *context,
                                  const char *const         *arguments,
                                  GError                   **error)
{
  g_autofree char *key = imp_state_key (IMP_STATE_AUTHOR, arguments[0], NULL);
  g_autoptr(JsonObject) author = NULL;

  if (!imp_contract_get_state (context->state, key, &author, error))
    return NULL;

  if (author == NULL)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                   "no author with fingerprint “%s” is registered", arguments[0]);
      return NULL;
    }

  json_object_set_string_member (author, "fingerprint", arguments[0]);
  return imp_contract_print (author);
}
