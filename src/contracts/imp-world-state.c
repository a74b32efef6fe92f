/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-world-state.h"

/**
 * ImpWorldState:
 *
 * What a contract may know: the state under its keys, the transaction it runs in, and nothing else.
 *
 * Every function blocks, and answers the same in every process that runs the same transaction over
 * the same state: the embedded ledger answers from its file, a Fabric chaincode asks its peer. A
 * contract must not count on reading what it wrote in the same transaction (Fabric answers with the
 * value before it).
 */
G_DEFINE_INTERFACE (ImpWorldState, imp_world_state, G_TYPE_OBJECT)

static void
imp_world_state_default_init (ImpWorldStateInterface *iface)
{
}

/**
 * imp_world_state_get:
 * @self: a world state
 * @key: a key, from [func@Imp.state_key]
 * @value: (out) (nullable): its value, `NULL` when the key is not there, which is no error
 * @error: return location for an error
 *
 * Reads one key.
 *
 * Returns: whether it could be read
 */
gboolean
imp_world_state_get (ImpWorldState  *self,
                     const char     *key,
                     char          **value,
                     GError        **error)
{
  g_return_val_if_fail (IMP_IS_WORLD_STATE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  *value = NULL;
  return IMP_WORLD_STATE_GET_IFACE (self)->get (self, key, value, error);
}

/**
 * imp_world_state_put:
 * @self: a world state
 * @key: a key
 * @value: its new value, UTF-8
 * @error: return location for an error
 *
 * Writes one key, which takes effect when the transaction is committed.
 *
 * Returns: whether it was taken
 */
gboolean
imp_world_state_put (ImpWorldState  *self,
                     const char     *key,
                     const char     *value,
                     GError        **error)
{
  g_return_val_if_fail (IMP_IS_WORLD_STATE (self), FALSE);
  g_return_val_if_fail (key != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  return IMP_WORLD_STATE_GET_IFACE (self)->put (self, key, value, error);
}

/**
 * imp_world_state_range:
 * @self: a world state
 * @start: the first key that counts
 * @end: the first key that no longer does
 * @limit: at most so many, 0 for all
 * @error: return location for an error
 *
 * Reads the keys from @start up to @end, in bytewise order.
 *
 * Returns: (transfer full) (element-type ImpStateEntry): what was found
 */
GPtrArray *
imp_world_state_range (ImpWorldState  *self,
                       const char     *start,
                       const char     *end,
                       guint           limit,
                       GError        **error)
{
  g_return_val_if_fail (IMP_IS_WORLD_STATE (self), NULL);
  g_return_val_if_fail (start != NULL, NULL);
  g_return_val_if_fail (end != NULL, NULL);

  return IMP_WORLD_STATE_GET_IFACE (self)->range (self, start, end, limit, error);
}

/**
 * imp_world_state_history:
 * @self: a world state
 * @key: a key
 * @error: return location for an error
 *
 * Reads every value that @key ever had, newest first.
 *
 * Returns: (transfer full) (element-type ImpStateVersion): what was found
 */
GPtrArray *
imp_world_state_history (ImpWorldState  *self,
                         const char     *key,
                         GError        **error)
{
  g_return_val_if_fail (IMP_IS_WORLD_STATE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return IMP_WORLD_STATE_GET_IFACE (self)->history (self, key, error);
}

/**
 * imp_world_state_get_transaction:
 * @self: a world state
 *
 * Gets the name of the transaction that is being run, which is empty for a query.
 *
 * Returns: 64 hexadecimal characters, or an empty string
 */
const char *
imp_world_state_get_transaction (ImpWorldState *self)
{
  g_return_val_if_fail (IMP_IS_WORLD_STATE (self), NULL);

  return IMP_WORLD_STATE_GET_IFACE (self)->get_transaction (self);
}

/**
 * imp_world_state_get_time:
 * @self: a world state
 *
 * Gets the time of the transaction, the only clock that a contract has.
 *
 * Returns: milliseconds since 1970
 */
gint64
imp_world_state_get_time (ImpWorldState *self)
{
  g_return_val_if_fail (IMP_IS_WORLD_STATE (self), 0);

  return IMP_WORLD_STATE_GET_IFACE (self)->get_time (self);
}

/**
 * imp_state_entry_new:
 * @key: a key
 * @value: what is under it
 *
 * Returns: (transfer full): an entry with copies of both
 */
ImpStateEntry *
imp_state_entry_new (const char *key,
                     const char *value)
{
  ImpStateEntry *self = g_new0 (ImpStateEntry, 1);

  self->key = g_strdup (key);
  self->value = g_strdup (value);

  return self;
}

/**
 * imp_state_entry_free:
 * @self: (transfer full): an entry, not `NULL`
 *
 * Frees an entry and its texts.
 */
void
imp_state_entry_free (ImpStateEntry *self)
{
  g_free (self->key);
  g_free (self->value);
  g_free (self);
}

/**
 * imp_state_version_new:
 * @transaction: the identity of the transaction that wrote it
 * @time: of the transaction, in milliseconds since 1970
 * @value: what it wrote
 *
 * Returns: (transfer full): a version of a value, with copies of the texts
 */
ImpStateVersion *
imp_state_version_new (const char *transaction,
                       gint64      time,
                       const char *value)
{
  ImpStateVersion *self = g_new0 (ImpStateVersion, 1);

  self->transaction = g_strdup (transaction);
  self->time = time;
  self->value = g_strdup (value);

  return self;
}

/**
 * imp_state_version_free:
 * @self: (transfer full): a version, not `NULL`
 *
 * Frees a version and its texts.
 */
void
imp_state_version_free (ImpStateVersion *self)
{
  g_free (self->transaction);
  g_free (self->value);
  g_free (self);
}
