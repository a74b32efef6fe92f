/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-multipart-stream.h"

#include <string.h>

#include "imp-multipart-segment.h"

/**
 * ImpMultipartStream:
 *
 * A multipart/form-data body as a stream that is never whole in memory.
 *
 * Parts are texts, or streams that are read when their turn comes. A late part is made when the
 * reading comes to it, so that its text may depend on what went before, such as a signature over a
 * digest that was computed while the payload passed; only its length is promised beforehand.
 */
struct _ImpMultipartStream
{
  GInputStream parent_instance;

  char      *boundary;
  GPtrArray *segments;    /* (owned) (element-type ImpMultipartSegment) */
  guint      current;     /* index of a segment */
  gboolean   complete;    /* the last boundary is there */

  guint8    *buffer;      /* (nullable) what a thread read ahead for read_async */
  gsize      buffer_start;
  gsize      buffer_end;
};

/* libsoup asks for 8 KiB at a time; a thread is worth its while only for more. */
#define BUFFER_SIZE (256 * 1024)

G_DEFINE_FINAL_TYPE (ImpMultipartStream, imp_multipart_stream, G_TYPE_INPUT_STREAM)

static void
add_segment (ImpMultipartStream  *self,
             ImpMultipartSegment *segment)
{
  g_ptr_array_add (self->segments, segment);
}

static void
add_text (ImpMultipartStream *self,
          char               *text)
{
  add_segment (self, imp_multipart_segment_new_text (text));
}

/* What would end a quoted string or a line, as the WHATWG’s form submission writes it; and the
 * backslash, which readers understand in more than one way.
 */
static char *
escape_name (const char *name)
{
  g_autoptr(GString) escaped = g_string_new (NULL);

  for (; *name != '\0'; name++)
    {
      if (strchr ("\"\\\r\n", *name) != NULL)
        g_string_append_printf (escaped, "%%%02X", (guchar) *name);
      else
        g_string_append_c (escaped, *name);
    }

  return g_string_free (g_steal_pointer (&escaped), FALSE);
}

static void
add_headers (ImpMultipartStream *self,
             const char         *name,
             const char         *file_name)
{
  g_autoptr(GString) headers = g_string_new (NULL);
  g_autofree char *escaped_name = escape_name (name);

  g_string_append_printf (headers, "%s--%s\r\nContent-Disposition: form-data; name=\"%s\"",
                          self->segments->len > 0 ? "\r\n" : "", self->boundary, escaped_name);

  if (file_name != NULL)
    {
      g_autofree char *escaped_file_name = escape_name (file_name);

      g_string_append_printf (headers, "; filename=\"%s\"\r\nContent-Type: application/octet-stream",
                              escaped_file_name);
    }

  g_string_append (headers, "\r\n\r\n");
  add_text (self, g_string_free (g_steal_pointer (&headers), FALSE));
}

static void
complete (ImpMultipartStream *self)
{
  if (self->complete)
    return;

  add_text (self, g_strdup_printf ("%s--%s--\r\n", self->segments->len > 0 ? "\r\n" : "",
                                   self->boundary));
  self->complete = TRUE;
}

/* The segment that is read now, NULL at the end of the body. */
static ImpMultipartSegment *
get_current (ImpMultipartStream *self)
{
  while (self->current < self->segments->len &&
         imp_multipart_segment_has_ended (g_ptr_array_index (self->segments, self->current)))
    self->current++;

  return self->current < self->segments->len ? g_ptr_array_index (self->segments, self->current) : NULL;
}

/* Gives 0 only at the end of the body. */
static gssize
read_segments (ImpMultipartStream  *self,
               guint8              *buffer,
               gsize                count,
               GCancellable        *cancellable,
               GError             **error)
{
  ImpMultipartSegment *segment;
  gssize n_read = 0;

  while (n_read == 0 && (segment = get_current (self)) != NULL)
    n_read = imp_multipart_segment_read (segment, buffer, count, TRUE, cancellable, error);

  return n_read;
}

static gsize
take_buffered (ImpMultipartStream *self,
               void               *buffer,
               gsize               count)
{
  gsize n = MIN (count, self->buffer_end - self->buffer_start);

  if (n > 0)
    memcpy (buffer, self->buffer + self->buffer_start, n);
  self->buffer_start += n;

  return n;
}

static gssize
imp_multipart_stream_read (GInputStream  *stream,
                           void          *buffer,
                           gsize          count,
                           GCancellable  *cancellable,
                           GError       **error)
{
  ImpMultipartStream *self = IMP_MULTIPART_STREAM (stream);
  gsize n_buffered = take_buffered (self, buffer, count);

  complete (self);

  if (n_buffered > 0)
    return n_buffered;

  return read_segments (self, buffer, count, cancellable, error);
}

typedef struct
{
  void  *buffer;
  gsize  count;
} ReadRequest;

static void
fill_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  ImpMultipartStream *self = source_object;
  ReadRequest *request = task_data;
  g_autoptr(GError) error = NULL;
  gssize n_read;

  if (self->buffer == NULL)
    self->buffer = g_malloc (BUFFER_SIZE);

  n_read = read_segments (self, self->buffer, BUFFER_SIZE, cancellable, &error);
  if (n_read < 0)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->buffer_start = 0;
  self->buffer_end = n_read;
  g_task_return_int (task, take_buffered (self, request->buffer, request->count));
}

static void read_without_blocking (GTask *task);

static gboolean
readable_cb (GObject  *pollable,
             gpointer  user_data)
{
  read_without_blocking (g_object_ref (user_data));

  return G_SOURCE_REMOVE;
}

static void
wait_until_readable (GTask                *task,
                     GPollableInputStream *stream)
{
  g_autoptr(GSource) source =
    g_pollable_input_stream_create_source (stream, g_task_get_cancellable (task));

  g_task_attach_source (task, source, G_SOURCE_FUNC (readable_cb));
  g_object_unref (task);
}

/* Takes over @task. */
static void
read_without_blocking (GTask *task)
{
  g_autoptr(GTask) owned_task = task;
  ImpMultipartStream *self = g_task_get_source_object (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  ReadRequest *request = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  ImpMultipartSegment *segment;
  gssize n_read = 0;

  while (n_read == 0 && (segment = get_current (self)) != NULL)
    {
      if (imp_multipart_segment_needs_thread (segment))
        {
          g_task_run_in_thread (task, fill_thread);
          return;
        }

      n_read = imp_multipart_segment_read (segment, request->buffer, request->count, FALSE, cancellable, &error);
    }

  if (n_read >= 0)
    g_task_return_int (task, n_read);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    wait_until_readable (g_steal_pointer (&owned_task), imp_multipart_segment_get_pollable (segment));
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* libsoup reads a body in small pieces, for each of which GIO would go to a thread and back. So a
 * thread reads ahead where one is needed, and none is asked where a main loop can wait.
 */
static void
imp_multipart_stream_read_async (GInputStream        *stream,
                                 void                *buffer,
                                 gsize                count,
                                 int                  io_priority,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  ImpMultipartStream *self = IMP_MULTIPART_STREAM (stream);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  ReadRequest *request = g_new (ReadRequest, 1);
  gsize n_buffered;

  *request = (ReadRequest) { buffer, count };
  g_task_set_source_tag (task, imp_multipart_stream_read_async);
  g_task_set_priority (task, io_priority);
  g_task_set_task_data (task, request, g_free);

  complete (self);

  n_buffered = take_buffered (self, buffer, count);
  if (n_buffered > 0)
    g_task_return_int (task, n_buffered);
  else
    read_without_blocking (g_steal_pointer (&task));
}

static gssize
imp_multipart_stream_read_finish (GInputStream  *stream,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, stream), -1);

  return g_task_propagate_int (G_TASK (result), error);
}

/* Whoever writes into a part learns so that nobody reads on. */
static gboolean
imp_multipart_stream_close (GInputStream  *stream,
                            GCancellable  *cancellable,
                            GError       **error)
{
  ImpMultipartStream *self = IMP_MULTIPART_STREAM (stream);
  gboolean closed = TRUE;

  for (guint i = 0; i < self->segments->len; i++)
    {
      if (!imp_multipart_segment_close (g_ptr_array_index (self->segments, i), cancellable, closed ? error : NULL))
        closed = FALSE;
    }

  return closed;
}

static void
imp_multipart_stream_finalize (GObject *object)
{
  ImpMultipartStream *self = IMP_MULTIPART_STREAM (object);

  g_ptr_array_unref (self->segments);
  g_free (self->boundary);
  g_free (self->buffer);

  G_OBJECT_CLASS (imp_multipart_stream_parent_class)->finalize (object);
}

static void
imp_multipart_stream_class_init (ImpMultipartStreamClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GInputStreamClass *stream_class = G_INPUT_STREAM_CLASS (klass);

  object_class->finalize = imp_multipart_stream_finalize;
  stream_class->read_fn = imp_multipart_stream_read;
  stream_class->read_async = imp_multipart_stream_read_async;
  stream_class->read_finish = imp_multipart_stream_read_finish;
  stream_class->close_fn = imp_multipart_stream_close;
}

static void
imp_multipart_stream_init (ImpMultipartStream *self)
{
  g_autofree char *random = g_uuid_string_random ();

  self->boundary = g_strconcat ("imprimatur-", random, NULL);
  self->segments = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_multipart_segment_free);
}

/**
 * imp_multipart_stream_new:
 *
 * Makes a body without parts, with a boundary of its own.
 *
 * Returns: (transfer full): the stream
 */
ImpMultipartStream *
imp_multipart_stream_new (void)
{
  return g_object_new (IMP_TYPE_MULTIPART_STREAM, NULL);
}

/**
 * imp_multipart_stream_add_text:
 * @self: a stream from which nothing has been read yet
 * @name: the part’s name
 * @text: its content
 *
 * Adds an ordinary field.
 */
void
imp_multipart_stream_add_text (ImpMultipartStream *self,
                               const char         *name,
                               const char         *text)
{
  g_return_if_fail (IMP_IS_MULTIPART_STREAM (self));
  g_return_if_fail (!self->complete);
  g_return_if_fail (name != NULL);
  g_return_if_fail (text != NULL);

  add_headers (self, name, NULL);
  add_text (self, g_strdup (text));
}

/**
 * imp_multipart_stream_add_stream:
 * @self: a stream from which nothing has been read yet
 * @name: the part’s name
 * @file_name: (nullable): what the file is called, if it is one
 * @stream: its content, which is closed with @self
 * @length: how long it is, or -1 if that is not known
 *
 * Adds a part that is read when its turn comes. If it turns out longer or shorter than @length, the
 * reading fails.
 */
void
imp_multipart_stream_add_stream (ImpMultipartStream *self,
                                 const char         *name,
                                 const char         *file_name,
                                 GInputStream       *stream,
                                 goffset             length)
{
  g_return_if_fail (IMP_IS_MULTIPART_STREAM (self));
  g_return_if_fail (!self->complete);
  g_return_if_fail (name != NULL);
  g_return_if_fail (G_IS_INPUT_STREAM (stream));
  g_return_if_fail (length >= -1);

  add_headers (self, name, file_name);
  add_segment (self, imp_multipart_segment_new_stream (stream, length));
}

/**
 * imp_multipart_stream_add_late:
 * @self: a stream from which nothing has been read yet
 * @name: the part’s name
 * @length: how long it will be
 * @func: (scope notified): makes the content; in whatever thread reads @self
 * @user_data: data for @func
 * @destroy: (nullable): frees @user_data
 *
 * Adds a part that is made when everything before it has been read. If @func gives more or fewer
 * bytes than @length, the reading fails.
 */
void
imp_multipart_stream_add_late (ImpMultipartStream   *self,
                               const char           *name,
                               gsize                 length,
                               ImpMultipartLateFunc  func,
                               gpointer              user_data,
                               GDestroyNotify        destroy)
{
  g_return_if_fail (IMP_IS_MULTIPART_STREAM (self));
  g_return_if_fail (!self->complete);
  g_return_if_fail (name != NULL);
  g_return_if_fail (func != NULL);

  add_headers (self, name, NULL);
  add_segment (self, imp_multipart_segment_new_late (length, func, user_data, destroy));
}

/**
 * imp_multipart_stream_dup_content_type:
 * @self: a stream
 *
 * Returns: (transfer full): the Content-Type header for the body
 */
char *
imp_multipart_stream_dup_content_type (ImpMultipartStream *self)
{
  g_return_val_if_fail (IMP_IS_MULTIPART_STREAM (self), NULL);

  return g_strdup_printf ("multipart/form-data; boundary=%s", self->boundary);
}

/**
 * imp_multipart_stream_get_length:
 * @self: a stream that has all its parts
 *
 * Adds up the whole body. No part can be added afterwards.
 *
 * Returns: bytes, or -1 if the length of a part is not known, for a body that is sent in chunks
 */
goffset
imp_multipart_stream_get_length (ImpMultipartStream *self)
{
  goffset length = 0;

  g_return_val_if_fail (IMP_IS_MULTIPART_STREAM (self), -1);

  complete (self);

  for (guint i = 0; i < self->segments->len; i++)
    {
      goffset segment_length = imp_multipart_segment_get_length (g_ptr_array_index (self->segments, i));

      if (segment_length < 0)
        return -1;
      length += segment_length;
    }

  return length;
}
