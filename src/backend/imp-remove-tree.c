/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-remove-tree.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

static gboolean
remove_one (const char  *path,
            GError     **error)
{
  if (g_remove (path) == 0 || errno == ENOENT)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", path,
               g_strerror (errno));
  return FALSE;
}

/**
 * imp_remove_tree:
 * @path: a file, or a folder with all that is in it
 * @error: return location for an error
 *
 * Removes a tree. Links are removed and not followed. It blocks.
 *
 * Returns: whether all of it is gone
 */
gboolean
imp_remove_tree (const char  *path,
                 GError     **error)
{
  g_autoptr(GDir) dir = NULL;
  const char *name;

  if (g_file_test (path, G_FILE_TEST_IS_SYMLINK) || !g_file_test (path, G_FILE_TEST_IS_DIR))
    return remove_one (path, error);

  dir = g_dir_open (path, 0, error);
  if (dir == NULL)
    return FALSE;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (!imp_remove_tree (child, error))
        return FALSE;
    }

  return remove_one (path, error);
}
