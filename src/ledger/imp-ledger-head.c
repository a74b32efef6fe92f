/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-head-private.h"

/* Readers ask for a head that was signed within the last minute, so half of that is left them. */
#define MAX_AGE (30 * 1000)

struct _ImpLedgerHead
{
  char          *origin;      /* (owned) */
  ImpKey        *log_key;     /* (owned) */
  char          *verifier;    /* (owned) */

  GMutex         lock;        /* guards what follows */
  ImpCheckpoint *checkpoint;  /* (nullable) (owned) */
  gint64         signed_at;
  gint64         last_time;   /* of the newest transaction; -1 none */
};

/* Makes a head without a checkpoint; imp_ledger_head_set() gives it the first one. @log_key signs for
 * @origin.
 */
ImpLedgerHead *
imp_ledger_head_new (const char *origin,
                     ImpKey     *log_key)
{
  ImpLedgerHead *self = g_new0 (ImpLedgerHead, 1);

  self->origin = g_strdup (origin);
  self->log_key = g_object_ref (log_key);
  self->verifier = imp_note_verifier_key (origin, log_key);
  self->last_time = -1;
  g_mutex_init (&self->lock);

  return self;
}

/* Frees the head. Checkpoints that were given out stay. */
void
imp_ledger_head_free (ImpLedgerHead *self)
{
  g_free (self->origin);
  g_free (self->verifier);
  g_clear_object (&self->log_key);
  g_clear_object (&self->checkpoint);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* Signs a tree of @size leaves as of @now, in milliseconds since 1970. It is not the head before
 * imp_ledger_head_set().
 */
ImpCheckpoint *
imp_ledger_head_sign (ImpLedgerHead  *self,
                      guint64         size,
                      const ImpHash  *root,
                      gint64          now,
                      GError        **error)
{
  return imp_checkpoint_new_signed (self->origin, size, root, self->log_key, now, error);
}

/* @checkpoint is durable now, and everyone may see it. */
void
imp_ledger_head_set (ImpLedgerHead *self,
                     ImpCheckpoint *checkpoint,
                     gint64         signed_at,
                     gint64         last_time)
{
  g_mutex_lock (&self->lock);
  g_set_object (&self->checkpoint, checkpoint);
  self->signed_at = signed_at;
  self->last_time = last_time;
  g_mutex_unlock (&self->lock);
}

/* The verifier key (C2SP signed-note) that readers know the log by; lent by @self and never changed. */
const char *
imp_ledger_head_get_log_key (ImpLedgerHead *self)
{
  return self->verifier;
}

/* How many leaves everyone may see, and when the newest was made: milliseconds since 1970, -1 if there
 * is none.
 */
guint64
imp_ledger_head_get_size (ImpLedgerHead *self,
                          gint64        *last_time)
{
  guint64 size;

  g_mutex_lock (&self->lock);
  size = imp_checkpoint_get_size (self->checkpoint);
  if (last_time != NULL)
    *last_time = self->last_time;
  g_mutex_unlock (&self->lock);

  return size;
}

/* An old signature says nothing about now, so the same head is signed again. That is not written
 * down: opening the ledger signs anew anyway. A clock that was set back counts as old, too.
 */
static gboolean
refresh (ImpLedgerHead  *self,
         gint64          now,
         GError        **error)
{
  g_autoptr(ImpCheckpoint) checkpoint = NULL;

  if (now >= self->signed_at && now - self->signed_at < MAX_AGE)
    return TRUE;

  checkpoint = imp_ledger_head_sign (self, imp_checkpoint_get_size (self->checkpoint),
                                     imp_checkpoint_get_root (self->checkpoint), now, error);
  if (checkpoint == NULL)
    return FALSE;

  g_set_object (&self->checkpoint, checkpoint);
  self->signed_at = now;
  return TRUE;
}

/* A reference to the checkpoint that everyone may see, signed again where its time is too old by @now.
 * Any thread may ask.
 */
ImpCheckpoint *
imp_ledger_head_get_checkpoint (ImpLedgerHead  *self,
                                gint64          now,
                                GError        **error)
{
  ImpCheckpoint *checkpoint = NULL;

  g_mutex_lock (&self->lock);
  if (refresh (self, now, error))
    checkpoint = g_object_ref (self->checkpoint);
  g_mutex_unlock (&self->lock);

  return checkpoint;
}
