/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <fcntl.h>
#include <gio/gio.h>
#include <string.h>
#include <unistd.h>

#include "imp-flusher.h"

#define PIECE (512 * 1024)

static void
test_flushes_while_writing (void)
{
  g_autofree char *path = NULL;
  g_autofree char *piece = g_malloc0 (PIECE);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpFlusher) flusher = NULL;
  int fd = g_file_open_tmp ("imprimatur-flusher-XXXXXX", &path, &error);

  g_assert_no_error (error);
  flusher = imp_flusher_new (fd);
  for (guint i = 0; i < 20; i++)
    {
      g_assert_cmpint (write (fd, piece, PIECE), ==, PIECE);
      imp_flusher_wrote (flusher, PIECE);
    }

  g_assert_true (imp_flusher_finish (flusher, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lseek (fd, 0, SEEK_END), ==, 20 * PIECE);

  unlink (path);
  close (fd);
}

/* A pipe cannot be synced. @data: whether the thread, or the end, is what meets the error. */
static void
test_tells_of_a_failure (gconstpointer data)
{
  g_autoptr(ImpFlusher) flusher = NULL;
  g_autoptr(GError) error = NULL;
  int fds[2];

  g_assert_cmpint (pipe (fds), ==, 0);
  flusher = imp_flusher_new (fds[1]);
  imp_flusher_wrote (flusher, GPOINTER_TO_SIZE (data));

  g_assert_false (imp_flusher_finish (flusher, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);

  close (fds[0]);
  close (fds[1]);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/flusher/flushes-while-writing", test_flushes_while_writing);
  g_test_add_data_func ("/flusher/tells-of-a-failure/at-the-end", GSIZE_TO_POINTER (1), test_tells_of_a_failure);
  g_test_add_data_func ("/flusher/tells-of-a-failure/meanwhile", GSIZE_TO_POINTER (64 << 20), test_tells_of_a_failure);

  return g_test_run ();
}
