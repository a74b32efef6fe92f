/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_DIRECTORY */

#include "imp-store-files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "imp-error.h"

/**
 * imp_set_file_error:
 * @error: return location for the error
 * @saved_errno: why it failed
 * @what: what could not be done, as in “cannot write the payload”
 *
 * Makes an error of a failed system call. Whatever keeps more bytes from being written (no space, a
 * quota, a limit on the size of files) is %G_IO_ERROR_NO_SPACE.
 */
void
imp_set_file_error (GError     **error,
                    int          saved_errno,
                    const char  *what)
{
  gboolean full = saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG;

  g_set_error (error, G_IO_ERROR,
               full ? G_IO_ERROR_NO_SPACE : (int) g_io_error_from_errno (saved_errno),
               "%s: %s", what, g_strerror (saved_errno));
}

/**
 * imp_set_unavailable:
 * @error: return location for the error
 * @saved_errno: why it failed
 * @what: what could not be done
 *
 * Makes %IMP_ERROR_STORE_UNAVAILABLE of a failed system call: something is there that should be readable,
 * and is not.
 */
void
imp_set_unavailable (GError     **error,
                     int          saved_errno,
                     const char  *what)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE, "%s: %s", what, g_strerror (saved_errno));
}

/**
 * imp_file_write_at:
 * @fd: a file
 * @data: the bytes
 * @size: how many
 * @offset: where to
 * @error: return location for an error
 *
 * Writes all of @data.
 *
 * Returns: whether it could
 */
gboolean
imp_file_write_at (int          fd,
                   const void  *data,
                   gsize        size,
                   guint64      offset,
                   GError     **error)
{
  const guint8 *bytes = data;

  while (size > 0)
    {
      gssize n = pwrite (fd, bytes, size, offset);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          imp_set_file_error (error, errno, "cannot write to the store");
          return FALSE;
        }

      bytes += n;
      offset += n;
      size -= n;
    }

  return TRUE;
}

/**
 * imp_file_read_at:
 * @fd: a file
 * @data: room for the bytes
 * @size: how many
 * @offset: where from
 * @error: return location for an error
 *
 * Reads until @size bytes are there or the file ends.
 *
 * Returns: how many bytes were read, or -1 with @error set
 */
gssize
imp_file_read_at (int       fd,
                  void     *data,
                  gsize     size,
                  guint64   offset,
                  GError  **error)
{
  guint8 *bytes = data;
  gsize done = 0;

  while (done < size)
    {
      gssize n = pread (fd, bytes + done, size - done, offset + done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          imp_set_file_error (error, errno, "cannot read from the store");
          return -1;
        }
      if (n == 0)
        break;

      done += n;
    }

  return done;
}

/**
 * imp_file_sync:
 * @fd: a file or a folder
 * @error: return location for an error
 *
 * Blocks until what was written is on the disk.
 *
 * Returns: whether it is
 */
gboolean
imp_file_sync (int      fd,
               GError **error)
{
  if (fsync (fd) == 0)
    return TRUE;

  imp_set_file_error (error, errno, "cannot make the store durable");
  return FALSE;
}

/**
 * imp_clear_fd:
 * @fd: (inout): a file descriptor that the caller owns, or -1
 *
 * Closes a file if it is open, and leaves -1 in its place, so that it is never closed twice.
 */
void
imp_clear_fd (int *fd)
{
  if (*fd >= 0)
    close (*fd);
  *fd = -1;
}

/**
 * imp_open_directory:
 * @directory: where
 * @name: which; it is made, with its parents, if it is not there
 * @error: return location for an error
 *
 * Opens a directory that can be read and written.
 *
 * Returns: its descriptor, or -1 with %IMP_ERROR_STORE_UNAVAILABLE
 */
int
imp_open_directory (const char  *directory,
                    const char  *name,
                    GError     **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);
  int fd;

  if (g_mkdir_with_parents (path, 0700) == 0 &&
      (fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) >= 0)
    {
      if (faccessat (fd, ".", R_OK | W_OK | X_OK, AT_EACCESS) == 0)
        return fd;
      imp_clear_fd (&fd);
    }

  g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE,
               "cannot use “%s” for payloads: %s", path, g_strerror (errno));
  return -1;
}

/**
 * imp_file_lock:
 * @fd: a file
 *
 * Keeps other processes away. One that is just being closed, by a thread that held it last, is waited for.
 *
 * Returns: whether it could; errno says why not
 */
gboolean
imp_file_lock (int fd)
{
  for (guint i = 0; i < 100; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK)
        return FALSE;
      g_usleep (10 * 1000);
    }

  errno = EWOULDBLOCK;
  return FALSE;
}
