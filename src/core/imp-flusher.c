/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-flusher.h"

#include <errno.h>
#include <gio/gio.h>
#include <unistd.h>

/* A smaller file is synced at once; the more often, the shorter the wait at the end. */
#define FLUSH_SIZE (2 * 1024 * 1024)

/**
 * ImpFlusher:
 *
 * Makes a file durable while it is being written.
 *
 * A single fsync at the end waits for the disk to take in everything and to empty its own cache, while
 * the processor has nothing left to do. This syncs what there is in a thread, over and over, so that
 * little is left at the end. One sync runs at a time, so a slow disk sees few and large ones.
 */
struct _ImpFlusher
{
  int       fd;
  gsize     written;  /* since the thread was told last */

  GThread  *thread;   /* (owned) (nullable): none before there is enough to do */
  GMutex    mutex;
  GCond     changed;
  gboolean  wanted;
  gboolean  ended;
  int       failure;  /* errno: the kernel tells of a lost write once, and it may be told to the thread */
};

static gpointer
flush (gpointer data)
{
  ImpFlusher *self = data;

  g_mutex_lock (&self->mutex);
  while (!self->ended)
    {
      if (self->wanted)
        {
          int failure;

          self->wanted = FALSE;
          g_mutex_unlock (&self->mutex);
          failure = fdatasync (self->fd) == 0 ? 0 : errno;
          g_mutex_lock (&self->mutex);

          if (self->failure == 0)
            self->failure = failure;
        }
      else
        g_cond_wait (&self->changed, &self->mutex);
    }
  g_mutex_unlock (&self->mutex);

  return NULL;
}

static void
join (ImpFlusher *self)
{
  if (self->thread == NULL)
    return;

  g_mutex_lock (&self->mutex);
  self->ended = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);

  g_thread_join (g_steal_pointer (&self->thread));
}

/**
 * imp_flusher_new:
 * @fd: a file that stays open as long as the flusher
 */
ImpFlusher *
imp_flusher_new (int fd)
{
  ImpFlusher *self = g_new0 (ImpFlusher, 1);

  self->fd = fd;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);

  return self;
}

/**
 * imp_flusher_free:
 * @self: (transfer full): a flusher
 *
 * Waits for the sync that is under way, ends the thread and frees @self. The file stays open: it is the
 * caller's.
 */
void
imp_flusher_free (ImpFlusher *self)
{
  join (self);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  g_free (self);
}

/**
 * imp_flusher_wrote:
 * @self: a flusher
 * @size: how many bytes were written to the file
 *
 * Tells that there is more to do. It does not wait for it.
 */
void
imp_flusher_wrote (ImpFlusher *self,
                   gsize       size)
{
  self->written += size;
  if (self->written < FLUSH_SIZE)
    return;

  self->written = 0;
  if (self->thread == NULL)
    self->thread = g_thread_new ("flush", flush, self);

  g_mutex_lock (&self->mutex);
  self->wanted = TRUE;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * imp_flusher_finish:
 * @self: a flusher
 * @error: return location for an error
 *
 * Waits until all of the file is durable.
 *
 * Returns: whether it is
 */
gboolean
imp_flusher_finish (ImpFlusher  *self,
                    GError     **error)
{
  int failure;

  join (self);
  failure = self->failure;
  if (fsync (self->fd) != 0 && failure == 0)
    failure = errno;

  if (failure == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR,
               failure == EDQUOT ? G_IO_ERROR_NO_SPACE : (int) g_io_error_from_errno (failure),
               "cannot make the bytes durable: %s", g_strerror (failure));
  return FALSE;
}
