/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-digest-thread.h"

#include "imp-thread.h"

/* Enough that a write which waits for the disk does not leave the digest idle, and few enough that
 * they stay in the processor's cache.
 */
#define N_BUFFERS 4

/**
 * ImpDigestThread:
 *
 * A digest that is computed beside what else is done with the bytes.
 *
 * SHA-384 is the dearest thing that is done to a payload; in a thread of its own it costs no time
 * while the same bytes are read, written and cut into blocks. The bytes lie in a ring of buffers that
 * the caller fills one after the other, so that none is copied and memory does not grow.
 */
struct _ImpDigestThread
{
  GThread   *thread;  /* (owned) (nullable) */
  ImpDigest *digest;  /* (owned) */

  guint8    *buffers;
  gsize      buffer_size;

  GMutex     mutex;
  GCond      changed;
  gsize      sizes[N_BUFFERS];
  guint64    n_pushed;
  guint64    n_hashed;
  gboolean   ended;
  gboolean   abandoned;
};

static gboolean
wait_for_buffer (ImpDigestThread *self)
{
  while (self->n_hashed == self->n_pushed && !self->ended)
    g_cond_wait (&self->changed, &self->mutex);

  return self->n_hashed < self->n_pushed && !self->abandoned;
}

static gpointer
hash_buffers (gpointer data)
{
  ImpDigestThread *self = data;

  imp_thread_give_way ();
  g_mutex_lock (&self->mutex);
  while (wait_for_buffer (self))
    {
      guint slot = self->n_hashed % N_BUFFERS;
      gsize size = self->sizes[slot];

      g_mutex_unlock (&self->mutex);
      imp_digest_update (self->digest, self->buffers + slot * self->buffer_size, size);
      g_mutex_lock (&self->mutex);

      self->n_hashed++;
      g_cond_signal (&self->changed);
    }
  g_mutex_unlock (&self->mutex);

  return NULL;
}

static void
join (ImpDigestThread *self,
      gboolean         abandon)
{
  if (self->thread == NULL)
    return;

  g_mutex_lock (&self->mutex);
  self->ended = TRUE;
  self->abandoned = abandon;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);

  g_thread_join (g_steal_pointer (&self->thread));
}

/**
 * imp_digest_thread_new:
 * @type: what to compute
 * @buffer_size: bytes of each buffer
 *
 * Starts a thread that waits for bytes.
 */
ImpDigestThread *
imp_digest_thread_new (ImpDigestType type,
                       gsize         buffer_size)
{
  ImpDigestThread *self;

  g_return_val_if_fail (buffer_size > 0, NULL);

  self = g_new0 (ImpDigestThread, 1);
  self->digest = imp_digest_new (type);
  self->buffer_size = buffer_size;
  self->buffers = g_aligned_alloc (N_BUFFERS, buffer_size, 64);
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  self->thread = g_thread_new ("digest", hash_buffers, self);

  return self;
}

/**
 * imp_digest_thread_free:
 * @self: (transfer full): a digest in a thread
 *
 * Ends the thread if it runs, without hashing what is still in the ring, waits for it, and frees what
 * there is.
 */
void
imp_digest_thread_free (ImpDigestThread *self)
{
  join (self, TRUE);

  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->changed);
  imp_digest_free (self->digest);
  g_aligned_free (self->buffers);
  g_free (self);
}

/**
 * imp_digest_thread_get_buffer:
 * @self: a digest thread
 *
 * Lends the next buffer to be filled, waiting until what was in it before is hashed.
 *
 * The buffers lent before must not be looked at any more.
 *
 * Returns: (transfer none): room for as many bytes as [func@Imp.digest_thread_new] was told
 */
guint8 *
imp_digest_thread_get_buffer (ImpDigestThread *self)
{
  guint slot;

  g_return_val_if_fail (self->thread != NULL, NULL);

  g_mutex_lock (&self->mutex);
  while (self->n_pushed - self->n_hashed == N_BUFFERS)
    g_cond_wait (&self->changed, &self->mutex);
  slot = self->n_pushed % N_BUFFERS;
  g_mutex_unlock (&self->mutex);

  return self->buffers + slot * self->buffer_size;
}

/**
 * imp_digest_thread_push:
 * @self: a digest thread
 * @size: how many bytes were put in the buffer that was lent last
 *
 * Has the buffer hashed. It can still be read, until the next one is asked for.
 */
void
imp_digest_thread_push (ImpDigestThread *self,
                        gsize            size)
{
  g_return_if_fail (self->thread != NULL);
  g_return_if_fail (size <= self->buffer_size);

  g_mutex_lock (&self->mutex);
  self->sizes[self->n_pushed % N_BUFFERS] = size;
  self->n_pushed++;
  g_cond_signal (&self->changed);
  g_mutex_unlock (&self->mutex);
}

/**
 * imp_digest_thread_finish_hex:
 * @self: a digest thread
 *
 * Waits until all that was pushed is hashed, and ends the thread.
 *
 * Returns: (transfer full): the digest in hex
 */
char *
imp_digest_thread_finish_hex (ImpDigestThread *self)
{
  g_return_val_if_fail (self->thread != NULL, NULL);

  join (self, FALSE);

  return imp_digest_finish_hex (self->digest);
}
