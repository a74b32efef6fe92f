/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define _GNU_SOURCE  /* O_DIRECTORY */

#include "imp-payload-folders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "imp-error.h"
#include "imp-store-files.h"

#define PROBE_SIZE (256 * 1024)

/**
 * ImpPayloadFolders:
 *
 * The files of an embedded store.
 *
 *     lock                      held by the process that has the store open
 *     staged/<CID>.data .index  staged: what is there at opening was left by a crash
 *     staged/tmp-…              being written, or tried to; removed at opening
 *     kept/<CID>.data .index    kept
 *
 * A payload's name is what stands before the suffixes. Nothing here is serialised: a caller sees to it
 * that files are not moved while others look for them.
 */
struct _ImpPayloadFolders
{
  int lock_fd;    /* (owned) */
  int staged_fd;  /* (owned) */
  int kept_fd;    /* (owned) */
};

/* Two processes would remove what the other is staging. */
static gboolean
lock (ImpPayloadFolders  *self,
      const char         *directory,
      GError            **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);

  self->lock_fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->lock_fd >= 0 && imp_file_lock (self->lock_fd))
    return TRUE;

  if (self->lock_fd >= 0 && errno == EWOULDBLOCK)
    g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE,
                 "the payloads in “%s” are in use by another process", directory);
  else
    g_set_error (error, IMP_ERROR, IMP_ERROR_STORE_UNAVAILABLE,
                 "cannot lock “%s”: %s", path, g_strerror (errno));
  return FALSE;
}

/**
 * imp_payload_folders_open:
 * @directory: where they are; they are made if they are not there
 * @error: return location for an error
 *
 * Opens the folders, and keeps other processes from opening them.
 *
 * Returns: (transfer full) (nullable): the folders, or `NULL` with %IMP_ERROR_STORE_UNAVAILABLE
 */
ImpPayloadFolders *
imp_payload_folders_open (const char  *directory,
                          GError     **error)
{
  g_autoptr(ImpPayloadFolders) self = g_new (ImpPayloadFolders, 1);

  self->lock_fd = self->staged_fd = self->kept_fd = -1;
  if ((self->staged_fd = imp_open_directory (directory, "staged", error)) < 0 ||
      (self->kept_fd = imp_open_directory (directory, "kept", error)) < 0 ||
      !lock (self, directory, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * imp_payload_folders_free:
 * @self: (transfer full): the folders, not `NULL`
 *
 * Closes the folders and, last, drops the lock, so that another process may open the store.
 */
void
imp_payload_folders_free (ImpPayloadFolders *self)
{
  imp_clear_fd (&self->staged_fd);
  imp_clear_fd (&self->kept_fd);
  imp_clear_fd (&self->lock_fd);
  g_free (self);
}

static gboolean
exists (int         directory,
        const char *name,
        const char *suffix,
        guint64    *size)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  struct stat st;

  if (fstatat (directory, file, &st, 0) != 0)
    return FALSE;

  if (size != NULL)
    *size = st.st_size;
  return TRUE;
}

/**
 * imp_payload_folders_find:
 * @self: the folders
 * @name: a payload
 *
 * Bytes without an index are nothing, so the index alone says where a payload is.
 *
 * Returns: which folder the payload is in
 */
ImpPayloadPlace
imp_payload_folders_find (ImpPayloadFolders *self,
                          const char        *name)
{
  if (exists (self->kept_fd, name, ".index", NULL))
    return IMP_PAYLOAD_PLACE_KEPT;

  return exists (self->staged_fd, name, ".index", NULL) ? IMP_PAYLOAD_PLACE_STAGED : IMP_PAYLOAD_PLACE_NONE;
}

/**
 * imp_payload_folders_get_size:
 * @self: the folders
 * @name: a payload
 *
 * Returns: how many bytes its file has, 0 when there is none
 */
guint64
imp_payload_folders_get_size (ImpPayloadFolders *self,
                              const char        *name)
{
  guint64 size = 0;

  if (!exists (self->kept_fd, name, ".data", &size))
    exists (self->staged_fd, name, ".data", &size);

  return size;
}

static int
open_file (int          directory,
           const char  *name,
           const char  *suffix,
           GError     **error)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  int fd = openat (directory, file, O_RDONLY | O_CLOEXEC);

  if (fd < 0 && errno == ENOENT)
    g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT, "its %s file is gone", suffix + 1);
  else if (fd < 0)
    imp_set_unavailable (error, errno, "it cannot be read");

  return fd;
}

/**
 * imp_payload_folders_open_files:
 * @self: the folders
 * @name: a payload
 * @files: (out): its files; what is open of them when it fails is the caller's to close, too
 * @error: return location for an error
 *
 * Opens the files of a payload that is staged or kept.
 *
 * Returns: where it is, or %IMP_PAYLOAD_PLACE_NONE with %IMP_ERROR_NOT_FOUND, %IMP_ERROR_CORRUPT or
 *   %IMP_ERROR_STORE_UNAVAILABLE
 */
ImpPayloadPlace
imp_payload_folders_open_files (ImpPayloadFolders  *self,
                                const char         *name,
                                ImpPayloadFiles    *files,
                                GError            **error)
{
  ImpPayloadPlace place = imp_payload_folders_find (self, name);
  int directory = place == IMP_PAYLOAD_PLACE_KEPT ? self->kept_fd : self->staged_fd;

  /* A keep that was interrupted has moved the bytes and not the index. */
  int data_directory = exists (self->kept_fd, name, ".data", NULL) ? self->kept_fd : self->staged_fd;

  if (place == IMP_PAYLOAD_PLACE_NONE)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "it is not in the store");
  else if ((files->index_fd = open_file (directory, name, ".index", error)) >= 0 &&
           (files->data_fd = open_file (data_directory, name, ".data", error)) >= 0)
    return place;

  return IMP_PAYLOAD_PLACE_NONE;
}

/**
 * imp_payload_files_clear:
 * @files: the files of a payload
 *
 * Closes both files; they are -1 then, so that it may be done again.
 */
void
imp_payload_files_clear (ImpPayloadFiles *files)
{
  imp_clear_fd (&files->data_fd);
  imp_clear_fd (&files->index_fd);
}

/**
 * imp_payload_folders_new_writer:
 * @self: the folders
 * @profile: how the payload becomes a DAG
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): a writer into the folder of staged payloads, or `NULL` with @error set
 */
ImpPayloadWriter *
imp_payload_folders_new_writer (ImpPayloadFolders       *self,
                                const ImpUnixfsProfile  *profile,
                                GError                 **error)
{
  return imp_payload_writer_new (self->staged_fd, profile, error);
}

/**
 * imp_payload_folders_put:
 * @self: the folders
 * @writer: a writer of theirs that was run
 * @name: the payload's name
 * @error: return location for an error
 *
 * Puts a payload in its place, and makes that durable. What is there already is replaced: it is the
 * same, unless the disk has spoilt it.
 *
 * Returns: whether it could
 */
gboolean
imp_payload_folders_put (ImpPayloadFolders  *self,
                         ImpPayloadWriter   *writer,
                         const char         *name,
                         GError            **error)
{
  ImpPayloadPlace place = imp_payload_folders_find (self, name);
  int directory = place == IMP_PAYLOAD_PLACE_KEPT ? self->kept_fd : self->staged_fd;

  if (imp_payload_writer_move (writer, directory, name, error) &&
      imp_file_sync (directory, error))
    return TRUE;

  if (place == IMP_PAYLOAD_PLACE_NONE)
    imp_payload_folders_remove (self, name);
  return FALSE;
}

static gboolean
move_file (ImpPayloadFolders  *self,
           const char         *name,
           const char         *suffix,
           GError            **error)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  /* The bytes may have been moved before a crash. */
  if (renameat (self->staged_fd, file, self->kept_fd, file) == 0 ||
      (errno == ENOENT && exists (self->kept_fd, name, suffix, NULL)))
    return TRUE;

  imp_set_file_error (error, errno, "cannot keep the payload");
  return FALSE;
}

/**
 * imp_payload_folders_keep:
 * @self: the folders
 * @name: a payload that is staged
 * @error: return location for an error
 *
 * Moves a payload to the folder of those that are kept.
 *
 * Returns: whether it could
 */
gboolean
imp_payload_folders_keep (ImpPayloadFolders  *self,
                          const char         *name,
                          GError            **error)
{
  return move_file (self, name, ".data", error) &&
         move_file (self, name, ".index", error);
}

static void
remove_file (int         directory,
             const char *name,
             const char *suffix)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);

  unlinkat (directory, file, 0);
}

/**
 * imp_payload_folders_remove:
 * @self: the folders
 * @name: a payload that is not kept
 *
 * Removes a staged payload, in an order that leaves, wherever it is cut, what is removed at opening: an
 * index without bytes, or bytes without an index.
 */
void
imp_payload_folders_remove (ImpPayloadFolders *self,
                            const char        *name)
{
  remove_file (self->kept_fd, name, ".data");
  remove_file (self->staged_fd, name, ".index");
  remove_file (self->staged_fd, name, ".data");
}

static DIR *
open_listing (int      directory,
              GError **error)
{
  int fd = openat (directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *listing = fd >= 0 ? fdopendir (fd) : NULL;

  if (listing != NULL)
    return listing;

  imp_set_unavailable (error, errno, "the store’s folder cannot be listed");
  imp_clear_fd (&fd);
  return NULL;
}

/**
 * imp_payload_folders_collect:
 * @self: the folders
 * @func: (scope call): is asked for each file of the folder of staged payloads whether it is of any use
 * @user_data: data for @func
 * @error: return location for an error, also for @func
 *
 * Removes the files that a crash has left and that are no use to anyone.
 *
 * Returns: whether it could, and @func never failed
 */
gboolean
imp_payload_folders_collect (ImpPayloadFolders      *self,
                             ImpPayloadCollectFunc   func,
                             gpointer                user_data,
                             GError                **error)
{
  DIR *listing = open_listing (self->staged_fd, error);
  struct dirent *entry;
  gboolean collected = listing != NULL;

  while (collected && (entry = readdir (listing)) != NULL)
    {
      gboolean useful = TRUE;

      if (!g_str_equal (entry->d_name, ".") && !g_str_equal (entry->d_name, ".."))
        collected = func (entry->d_name, &useful, user_data, error);
      if (!useful)
        unlinkat (self->staged_fd, entry->d_name, 0);
    }

  if (listing != NULL)
    closedir (listing);
  return collected;
}

static gboolean
count_folder (ImpPayloadFolders  *self,
              int                 directory,
              guint64            *n_payloads,
              guint64            *n_bytes,
              GCancellable       *cancellable,
              GError            **error)
{
  DIR *listing = open_listing (directory, error);
  struct dirent *entry;

  if (listing == NULL)
    return FALSE;

  while ((entry = readdir (listing)) != NULL && !g_cancellable_is_cancelled (cancellable))
    {
      g_autofree char *name = g_strndup (entry->d_name, strcspn (entry->d_name, "."));

      if (g_str_has_prefix (entry->d_name, "tmp-") || !g_str_has_suffix (entry->d_name, ".index"))
        continue;

      *n_payloads += 1;
      *n_bytes += imp_payload_folders_get_size (self, name);
    }
  closedir (listing);

  return !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/**
 * imp_payload_folders_count:
 * @self: the folders
 * @n_payloads: (out): how many payloads are staged or kept
 * @n_bytes: (out): how many bytes they have together
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Returns: whether both folders could be listed
 */
gboolean
imp_payload_folders_count (ImpPayloadFolders  *self,
                           guint64            *n_payloads,
                           guint64            *n_bytes,
                           GCancellable       *cancellable,
                           GError            **error)
{
  *n_payloads = *n_bytes = 0;

  return count_folder (self, self->staged_fd, n_payloads, n_bytes, cancellable, error) &&
         count_folder (self, self->kept_fd, n_payloads, n_bytes, cancellable, error);
}

/**
 * imp_payload_folders_get_free:
 * @self: the folders
 *
 * Returns: how many bytes are left on their disk, `G_MAXUINT64` when that is not known
 */
guint64
imp_payload_folders_get_free (ImpPayloadFolders *self)
{
  struct statvfs vfs;

  return fstatvfs (self->kept_fd, &vfs) == 0 ? (guint64) vfs.f_bavail * vfs.f_frsize : G_MAXUINT64;
}

/**
 * imp_payload_folders_try_to_write:
 * @self: the folders
 *
 * Descriptors outlive the folders that they were opened on, so asking them alone finds nothing wrong:
 * only writing does. What a crash leaves of it is removed at opening.
 *
 * Returns: whether a payload could be written now; errno says why not
 */
gboolean
imp_payload_folders_try_to_write (ImpPayloadFolders *self)
{
  static const char name[] = "tmp-probe";
  struct stat kept;
  int fd;
  int result;

  if (fstat (self->kept_fd, &kept) != 0)
    return FALSE;
  if (kept.st_nlink == 0)
    {
      errno = ENOENT;
      return FALSE;
    }

  fd = openat (self->staged_fd, name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;

  do
    result = posix_fallocate (fd, 0, PROBE_SIZE);
  while (result == EINTR);

  imp_clear_fd (&fd);
  unlinkat (self->staged_fd, name, 0);
  errno = result;
  return result == 0;
}
