/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-client-private.h"

#include "imp-error.h"
#include "imp-fetch.h"
#include "imp-json.h"
#include "imp-merkle.h"
#include "imp-time.h"

/* A tree of 2^63 leaves has paths of 63 hashes; a consistency proof may have one more. */
#define MAX_PATH 64

static JsonObject *
get_root (JsonNode  *node,
          GError   **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the reply is not a JSON object");
  return NULL;
}

static gboolean
get_uint (JsonObject  *object,
          const char  *name,
          guint64     *value,
          GError     **error)
{
  gint64 number;

  if (!imp_json_get_int (object, name, &number, error))
    return FALSE;

  if (number < 0)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "“%s” is negative", name);
      return FALSE;
    }

  *value = number;
  return TRUE;
}

static gboolean
get_time (JsonObject  *object,
          const char  *name,
          gint64      *ms,
          GError     **error)
{
  const char *text = imp_json_get_string (object, name, error);

  return text != NULL && imp_time_parse (text, ms, error);
}

/**
 * imp_page_free:
 * @self: (transfer full): a page, not `NULL`
 *
 * Frees a page, and drops its items.
 */
void
imp_page_free (ImpPage *self)
{
  g_ptr_array_unref (self->items);
  g_free (self);
}

/**
 * imp_registered_update_free:
 * @self: (transfer full): an update with its proofs, not `NULL`
 *
 * Frees the update and everything that came with it.
 */
void
imp_registered_update_free (ImpRegisteredUpdate *self)
{
  g_clear_object (&self->transaction);
  g_clear_object (&self->update);
  g_clear_object (&self->author);
  g_clear_pointer (&self->path, g_array_unref);
  g_free (self->cid);
  g_free (self->checkpoint);
  g_free (self);
}

typedef gpointer (*ItemFunc) (JsonNode *node, GError **error);

static ImpPage *
read_page (JsonNode        *node,
           const char      *name,
           ItemFunc         func,
           GDestroyNotify   destroy,
           GError         **error)
{
  JsonObject *root = get_root (node, error);
  JsonArray *array = root != NULL ? imp_json_get_array (root, name, error) : NULL;
  JsonNode *next = root != NULL ? json_object_get_member (root, "next") : NULL;
  g_autoptr(ImpPage) page = NULL;

  if (array == NULL)
    return NULL;

  page = g_new0 (ImpPage, 1);
  page->items = g_ptr_array_new_with_free_func (destroy);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      gpointer item = func (json_array_get_element (array, i), error);

      if (item == NULL)
        return NULL;
      g_ptr_array_add (page->items, item);
    }

  if ((next == NULL || !JSON_NODE_HOLDS_NULL (next)) &&
      !get_uint (root, "next", &page->next, error))
    return NULL;

  return g_steal_pointer (&page);
}

/* All registered updates were written by one function, so a page of them does not say which. */
static gpointer
read_update_item (JsonNode  *node,
                  GError   **error)
{
  g_autoptr(JsonNode) copy = NULL;
  JsonObject *object;

  if (get_root (node, error) == NULL)
    return NULL;

  copy = json_node_copy (node);
  object = json_node_get_object (copy);
  json_object_set_string_member (object, "contract", "RegisterUpdate");
  json_object_set_string_member (object, "function", "createUpdate");
  if (!json_object_has_member (object, "creator"))
    json_object_set_string_member (object, "creator", "");

  return imp_transaction_new_from_json (copy, error);
}

static gpointer
read_transaction_item (JsonNode  *node,
                       GError   **error)
{
  return imp_transaction_new_from_json (node, error);
}

static gpointer
read_fetch_item (JsonNode  *node,
                 GError   **error)
{
  JsonObject *object = get_root (node, error);

  return object != NULL ? imp_fetch_new_from_json (object, error) : NULL;
}

/**
 * imp_page_new_of_updates:
 * @node: the reply to `GET /v1/updates`
 * @error: return location for an error
 *
 * Reads a page of updates.
 *
 * Returns: (transfer full) (nullable): a page of [class@Imp.Transaction], or `NULL` if one of them is
 * not what it should be
 */
ImpPage *
imp_page_new_of_updates (JsonNode  *node,
                         GError   **error)
{
  return read_page (node, "updates", read_update_item, g_object_unref, error);
}

/**
 * imp_page_new_of_transactions:
 * @node: the reply to `GET /v1/ledger`
 * @error: return location for an error
 *
 * Reads a page of the ledger.
 *
 * Returns: (transfer full) (nullable): a page of [class@Imp.Transaction], or `NULL` if one of them is
 * not what it should be
 */
ImpPage *
imp_page_new_of_transactions (JsonNode  *node,
                              GError   **error)
{
  return read_page (node, "transactions", read_transaction_item, g_object_unref, error);
}

/**
 * imp_page_new_of_fetches:
 * @node: the reply to `GET /v1/fetches`
 * @error: return location for an error
 *
 * Reads a page of fetches.
 *
 * Returns: (transfer full) (nullable): a page of [class@Imp.Fetch], or `NULL` if one of them is not
 * what it should be
 */
ImpPage *
imp_page_new_of_fetches (JsonNode  *node,
                         GError   **error)
{
  return read_page (node, "fetches", read_fetch_item, g_object_unref, error);
}

/**
 * imp_author_status_read:
 * @status: (out): what the agent says
 * @node: its reply
 * @error: return location for an error
 *
 * Reads what an author agent knows of an author.
 *
 * Returns: whether it could be read
 */
gboolean
imp_author_status_read (ImpAuthorStatus  *status,
                        JsonNode         *node,
                        GError          **error)
{
  JsonObject *root = get_root (node, error);
  JsonNode *registered;
  JsonNode *expires;

  if (root == NULL)
    return FALSE;

  registered = json_object_get_member (root, "registered");
  expires = json_object_get_member (root, "tokenExpires");
  if (registered == NULL || json_node_get_value_type (registered) != G_TYPE_BOOLEAN)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                           "the agent does not say whether the author is registered");
      return FALSE;
    }

  status->registered = json_node_get_boolean (registered);
  status->since = -1;
  status->token_expires = -1;

  return (!status->registered || get_time (root, "since", &status->since, error)) &&
         (expires == NULL || JSON_NODE_HOLDS_NULL (expires) ||
          get_time (root, "tokenExpires", &status->token_expires, error));
}

/**
 * imp_hashes_from_json:
 * @array: hashes in base64
 * @error: return location for an error
 *
 * Reads the path of a proof.
 *
 * Returns: (transfer full) (nullable) (element-type ImpHash): the hashes, or `NULL` with %IMP_ERROR_BAD_REPLY
 */
GArray *
imp_hashes_from_json (JsonArray  *array,
                      GError    **error)
{
  g_autoptr(GArray) hashes = g_array_new (FALSE, FALSE, sizeof (ImpHash));
  guint length = json_array_get_length (array);

  if (length > MAX_PATH)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the path has %u hashes", length);
      return NULL;
    }

  for (guint i = 0; i < length; i++)
    {
      JsonNode *node = json_array_get_element (array, i);
      ImpHash hash;

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "hash %u of the path is no string", i);
          return NULL;
        }

      if (!imp_hash_from_base64 (json_node_get_string (node), &hash, error))
        {
          g_prefix_error (error, "hash %u of the path: ", i);
          return NULL;
        }
      g_array_append_val (hashes, hash);
    }

  return g_steal_pointer (&hashes);
}

static gboolean
read_inclusion (ImpRegisteredUpdate  *self,
                JsonObject           *root,
                GError              **error)
{
  JsonObject *inclusion = imp_json_get_object (root, "inclusion", error);
  JsonArray *path;
  const char *checkpoint;

  if (inclusion == NULL ||
      !get_uint (inclusion, "size", &self->size, error) ||
      !get_uint (inclusion, "leaf", &self->leaf, error) ||
      !(path = imp_json_get_array (inclusion, "path", error)) ||
      !(self->path = imp_hashes_from_json (path, error)) ||
      !(checkpoint = imp_json_get_string (inclusion, "checkpoint", error)))
    return FALSE;

  self->checkpoint = g_strdup (checkpoint);
  return TRUE;
}

/**
 * imp_registered_update_new_from_json:
 * @node: the reply to `GET /v1/updates/{transaction}`
 * @error: return location for an error
 *
 * Reads an update with what proves it. Nothing is verified.
 *
 * Returns: (transfer full) (nullable): the update, or `NULL` with @error set
 */
ImpRegisteredUpdate *
imp_registered_update_new_from_json (JsonNode  *node,
                                     GError   **error)
{
  g_autoptr(ImpRegisteredUpdate) self = g_new0 (ImpRegisteredUpdate, 1);
  JsonObject *root = get_root (node, error);
  const char *pem;
  const char *cid;

  if (root == NULL ||
      !imp_json_get_object (root, "transaction", error) ||
      !imp_json_get_object (root, "update", error) ||
      !(pem = imp_json_get_string (root, "publicKey", error)) ||
      !(cid = imp_json_get_string (root, "cid", error)) ||
      !(self->transaction = imp_transaction_new_from_json (
          json_object_get_member (root, "transaction"), error)) ||
      !(self->update = imp_update_new_from_json (json_object_get_member (root, "update"), error)) ||
      !(self->author = imp_key_new_from_pem (pem, -1, NULL, error)) ||
      !read_inclusion (self, root, error))
    return NULL;

  if (imp_transaction_get_leaf (self->transaction) == NULL)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                           "the transaction comes without its leaf");
      return NULL;
    }

  self->cid = g_strdup (cid);
  return g_steal_pointer (&self);
}
