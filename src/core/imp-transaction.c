/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-transaction.h"

#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"
#include "imp-transaction-leaf.h"

/**
 * ImpTransaction:
 *
 * One line of the ledger. It never changes.
 *
 * What the ledger hashes is the leaf. Whatever else is known of a transaction follows from it.
 */
struct _ImpTransaction
{
  GObject parent_instance;

  guint64               sequence;
  ImpTransactionFields  fields;    /* (owned) */
  char                 *leaf;      /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (ImpTransaction, imp_transaction, G_TYPE_OBJECT)

static void
imp_transaction_finalize (GObject *object)
{
  ImpTransaction *self = IMP_TRANSACTION (object);

  imp_transaction_fields_clear (&self->fields);
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
dup_optional_member (JsonObject  *object,
                     const char  *name,
                     char       **value,
                     GError     **error)
{
  const char *member;

  if (!json_object_has_member (object, name))
    return TRUE;

  member = imp_json_get_string (object, name, error);
  *value = g_strdup (member);

  return member != NULL;
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

  if (!imp_transaction_fields_read_leaf (&self->fields, leaf, error))
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
  return imp_transaction_fields_read_head (&self->fields, object, error) &&
         dup_optional_member (object, "author", &self->fields.author, error) &&
         dup_optional_member (object, "class", &self->fields.class_id, error) &&
         dup_optional_member (object, "version", &self->fields.version, error) &&
         dup_optional_member (object, "cid", &self->fields.cid, error);
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

  time = imp_time_format (self->fields.time);
  object = json_object_new ();
  json_object_set_int_member (object, "sequence", self->sequence);
  json_object_set_string_member (object, "transaction", self->fields.id);
  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "contract", self->fields.contract);
  json_object_set_string_member (object, "function", self->fields.function);
  json_object_set_string_member (object, "creator", self->fields.creator);
  set_optional_member (object, "author", self->fields.author);
  set_optional_member (object, "class", self->fields.class_id);
  set_optional_member (object, "version", self->fields.version);
  set_optional_member (object, "cid", self->fields.cid);
  if (with_leaf)
    set_optional_member (object, "leaf", self->leaf);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);

  return node;
}

/**
 * imp_transaction_get_sequence:
 * @self: a transaction
 *
 * Returns: the index of its leaf in the log, from 0
 */
guint64
imp_transaction_get_sequence (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), 0);

  return self->sequence;
}

/**
 * imp_transaction_get_id:
 * @self: a transaction
 *
 * Returns: its identity, lent by @self
 */
const char *
imp_transaction_get_id (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->fields.id;
}

/**
 * imp_transaction_get_time:
 * @self: a transaction
 *
 * Returns: when it was made, by the ledger's clock, in milliseconds since 1970 UTC
 */
gint64
imp_transaction_get_time (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), 0);

  return self->fields.time;
}

/**
 * imp_transaction_get_contract:
 * @self: a transaction
 *
 * Returns: the contract that ran, lent by @self
 */
const char *
imp_transaction_get_contract (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->fields.contract;
}

/**
 * imp_transaction_get_function:
 * @self: a transaction
 *
 * Returns: the function of the contract, lent by @self
 */
const char *
imp_transaction_get_function (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->fields.function;
}

/**
 * imp_transaction_get_creator:
 * @self: a transaction
 *
 * Returns: who submitted it, lent by @self
 */
const char *
imp_transaction_get_creator (ImpTransaction *self)
{
  g_return_val_if_fail (IMP_IS_TRANSACTION (self), NULL);

  return self->fields.creator;
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

  return self->fields.author;
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

  return self->fields.class_id;
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

  return self->fields.version;
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

  return self->fields.cid;
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
