/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-sbom.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-file-name.h"
#include "imp-firmware-file.h"
#include "imp-json.h"
#include "imp-unixfs.h"

#define TAG_VALUE    "SPDXVersion:"                /* how the other syntax of SPDX 2 begins */
#define SPDX_CONTEXT "https://spdx.org/rdf/"       /* and the version follows */

/**
 * imp_sbom_free:
 * @self: (transfer full): an SBOM, not `NULL`
 *
 * Frees an SBOM and its bytes.
 */
void
imp_sbom_free (ImpSbom *self)
{
  g_free (self->name);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->format);
  g_free (self->digest);
  g_free (self->cid);
  g_free (self);
}

static char *
find_format_of_context (const char *context)
{
  const char *version = context + strlen (SPDX_CONTEXT);

  if (!g_str_has_prefix (context, SPDX_CONTEXT))
    return NULL;

  return g_strdup_printf ("SPDX-%.*s", (int) strcspn (version, "/"), version);
}

/* What a document says of itself: SPDX 2, SPDX 3 or CycloneDX. */
static char *
find_format_of_json (JsonObject *object)
{
  const char *spdx = imp_json_get_string (object, "spdxVersion", NULL);
  const char *name = imp_json_get_string (object, "bomFormat", NULL);
  const char *version = imp_json_get_string (object, "specVersion", NULL);
  const char *context = imp_json_get_string (object, "@context", NULL);

  if (spdx != NULL)
    return g_strdup (spdx);
  if (g_strcmp0 (name, "CycloneDX") == 0 && version != NULL)
    return g_strdup_printf ("CycloneDX-%s", version);

  return context != NULL ? find_format_of_context (context) : NULL;
}

static char *
find_format_of_tags (const char *text,
                     gsize       size)
{
  const char *value = text + strlen (TAG_VALUE);
  const char *end;
  char *format;

  if (size <= strlen (TAG_VALUE) || strncmp (text, TAG_VALUE, strlen (TAG_VALUE)) != 0)
    return NULL;

  end = memchr (value, '\n', size - strlen (TAG_VALUE));
  format = g_strndup (value, end != NULL ? end - value : (gssize) (size - strlen (TAG_VALUE)));
  return g_strstrip (format);
}

static char *
find_format (const char  *text,
             gsize        size,
             GError     **error)
{
  g_autoptr(JsonNode) node = NULL;
  char *format = find_format_of_tags (text, size);

  if (format != NULL)
    return format;

  node = imp_json_parse (text, size, IMP_SBOM_MAX_SIZE, error);
  if (node == NULL)
    {
      g_prefix_error (error, "neither SPDX nor CycloneDX in JSON: ");
      return NULL;
    }

  if (JSON_NODE_HOLDS_OBJECT (node))
    format = find_format_of_json (json_node_get_object (node));
  if (format == NULL)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                         "neither SPDX nor CycloneDX: it has no “spdxVersion”, no “bomFormat” "
                         "and no context of SPDX");
  return format;
}

/* What it says of itself becomes part of a manifest. */
static gboolean
check_text (const char  *text,
            gsize        size,
            GError     **error)
{
  if (size == 0)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the file is empty");
  else if (size > IMP_SBOM_MAX_SIZE)
    g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the file is larger than %d bytes",
                 IMP_SBOM_MAX_SIZE);
  else if (memchr (text, '\0', size) != NULL || !g_utf8_validate_len (text, size, NULL))
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the file is not UTF-8 text");
  else
    return TRUE;

  return FALSE;
}

/**
 * imp_sbom_parse:
 * @bytes: a document
 * @error: return location for an error
 *
 * Finds out what a document is: SPDX 2 (JSON or tag-value), SPDX 3 or CycloneDX in JSON. Its packages
 * are nobody’s concern here.
 *
 * Returns: (transfer full) (nullable): the SBOM, without a name
 */
ImpSbom *
imp_sbom_parse (GBytes  *bytes,
                GError **error)
{
  g_autoptr(ImpSbom) self = g_new0 (ImpSbom, 1);
  g_autoptr(ImpCid) cid = NULL;
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  if (!check_text (text, size, error) || !(self->format = find_format (text, size, error)))
    return NULL;

  cid = imp_unixfs_name (&imp_unixfs_v0, text, size);
  self->bytes = g_bytes_ref (bytes);
  self->digest = imp_digest_hex (IMP_DIGEST_SHA384, text, size);
  self->cid = g_strdup (imp_cid_get_string (cid));
  return g_steal_pointer (&self);
}

static void
read_thread (GTask        *task,
             gpointer      source_object,
             gpointer      task_data,
             GCancellable *cancellable)
{
  g_autoptr(GBytes) bytes = NULL;
  ImpSbom *sbom = NULL;
  GError *error = NULL;

  if ((bytes = imp_firmware_file_read_small (task_data, IMP_SBOM_MAX_SIZE, cancellable,
                                             &error)))
    sbom = imp_sbom_parse (bytes, &error);
  if (sbom == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  sbom->name = imp_file_dup_name (task_data);
  g_task_return_pointer (task, sbom, (GDestroyNotify) imp_sbom_free);
}

/**
 * imp_sbom_read_async:
 * @file: an SBOM
 * @cancellable: (nullable): cancels the reading
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads an SBOM of at most %IMP_SBOM_MAX_SIZE bytes.
 */
void
imp_sbom_read_async (GFile               *file,
                     GCancellable        *cancellable,
                     GAsyncReadyCallback  callback,
                     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_sbom_read_async);
  g_task_set_task_data (task, g_object_ref (file), g_object_unref);
  g_task_run_in_thread (task, read_thread);
}

/**
 * imp_sbom_read_finish:
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the SBOM, or `NULL` with @error set
 */
ImpSbom *
imp_sbom_read_finish (GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * imp_sbom_to_json:
 * @self: an SBOM
 *
 * Makes what a manifest says of it.
 *
 * Returns: (transfer full): an object of format, digest and cid
 */
JsonNode *
imp_sbom_to_json (ImpSbom *self)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "format", self->format);
  json_object_set_string_member (object, "digest", self->digest);
  json_object_set_string_member (object, "cid", self->cid);
  json_node_take_object (node, object);
  return node;
}
