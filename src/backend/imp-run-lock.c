/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-run-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

/**
 * imp_run_lock_take:
 * @path: a file, made if it is not there
 *
 * Returns: what to drop in the end, or -1 with a warning
 */
int
imp_run_lock_take (const char *path)
{
  int lock = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (lock < 0 || flock (lock, LOCK_EX | LOCK_NB) < 0)
    g_warning ("“%s”: %s", path, g_strerror (errno));

  return lock;
}

/**
 * imp_run_lock_drop:
 * @path: the lock's file
 * @lock: its descriptor, or -1 if there is none
 *
 * Removes the file and then closes it, so that nobody finds a lock that is not held.
 */
void
imp_run_lock_drop (const char *path,
                   int         lock)
{
  if (lock < 0)
    return;

  g_unlink (path);
  close (lock);
}

/**
 * imp_run_lock_is_held:
 * @path: a file
 *
 * Asks whether a process is at it; a file that a killed one left behind is cleared away.
 *
 * Returns: whether some process holds the lock
 */
gboolean
imp_run_lock_is_held (const char *path)
{
  int fd = g_open (path, O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0);
  gboolean is_free;

  if (fd < 0)
    return FALSE;

  is_free = flock (fd, LOCK_EX | LOCK_NB) == 0;
  if (is_free)
    g_unlink (path);
  close (fd);

  return !is_free;
}
