/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest.h"

#include "imp-digest.h"
#include "imp-json.h"

/**
 * ImpManifestBuilder:
 *
 * Puts a manifest together, field by field. Nothing is checked before the end, so that a form can be
 * half filled in.
 */
struct _ImpManifestBuilder
{
  JsonNode *root;  /* (owned) an object without manifestDigest */
};

static JsonObject *
get_object (ImpManifestBuilder *self)
{
  return json_node_get_object (self->root);
}

/**
 * imp_manifest_builder_new:
 *
 * Begins a manifest. Of the fields that it must have, those that say nothing by being empty are
 * there already: no dependencies, no encryption wrapper.
 *
 * Returns: (transfer full): a builder
 */
ImpManifestBuilder *
imp_manifest_builder_new (void)
{
  ImpManifestBuilder *self = g_new0 (ImpManifestBuilder, 1);
  static const char *const none[] = { NULL };

  self->root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (self->root, json_object_new ());
  imp_manifest_builder_set_strv (self, IMP_MANIFEST_DEPENDENCIES, none);
  imp_manifest_builder_set_string (self, IMP_MANIFEST_ENCRYPTION_WRAPPER, "");

  return self;
}

/**
 * imp_manifest_builder_new_from:
 * @base: a manifest
 *
 * Begins a manifest with all fields of another.
 *
 * Returns: (transfer full): a builder
 */
ImpManifestBuilder *
imp_manifest_builder_new_from (ImpManifest *base)
{
  ImpManifestBuilder *self;

  g_return_val_if_fail (IMP_IS_MANIFEST (base), NULL);

  self = g_new0 (ImpManifestBuilder, 1);
  self->root = imp_manifest_to_json (base);
  json_object_remove_member (get_object (self), IMP_MANIFEST_MANIFEST_DIGEST);

  return self;
}

/**
 * imp_manifest_builder_free:
 * @self: (transfer full) (nullable): a builder
 *
 * Frees a builder. What was built from it stays.
 */
void
imp_manifest_builder_free (ImpManifestBuilder *self)
{
  if (self == NULL)
    return;

  json_node_unref (self->root);
  g_free (self);
}

/**
 * imp_manifest_builder_set_string:
 * @self: a builder
 * @key: a key of a manifest, but not `manifestDigest`
 * @value: (nullable): its text, or `NULL` to take the field out
 *
 * Sets a field to a string.
 */
void
imp_manifest_builder_set_string (ImpManifestBuilder *self,
                                 const char         *key,
                                 const char         *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  if (value != NULL)
    json_object_set_string_member (get_object (self), key, value);
  else
    json_object_remove_member (get_object (self), key);
}

/**
 * imp_manifest_builder_set_int:
 * @self: a builder
 * @key: a key of a manifest
 * @value: its number
 *
 * Sets a field to an integer. Whether the field may hold one is checked at the end.
 */
void
imp_manifest_builder_set_int (ImpManifestBuilder *self,
                              const char         *key,
                              gint64              value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);

  json_object_set_int_member (get_object (self), key, value);
}

/**
 * imp_manifest_builder_set_strv:
 * @self: a builder
 * @key: a key of a manifest
 * @values: (array zero-terminated=1): its items, which are copied
 *
 * Sets a field to an array of strings; an empty array stays one.
 */
void
imp_manifest_builder_set_strv (ImpManifestBuilder *self,
                               const char         *key,
                               const char *const  *values)
{
  JsonArray *array;

  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);
  g_return_if_fail (values != NULL);

  array = json_array_new ();
  for (guint i = 0; values[i] != NULL; i++)
    json_array_add_string_element (array, values[i]);

  json_object_set_array_member (get_object (self), key, array);
}

/**
 * imp_manifest_builder_set_json:
 * @self: a builder
 * @key: a key of a manifest, but not `manifestDigest`
 * @value: its value, which is copied
 *
 * Sets a field that is an object.
 */
void
imp_manifest_builder_set_json (ImpManifestBuilder *self,
                               const char         *key,
                               JsonNode           *value)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (key != NULL);
  g_return_if_fail (value != NULL);

  json_object_set_member (get_object (self), key, json_node_copy (value));
}

/**
 * imp_manifest_builder_end:
 * @self: a builder
 * @error: return location for an [error@Imp.Error]
 *
 * Computes `manifestDigest` and checks the manifest whole. The builder stays as it is and can be
 * used for another.
 *
 * Returns: (transfer full) (nullable): the manifest, or `NULL` with
 *   %IMP_ERROR_INCORRECT_MANIFEST_FORMAT that names the field
 */
ImpManifest *
imp_manifest_builder_end (ImpManifestBuilder  *self,
                          GError             **error)
{
  g_autofree char *text = NULL;
  g_autofree char *digest = NULL;
  ImpManifest *manifest;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  json_object_remove_member (get_object (self), IMP_MANIFEST_MANIFEST_DIGEST);
  text = imp_json_canonicalize (self->root);
  digest = imp_digest_hex (IMP_DIGEST_SHA384, text, strlen (text));

  json_object_set_string_member (get_object (self), IMP_MANIFEST_MANIFEST_DIGEST, digest);
  manifest = imp_manifest_new_from_json (self->root, error);
  json_object_remove_member (get_object (self), IMP_MANIFEST_MANIFEST_DIGEST);

  return manifest;
}
