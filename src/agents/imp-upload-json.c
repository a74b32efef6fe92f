/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-upload-private.h"

#include "imp-error.h"
#include "imp-json.h"

static void
take_member (ImpUpload  *self,
             const char *name,
             JsonNode   *node)
{
  GString *value;
  char *text;

  if (json_node_get_value_type (node) == G_TYPE_STRING)
    text = json_node_dup_string (node);
  else
    text = imp_json_canonicalize (node);

  value = g_string_new (text);
  g_free (text);
  g_hash_table_insert (self->values, g_strdup (name), value);
}

static JsonObject *
get_object (JsonObject *object,
            const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static const char *
get_string (JsonObject *object,
            const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
           ? json_node_get_string (node)
           : NULL;
}

/* Where the reference puts a payload that is a string: beside the update, in it, or in its manifest. */
static const char *
find_payload_text (JsonObject *object)
{
  JsonObject *update = get_object (object, "update");
  const char *text = get_string (object, IMP_UPLOAD_PAYLOAD);

  if (text == NULL)
    text = get_string (update, IMP_UPLOAD_PAYLOAD);
  if (text == NULL)
    text = get_string (get_object (update != NULL ? update : object, "manifest"), IMP_UPLOAD_PAYLOAD);

  return text;
}

static gboolean
take_payload_text (ImpUpload   *self,
                   JsonObject  *object,
                   GError     **error)
{
  const char *text = find_payload_text (object);

  if (text == NULL)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "there is no part “payload”");
      return FALSE;
    }

  imp_upload_begin_payload (self);
  if (self->stopped)
    return TRUE;
  if (!imp_upload_write_payload (self, (const guint8 *) text, strlen (text), error))
    return FALSE;

  imp_upload_end_payload (self);
  return TRUE;
}

static gboolean
take_json (ImpUpload   *self,
           JsonNode    *node,
           GError     **error)
{
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "the body is not a JSON object");
      return FALSE;
    }

  /* The payload first: a large one must not count as part of the update that it came in. */
  object = json_node_get_object (node);
  if (!take_payload_text (self, object, error))
    return FALSE;

  if (get_object (object, "update") != NULL)
    json_object_remove_member (get_object (object, "update"), IMP_UPLOAD_PAYLOAD);

  for (const ImpUploadField *field = self->fields; field->name != NULL; field++)
    {
      JsonNode *member = json_object_get_member (object, field->name);

      if (member != NULL)
        take_member (self, field->name, member);
    }

  return TRUE;
}

/* A multipart body whose update carries its payload as a string has no part for it. */
gboolean
imp_upload_take_payload_of_update (ImpUpload  *self,
                                   GError    **error)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonObject) object = json_object_new ();
  const char *text = imp_upload_get_field (self, "update");
  const char *name = "update";

  if (text == NULL)
    {
      text = imp_upload_get_field (self, "manifest");
      name = "manifest";
    }

  if (text != NULL && (node = imp_json_parse (text, -1, IMP_UPLOAD_JSON_SIZE, NULL)) != NULL)
    json_object_set_member (object, name, g_steal_pointer (&node));

  return take_payload_text (self, object, error);
}

static void
parse_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GBytes *body = task_data;
  GError *error = NULL;
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  JsonNode *node = imp_json_parse (data != NULL ? data : "", size, IMP_UPLOAD_JSON_SIZE, &error);

  if (node != NULL)
    g_task_return_pointer (task, node, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
parsed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpUpload *self = IMP_UPLOAD (object);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = g_task_propagate_pointer (G_TASK (result), &error);

  if (self->stopped)
    return;

  if (node != NULL && take_json (self, node, &error))
    imp_upload_check_fields (self, &error);

  imp_upload_end (self, error);
}

/* Sixteen megabytes of JSON take longer than the main loop may. */
void
imp_upload_parse_json (ImpUpload *self)
{
  g_autoptr(GTask) task = g_task_new (self, imp_request_get_cancellable (self->request), parsed_cb,
                                      NULL);

  g_task_set_source_tag (task, imp_upload_parse_json);
  g_task_set_task_data (task, g_byte_array_free_to_bytes (g_steal_pointer (&self->json)),
                        (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, parse_thread);
}

static JsonNode *
join_update (ImpUpload  *self,
             GError    **error)
{
  static const char *const names[] = { "authorSign", "authorManifestSign" };
  const char *manifest = imp_upload_get_field (self, "manifest");
  g_autoptr(JsonNode) node = NULL;
  JsonObject *object;

  if (manifest == NULL)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "there is no part “update”");
      return NULL;
    }

  if (!(node = imp_json_parse (manifest, -1, IMP_MANIFEST_MAX_SIZE, error)))
    return NULL;

  object = json_object_new ();
  json_object_set_member (object, "manifest", g_steal_pointer (&node));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const char *value = imp_upload_get_field (self, names[i]);

      if (value != NULL)
        json_object_set_string_member (object, names[i], value);
    }

  node = json_node_init_object (json_node_alloc (), object);
  json_object_unref (object);
  return g_steal_pointer (&node);
}

/**
 * imp_upload_parse_update:
 * @self: an upload
 * @error: return location for an error
 *
 * Reads the update, which is one field or three (`manifest`, `authorSign`, `authorManifestSign`).
 *
 * Returns: (transfer full): the update
 */
ImpUpdate *
imp_upload_parse_update (ImpUpload  *self,
                         GError    **error)
{
  g_autoptr(JsonNode) node = NULL;
  const char *text;

  g_return_val_if_fail (IMP_IS_UPLOAD (self), NULL);

  text = imp_upload_get_field (self, "update");
  if (text != NULL)
    node = imp_json_parse (text, -1, IMP_UPLOAD_JSON_SIZE, error);
  else
    node = join_update (self, error);

  if (node == NULL)
    {
      g_prefix_error (error, "the update: ");
      return NULL;
    }

  return imp_update_new_from_json (node, error);
}
