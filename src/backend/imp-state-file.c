/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-state-file.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "imp-error.h"
#include "imp-json.h"

#define MAX_SIZE (1024 * 1024)

/**
 * imp_state_make_dir:
 * @path: a folder
 * @error: return location for an error
 *
 * Makes a folder, with those above it, that only its owner may enter. That it is there already is no
 * error.
 *
 * Returns: whether it is there
 */
gboolean
imp_state_make_dir (const char  *path,
                    GError     **error)
{
  if (g_mkdir_with_parents (path, 0700) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "“%s”: %s", path,
               g_strerror (errno));
  return FALSE;
}

/**
 * imp_state_file_write:
 * @path: a file; its folder is made if it is not there
 * @object: what is to be in it
 * @error: return location for an error
 *
 * Replaces a file, durably, and by the whole or not at all. It blocks.
 *
 * Returns: whether it could
 */
gboolean
imp_state_file_write (const char  *path,
                      JsonObject  *object,
                      GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, object);
  text = json_to_string (node, TRUE);

  return imp_state_make_dir (folder, error) &&
         g_file_set_contents_full (path, text, -1,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

/**
 * imp_state_file_read:
 * @path: a file
 * @error: return location for an error
 *
 * Reads what was written there. A file that is not there is `G_FILE_ERROR_NOENT`, one that is not
 * what we write %IMP_ERROR_CORRUPT.
 *
 * Returns: (transfer full) (nullable): the object
 */
JsonObject *
imp_state_file_read (const char  *path,
                     GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) local_error = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;

  node = imp_json_parse (text, length, MAX_SIZE, &local_error);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_dup_object (node);

  g_set_error (error, IMP_ERROR, IMP_ERROR_CORRUPT, "“%s” is damaged: %s", path,
               local_error != NULL ? local_error->message : "not an object");
  return NULL;
}
