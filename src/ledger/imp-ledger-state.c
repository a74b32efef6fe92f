/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-state-private.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-ledger-schema-private.h"

/**
 * ImpLedgerState:
 *
 * An ImpWorldState over a connection on which a transaction of SQLite has begun.
 *
 * It keeps what a contract writes for the leaf, and tells a failure of the file from a contract's
 * refusal, since a contract may wrap either in words of its own.
 */
struct _ImpLedgerState
{
  GObject parent_instance;

  ImpLedgerDb *db;           /* (borrowed) */
  guint64      sequence;
  char        *transaction;  /* (owned) "" for a query */
  gint64       time;
  JsonArray   *writes;       /* (nullable) (owned) NULL for a query */
  GError      *failure;      /* (nullable) (owned) the file's, not the contract's */
};

static void imp_ledger_state_iface_init (ImpWorldStateInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpLedgerState, imp_ledger_state, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_WORLD_STATE, imp_ledger_state_iface_init))

static gboolean
keep_failure (ImpLedgerState  *self,
              GError          *failure,
              GError         **error)
{
  if (self->failure == NULL)
    self->failure = g_error_copy (failure);

  g_propagate_error (error, failure);
  return FALSE;
}

static const char *
get_text (ImpLedgerStatement *statement,
          int                 column)
{
  return (const char *) sqlite3_column_text (statement, column);
}

static gboolean
read_value (ImpLedgerDb  *db,
            const char   *key,
            char        **value,
            GError      **error)
{
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT value FROM state WHERE key = ? ORDER BY place DESC LIMIT 1",
                                     error);
  if (statement == NULL)
    return FALSE;

  imp_ledger_statement_bind_text (statement, 1, key);
  if (!imp_ledger_db_next (db, statement, &found, error))
    return FALSE;

  *value = found ? g_strdup (get_text (statement, 0)) : NULL;
  return TRUE;
}

static gboolean
imp_ledger_state_get (ImpWorldState  *state,
                      const char     *key,
                      char          **value,
                      GError        **error)
{
  ImpLedgerState *self = IMP_LEDGER_STATE (state);
  GError *failure = NULL;

  return read_value (self->db, key, value, &failure) || keep_failure (self, failure, error);
}

static gboolean
write_value (ImpLedgerState  *self,
             const char      *key,
             const char      *value,
             GError         **error)
{
  gint64 place = (gint64) (self->sequence << IMP_LEDGER_WRITE_BITS | json_array_get_length (self->writes));
  g_autoptr(ImpLedgerStatement) statement = NULL;

  statement = imp_ledger_db_prepare (self->db, "INSERT INTO state VALUES (?, ?, ?)", error);
  if (statement == NULL)
    return FALSE;

  sqlite3_bind_int64 (statement, 1, place);
  imp_ledger_statement_bind_text (statement, 2, key);
  imp_ledger_statement_bind_text (statement, 3, value);
  return imp_ledger_db_run (self->db, statement, error);
}

static void
add_write (ImpLedgerState *self,
           const char     *key,
           const char     *value)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA256, value, strlen (value));
  JsonObject *write = json_object_new ();

  json_object_set_string_member (write, "key", key);
  json_object_set_string_member (write, "digest", digest);
  json_array_add_object_element (self->writes, write);
}

static gboolean
imp_ledger_state_put (ImpWorldState  *state,
                      const char     *key,
                      const char     *value,
                      GError        **error)
{
  ImpLedgerState *self = IMP_LEDGER_STATE (state);
  GError *failure = NULL;

  if (self->writes == NULL || json_array_get_length (self->writes) == IMP_LEDGER_MAX_WRITES)
    return imp_error_set (error, IMP_ERROR_REFUSED, "%s",
                          self->writes == NULL ? "a query writes nothing" : "a transaction writes too many keys");

  if (!write_value (self, key, value, &failure))
    return keep_failure (self, failure, error);

  add_write (self, key, value);
  return TRUE;
}

static GPtrArray *
read_range (ImpLedgerDb  *db,
            const char   *start,
            const char   *end,
            guint         limit,
            GError      **error)
{
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_state_entry_free);
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  /* With max(), SQLite takes the other columns from the row that has it. */
  statement = imp_ledger_db_prepare (db, "SELECT key, value, max(place) FROM state"
                                         " WHERE key >= ? AND key < ? GROUP BY key ORDER BY key LIMIT ?",
                                     error);
  if (statement == NULL)
    return NULL;

  imp_ledger_statement_bind_text (statement, 1, start);
  imp_ledger_statement_bind_text (statement, 2, end);
  sqlite3_bind_int64 (statement, 3, limit == 0 ? -1 : (gint64) limit);

  while (imp_ledger_db_next (db, statement, &found, error))
    {
      if (!found)
        return g_steal_pointer (&entries);

      g_ptr_array_add (entries, imp_state_entry_new (get_text (statement, 0), get_text (statement, 1)));
    }

  return NULL;
}

static GPtrArray *
imp_ledger_state_range (ImpWorldState  *state,
                        const char     *start,
                        const char     *end,
                        guint           limit,
                        GError        **error)
{
  ImpLedgerState *self = IMP_LEDGER_STATE (state);
  GError *failure = NULL;
  GPtrArray *entries = read_range (self->db, start, end, limit, &failure);

  if (entries == NULL)
    keep_failure (self, failure, error);

  return entries;
}

static GPtrArray *
read_history (ImpLedgerDb  *db,
              const char   *key,
              GError      **error)
{
  g_autoptr(GPtrArray) versions = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_state_version_free);
  g_autoptr(ImpLedgerStatement) statement = NULL;
  gboolean found;

  statement = imp_ledger_db_prepare (db, "SELECT id, time, value FROM state"
                                         " JOIN transactions ON sequence = place >> "
                                         G_STRINGIFY (IMP_LEDGER_WRITE_BITS)
                                         " WHERE key = ? ORDER BY place DESC", error);
  if (statement == NULL)
    return NULL;

  imp_ledger_statement_bind_text (statement, 1, key);
  while (imp_ledger_db_next (db, statement, &found, error))
    {
      if (!found)
        return g_steal_pointer (&versions);

      g_ptr_array_add (versions, imp_state_version_new (get_text (statement, 0),
                                                        sqlite3_column_int64 (statement, 1),
                                                        get_text (statement, 2)));
    }

  return NULL;
}

static GPtrArray *
imp_ledger_state_history (ImpWorldState  *state,
                          const char     *key,
                          GError        **error)
{
  ImpLedgerState *self = IMP_LEDGER_STATE (state);
  GError *failure = NULL;
  GPtrArray *versions = read_history (self->db, key, &failure);

  if (versions == NULL)
    keep_failure (self, failure, error);

  return versions;
}

static const char *
imp_ledger_state_get_transaction (ImpWorldState *state)
{
  return IMP_LEDGER_STATE (state)->transaction;
}

static gint64
imp_ledger_state_get_time (ImpWorldState *state)
{
  return IMP_LEDGER_STATE (state)->time;
}

static void
imp_ledger_state_iface_init (ImpWorldStateInterface *iface)
{
  iface->get = imp_ledger_state_get;
  iface->put = imp_ledger_state_put;
  iface->range = imp_ledger_state_range;
  iface->history = imp_ledger_state_history;
  iface->get_transaction = imp_ledger_state_get_transaction;
  iface->get_time = imp_ledger_state_get_time;
}

static void
imp_ledger_state_finalize (GObject *object)
{
  ImpLedgerState *self = IMP_LEDGER_STATE (object);

  g_free (self->transaction);
  g_clear_pointer (&self->writes, json_array_unref);
  g_clear_error (&self->failure);

  G_OBJECT_CLASS (imp_ledger_state_parent_class)->finalize (object);
}

static void
imp_ledger_state_class_init (ImpLedgerStateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_ledger_state_finalize;
}

static void
imp_ledger_state_init (ImpLedgerState *self)
{
}

/* For a transaction that will be leaf @sequence. */
ImpLedgerState *
imp_ledger_state_new (ImpLedgerDb *db,
                      guint64      sequence,
                      const char  *transaction,
                      gint64       time)
{
  ImpLedgerState *self = imp_ledger_state_new_query (db, time);

  g_free (self->transaction);
  self->transaction = g_strdup (transaction);
  self->sequence = sequence;
  self->writes = json_array_new ();

  return self;
}

/* Makes a state for a query at @time, in milliseconds since 1970: it has no transaction, and refuses to
 * write. @db is lent.
 */
ImpLedgerState *
imp_ledger_state_new_query (ImpLedgerDb *db,
                            gint64       time)
{
  ImpLedgerState *self = g_object_new (IMP_TYPE_LEDGER_STATE, NULL);

  self->db = db;
  self->transaction = g_strdup ("");
  self->time = time;

  return self;
}

/* What was written, as the leaf records it. */
JsonArray *
imp_ledger_state_get_writes (ImpLedgerState *self)
{
  return self->writes;
}

/* Whether the file failed under the contract, whatever the contract made of it. */
gboolean
imp_ledger_state_get_failure (ImpLedgerState  *self,
                              GError         **error)
{
  if (self->failure == NULL)
    return FALSE;

  g_propagate_error (error, g_error_copy (self->failure));
  return TRUE;
}
