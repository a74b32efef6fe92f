/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-multipart-segment.h"

#include <string.h>

/* A run of bytes of a multipart body: bytes that are there, a stream, or a promise. Each is read once, from its
 * beginning to its end.
 *
 * Where a length was announced it has been sent already, so neither less nor more may come.
 */
struct _ImpMultipartSegment
{
  GBytes               *bytes;      /* (owned) (nullable) */
  GInputStream         *stream;     /* (owned) (nullable) */
  ImpMultipartLateFunc  late_func;  /* (nullable) until bytes are there */
  gpointer              user_data;
  GDestroyNotify        destroy;
  goffset               length;     /* -1 if it is not known */
  goffset               n_done;
  gboolean              ended;
};

static ImpMultipartSegment *
new_segment (goffset length)
{
  ImpMultipartSegment *self = g_new0 (ImpMultipartSegment, 1);

  self->length = length;

  return self;
}

/**
 * imp_multipart_segment_new_text:
 * @text: (transfer full): what it says
 *
 * Returns: (transfer full): a segment of bytes that are there
 */
ImpMultipartSegment *
imp_multipart_segment_new_text (char *text)
{
  gsize length = strlen (text);
  ImpMultipartSegment *self = new_segment (length);

  self->bytes = g_bytes_new_take (text, length);

  return self;
}

/**
 * imp_multipart_segment_new_stream:
 * @stream: where the bytes come from
 * @length: how many, or -1 if that is not known
 *
 * Returns: (transfer full): a segment that is read when its turn comes
 */
ImpMultipartSegment *
imp_multipart_segment_new_stream (GInputStream *stream,
                                  goffset       length)
{
  ImpMultipartSegment *self = new_segment (length);

  self->stream = g_object_ref (stream);

  return self;
}

/**
 * imp_multipart_segment_new_late:
 * @length: how many bytes it will have
 * @func: (scope notified): makes them, in whatever thread reads
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Returns: (transfer full): a segment that is made when its turn comes
 */
ImpMultipartSegment *
imp_multipart_segment_new_late (gsize                length,
                                ImpMultipartLateFunc func,
                                gpointer             user_data,
                                GDestroyNotify       destroy)
{
  ImpMultipartSegment *self = new_segment (length);

  self->late_func = func;
  self->user_data = user_data;
  self->destroy = destroy;

  return self;
}

/**
 * imp_multipart_segment_free:
 * @self: (transfer full): a segment, not `NULL`
 *
 * Frees a segment, its stream and the data of its function.
 */
void
imp_multipart_segment_free (ImpMultipartSegment *self)
{
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_object (&self->stream);
  if (self->destroy != NULL)
    self->destroy (self->user_data);
  g_free (self);
}

/**
 * imp_multipart_segment_get_length:
 * @self: a segment
 *
 * Returns: how many bytes it has, or -1 if that is not known
 */
goffset
imp_multipart_segment_get_length (ImpMultipartSegment *self)
{
  return self->length;
}

/**
 * imp_multipart_segment_has_ended:
 * @self: a segment
 *
 * Returns: whether all of it has been read
 */
gboolean
imp_multipart_segment_has_ended (ImpMultipartSegment *self)
{
  return self->ended;
}

/**
 * imp_multipart_segment_get_pollable:
 * @self: a segment
 *
 * Returns: (transfer none) (nullable): the stream behind it, if a main loop can wait for it
 */
GPollableInputStream *
imp_multipart_segment_get_pollable (ImpMultipartSegment *self)
{
  if (!G_IS_POLLABLE_INPUT_STREAM (self->stream) ||
      !g_pollable_input_stream_can_poll (G_POLLABLE_INPUT_STREAM (self->stream)))
    return NULL;

  return G_POLLABLE_INPUT_STREAM (self->stream);
}

/**
 * imp_multipart_segment_needs_thread:
 * @self: a segment
 *
 * Bytes are here already; a late part may be slow to make.
 *
 * Returns: whether it may take its time in a way that only a thread can wait for
 */
gboolean
imp_multipart_segment_needs_thread (ImpMultipartSegment *self)
{
  return self->bytes == NULL && imp_multipart_segment_get_pollable (self) == NULL;
}

/* From here on a late part is a part like any other. */
static gboolean
make_late_part (ImpMultipartSegment  *self,
                GError              **error)
{
  g_autoptr(GBytes) bytes = self->late_func (self->user_data, error);

  if (bytes == NULL)
    return FALSE;

  if ((goffset) g_bytes_get_size (bytes) != self->length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "a part has %" G_GSIZE_FORMAT " bytes, but %" G_GOFFSET_FORMAT
                   " were announced", g_bytes_get_size (bytes), self->length);
      return FALSE;
    }

  self->bytes = g_steal_pointer (&bytes);

  return TRUE;
}

static gsize
copy_bytes (ImpMultipartSegment *self,
            guint8              *buffer,
            gsize                count)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (self->bytes, &size);
  gsize n = MIN (count, size - (gsize) self->n_done);

  if (n > 0)
    memcpy (buffer, data + self->n_done, n);

  self->n_done += n;
  if (self->n_done == (goffset) size)
    self->ended = TRUE;

  return n;
}

/* A stream may give neither less nor more than was announced: the length has been sent already. */
static gssize
check_stream (ImpMultipartSegment  *self,
              gssize                n_read,
              GError              **error)
{
  if (n_read < 0 || self->length < 0)
    return n_read;

  if (n_read == 0 && self->n_done < self->length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                   "a part ends after %" G_GOFFSET_FORMAT " of %" G_GOFFSET_FORMAT " bytes",
                   self->n_done, self->length);
      return -1;
    }

  if (self->n_done + n_read > self->length)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "a part is longer than the %" G_GOFFSET_FORMAT " bytes that were announced",
                   self->length);
      return -1;
    }

  return n_read;
}

static gssize
read_stream (ImpMultipartSegment  *self,
             guint8               *buffer,
             gsize                 count,
             gboolean              blocking,
             GCancellable         *cancellable,
             GError              **error)
{
  gssize n_read = g_pollable_stream_read (self->stream, buffer, count, blocking, cancellable,
                                          error);

  n_read = check_stream (self, n_read, error);
  if (n_read == 0)
    self->ended = TRUE;
  else if (n_read > 0)
    self->n_done += n_read;

  return n_read;
}

/**
 * imp_multipart_segment_read:
 * @self: a segment that has not ended
 * @buffer: room for bytes
 * @count: how many at most
 * @blocking: whether to wait for them
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads on.
 *
 * Returns: how many bytes were read, 0 at the end of the segment or -1 with @error set
 */
gssize
imp_multipart_segment_read (ImpMultipartSegment  *self,
                            guint8               *buffer,
                            gsize                 count,
                            gboolean              blocking,
                            GCancellable         *cancellable,
                            GError              **error)
{
  if (self->stream != NULL)
    return read_stream (self, buffer, count, blocking, cancellable, error);

  if (self->bytes == NULL && !make_late_part (self, error))
    return -1;

  return copy_bytes (self, buffer, count);
}

/**
 * imp_multipart_segment_close:
 * @self: a segment
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Closes the stream that a segment reads from, if it has one.
 *
 * Returns: whether it could be closed
 */
gboolean
imp_multipart_segment_close (ImpMultipartSegment  *self,
                             GCancellable         *cancellable,
                             GError              **error)
{
  return self->stream == NULL || g_input_stream_close (self->stream, cancellable, error);
}
