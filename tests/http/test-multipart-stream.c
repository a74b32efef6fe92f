/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-error.h"
#include "imp-multipart-reader.h"
#include "imp-multipart-stream.h"
#include "imp-pipe.h"

/* Every stream is read both ways that there are. */
typedef enum
{
  BLOCKING,
  ASYNC,
} Way;

typedef struct
{
  char    buffer[8192];
  gssize  n_read;
  GError *error;
  gboolean done;
} Reading;

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Reading *reading = user_data;

  reading->n_read = g_input_stream_read_finish (G_INPUT_STREAM (object), result, &reading->error);
  reading->done = TRUE;
}

static void
read_piece (GInputStream *stream,
            Way           way,
            Reading      *reading)
{
  if (way == BLOCKING)
    {
      reading->n_read = g_input_stream_read (stream, reading->buffer, sizeof reading->buffer, NULL,
                                             &reading->error);
      return;
    }

  reading->done = FALSE;
  g_input_stream_read_async (stream, reading->buffer, sizeof reading->buffer, G_PRIORITY_DEFAULT,
                             NULL, read_cb, reading);
  while (!reading->done)
    g_main_context_iteration (NULL, TRUE);
}

static GString *
read_all (ImpMultipartStream  *stream,
          Way                  way,
          GError             **error)
{
  g_autoptr(GString) body = g_string_new (NULL);
  Reading reading = { .n_read = 1 };

  while (reading.n_read > 0)
    {
      read_piece (G_INPUT_STREAM (stream), way, &reading);
      if (reading.n_read > 0)
        g_string_append_len (body, reading.buffer, reading.n_read);
    }

  if (reading.n_read == 0)
    return g_steal_pointer (&body);

  g_propagate_error (error, reading.error);

  return NULL;
}

static GString *
read_good (ImpMultipartStream *stream,
           Way                 way)
{
  g_autoptr(GError) error = NULL;
  GString *body = read_all (stream, way, &error);

  g_assert_no_error (error);

  return body;
}

static gboolean
begin_part (const char  *name,
            const char  *file_name,
            const char  *content_type,
            gpointer     user_data,
            GError     **error)
{
  g_string_append_printf (user_data, "<%s|%s|%s:", name, file_name != NULL ? file_name : "-",
                          content_type != NULL ? content_type : "-");

  return TRUE;
}

static gboolean
part_data (const guint8  *data,
           gsize          size,
           gpointer       user_data,
           GError       **error)
{
  g_string_append_len (user_data, (const char *) data, size);

  return TRUE;
}

static gboolean
end_part (gpointer   user_data,
          GError   **error)
{
  g_string_append_c (user_data, '>');

  return TRUE;
}

/* What our own reader makes of the body. */
static GString *
parse (ImpMultipartStream *stream,
       const GString      *body)
{
  static const ImpMultipartHandler handler = { begin_part, part_data, end_part };
  g_autofree char *content_type = imp_multipart_stream_dup_content_type (stream);
  GString *told = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpMultipartReader) reader =
    imp_multipart_reader_new (content_type, &handler, told, &error);

  g_assert_no_error (error);
  imp_multipart_reader_feed (reader, (const guint8 *) body->str, body->len, &error);
  g_assert_no_error (error);
  imp_multipart_reader_end (reader, &error);
  g_assert_no_error (error);

  return told;
}

static GInputStream *
make_memory (const char *text)
{
  return g_memory_input_stream_new_from_data (g_strdup (text), -1, g_free);
}

static void
test_writes (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GInputStream) memory = make_memory ("bytes");
  g_autoptr(GString) body = NULL, told = NULL;
  goffset length;

  imp_multipart_stream_add_text (stream, "publicKey", "PEM");
  imp_multipart_stream_add_text (stream, "empty", "");
  imp_multipart_stream_add_stream (stream, "payload", "fw.bin", memory, 5);
  length = imp_multipart_stream_get_length (stream);
  body = read_good (stream, GPOINTER_TO_INT (data));
  told = parse (stream, body);

  g_assert_cmpint (length, ==, body->len);
  g_assert_cmpstr (told->str, ==, "<publicKey|-|-:PEM><empty|-|-:>"
                                  "<payload|fw.bin|application/octet-stream:bytes>");
}

static void
test_no_parts (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GString) body = read_good (stream, GPOINTER_TO_INT (data));
  g_autoptr(GString) told = parse (stream, body);

  g_assert_cmpstr (told->str, ==, "");
  g_assert_cmpint (imp_multipart_stream_get_length (stream), ==, body->len);
}

static void
test_names (void)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GInputStream) memory = make_memory ("");
  g_autoptr(GString) body = NULL, told = NULL;

  imp_multipart_stream_add_stream (stream, "a\"b", "x\\\"\r\ny é.bin\\", memory, 0);
  body = read_good (stream, BLOCKING);
  told = parse (stream, body);

  g_assert_cmpstr (told->str, ==,
                   "<a%22b|x%5C%22%0D%0Ay é.bin%5C|application/octet-stream:>");
}

static void
test_unknown_length (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GInputStream) memory = make_memory ("bytes");
  g_autoptr(GString) body = NULL, told = NULL;

  imp_multipart_stream_add_stream (stream, "payload", NULL, memory, -1);
  g_assert_cmpint (imp_multipart_stream_get_length (stream), ==, -1);
  body = read_good (stream, GPOINTER_TO_INT (data));
  told = parse (stream, body);

  g_assert_cmpstr (told->str, ==, "<payload|-|-:bytes>");
}

static GBytes *
late_cb (gpointer   user_data,
         GError   **error)
{
  GInputStream *payload = user_data;

  /* Everything before it has been read: that is what a late part is for. */
  g_assert_cmpint (g_seekable_tell (G_SEEKABLE (payload)), ==, 5);

  return g_bytes_new_static ("signature", 9);
}

static void
test_late_part (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GInputStream) memory = make_memory ("bytes");
  g_autoptr(GString) body = NULL, told = NULL;
  goffset length;

  imp_multipart_stream_add_stream (stream, "payload", NULL, memory, 5);
  imp_multipart_stream_add_late (stream, "update", 9, late_cb, g_object_ref (memory),
                                 g_object_unref);
  length = imp_multipart_stream_get_length (stream);
  body = read_good (stream, GPOINTER_TO_INT (data));
  told = parse (stream, body);

  g_assert_cmpint (length, ==, body->len);
  g_assert_cmpstr (told->str, ==, "<payload|-|-:bytes><update|-|-:signature>");
}

static GBytes *
short_cb (gpointer   user_data,
          GError   **error)
{
  return g_bytes_new_static ("sig", 3);
}

static GBytes *
failing_cb (gpointer   user_data,
            GError   **error)
{
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_REFUSED, "the token is locked");

  return NULL;
}

static void
test_refuses_other_late_length (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GError) error = NULL;

  imp_multipart_stream_add_late (stream, "update", 9, short_cb, NULL, NULL);
  g_assert_null (read_all (stream, GPOINTER_TO_INT (data), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

static void
test_late_part_fails (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GError) error = NULL;

  imp_multipart_stream_add_late (stream, "update", 9, failing_cb, NULL, NULL);
  g_assert_null (read_all (stream, GPOINTER_TO_INT (data), &error));
  g_assert_error (error, IMP_ERROR, IMP_ERROR_REFUSED);
}

static void
test_refuses_shorter_stream (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GInputStream) memory = make_memory ("byte");
  g_autoptr(GError) error = NULL;

  imp_multipart_stream_add_stream (stream, "payload", NULL, memory, 5);
  g_assert_null (read_all (stream, GPOINTER_TO_INT (data), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT);
}

static void
test_refuses_longer_stream (gconstpointer data)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GInputStream) memory = make_memory ("bytes!");
  g_autoptr(GError) error = NULL;

  imp_multipart_stream_add_stream (stream, "payload", NULL, memory, 5);
  g_assert_null (read_all (stream, GPOINTER_TO_INT (data), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
}

/* More than any buffer on the way, from a file, which only a thread can wait for. */
static void
test_large_file (gconstpointer data)
{
  g_autofree char *content = g_malloc (1000001);
  g_autoptr(GFileIOStream) io = NULL;
  g_autoptr(GFile) file = g_file_new_tmp (NULL, &io, NULL);
  g_autoptr(GFileInputStream) input = NULL;
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(GString) body = NULL, told = NULL, expected = g_string_new ("<payload|-|-:");
  g_autoptr(GError) error = NULL;

  for (guint i = 0; i < 1000001; i++)
    content[i] = i * i + 7 * i;
  g_string_append_len (expected, content, 1000001);
  g_string_append (expected, "><last|-|-:x>");

  g_file_replace_contents (file, content, 1000001, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL,
                           &error);
  g_assert_no_error (error);
  input = g_file_read (file, NULL, &error);
  g_assert_no_error (error);

  imp_multipart_stream_add_stream (stream, "payload", NULL, G_INPUT_STREAM (input), 1000001);
  imp_multipart_stream_add_text (stream, "last", "x");
  body = read_good (stream, GPOINTER_TO_INT (data));
  told = parse (stream, body);

  g_assert_cmpmem (told->str, told->len, expected->str, expected->len);
  g_file_delete (file, NULL, NULL);
}

typedef struct
{
  ImpPipe *pipe;
  guint    n_pushed;
} Writer;

static gboolean
push_cb (gpointer user_data)
{
  Writer *writer = user_data;
  g_autoptr(GBytes) bytes = g_bytes_new_static ("0123456789", 10);

  if (writer->n_pushed++ == 100)
    {
      imp_pipe_end (writer->pipe, NULL);
      return G_SOURCE_REMOVE;
    }

  imp_pipe_push (writer->pipe, bytes);

  return G_SOURCE_CONTINUE;
}

/* Writer and reader share one main loop, as they do in an agent that passes a payload on. */
static void
test_pipe_in_main_loop (void)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(ImpPipe) pipe = imp_pipe_new (64);
  g_autoptr(GString) body = NULL, told = NULL;
  Writer writer = { pipe, 0 };

  imp_multipart_stream_add_text (stream, "first", "x");
  imp_multipart_stream_add_stream (stream, "payload", NULL, G_INPUT_STREAM (pipe), 1000);
  imp_multipart_stream_add_text (stream, "last", "y");
  g_idle_add (push_cb, &writer);
  body = read_good (stream, ASYNC);
  told = parse (stream, body);

  g_assert_cmpuint (told->len, ==, strlen ("<first|-|-:x><payload|-|-:><last|-|-:y>") + 1000);
  g_assert_true (g_str_has_suffix (told->str, "0123456789><last|-|-:y>"));
}

static void
test_pipe_fails (void)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(ImpPipe) pipe = imp_pipe_new (64);
  g_autoptr(GError) cause = g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "gone");
  g_autoptr(GError) error = NULL;

  imp_multipart_stream_add_stream (stream, "payload", NULL, G_INPUT_STREAM (pipe), 1000);
  imp_pipe_end (pipe, cause);
  g_assert_null (read_all (stream, ASYNC, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

/* Who stops reading the body lets its writers know. */
static void
test_closes_parts (void)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(ImpPipe) pipe = imp_pipe_new (64);

  imp_multipart_stream_add_stream (stream, "payload", NULL, G_INPUT_STREAM (pipe), -1);
  g_assert_finalize_object (g_steal_pointer (&stream));
  g_assert_true (g_input_stream_is_closed (G_INPUT_STREAM (pipe)));
}

static void
test_cancels (void)
{
  g_autoptr(ImpMultipartStream) stream = imp_multipart_stream_new ();
  g_autoptr(ImpPipe) pipe = imp_pipe_new (64);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Reading reading = { 0 };

  imp_multipart_stream_add_stream (stream, "payload", NULL, G_INPUT_STREAM (pipe), -1);
  read_piece (G_INPUT_STREAM (stream), ASYNC, &reading);
  g_assert_cmpint (reading.n_read, >, 0);

  reading.done = FALSE;
  g_input_stream_read_async (G_INPUT_STREAM (stream), reading.buffer, sizeof reading.buffer,
                             G_PRIORITY_DEFAULT, cancellable, read_cb, &reading);
  g_cancellable_cancel (cancellable);
  while (!reading.done)
    g_main_context_iteration (NULL, TRUE);

  g_assert_error (reading.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&reading.error);
}

static void
add_both (const char    *name,
          GTestDataFunc  func)
{
  g_autofree char *blocking = g_strdup_printf ("/multipart-stream/%s/blocking", name);
  g_autofree char *async = g_strdup_printf ("/multipart-stream/%s/async", name);

  g_test_add_data_func (blocking, GINT_TO_POINTER (BLOCKING), func);
  g_test_add_data_func (async, GINT_TO_POINTER (ASYNC), func);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add_both ("writes", test_writes);
  add_both ("no-parts", test_no_parts);
  g_test_add_func ("/multipart-stream/names", test_names);
  add_both ("unknown-length", test_unknown_length);
  add_both ("late-part", test_late_part);
  add_both ("refuses-other-late-length", test_refuses_other_late_length);
  add_both ("late-part-fails", test_late_part_fails);
  add_both ("refuses-shorter-stream", test_refuses_shorter_stream);
  add_both ("refuses-longer-stream", test_refuses_longer_stream);
  add_both ("large-file", test_large_file);
  g_test_add_func ("/multipart-stream/pipe-in-main-loop", test_pipe_in_main_loop);
  g_test_add_func ("/multipart-stream/pipe-fails", test_pipe_fails);
  g_test_add_func ("/multipart-stream/closes-parts", test_closes_parts);
  g_test_add_func ("/multipart-stream/cancels", test_cancels);

  return g_test_run ();
}
