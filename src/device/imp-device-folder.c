/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_DIRECTORY */

#include "imp-device-folder-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imp-digest.h"
#include "imp-error.h"

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
 */
struct _ImpDeviceFolder
{
  int       fd;
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

/**
 * imp_device_folder_open:
 * @path: a folder that is there
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the folder, or `NULL` with @error set
 */
ImpDeviceFolder *
imp_device_folder_open (const char  *path,
                        GError     **error)
{
  g_autoptr(ImpDeviceFolder) self = g_new0 (ImpDeviceFolder, 1);

  g_mutex_init (&self->mutex);
  self->unsynced = g_array_new (FALSE, FALSE, sizeof (Unsynced));
  g_array_set_clear_func (self->unsynced, (GDestroyNotify) unsynced_clear);
  self->fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (self->fd < 0)
    {
      imp_device_set_file_error (error, errno, "cannot open the device’s folder");
      g_prefix_error (error, "%s: ", path);
      return NULL;
    }

  return g_steal_pointer (&self);
}

void
imp_device_folder_free (ImpDeviceFolder *self)
{
  if (self->fd >= 0)
    close (self->fd);
  g_array_unref (self->unsynced);
  g_mutex_clear (&self->mutex);
  g_free (self);
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

int
imp_device_folder_get_fd (ImpDeviceFolder *self)
{
  return self->fd;
}

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
 * Keeps other processes from updating the same device.
 *
 * Returns: whether it could
 */
gboolean
imp_device_folder_lock (ImpDeviceFolder  *self,
                        GError          **error)
{
  if (!imp_device_folder_has_power (self, error))
    return FALSE;

  if (flock (self->fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;

  if (errno != EWOULDBLOCK)
    return imp_device_set_file_error (error, errno, "cannot lock the device");

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "the device is being updated already");
  return FALSE;
}

void
imp_device_folder_unlock (ImpDeviceFolder *self)
{
  flock (self->fd, LOCK_UN);
}

/**
 * imp_device_folder_read:
 * @self: a folder
 * @name: a file of it
 * @max_size: the most that it may have
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the text, or `NULL` with @error set
 */
char *
imp_device_folder_read (ImpDeviceFolder  *self,
                        const char       *name,
                        gsize             max_size,
                        GError          **error)
{
  g_autofree char *text = g_malloc (max_size + 2);
  int fd = openat (self->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  gsize size = 0;
  gssize n = 1;

  if (fd < 0)
    {
      imp_device_set_file_error (error, errno, name);
      return NULL;
    }

  while (size <= max_size && ((n = read (fd, text + size, max_size + 1 - size)) > 0 || (n < 0 && errno == EINTR)))
    size += MAX (n, 0);
  if (n < 0)
    imp_device_set_file_error (error, errno, name);
  close (fd);

  if (n < 0)
    return NULL;

  if (size > max_size)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                   "%s is larger than %" G_GSIZE_FORMAT " bytes", name, max_size);
      return NULL;
    }

  text[size] = '\0';
  return g_steal_pointer (&text);
}

static gboolean
write_file (ImpDeviceFolder  *self,
            int               fd,
            const char       *text,
            GError          **error)
{
  if (!imp_device_folder_write (self, fd, text, strlen (text), error) ||
      !imp_device_folder_step (self, error))
    return FALSE;

  if (fsync (fd) != 0)
    return imp_device_set_file_error (error, errno, "cannot make the device’s state durable");

  imp_device_folder_synced (self, fd);
  return TRUE;
}

/**
 * imp_device_folder_replace:
 * @self: a folder
 * @name: a file of it
 * @text: what is in it from now on
 * @error: return location for an error
 *
 * Replaces a file, so that wherever it is cut there is the old text or the new one.
 *
 * Returns: whether it could
 */
gboolean
imp_device_folder_replace (ImpDeviceFolder  *self,
                           const char       *name,
                           const char       *text,
                           GError          **error)
{
  g_autofree char *new_name = g_strconcat (name, ".new", NULL);
  gboolean written;
  int fd;

  if (!imp_device_folder_step (self, error))
    return FALSE;

  fd = openat (self->fd, new_name, O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return imp_device_set_file_error (error, errno, "cannot write the device’s state");

  written = write_file (self, fd, text, error);
  if (!written && imp_device_folder_has_power (self, NULL))
    {
      unlinkat (self->fd, new_name, 0);
      imp_device_folder_synced (self, fd);
    }
  close (fd);
  if (!written)
    return FALSE;

  if (!imp_device_folder_step (self, error))
    return FALSE;
  if (renameat (self->fd, new_name, self->fd, name) != 0)
    return imp_device_set_file_error (error, errno, "cannot replace the device’s state");

  return imp_device_folder_sync (self, error);
}

static gboolean
digest_file (int       fd,
             guint64  *size,
             char    **digest,
             GError  **error)
{
  g_autoptr(ImpDigest) sha384 = imp_digest_new (IMP_DIGEST_SHA384);
  g_autofree guint8 *buffer = g_malloc (256 * 1024);
  gssize n;

  *size = 0;
  while ((n = read (fd, buffer, 256 * 1024)) > 0 || (n < 0 && errno == EINTR))
    {
      imp_digest_update (sha384, buffer, MAX (n, 0));
      *size += MAX (n, 0);
    }
  if (n < 0)
    return imp_device_set_file_error (error, errno, "cannot read the slot");

  *digest = imp_digest_finish_hex (sha384);
  return TRUE;
}

static gboolean
read_slot (ImpDeviceFolder  *self,
           char              slot,
           guint64          *size,
           char            **digest,
           GError          **error)
{
  g_autofree char *name = imp_slot_get_name (slot);
  gboolean done;
  int fd = openat (self->fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

  *digest = NULL;
  *size = 0;
  if (fd < 0)
    return errno == ENOENT || imp_device_set_file_error (error, errno, name);

  done = digest_file (fd, size, digest, error);
  close (fd);

  return done;
}

/**
 * imp_device_folder_digest_slot:
 * @self: a folder
 * @slot: 'a' or 'b'
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the SHA-384 of what is in a slot, in hex; `NULL` where there is none,
 *   or with @error set
 */
char *
imp_device_folder_digest_slot (ImpDeviceFolder  *self,
                               char              slot,
                               GError          **error)
{
  guint64 size;
  char *digest;

  return read_slot (self, slot, &size, &digest, error) ? digest : NULL;
}

/**
 * imp_device_folder_verify_slot:
 * @self: a folder
 * @slot: 'a' or 'b'
 * @size: what it must have
 * @digest: what its SHA-384 must be
 * @error: return location for an error
 *
 * Does what a boot loader does before it runs an image: looks whether it is the one that was installed.
 *
 * Returns: whether it is; %IMP_ERROR_CORRUPT otherwise
 */
gboolean
imp_device_folder_verify_slot (ImpDeviceFolder  *self,
                               char              slot,
                               guint64           size,
                               const char       *digest,
                               GError          **error)
{
  g_autofree char *actual = NULL;
  guint64 actual_size;

  if (!read_slot (self, slot, &actual_size, &actual, error))
    return FALSE;

  if (actual != NULL && actual_size == size && g_str_equal (actual, digest))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
               "slot %c is not what was installed in it: it %s", slot,
               actual == NULL ? "is gone" : actual_size != size ? "has another size" : "has other bytes");
  return FALSE;
}
