/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-readers-private.h"

/* Opening costs more than a look-up, and a connection keeps its page cache, so a few are kept. */
#define MAX_IDLE 4

struct _ImpLedgerReaders
{
  char      *path;  /* (owned) */
  GMutex     lock;  /* guards idle */
  GPtrArray *idle;  /* (owned) */
};

/* Makes a pool of connections to the file at @path. None is opened before it is asked for. */
ImpLedgerReaders *
imp_ledger_readers_new (const char *path)
{
  ImpLedgerReaders *self = g_new0 (ImpLedgerReaders, 1);

  self->path = g_strdup (path);
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_ledger_db_close);
  g_mutex_init (&self->lock);

  return self;
}

/* Closes the idle connections. All that were lent have been given back by now. */
void
imp_ledger_readers_free (ImpLedgerReaders *self)
{
  g_ptr_array_unref (self->idle);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

static ImpLedgerDb *
take_idle (ImpLedgerReaders *self)
{
  ImpLedgerDb *db = NULL;

  g_mutex_lock (&self->lock);
  if (self->idle->len > 0)
    db = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  g_mutex_unlock (&self->lock);

  return db;
}

/* Lends a connection on which a read transaction has begun, so that all that is read with it is of
 * one moment. @cancellable interrupts it.
 */
ImpLedgerDb *
imp_ledger_readers_take (ImpLedgerReaders  *self,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_autoptr(ImpLedgerDb) db = NULL;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  db = take_idle (self);
  if (db == NULL)
    db = imp_ledger_db_open_reader (self->path, error);

  if (db == NULL || !imp_ledger_db_execute (db, "BEGIN", error))
    return NULL;

  imp_ledger_db_set_cancellable (db, cancellable);
  return g_steal_pointer (&db);
}

/* Takes back a connection that was lent, and ends its read transaction; it is closed if enough others
 * are idle.
 */
void
imp_ledger_readers_give (ImpLedgerReaders *self,
                         ImpLedgerDb      *db)
{
  imp_ledger_db_set_cancellable (db, NULL);
  imp_ledger_db_roll_back (db);

  g_mutex_lock (&self->lock);
  if (self->idle->len < MAX_IDLE)
    g_ptr_array_add (self->idle, g_steal_pointer (&db));
  g_mutex_unlock (&self->lock);

  g_clear_pointer (&db, imp_ledger_db_close);
}
