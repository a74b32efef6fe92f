/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest-file.h"

#include "imp-file-name.h"
#include "imp-firmware-file.h"
#include "imp-json.h"

static gboolean
is_update (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) &&
         json_object_has_member (json_node_get_object (node), "authorManifestSign");
}

/**
 * imp_manifest_file_parse:
 * @text: what is in a file
 * @size: its bytes
 * @update: (out) (transfer full) (nullable): the update, if the manifest is signed
 * @error: return location for an error
 *
 * Reads a manifest, alone or in a signed update.
 *
 * Returns: (transfer full) (nullable): the manifest
 */
ImpManifest *
imp_manifest_file_parse (const char  *text,
                         gsize        size,
                         ImpUpdate  **update,
                         GError     **error)
{
  g_autoptr(JsonNode) node = NULL;

  *update = NULL;
  node = imp_json_parse (text, size, IMP_MANIFEST_FILE_MAX_SIZE, error);
  if (node == NULL)
    return NULL;
  if (!is_update (node))
    return imp_manifest_new_from_json (node, error);
  if (!(*update = imp_update_new_from_json (node, error)))
    return NULL;

  return g_object_ref (imp_update_get_manifest (*update));
}

/**
 * imp_manifest_file_print:
 * @node: a manifest or an update
 *
 * Lays it out for a file that people read.
 *
 * Returns: (transfer full): JSON
 */
char *
imp_manifest_file_print (JsonNode *node)
{
  g_autofree char *text = json_to_string (node, TRUE);

  return g_strconcat (text, "\n", NULL);
}

/* A file that cannot be read has said its name already. */
static void
name_file (GFile   *file,
           GError **error)
{
  g_autofree char *name = imp_file_dup_name (file);

  g_prefix_error (error, "“%s”: ", name);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  ImpManifest *manifest = NULL;
  GError *error = NULL;
  const char *text;
  gsize size;

  bytes = imp_firmware_file_read_small (task_data, IMP_MANIFEST_FILE_MAX_SIZE, cancellable, &error);
  if (bytes != NULL)
    {
      text = g_bytes_get_data (bytes, &size);
      manifest = imp_manifest_file_parse (text, size, &update, &error);
      if (manifest == NULL)
        name_file (task_data, &error);
    }

  if (manifest != NULL)
    g_task_return_pointer (task, manifest, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * imp_manifest_file_read_async:
 * @file: a file
 * @cancellable: (nullable): cancels the reading
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads a manifest from a file.
 */
void
imp_manifest_file_read_async (GFile               *file,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_manifest_file_read_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_thread);
}

/**
 * imp_manifest_file_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the manifest, or `NULL` with @error set
 */
ImpManifest *
imp_manifest_file_read_finish (GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
