/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-transaction.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"

/**
 * ImpTransaction:
 *
 * One line of the ledger. It never changes.
 *
 * What the ledger hashes is the leaf, canonical JSON
 * `{arguments, contract, creator, function, time, transaction, writes}`: the arguments are strings,
 * with `sha256:` and a digest in the place of each token; the writes are objects `{key, digest}`,
 * where the digest is the SHA-256 of the value; the time is ISO 8601. Whatever else is known of a
 * transaction follows from its leaf.
 */
struct _ImpTransaction
{
  GObject parent_instance;

  guint64  sequence;
  gint64   time;      /* ms */
  char    *id;
  char    *contract;
  char    *function;
  char    *creator;
  char    *author;    /* (nullable) */
  char    *class_id;  /* (nullable) */
  char    *version;   /* (nullable) */
  char    *cid;       /* (nullable) */
  char    *leaf;      /* (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpTransaction, imp_transaction, G_TYPE_OBJECT)

#define ID_LENGTH (2 * IMP_SHA256_SIZE)
#define N_LEAF_MEMBERS 7

/* Where createUpdate(token, manifest, authorSign, authorManifestSign, cid) has the CID. */
#define CREATE_UPDATE_CID 4

static void
imp_transaction_finalize (GObject *object)
{
  ImpTransaction *self = IMP_TRANSACTION (object);

  g_free (self->id);
  g_free (self->contract);
  g_free (self->function);
  g_free (self->creator);
  g_free (self->author);
  g_free (self->class_id);
  g_free (self->version);
  g_free (self->cid);
  g_free (self->leaf);

  G_OBJECT_CLASS (imp_transaction_parent_class)->finalize (object);
}

static void
imp_transaction_class_init (ImpTransactionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_transaction_finalize;
}

static void
imp_transaction_init (ImpTransaction *self)
{
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

static gboolean
dup_optional_member (JsonObject  *object,
                     const char  *name,
                     char       **value,
                     GError     **error)
{
  return !json_object_has_member (object, name) || dup_member (object, name, value, error);
}

/* What leaf and wire have in common. */
static gboolean
read_head (ImpTransaction  *self,
           JsonObject      *object,
           GError         **error)
{
  const char *time;

  if (!dup_member (object, "transaction", &self->id, error) ||
      !dup_member (object, "contract", &self->contract, error) ||
      !dup_member (object, "function", &self->function, error) ||
      !dup_member (object, "creator", &self->creator, error) ||
      !(time = imp_json_get_string (object, "time", error)) ||
      !imp_time_parse (time, &self->time, error))
    return FALSE;

  if (!imp_digest_is_hex (self->id, ID_LENGTH))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "“transaction” is not %d lower-case hexadecimal digits", ID_LENGTH);

  return TRUE;
}

/* A key that a transaction wrote says whose it is: author/FP, or update/FP/CLASS/VERSION. */
static void
learn_from_key (ImpTransaction *self,
                const char     *key)
{
  g_auto(GStrv) parts = imp_state_key_split (key);
  guint n_parts = parts != NULL ? g_strv_length (parts) : 0;

  if (n_parts == 2 && g_str_equal (parts[0], "author"))
    {
      g_free (self->author);
      self->author = g_strdup (parts[1]);
    }
  else if (n_parts == 4 && g_str_equal (parts[0], "update"))
    {
      g_free (self->author);
      g_free (self->class_id);
      g_free (self->version);
      self->author = g_strdup (parts[1]);
      self->class_id = g_strdup (parts[2]);
      self->version = g_strdup (parts[3]);
    }
}

static gboolean
read_writes (ImpTransaction  *self,
             JsonObject      *object,
             GError         **error)
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

      learn_from_key (self, key);
    }

  return TRUE;
}

static gboolean
read_arguments (ImpTransaction  *self,
                JsonObject      *object,
                GError         **error)
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

  if (g_str_equal (self->contract, "RegisterUpdate") &&
      g_str_equal (self->function, "createUpdate") &&
      json_array_get_length (arguments) > CREATE_UPDATE_CID)
    self->cid = g_strdup (json_array_get_string_element (arguments, CREATE_UPDATE_CID));

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

static gboolean
read_leaf (ImpTransaction  *self,
           const char      *leaf,
           GError         **error)
{
  g_autoptr(JsonNode) root = imp_json_parse (leaf, -1, IMP_TRANSACTION_MAX_LEAF, error);
  JsonObject *object;

  if (root == NULL)
    return FALSE;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the leaf is not an object");

  object = json_node_get_object (root);
  if (!read_head (self, object, error) ||
      !read_arguments (self, object, error) ||
      !read_writes (self, object, error))
    return FALSE;

  if (json_object_get_size (object) != N_LEAF_MEMBERS)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the leaf has members that no leaf has");

  return check_spelling (root, leaf, error);
}

/**
 * imp_transaction_new_from_leaf:
 * @sequence: its place in the ledger, from 0
 * @leaf: the bytes that the ledger hashes
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a transaction from its leaf.
 *
 * Returns: (transfer full) (nullable): the transaction, or `NULL` with %IMP_ERROR_MALFORMED
 */
ImpTransaction *
imp_transaction_new_from_leaf (guint64      sequence,
                               const char  *leaf,
                               GError     **error)
{
  g_autoptr(ImpTransaction) self = NULL;

  g_return_val_if_fail (leaf != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  self = g_object_new (IMP_TYPE_TRANSACTION, NULL);
  self->sequence = sequence;
  self->leaf = g_strdup (leaf);

  if (!read_leaf (self, leaf, error))
    {
      g_prefix_error (error, "transaction %" G_GUINT64_FORMAT ": ", sequence);
      return NULL;
    }

  return g_steal_pointer (&self);
}

static gboolean
read_wire (ImpTransaction  *self,
           JsonObject      *object,
           GError         **error)
{
  return read_head (self, object, error) &&
         dup_optional_member (object, "author", &self->author, error) &&
         dup_optional_member (object, "class", &self->class_id, error) &&
         dup_optional_member (object, "version", &self->version, error) &&
         dup_optional_member (object, "cid", &self->cid, error);
}

/* What is said about a transaction next to its leaf is only for readers that do not look into it. */
static gboolean
check_agreement (ImpTransaction  *self,
                 JsonObject      *object,
                 GError         **error)
{
  static const char *const names[] = {
    "transaction", "time", "contract", "function", "creator", "author", "class", "version", "cid",
  };
  g_autoptr(JsonNode) derived = imp_transaction_to_json (self, FALSE);
  JsonObject *known = json_node_get_object (derived);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonNode *said = json_object_get_member (object, names[i]);
      JsonNode *derived_member = json_object_get_member (known, names[i]);

      if (said == NULL || (derived_member != NULL && json_node_equal (said, derived_member)))
        continue;

      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                   "“%s” of transaction %" G_GUINT64_FORMAT " is not what its leaf says",
                   names[i], self->sequence);
      return FALSE;
    }

  return TRUE;
}

/**
 * imp_transaction_new_from_json:
 * @node: a transaction as agents send it
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a transaction from the wire. If its leaf is there, everything is taken from the leaf, and
 * members that say anything else are %IMP_ERROR_BAD_REPLY.
 *
 * Returns: (transfer full) (nullable): the transaction, or `NULL` with @error set
 */
ImpTransaction *
imp_transaction_new_from_json (JsonNode  *node,
                               GError   **error)
{
  g_autoptr(ImpTransaction) self = NULL;
  JsonObject *object;
  const char *leaf;
  gint64 sequence;

  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      imp_error_set (error, IMP_ERROR_MALFORMED, "the transaction is not an object");
      return NULL;
    }

  object = json_node_get_object (node);
  if (!imp_json_get_int (object, "sequence", &sequence, error))
    {
      g_prefix_error (error, "transaction: ");
      return NULL;
    }
  if (sequence < 0)
    {
      imp_error_set (error, IMP_ERROR_MALFORMED, "transaction: “sequence” is negative");
      return NULL;
    }

  if (json_object_has_member (object, "leaf"))
    {
      if (!(leaf = imp_json_get_string (object, "leaf", error)) ||
          !(self = imp_transaction_new_from_leaf (sequence, leaf, error)) ||
          !check_agreement (self, object, error))
        return NULL;

      return g_steal_pointer (&self);
    }

  self = g_object_new (IMP_TYPE_TRANSACTION, NULL);
  self->sequence = sequence;
  if (!read_wire (self, object, error))
    {
      g_prefix_error (error, "transaction %" G_GINT64_FORMAT ": ", sequence);
      return NULL;
    }

  return g_steal_pointer (&self);
}

static void
set_optional_member (JsonObject *object,
                     const char *name,
                     const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

/**
 * imp_transaction_to_json:
 * @self: a transaction
 * @with_leaf: whether to send the leaf too, if it is known
 *
 * Makes what agents send.
 *
 * Returns: (transfer full): a tree
 */
JsonNode *
imp_transaction_to_json (ImpTransaction *self,
                         gboolean        with_leaf)
{
  g_autofree char *time = NULL;
  JsonObject *object;
  JsonNode *node;

  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  time = imp_time_format (self->time);
  object = json_object_new ();
  json_object_set_int_member (object, "sequence", self->sequence);
  json_object_set_string_member (object, "transaction", self->id);
  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "contract", self->contract);
  json_object_set_string_member (object, "function", self->function);
  json_object_set_string_member (object, "creator", self->creator);
  set_optional_member (object, "author", self->author);
  set_optional_member (object, "class", self->class_id);
  set_optional_member (object, "version", self->version);
  set_optional_member (object, "cid", self->cid);
  if (with_leaf)
    set_optional_member (object, "leaf", self->leaf);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);

  return node;
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

guint64
imp_transaction_get_sequence (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), 0);

  return self->sequence;
}

const char *
imp_transaction_get_id (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->id;
}

gint64
imp_transaction_get_time (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), 0);

  return self->time;
}

const char *
imp_transaction_get_contract (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->contract;
}

const char *
imp_transaction_get_function (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->function;
}

const char *
imp_transaction_get_creator (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->creator;
}

/**
 * imp_transaction_get_author:
 * @self: a transaction
 *
 * Returns: (nullable): the fingerprint of the author that it registered or that registered with it
 */
const char *
imp_transaction_get_author (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->author;
}

/**
 * imp_transaction_get_class_id:
 * @self: a transaction
 *
 * Returns: (nullable): the class of the update that it registered
 */
const char *
imp_transaction_get_class_id (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->class_id;
}

/**
 * imp_transaction_get_version:
 * @self: a transaction
 *
 * Returns: (nullable): the version of the update that it registered
 */
const char *
imp_transaction_get_version (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->version;
}

/**
 * imp_transaction_get_cid:
 * @self: a transaction
 *
 * Returns: (nullable): the payload of the update that it registered
 */
const char *
imp_transaction_get_cid (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->cid;
}

/**
 * imp_transaction_get_leaf:
 * @self: a transaction
 *
 * Returns: (nullable): the bytes that the ledger hashes, if they came with it
 */
const char *
imp_transaction_get_leaf (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->leaf;
}
