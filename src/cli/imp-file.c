/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "imp-error.h"

static void
wipe (gpointer data)
{
  GByteArray *array = data;

  explicit_bzero (array->data, array->len);
  g_byte_array_unref (array);
}

static gboolean
read_all (int          fd,
          const char  *path,
          gsize        max_size,
          GByteArray  *array,
          GError     **error)
{
  g_autofree guint8 *buffer = g_malloc (16 * 1024);
  gboolean done = FALSE, failed = FALSE;

  while (!done && !failed)
    {
      gssize n = read (fd, buffer, 16 * 1024);

      if (n < 0 && errno != EINTR)
        {
          int code = errno;

          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                       _("“%s” could not be read: %s"), path, g_strerror (code));
          failed = TRUE;
        }
      else if (n == 0)
        done = TRUE;
      else if (n > 0 && array->len + (gsize) n > max_size)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                       _("“%s” is larger than %zu bytes"), path, max_size);
          failed = TRUE;
        }
      else if (n > 0)
        g_byte_array_append (array, buffer, n);
    }

  explicit_bzero (buffer, 16 * 1024);
  return !failed;
}

/**
 * imp_file_read:
 * @path: a file, or “-” for standard input
 * @max_size: the largest that makes sense
 * @error: return location for an error
 *
 * Reads a small file whole. It may be a private key, so its bytes are wiped when they are freed.
 *
 * Returns: (transfer full) (nullable): the bytes
 */
GBytes *
imp_file_read (const char  *path,
               gsize        max_size,
               GError     **error)
{
  GByteArray *array;
  gboolean standard_input = g_strcmp0 (path, "-") == 0;
  gboolean done;
  int fd = standard_input ? STDIN_FILENO : g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    {
      int code = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (code),
                   _("“%s” could not be opened: %s"), path, g_strerror (code));
      return NULL;
    }

  /* Growing would leave copies behind that nobody wipes. */
  array = g_byte_array_sized_new (max_size);
  done = read_all (fd, path, max_size, array, error);
  if (!standard_input)
    g_close (fd, NULL);

  if (!done)
    {
      wipe (array);
      return NULL;
    }

  return g_bytes_new_with_free_func (array->data, array->len, wipe, array);
}

/**
 * imp_file_check_absent:
 * @path: where a command wants to write
 * @force: whether it may replace what is there
 * @error: return location for an error
 *
 * Refuses early, before a command does work that it could not keep.
 *
 * Returns: whether the command may go on, otherwise %G_IO_ERROR_EXISTS
 */
gboolean
imp_file_check_absent (const char  *path,
                       gboolean     force,
                       GError     **error)
{
  if (force || !g_file_test (path, G_FILE_TEST_EXISTS))
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS,
               _("“%s” exists already; --force replaces it"), path);
  return FALSE;
}

/**
 * imp_file_write:
 * @path: where to
 * @text: what
 * @force: whether a file that is there may be replaced
 * @error: return location for an error
 *
 * Writes a small file, whole or not at all.
 *
 * Returns: whether it is written
 */
gboolean
imp_file_write (const char  *path,
                const char  *text,
                gboolean     force,
                GError     **error)
{
  return imp_file_check_absent (path, force, error) &&
         g_file_set_contents (path, text, -1, error);
}

/**
 * imp_file_name_canonicalize:
 * @name: a name made of a class and a version
 *
 * Changes it so that it cannot lead anywhere else.
 *
 * Returns: @name
 */
char *
imp_file_name_canonicalize (char *name)
{
  g_strcanon (name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-", '_');
  if (*name == '.')
    *name = '_';

  return name;
}

/**
 * imp_file_read_public_key:
 * @path: a PEM file
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the key in the file, or `NULL` with @error set
 */
ImpKey *
imp_file_read_public_key (const char  *path,
                          GError     **error)
{
  g_autoptr(GBytes) bytes = imp_file_read (path, IMP_KEY_MAX_PEM_SIZE, error);
  ImpKey *key;
  const char *text;
  gsize size;

  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &size);
  key = imp_key_new_from_pem (text, size, NULL, error);
  if (key == NULL)
    g_prefix_error (error, _("“%s”: "), path);

  return key;
}

/**
 * imp_file_read_manifest:
 * @path: a file, or `-` for standard input
 * @update: (out) (nullable): the signed update, where the file holds one
 * @error: return location for an error
 *
 * Reads a manifest, alone or in an update.
 *
 * Returns: (transfer full) (nullable): the manifest, or `NULL` with @error set
 */
ImpManifest *
imp_file_read_manifest (const char  *path,
                        ImpUpdate  **update,
                        GError     **error)
{
  g_autoptr(GBytes) bytes = imp_file_read (path, IMP_MANIFEST_FILE_MAX_SIZE, error);
  ImpManifest *manifest;
  const char *text;
  gsize size;

  *update = NULL;
  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &size);
  manifest = imp_manifest_file_parse (text, size, update, error);
  if (manifest == NULL)
    g_prefix_error (error, _("“%s”: "), path);

  return manifest;
}
