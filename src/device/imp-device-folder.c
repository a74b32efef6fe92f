/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_DIRECTORY */

#include "imp-device-folder-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file that was written to since it was synced. */
typedef struct
{
  ino_t inode;
  int   fd;     /* (owned) */
} Unsynced;

/**
 * ImpDeviceFolder:
 *
 * A device's folder, changed in steps between which the power may go.
 *
 * Every change asks [func@Imp.device_folder_step] first. When the power is to be cut at that step it
 * does not happen, nor does any after it, and what was written but not synced is lost: without that, a
 * missing fsync would not be noticed by any test.
 *
 * It is open while it is worked in only: ten thousand devices that rest keep no file open.
 */
struct _ImpDeviceFolder
{
  char     *path;      /* (owned) */
  int       fd;        /* -1 while nobody works in it */
  GArray   *unsynced;  /* (owned) */

  GMutex    mutex;     /* of what follows: a cut is planned from another thread than it comes in */
  guint     steps;
  guint     cut_at;    /* 0: never */
  gboolean  dead;
};

/**
 * imp_device_set_file_error:
 * @error: return location for the error
 * @saved_errno: why it failed
 * @what: what could not be done
 *
 * Makes an error of a failed system call. Whatever keeps more bytes from being written (no space, a
 * quota, a limit on the size of files) is %G_IO_ERROR_NO_SPACE.
 *
 * Returns: %FALSE
 */
gboolean
imp_device_set_file_error (GError     **error,
                           int          saved_errno,
                           const char  *what)
{
  gboolean full = saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG;

  g_set_error (error, G_IO_ERROR,
               full ? G_IO_ERROR_NO_SPACE : (int) g_io_error_from_errno (saved_errno),
               "%s: %s", what, g_strerror (saved_errno));
  return FALSE;
}

static void
unsynced_clear (Unsynced *unsynced)
{
  close (unsynced->fd);
}

static gboolean
open_folder (ImpDeviceFolder  *self,
             GError          **error)
{
  if (self->fd < 0)
    self->fd = open (self->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->fd >= 0)
    return TRUE;

  imp_device_set_file_error (error, errno, "cannot open the device’s folder");
  g_prefix_error (error, "%s: ", self->path);
  return FALSE;
}

/**
 * imp_device_folder_open:
 * @path: a folder that is there
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the folder, open, or `NULL` with @error set
 */
ImpDeviceFolder *
imp_device_folder_open (const char  *path,
                        GError     **error)
{
  g_autoptr(ImpDeviceFolder) self = g_new0 (ImpDeviceFolder, 1);

  g_mutex_init (&self->mutex);
  self->unsynced = g_array_new (FALSE, FALSE, sizeof (Unsynced));
  g_array_set_clear_func (self->unsynced, (GDestroyNotify) unsynced_clear);
  self->path = g_strdup (path);
  self->fd = -1;
  if (!open_folder (self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * imp_device_folder_rest:
 * @self: a folder
 *
 * Keeps it closed until it is locked the next time.
 */
void
imp_device_folder_rest (ImpDeviceFolder *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}

/**
 * imp_device_folder_free:
 * @self: (transfer full): a folder, not `NULL`
 *
 * Closes the folder, which drops its lock, and frees what is known of it. The files stay.
 */
void
imp_device_folder_free (ImpDeviceFolder *self)
{
  imp_device_folder_rest (self);
  g_array_unref (self->unsynced);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

/**
 * imp_device_folder_get_path:
 * @self: a folder
 *
 * Returns: its path, lent by @self; nothing in it is opened by path while it is worked in
 */
const char *
imp_device_folder_get_path (ImpDeviceFolder *self)
{
  return self->path;
}

/**
 * imp_device_folder_set_power_cut:
 * @self: a folder
 * @step: which step from now on, 0 for none
 *
 * Plans a power cut.
 *
 * Returns: how many steps there were since the last call
 */
guint
imp_device_folder_set_power_cut (ImpDeviceFolder *self,
                                 guint            step)
{
  guint steps;

  g_mutex_lock (&self->mutex);
  steps = self->steps;
  self->steps = 0;
  self->cut_at = step;
  g_mutex_unlock (&self->mutex);

  return steps;
}

/**
 * imp_device_folder_get_fd:
 * @self: a folder
 *
 * Returns: the open folder, for the functions that end in `at`, or -1 while nobody works in it; it
 * stays @self's
 */
int
imp_device_folder_get_fd (ImpDeviceFolder *self)
{
  return self->fd;
}

/**
 * imp_device_folder_has_power:
 * @self: a folder
 * @error: return location for an error
 *
 * Asks without counting a step.
 *
 * Returns: whether the power is on, otherwise %G_IO_ERROR_BROKEN_PIPE
 */
gboolean
imp_device_folder_has_power (ImpDeviceFolder  *self,
                             GError          **error)
{
  gboolean dead;

  g_mutex_lock (&self->mutex);
  dead = self->dead;
  g_mutex_unlock (&self->mutex);

  if (dead)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE, "power cut");
  return !dead;
}

/* Nobody knows how much of a file is there after a power cut; that nothing is, is the worst. */
static void
lose_unsynced (ImpDeviceFolder *self)
{
  for (guint i = 0; i < self->unsynced->len; i++)
    {
      if (ftruncate (g_array_index (self->unsynced, Unsynced, i).fd, 0) != 0)
        g_warning ("cannot lose what was not synced: %s", g_strerror (errno));
    }
}

/**
 * imp_device_folder_step:
 * @self: a folder
 * @error: return location for an error
 *
 * Asks whether there is power for one more step.
 *
 * Returns: whether there is; %G_IO_ERROR_BROKEN_PIPE otherwise
 */
gboolean
imp_device_folder_step (ImpDeviceFolder  *self,
                        GError          **error)
{
  gboolean cut;

  g_mutex_lock (&self->mutex);
  self->steps++;
  cut = !self->dead && self->cut_at != 0 && self->steps == self->cut_at;
  if (cut)
    self->dead = TRUE;
  g_mutex_unlock (&self->mutex);

  if (cut)
    lose_unsynced (self);

  return imp_device_folder_has_power (self, error);
}

static guint
find_unsynced (ImpDeviceFolder *self,
               ino_t            inode)
{
  guint i = 0;

  while (i < self->unsynced->len && g_array_index (self->unsynced, Unsynced, i).inode != inode)
    i++;

  return i;
}

static ino_t
get_inode (int fd)
{
  struct stat st;

  return fstat (fd, &st) == 0 ? st.st_ino : 0;
}

/* The file may be closed before it is synced, and is remembered all the same. */
static void
set_unsynced (ImpDeviceFolder *self,
              int              fd)
{
  Unsynced unsynced = { get_inode (fd), -1 };

  if (find_unsynced (self, unsynced.inode) < self->unsynced->len)
    return;

  unsynced.fd = fcntl (fd, F_DUPFD_CLOEXEC, 0);
  if (unsynced.fd >= 0)
    g_array_append_val (self->unsynced, unsynced);
}

/**
 * imp_device_folder_synced:
 * @self: a folder
 * @fd: a file of it
 *
 * Tells that what was written to the file is durable now.
 */
void
imp_device_folder_synced (ImpDeviceFolder *self,
                          int              fd)
{
  guint i = find_unsynced (self, get_inode (fd));

  if (i < self->unsynced->len)
    g_array_remove_index_fast (self->unsynced, i);
}

/**
 * imp_device_folder_write:
 * @self: a folder
 * @fd: a file of it
 * @data: the next bytes
 * @size: how many
 * @error: return location for an error
 *
 * Writes to a file, as one step.
 *
 * Returns: whether it could
 */
gboolean
imp_device_folder_write (ImpDeviceFolder  *self,
                         int               fd,
                         const void       *data,
                         gsize             size,
                         GError          **error)
{
  const guint8 *bytes = data;

  if (!imp_device_folder_step (self, error))
    return FALSE;

  set_unsynced (self, fd);
  while (size > 0)
    {
      gssize n = write (fd, bytes, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return imp_device_set_file_error (error, errno, "cannot write to the device");

      bytes += n;
      size -= n;
    }

  return TRUE;
}

/**
 * imp_device_folder_sync:
 * @self: a folder that is open
 * @error: return location for an error
 *
 * Makes durable which files are in the folder, as a step of its own.
 *
 * Returns: whether the names are on the disk
 */
gboolean
imp_device_folder_sync (ImpDeviceFolder  *self,
                        GError          **error)
{
  if (!imp_device_folder_step (self, error))
    return FALSE;

  return fsync (self->fd) == 0 ||
         imp_device_set_file_error (error, errno, "cannot make the device’s folder durable");
}

/**
 * imp_device_folder_lock:
 * @self: a folder
 * @error: return location for an error
 *
 * Opens the folder and keeps other processes from updating the same device.
 *
 * Returns: whether it could
 */
gboolean
imp_device_folder_lock (ImpDeviceFolder  *self,
                        GError          **error)
{
  if (!imp_device_folder_has_power (self, error) || !open_folder (self, error))
    return FALSE;

  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  if (errno != EWOULDBLOCK)
    imp_device_set_file_error (error, errno, "cannot lock the device");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "the device is being updated already");
  imp_device_folder_rest (self);
  return FALSE;
}

/**
 * imp_device_folder_unlock:
 * @self: a folder that is locked
 *
 * Lets others work in the folder, and closes it.
 */
void
imp_device_folder_unlock (ImpDeviceFolder *self)
{
  flock (self->fd, LOCK_UN);
  imp_device_folder_rest (self);
}
