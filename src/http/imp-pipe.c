/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-pipe.h"

/**
 * ImpPipe:
 *
 * Bytes from a writer that must not block to a reader that may: a stream with a bound.
 *
 * The writer pushes, asks whether the pipe is full, and is told by [signal@Imp.Pipe::drained], in the
 * main context in which it made the pipe, when there is room again. The reader reads it as any
 * stream: blocking in a thread, or as a pollable stream in a main loop. When the reader closes the
 * stream or lets it go, what is pushed goes nowhere and the pipe is never full.
 */
struct _ImpPipe
{
  GInputStream parent_instance;

  gsize         capacity;
  GMainContext *writer_context;  /* (owned) */

  GMutex        mutex;           /* guards all that follows */
  GCond         changed;
  GQueue        queue;           /* of GBytes, (owned) */
  gsize         head_offset;     /* bytes of the first that have been read */
  gsize         n_queued;        /* bytes */
  gboolean      ended;
  gboolean      abandoned;       /* by the reader */
  gboolean      owes_drained;    /* the writer was told that the pipe is full */
  GError       *end_error;       /* (nullable) */
  GList        *sources;         /* of GSource, not owned: each takes itself out */
};

enum {
  DRAINED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void imp_pipe_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpPipe, imp_pipe, G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      imp_pipe_pollable_init))

static gboolean
is_readable (ImpPipe *self)
{
  return self->n_queued > 0 || self->ended || self->abandoned;
}

/* With the mutex held. */
static void
wake_reader (ImpPipe *self)
{
  g_cond_broadcast (&self->changed);

  for (GList *l = self->sources; l != NULL; l = l->next)
    g_source_set_ready_time (l->data, 0);
}

static gboolean
emit_drained_cb (gpointer user_data)
{
  g_signal_emit (user_data, signals[DRAINED], 0);

  return G_SOURCE_REMOVE;
}

/* With the mutex held. Half empty, so that reader and writer do not take turns at every chunk. */
static void
check_drained (ImpPipe *self)
{
  g_autoptr(GSource) source = NULL;

  if (!self->owes_drained || (self->n_queued > self->capacity / 2 && !self->abandoned))
    return;

  self->owes_drained = FALSE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, emit_drained_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, self->writer_context);
}

static gsize
take_bytes (ImpPipe *self,
            guint8  *buffer,
            gsize    count)
{
  gsize n_taken = 0;

  while (n_taken < count && self->n_queued > 0)
    {
      GBytes *head = g_queue_peek_head (&self->queue);
      gsize size;
      const guint8 *data = g_bytes_get_data (head, &size);
      gsize n = MIN (size - self->head_offset, count - n_taken);

      memcpy (buffer + n_taken, data + self->head_offset, n);
      n_taken += n;
      self->head_offset += n;
      self->n_queued -= n;

      if (self->head_offset == size)
        {
          g_bytes_unref (g_queue_pop_head (&self->queue));
          self->head_offset = 0;
        }
    }

  return n_taken;
}

/* With the mutex held, and something to say. */
static gssize
read_now (ImpPipe  *self,
          void     *buffer,
          gsize     count,
          GError  **error)
{
  gssize n_read;

  if (self->n_queued == 0 && self->end_error != NULL)
    {
      g_propagate_error (error, g_error_copy (self->end_error));
      return -1;
    }

  n_read = take_bytes (self, buffer, count);
  check_drained (self);

  return n_read;
}

static void
cancelled_cb (GCancellable *cancellable,
              ImpPipe      *self)
{
  g_mutex_lock (&self->mutex);
  g_cond_broadcast (&self->changed);
  g_mutex_unlock (&self->mutex);
}

static gssize
imp_pipe_read (GInputStream  *stream,
               void          *buffer,
               gsize          count,
               GCancellable  *cancellable,
               GError       **error)
{
  ImpPipe *self = IMP_PIPE (stream);
  gulong handler = 0;
  gssize n_read = -1;

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), self, NULL);

  g_mutex_lock (&self->mutex);
  while (!is_readable (self) && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&self->changed, &self->mutex);
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    n_read = read_now (self, buffer, count, error);
  g_mutex_unlock (&self->mutex);

  g_cancellable_disconnect (cancellable, handler);

  return n_read;
}

static gboolean
imp_pipe_close (GInputStream  *stream,
                GCancellable  *cancellable,
                GError       **error)
{
  ImpPipe *self = IMP_PIPE (stream);

  g_mutex_lock (&self->mutex);
  self->abandoned = TRUE;
  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  self->head_offset = 0;
  self->n_queued = 0;
  wake_reader (self);
  check_drained (self);
  g_mutex_unlock (&self->mutex);

  return TRUE;
}

static gboolean
imp_pipe_is_readable (GPollableInputStream *stream)
{
  ImpPipe *self = IMP_PIPE (stream);
  gboolean readable;

  g_mutex_lock (&self->mutex);
  readable = is_readable (self);
  g_mutex_unlock (&self->mutex);

  return readable;
}

static gssize
imp_pipe_read_nonblocking (GPollableInputStream  *stream,
                           void                  *buffer,
                           gsize                  count,
                           GError               **error)
{
  ImpPipe *self = IMP_PIPE (stream);
  gssize n_read = -1;

  g_mutex_lock (&self->mutex);
  if (is_readable (self))
    n_read = read_now (self, buffer, count, error);
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "nothing to read yet");
  g_mutex_unlock (&self->mutex);

  return n_read;
}

/* A source that the pipe makes ready whenever it changes. */
typedef struct
{
  GSource  parent;
  ImpPipe *pipe;  /* (owned) */
} PipeSource;

static gboolean
pipe_source_dispatch (GSource     *source,
                      GSourceFunc  callback,
                      gpointer     user_data)
{
  g_source_set_ready_time (source, -1);

  return G_SOURCE_CONTINUE;
}

static void
pipe_source_dispose (GSource *source)
{
  ImpPipe *pipe = ((PipeSource *) source)->pipe;

  if (pipe == NULL)
    return;

  g_mutex_lock (&pipe->mutex);
  pipe->sources = g_list_remove (pipe->sources, source);
  g_mutex_unlock (&pipe->mutex);

  g_clear_object (&((PipeSource *) source)->pipe);
}

static GSourceFuncs pipe_source_funcs = {
  .dispatch = pipe_source_dispatch,
};

static GSource *
imp_pipe_create_source (GPollableInputStream *stream,
                        GCancellable         *cancellable)
{
  ImpPipe *self = IMP_PIPE (stream);
  g_autoptr(GSource) change = g_source_new (&pipe_source_funcs, sizeof (PipeSource));
  g_autoptr(GSource) cancelled = NULL;
  GSource *source;

  ((PipeSource *) change)->pipe = g_object_ref (self);
  g_source_set_dispose_function (change, pipe_source_dispose);

  g_mutex_lock (&self->mutex);
  self->sources = g_list_prepend (self->sources, change);
  if (is_readable (self))
    g_source_set_ready_time (change, 0);
  g_mutex_unlock (&self->mutex);

  source = g_pollable_source_new (G_OBJECT (self));
  g_source_add_child_source (source, change);

  if (cancellable != NULL)
    {
      cancelled = g_cancellable_source_new (cancellable);
      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (source, cancelled);
    }

  return source;
}

static void
imp_pipe_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = imp_pipe_is_readable;
  iface->read_nonblocking = imp_pipe_read_nonblocking;
  iface->create_source = imp_pipe_create_source;
}

static void
imp_pipe_finalize (GObject *object)
{
  ImpPipe *self = IMP_PIPE (object);

  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  g_clear_error (&self->end_error);
  g_main_context_unref (self->writer_context);
  g_cond_clear (&self->changed);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (imp_pipe_parent_class)->finalize (object);
}

static void
imp_pipe_class_init (ImpPipeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  object_class->finalize = imp_pipe_finalize;
  stream_class->read_fn = imp_pipe_read;
  stream_class->close_fn = imp_pipe_close;

  /**
   * ImpPipe::drained:
   * @self: the pipe
   *
   * There is room again in a pipe that was full. Comes in the main context in which the pipe was
   * made.
   */
  signals[DRAINED] =
    g_signal_new ("drained", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
imp_pipe_init (ImpPipe *self)
{
  g_mutex_init (&self->mutex);
  g_cond_init (&self->changed);
  g_queue_init (&self->queue);
  self->writer_context = g_main_context_ref_thread_default ();
}

/**
 * imp_pipe_new:
 * @capacity: how many bytes make it full
 *
 * Makes an empty pipe.
 *
 * Returns: (transfer full): a stream for the reader
 */
ImpPipe *
imp_pipe_new (gsize capacity)
{
  ImpPipe *self;

  g_return_val_if_fail (capacity > 0, NULL);

  self = g_object_new (IMP_TYPE_PIPE, NULL);
  self->capacity = capacity;

  return self;
}

/**
 * imp_pipe_push:
 * @self: a pipe that has not ended
 * @bytes: what comes next
 *
 * Writes to the pipe. It takes everything, full or not: the bound is kept by the writer, who has
 * the bytes already when it asks.
 */
void
imp_pipe_push (ImpPipe *self,
               GBytes  *bytes)
{
  g_return_if_fail (IMP_IS_PIPE (self));
  g_return_if_fail (bytes != NULL);

  g_mutex_lock (&self->mutex);
  if (self->ended)
    g_critical ("a pipe was written to after its end");
  else if (!self->abandoned && g_bytes_get_size (bytes) > 0)
    {
      g_queue_push_tail (&self->queue, g_bytes_ref (bytes));
      self->n_queued += g_bytes_get_size (bytes);
      wake_reader (self);
    }
  g_mutex_unlock (&self->mutex);
}

/**
 * imp_pipe_is_full:
 * @self: a pipe
 *
 * Asks whether the writer should wait. If so, [signal@Imp.Pipe::drained] will come.
 *
 * Returns: whether as many bytes as fit wait for the reader
 */
gboolean
imp_pipe_is_full (ImpPipe *self)
{
  gboolean full;

  g_return_val_if_fail (IMP_IS_PIPE (self), FALSE);

  g_mutex_lock (&self->mutex);
  full = self->n_queued >= self->capacity;
  if (full)
    self->owes_drained = TRUE;
  g_mutex_unlock (&self->mutex);

  return full;
}

/**
 * imp_pipe_end:
 * @self: a pipe
 * @error: (nullable): why it ends too early
 *
 * Ends what is written. The reader gets what is still in the pipe, then the end, or @error. To end
 * again changes nothing.
 */
void
imp_pipe_end (ImpPipe      *self,
              const GError *error)
{
  g_return_if_fail (IMP_IS_PIPE (self));

  g_mutex_lock (&self->mutex);
  if (!self->ended)
    {
      self->ended = TRUE;
      self->end_error = error != NULL ? g_error_copy (error) : NULL;
      wake_reader (self);
    }
  g_mutex_unlock (&self->mutex);
}
