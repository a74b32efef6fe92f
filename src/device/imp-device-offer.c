/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-offer.h"

#include "imp-error.h"
#include "imp-json.h"

/* A tree of 2^64 leaves has no longer proof of either kind. */
#define MAX_PATH 128

/**
 * imp_device_offer_free:
 * @self: (transfer full): an offer, not `NULL`
 *
 * Frees an offer and what there was of it.
 */
void
imp_device_offer_free (ImpDeviceOffer *self)
{
  g_clear_object (&self->update);
  g_clear_pointer (&self->cid, imp_cid_unref);
  g_clear_object (&self->transaction);
  g_clear_pointer (&self->path, g_array_unref);
  g_clear_object (&self->checkpoint);
  g_free (self);
}

static gboolean
add_hash (GArray    *path,
          JsonNode  *node,
          GError   **error)
{
  ImpHash hash;

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "hash %u is not a string", path->len);
      return FALSE;
    }

  if (!imp_hash_from_base64 (json_node_get_string (node), &hash, error))
    return FALSE;

  g_array_append_val (path, hash);
  return TRUE;
}

/**
 * imp_device_parse_path:
 * @object: an answer with a proof
 * @error: return location for an error
 *
 * Reads the hashes of a proof, inclusion's or consistency's.
 *
 * Returns: (transfer full) (element-type ImpHash) (nullable): the hashes, or `NULL` with @error set
 */
GArray *
imp_device_parse_path (JsonObject  *object,
                       GError     **error)
{
  g_autoptr(GArray) path = g_array_new (FALSE, FALSE, sizeof (ImpHash));
  JsonArray *array = imp_json_get_array (object, "path", error);

  if (array == NULL)
    return NULL;

  if (json_array_get_length (array) > MAX_PATH)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "“path” has more than %d hashes", MAX_PATH);
      return NULL;
    }

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      if (!add_hash (path, json_array_get_element (array, i), error))
        {
          g_prefix_error (error, "path: ");
          return NULL;
        }
    }

  return g_steal_pointer (&path);
}

static gboolean
get_count (JsonObject  *object,
           const char  *name,
           guint64     *value,
           GError     **error)
{
  gint64 number;

  if (!imp_json_get_int (object, name, &number, error))
    return FALSE;

  if (number < 0)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "“%s” is negative", name);
      return FALSE;
    }

  *value = number;
  return TRUE;
}

static gboolean
read_inclusion (ImpDeviceOffer  *self,
                JsonObject      *object,
                GError         **error)
{
  JsonObject *inclusion = imp_json_get_object (object, "inclusion", error);
  const char *checkpoint;

  return inclusion != NULL &&
         get_count (inclusion, "size", &self->size, error) &&
         get_count (inclusion, "leaf", &self->leaf, error) &&
         (self->path = imp_device_parse_path (inclusion, error)) != NULL &&
         (checkpoint = imp_json_get_string (inclusion, "checkpoint", error)) != NULL &&
         (self->checkpoint = imp_checkpoint_new_from_text (checkpoint, -1, error)) != NULL;
}

/* Nothing of the transaction is looked at but its leaf, which is what the ledger has hashed. */
static gboolean
read_transaction (ImpDeviceOffer  *self,
                  JsonObject      *object,
                  GError         **error)
{
  JsonObject *transaction = imp_json_get_object (object, "transaction", error);
  const char *leaf;

  return transaction != NULL &&
         (leaf = imp_json_get_string (transaction, "leaf", error)) != NULL &&
         (self->transaction = imp_transaction_new_from_leaf (self->leaf, leaf, error)) != NULL;
}

static gboolean
read_offer (ImpDeviceOffer  *self,
            JsonObject      *object,
            GError         **error)
{
  const char *cid;

  if (!imp_json_get_object (object, "update", error) ||
      !(self->update = imp_update_new_from_json (json_object_get_member (object, "update"), error)) ||
      !(cid = imp_json_get_string (object, "cid", error)) ||
      !(self->cid = imp_cid_new_from_string (cid, error)) ||
      !read_inclusion (self, object, error) ||
      !read_transaction (self, object, error))
    return FALSE;

  self->manifest = imp_update_get_manifest (self->update);
  return TRUE;
}

/**
 * imp_device_offer_parse:
 * @reply: what an agent answered when it was asked for the newest version
 * @error: return location for an [error@Imp.Error]
 *
 * Reads an offer. Nothing in it is believed yet.
 *
 * Returns: (transfer full) (nullable): the offer, or `NULL` with @error set
 */
ImpDeviceOffer *
imp_device_offer_parse (JsonNode  *reply,
                        GError   **error)
{
  g_autoptr(ImpDeviceOffer) self = g_new0 (ImpDeviceOffer, 1);

  if (!JSON_NODE_HOLDS_OBJECT (reply))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the answer is not a JSON object");
      return NULL;
    }

  if (!read_offer (self, json_node_get_object (reply), error))
    return NULL;

  return g_steal_pointer (&self);
}
