/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-ledger-file-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "imp-error.h"

/* The files of the embedded ledger: made whole, readable by their owner only, and its lock. */

static gboolean
set_errno_error (const char  *doing,
                 const char  *path,
                 int          code,
                 GError     **error)
{
  return imp_error_set (error, IMP_ERROR_LEDGER_UNAVAILABLE,
                        "cannot %s “%s”: %s", doing, path, g_strerror (code));
}

static gboolean
write_all (int         fd,
           const char *data,
           gsize       size)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno != EINTR)
        return FALSE;

      if (n > 0)
        {
          data += n;
          size -= n;
        }
    }

  return fsync (fd) == 0;
}

/* Makes a file that was not there, 0600, and durable. */
gboolean
imp_ledger_file_write (const char  *path,
                       const void  *data,
                       gsize        size,
                       GError     **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  gboolean written;
  int code;

  if (fd < 0)
    return set_errno_error ("make", path, errno, error);

  written = write_all (fd, data, size);
  code = errno;
  close (fd);
  if (written)
    return TRUE;

  g_unlink (path);
  return set_errno_error ("write", path, code, error);
}

static gboolean
sync_parent (const char *path)
{
  g_autofree char *parent = g_path_get_dirname (path);
  int fd = g_open (parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean synced;

  if (fd < 0)
    return FALSE;

  synced = fsync (fd) == 0;
  close (fd);
  return synced;
}

/* Gives a file its final name, durably: the folder is synced, too. What was at @to is replaced. */
gboolean
imp_ledger_file_rename (const char  *from,
                        const char  *to,
                        GError     **error)
{
  if (g_rename (from, to) == 0 && sync_parent (to))
    return TRUE;

  return set_errno_error ("make", to, errno, error);
}

static void
read_owner (int   fd,
            char *owner,
            gsize size)
{
  gssize n = pread (fd, owner, size - 1, 0);

  owner[MAX (n, 0)] = '\0';
  g_strstrip (owner);
}

/* Two programs on one ledger would fork it, so the first one keeps a lock that ends with it. The
 * process is written there for people to read; only the lock counts.
 *
 * Returns the file descriptor that holds the lock, or -1.
 */
int
imp_ledger_file_lock (const char  *directory,
                      GError     **error)
{
  g_autofree char *path = g_build_filename (directory, "ledger.lock", NULL);
  g_autofree char *pid = g_strdup_printf ("%d\n", (int) getpid ());
  int fd = g_open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  char owner[16];

  if (fd < 0)
    {
      set_errno_error ("make", path, errno, error);
      return -1;
    }

  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      read_owner (fd, owner, sizeof owner);
      g_set_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
                   "the ledger in “%s” is already open in process %s", directory, owner);
      close (fd);
      return -1;
    }

  /* A full disk is no reason not to open for reading: nothing depends on this text. */
  if (ftruncate (fd, 0) != 0 || pwrite (fd, pid, strlen (pid), 0) < 0)
    g_debug ("cannot write “%s”: %s", path, g_strerror (errno));

  return fd;
}

static gboolean
check_mode (const char  *path,
            GError     **error)
{
  struct stat info;

  if (stat (path, &info) != 0)
    return set_errno_error ("read", path, errno, error);

  if ((info.st_mode & 077) == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_REFUSED,
                        "“%s” holds a private key and may be read by others (mode %03o): make it 600",
                        path, info.st_mode & 0777);
}

static gboolean
check_key (ImpKey     *key,
           ImpKeyType  type)
{
  const char *algorithm = type == IMP_KEY_ED25519 ? "Ed25519" : "RSA-2048";

  return imp_key_has_private (key) && g_str_equal (imp_key_get_algorithm (key), algorithm);
}

static ImpKey *
parse_key (const char  *path,
           const char  *pem,
           gsize        size,
           ImpKeyType   type,
           GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(ImpKey) key = imp_key_new_from_pem (pem, size, NULL, &local_error);

  if (key != NULL && check_key (key, type))
    return g_steal_pointer (&key);

  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT, "“%s” is no private key of type %s%s%s", path,
               imp_key_type_to_string (type),
               local_error != NULL ? ": " : "", local_error != NULL ? local_error->message : "");
  return NULL;
}

/**
 * imp_ledger_key_load:
 * @path: a PEM file that only its owner can read
 * @type: what type of key it must be
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the ledger’s key, or `NULL` with @error set
 */
ImpKey *
imp_ledger_key_load (const char  *path,
                     ImpKeyType   type,
                     GError     **error)
{
  g_autofree char *pem = NULL;
  gsize size;
  ImpKey *key;

  if (!check_mode (path, error))
    return NULL;

  if (!g_file_get_contents (path, &pem, &size, error))
    return NULL;

  key = parse_key (path, pem, size, type, error);
  explicit_bzero (pem, size);

  return key;
}

/* Makes a key and its file, which is there whole or not at all. */
ImpKey *
imp_ledger_key_make (const char  *path,
                     ImpKeyType   type,
                     GError     **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  g_autoptr(ImpKey) key = NULL;
  g_autoptr(GBytes) pem = NULL;

  g_unlink (temporary);
  if (!(key = imp_key_generate (type, error)) ||
      !(pem = imp_key_export_private (key, error)) ||
      !imp_ledger_file_write (temporary, g_bytes_get_data (pem, NULL), g_bytes_get_size (pem), error) ||
      !imp_ledger_file_rename (temporary, path, error))
    return NULL;

  return g_steal_pointer (&key);
}
