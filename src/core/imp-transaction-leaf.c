/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-transaction-leaf.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"
#include "imp-transaction.h"

/* What the ledger hashes of a transaction: canonical JSON
 * `{arguments, contract, creator, function, time, transaction, writes}`. The arguments are strings, with
 * `sha256:` and a digest in the place of each token; the writes are objects `{key, digest}`, where the
 * digest is the SHA-256 of the value; the time is ISO 8601.
 */
#define N_LEAF_MEMBERS 7
#define ID_LENGTH (2 * IMP_SHA256_SIZE)

/* Where createUpdate(token, manifest, authorSign, authorManifestSign, cid) has the CID. */
#define CREATE_UPDATE_CID 4

/**
 * imp_transaction_fields_clear:
 * @fields: what a transaction says
 *
 * Frees what the fields own.
 */
void
imp_transaction_fields_clear (ImpTransactionFields *fields)
{
  g_clear_pointer (&fields->id, g_free);
  g_clear_pointer (&fields->contract, g_free);
  g_clear_pointer (&fields->function, g_free);
  g_clear_pointer (&fields->creator, g_free);
  g_clear_pointer (&fields->author, g_free);
  g_clear_pointer (&fields->class_id, g_free);
  g_clear_pointer (&fields->version, g_free);
  g_clear_pointer (&fields->cid, g_free);
}

static gboolean
dup_member (JsonObject  *object,
            const char  *name,
            char       **value,
            GError     **error)
{
  const char *member = imp_json_get_string (object, name, error);

  *value = g_strdup (member);

  return member != NULL;
}

/**
 * imp_transaction_fields_read_head:
 * @fields: where to put what is read
 * @object: a leaf, or a transaction as agents send it
 * @error: return location for an [error@Imp.Error]
 *
 * Reads what leaf and wire have in common.
 *
 * Returns: whether it could, or %IMP_ERROR_MALFORMED
 */
gboolean
imp_transaction_fields_read_head (ImpTransactionFields  *fields,
                                  JsonObject            *object,
                                  GError               **error)
{
  const char *time;

  if (!dup_member (object, "transaction", &fields->id, error) ||
      !dup_member (object, "contract", &fields->contract, error) ||
      !dup_member (object, "function", &fields->function, error) ||
      !dup_member (object, "creator", &fields->creator, error) ||
      !(time = imp_json_get_string (object, "time", error)) ||
      !imp_time_parse (time, &fields->time, error))
    return FALSE;

  if (!imp_digest_is_hex (fields->id, ID_LENGTH))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "“transaction” is not %d lower-case hexadecimal digits", ID_LENGTH);

  return TRUE;
}

/* A key that a transaction wrote says whose it is: author/FP, or update/FP/CLASS/VERSION. */
static void
learn_from_key (ImpTransactionFields *fields,
                const char           *key)
{
  g_auto(GStrv) parts = imp_state_key_split (key);
  guint n_parts = parts != NULL ? g_strv_length (parts) : 0;

  if (n_parts == 2 && g_str_equal (parts[0], "author"))
    {
      g_free (fields->author);
      fields->author = g_strdup (parts[1]);
    }
  else if (n_parts == 4 && g_str_equal (parts[0], "update"))
    {
      g_free (fields->author);
      g_free (fields->class_id);
      g_free (fields->version);
      fields->author = g_strdup (parts[1]);
      fields->class_id = g_strdup (parts[2]);
      fields->version = g_strdup (parts[3]);
    }
}

static gboolean
read_writes (ImpTransactionFields  *fields,
             JsonObject            *object,
             GError               **error)
{
  JsonArray *writes = imp_json_get_array (object, "writes", error);

  if (writes == NULL)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (writes); i++)
    {
      JsonNode *node = json_array_get_element (writes, i);
      const char *key, *digest;

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "“writes” has an item %u that is not an object", i + 1);

      if (!(key = imp_json_get_string (json_node_get_object (node), "key", error)) ||
          !(digest = imp_json_get_string (json_node_get_object (node), "digest", error)))
        {
          g_prefix_error (error, "item %u of “writes”: ", i + 1);
          return FALSE;
        }

      if (!imp_digest_is_hex (digest, 2 * IMP_SHA256_SIZE))
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "“writes” has an item %u without a SHA-256", i + 1);

      learn_from_key (fields, key);
    }

  return TRUE;
}

static gboolean
read_arguments (ImpTransactionFields  *fields,
                JsonObject            *object,
                GError               **error)
{
  JsonArray *arguments = imp_json_get_array (object, "arguments", error);

  if (arguments == NULL)
    return FALSE;

  for (guint i = 0; i < json_array_get_length (arguments); i++)
    {
      JsonNode *node = json_array_get_element (arguments, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        return imp_error_set (error, IMP_ERROR_MALFORMED,
                              "“arguments” has an item %u that is not a string", i + 1);
    }

  if (g_str_equal (fields->contract, "RegisterUpdate") &&
      g_str_equal (fields->function, "createUpdate") &&
      json_array_get_length (arguments) > CREATE_UPDATE_CID)
    fields->cid = g_strdup (json_array_get_string_element (arguments, CREATE_UPDATE_CID));

  return TRUE;
}

/* The bytes are what is hashed: the same transaction in another spelling is another leaf. */
static gboolean
check_spelling (JsonNode    *root,
                const char  *leaf,
                GError     **error)
{
  g_autofree char *canonical = imp_json_canonicalize (root);

  if (g_str_equal (canonical, leaf))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_MALFORMED, "the leaf is not canonical JSON");
}

/**
 * imp_transaction_fields_read_leaf:
 * @fields: where to put what is read
 * @leaf: the bytes that the ledger hashes
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a leaf, which has to be what [func@Imp.transaction_make_leaf] would write.
 *
 * Returns: whether it is one, or %IMP_ERROR_MALFORMED
 */
gboolean
imp_transaction_fields_read_leaf (ImpTransactionFields  *fields,
                                  const char            *leaf,
                                  GError               **error)
{
  g_autoptr(JsonNode) root = imp_json_parse (leaf, -1, IMP_TRANSACTION_MAX_LEAF, error);
  JsonObject *object;

  if (root == NULL)
    return FALSE;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the leaf is not an object");

  object = json_node_get_object (root);
  if (!imp_transaction_fields_read_head (fields, object, error) ||
      !read_arguments (fields, object, error) ||
      !read_writes (fields, object, error))
    return FALSE;

  if (json_object_get_size (object) != N_LEAF_MEMBERS)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the leaf has members that no leaf has");

  return check_spelling (root, leaf, error);
}

/**
 * imp_transaction_make_leaf:
 * @transaction: the transaction’s id, 64 hexadecimal digits
 * @time: milliseconds since 1970 UTC
 * @creator: who submitted it
 * @contract: which contract ran
 * @function: which function of it
 * @arguments: its arguments, without secrets
 * @writes: (transfer none): objects `{key, digest}`
 *
 * Makes the leaf of a transaction that is about to be recorded.
 *
 * Returns: (transfer full): canonical JSON
 */
char *
imp_transaction_make_leaf (const char        *transaction,
                           gint64             time,
                           const char        *creator,
                           const char        *contract,
                           const char        *function,
                           const char *const *arguments,
                           JsonArray         *writes)
{
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *time_text = NULL;
  JsonArray *strings;
  JsonObject *object;

  g_return_val_if_fail (imp_digest_is_hex (transaction, ID_LENGTH), NULL);
  g_return_val_if_fail (creator != NULL && contract != NULL && function != NULL, NULL);
  g_return_val_if_fail (arguments != NULL, NULL);
  g_return_val_if_fail (writes != NULL, NULL);

  time_text = imp_time_format (time);
  strings = json_array_new ();
  for (guint i = 0; arguments[i] != NULL; i++)
    json_array_add_string_element (strings, arguments[i]);

  object = json_object_new ();
  json_object_set_array_member (object, "arguments", strings);
  json_object_set_string_member (object, "contract", contract);
  json_object_set_string_member (object, "creator", creator);
  json_object_set_string_member (object, "function", function);
  json_object_set_string_member (object, "time", time_text);
  json_object_set_string_member (object, "transaction", transaction);
  json_object_set_array_member (object, "writes", json_array_ref (writes));

  root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, object);

  return imp_json_canonicalize (root);
}
