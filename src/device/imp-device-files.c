/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_NOFOLLOW, O_DIRECTORY */

#include "imp-device-folder-private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "imp-digest.h"
#include "imp-error.h"

/* The files of a device's folder: its state, which is replaced whole, and its slots. */

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
  int fd = openat (imp_device_folder_get_fd (self), name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
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

  fd = openat (imp_device_folder_get_fd (self), new_name, O_CREAT | O_TRUNC | O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return imp_device_set_file_error (error, errno, "cannot write the device’s state");

  written = write_file (self, fd, text, error);
  if (!written && imp_device_folder_has_power (self, NULL))
    {
      unlinkat (imp_device_folder_get_fd (self), new_name, 0);
      imp_device_folder_synced (self, fd);
    }
  close (fd);
  if (!written)
    return FALSE;

  if (!imp_device_folder_step (self, error))
    return FALSE;
  if (renameat (imp_device_folder_get_fd (self), new_name, imp_device_folder_get_fd (self), name) != 0)
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
read_slot (int               folder,
           char              slot,
           guint64          *size,
           char            **digest,
           GError          **error)
{
  g_autofree char *name = imp_slot_get_name (slot);
  gboolean done;
  int fd = openat (folder, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

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
 * May be called while an update is under way in another thread.
 *
 * Returns: (transfer full) (nullable): the SHA-384 of what is in a slot, in hex; `NULL` where there is none,
 *   or with @error set
 */
char *
imp_device_folder_digest_slot (ImpDeviceFolder  *self,
                               char              slot,
                               GError          **error)
{
  int folder = open (imp_device_folder_get_path (self), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  guint64 size;
  char *digest = NULL;

  if (folder < 0)
    {
      imp_device_set_file_error (error, errno, "cannot open the device’s folder");
      return NULL;
    }

  read_slot (folder, slot, &size, &digest, error);
  close (folder);

  return digest;
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

  if (!read_slot (imp_device_folder_get_fd (self), slot, &actual_size, &actual, error))
    return FALSE;

  if (actual != NULL && actual_size == size && g_str_equal (actual, digest))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT,
               "slot %c is not what was installed in it: it %s", slot,
               actual == NULL ? "is gone" : actual_size != size ? "has another size" : "has other bytes");
  return FALSE;
}
