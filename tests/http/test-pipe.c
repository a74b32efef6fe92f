/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-pipe.h"

static void
push (ImpPipe    *pipe,
      const char *text)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, strlen (text));

  imp_pipe_push (pipe, bytes);
}

static void
assert_reads (ImpPipe    *pipe,
              gsize       count,
              const char *expected)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *buffer = g_malloc (count);
  gssize n_read = g_input_stream_read (G_INPUT_STREAM (pipe), buffer, count, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (buffer, n_read, expected, strlen (expected));
}

static void
test_reads (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (100);

  push (pipe, "abc");
  push (pipe, "");
  push (pipe, "def");
  assert_reads (pipe, 2, "ab");
  assert_reads (pipe, 3, "cde");
  push (pipe, "ghi");
  imp_pipe_end (pipe, NULL);
  imp_pipe_end (pipe, NULL);
  assert_reads (pipe, 100, "fghi");
  assert_reads (pipe, 100, "");
  assert_reads (pipe, 100, "");
}

/* What was written before the error is still good. */
static void
test_error_comes_last (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (100);
  g_autoptr(GError) cause = g_error_new (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "gone");
  g_autoptr(GError) error = NULL;
  char buffer[4];

  push (pipe, "abc");
  imp_pipe_end (pipe, cause);
  assert_reads (pipe, 4, "abc");

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (g_input_stream_read (G_INPUT_STREAM (pipe), buffer, 4, NULL, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
      g_clear_error (&error);
    }
}

static void
count_cb (ImpPipe *pipe,
          guint   *count)
{
  (*count)++;
}

static void
iterate (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_drains (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (4);
  guint n_drained = 0;

  g_signal_connect (pipe, "drained", G_CALLBACK (count_cb), &n_drained);

  push (pipe, "abc");
  g_assert_false (imp_pipe_is_full (pipe));
  push (pipe, "de");
  g_assert_true (imp_pipe_is_full (pipe));

  assert_reads (pipe, 2, "ab");
  iterate ();
  g_assert_cmpuint (n_drained, ==, 0);

  assert_reads (pipe, 1, "c");
  iterate ();
  g_assert_cmpuint (n_drained, ==, 1);
  g_assert_false (imp_pipe_is_full (pipe));

  assert_reads (pipe, 9, "de");
  iterate ();
  g_assert_cmpuint (n_drained, ==, 1);
}

/* Nobody reads any more: the writer must neither wait nor fill the memory. */
static void
test_abandoned (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (4);
  guint n_drained = 0;

  g_signal_connect (pipe, "drained", G_CALLBACK (count_cb), &n_drained);

  push (pipe, "abcdef");
  g_assert_true (imp_pipe_is_full (pipe));
  g_assert_true (g_input_stream_close (G_INPUT_STREAM (pipe), NULL, NULL));
  iterate ();
  g_assert_cmpuint (n_drained, ==, 1);

  push (pipe, "abcdef");
  g_assert_false (imp_pipe_is_full (pipe));
  imp_pipe_end (pipe, NULL);
  g_assert_finalize_object (g_steal_pointer (&pipe));
}

#define N_PIECES 2000

static gpointer
read_thread (gpointer data)
{
  GInputStream *stream = data;
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr(GError) error = NULL;
  guint8 buffer[777];
  gssize n_read;

  while ((n_read = g_input_stream_read (stream, buffer, sizeof buffer, NULL, &error)) > 0)
    g_checksum_update (checksum, buffer, n_read);
  g_assert_no_error (error);

  return g_strdup (g_checksum_get_string (checksum));
}

static void
test_thread (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (64 * 1024);
  g_autoptr(GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  GThread *thread = g_thread_new ("reader", read_thread, pipe);
  g_autofree char *digest = NULL;
  guint n_drained = 0;

  g_signal_connect (pipe, "drained", G_CALLBACK (count_cb), &n_drained);

  for (guint i = 0; i < N_PIECES; i++)
    {
      guint8 piece[1024];
      g_autoptr(GBytes) bytes = NULL;

      memset (piece, i, sizeof piece);
      bytes = g_bytes_new (piece, sizeof piece);
      g_checksum_update (checksum, piece, sizeof piece);
      imp_pipe_push (pipe, bytes);

      if (imp_pipe_is_full (pipe))
        {
          guint n_before = n_drained;

          while (n_drained == n_before)
            g_main_context_iteration (NULL, TRUE);
        }
    }

  imp_pipe_end (pipe, NULL);
  digest = g_thread_join (thread);
  iterate ();
  g_assert_cmpstr (digest, ==, g_checksum_get_string (checksum));
  g_assert_finalize_object (g_steal_pointer (&pipe));
}

typedef struct
{
  char         buffer[16];
  gssize       n_read;
  GError      *error;
  gboolean     done;
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

static gboolean
push_cb (gpointer user_data)
{
  push (user_data, "late");

  return G_SOURCE_REMOVE;
}

static void
test_main_loop (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (100);
  Reading reading = { 0 };

  g_assert_false (g_pollable_input_stream_is_readable (G_POLLABLE_INPUT_STREAM (pipe)));
  g_input_stream_read_async (G_INPUT_STREAM (pipe), reading.buffer, sizeof reading.buffer,
                             G_PRIORITY_DEFAULT, NULL, read_cb, &reading);
  iterate ();
  g_assert_false (reading.done);

  g_timeout_add (10, push_cb, pipe);
  while (!reading.done)
    g_main_context_iteration (NULL, TRUE);

  g_assert_no_error (reading.error);
  g_assert_cmpmem (reading.buffer, reading.n_read, "late", 4);
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);

  return G_SOURCE_REMOVE;
}

static void
test_cancels_main_loop (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (100);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  Reading reading = { 0 };

  g_input_stream_read_async (G_INPUT_STREAM (pipe), reading.buffer, sizeof reading.buffer,
                             G_PRIORITY_DEFAULT, cancellable, read_cb, &reading);
  g_timeout_add (10, cancel_cb, cancellable);
  while (!reading.done)
    g_main_context_iteration (NULL, TRUE);

  g_assert_error (reading.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&reading.error);
  g_assert_finalize_object (g_steal_pointer (&pipe));
}

static gpointer
cancel_thread (gpointer data)
{
  g_usleep (10000);
  g_cancellable_cancel (data);

  return NULL;
}

static void
test_cancels_blocking (void)
{
  g_autoptr(ImpPipe) pipe = imp_pipe_new (100);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  GThread *thread = g_thread_new ("canceller", cancel_thread, cancellable);
  g_autoptr(GError) error = NULL;
  char buffer[4];

  g_assert_cmpint (g_input_stream_read (G_INPUT_STREAM (pipe), buffer, 4, cancellable, &error),
                   ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_thread_join (thread);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/pipe/reads", test_reads);
  g_test_add_func ("/pipe/error-comes-last", test_error_comes_last);
  g_test_add_func ("/pipe/drains", test_drains);
  g_test_add_func ("/pipe/abandoned", test_abandoned);
  g_test_add_func ("/pipe/thread", test_thread);
  g_test_add_func ("/pipe/main-loop", test_main_loop);
  g_test_add_func ("/pipe/cancels-main-loop", test_cancels_main_loop);
  g_test_add_func ("/pipe/cancels-blocking", test_cancels_blocking);

  return g_test_run ();
}
