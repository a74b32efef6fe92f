/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-manifest.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest-private.h"
#include "imp-time.h"

/**
 * ImpManifest:
 *
 * What an author says about an update: for which devices it is, which version, and what its payload
 * is.
 *
 * A manifest is checked whole when it is made and never changes. Every value stays as it was
 * written, because the author signed the text: a size that came as digits goes out as digits.
 */
struct _ImpManifest
{
  GObject parent_instance;

  char      *canonical;
  JsonNode  *root;          /* (owned), sealed */
  char     **dependencies;
  gint64     sequence;
  guint64    size;
  gint64     expiration;    /* ms, or -1 */
  ImpSbomReference sbom;    /* lent by root; of NULL where there is none */
};

G_DEFINE_FINAL_TYPE (ImpManifest, imp_manifest, G_TYPE_OBJECT)

static JsonObject *
get_object (ImpManifest *self)
{
  return json_node_get_object (self->root);
}

static char **
dup_strings (JsonArray *array)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    g_strv_builder_add (builder, json_array_get_string_element (array, i));

  return g_strv_builder_end (builder);
}

static void
read_sbom (ImpManifest *self)
{
  JsonNode *node = json_object_get_member (get_object (self), IMP_MANIFEST_SBOM);
  JsonObject *object = node != NULL ? json_node_get_object (node) : NULL;

  if (object == NULL)
    return;

  self->sbom.format = json_object_get_string_member (object, "format");
  self->sbom.digest = json_object_get_string_member (object, "digest");
  self->sbom.cid = json_object_get_string_member (object, "cid");
}

/* What is asked for often, from fields that have been checked. */
static void
read_fields (ImpManifest *self)
{
  JsonObject *object = get_object (self);
  const char *expiration = imp_manifest_get_string (self, IMP_MANIFEST_EXPIRATION_TIME);

  imp_manifest_parse_sequence (json_object_get_member (object, IMP_MANIFEST_SEQUENCE),
                               &self->sequence);
  imp_manifest_parse_size (json_object_get_member (object, IMP_MANIFEST_SIZE), &self->size);
  self->dependencies =
    dup_strings (json_object_get_array_member (object, IMP_MANIFEST_DEPENDENCIES));

  if (expiration != NULL)
    imp_time_parse (expiration, &self->expiration, NULL);
  read_sbom (self);
}

/* JSON that cannot be read is a manifest that cannot be read. */
static JsonNode *
parse (const char  *text,
       gssize       length,
       GError     **error)
{
  g_autoptr(GError) json_error = NULL;
  JsonNode *root = imp_json_parse (text, length, IMP_MANIFEST_MAX_SIZE, &json_error);

  if (root == NULL)
    g_set_error (error, IMP_ERROR, IMP_ERROR_INCORRECT_MANIFEST_FORMAT,
                 "the manifest cannot be read: %s", json_error->message);

  return root;
}

static void
imp_manifest_finalize (GObject *object)
{
  ImpManifest *self = IMP_MANIFEST (object);

  g_free (self->canonical);
  g_clear_pointer (&self->root, json_node_unref);
  g_strfreev (self->dependencies);

  G_OBJECT_CLASS (imp_manifest_parent_class)->finalize (object);
}

static void
imp_manifest_class_init (ImpManifestClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_manifest_finalize;
}

static void
imp_manifest_init (ImpManifest *self)
{
  self->expiration = -1;
}

/**
 * imp_manifest_new_from_text:
 * @text: JSON from anywhere
 * @length: its length in bytes, or -1 if it ends in NUL
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a manifest and checks every field of it, but does not recompute `manifestDigest`: see
 * [method@Imp.Update.verify_manifest].
 *
 * Returns: (transfer full) (nullable): the manifest, or `NULL` with
 *   %IMP_ERROR_INCORRECT_MANIFEST_FORMAT that names the field
 */
ImpManifest *
imp_manifest_new_from_text (const char  *text,
                            gssize       length,
                            GError     **error)
{
  g_autoptr(ImpManifest) self = NULL;
  g_autoptr(JsonNode) root = NULL;

  g_return_val_if_fail (text != NULL || length == 0, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  root = parse (text, length, error);
  if (root == NULL)
    return NULL;

  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_INCORRECT_MANIFEST_FORMAT,
                           "the manifest is not a JSON object");
      return NULL;
    }

  if (!imp_manifest_check_object (json_node_get_object (root), error))
    return NULL;

  json_node_seal (root);

  self = g_object_new (IMP_TYPE_MANIFEST, NULL);
  self->canonical = imp_json_canonicalize (root);
  self->root = g_steal_pointer (&root);
  read_fields (self);

  return g_steal_pointer (&self);
}

/**
 * imp_manifest_new_from_json:
 * @node: a tree that [func@Imp.json_parse] read or that was put together here
 * @error: return location for an [error@Imp.Error]
 *
 * Reads a manifest as [ctor@Imp.Manifest.new_from_text] does. Nothing of @node is kept.
 *
 * Returns: (transfer full) (nullable): the manifest, or `NULL` with
 *   %IMP_ERROR_INCORRECT_MANIFEST_FORMAT that names the field
 */
ImpManifest *
imp_manifest_new_from_json (JsonNode  *node,
                            GError   **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  text = imp_json_canonicalize (node);

  return imp_manifest_new_from_text (text, -1, error);
}

/**
 * imp_manifest_to_json:
 * @self: a manifest
 *
 * Makes a tree of the manifest, for a message that carries it.
 *
 * Returns: (transfer full): a tree that the caller may change
 */
JsonNode *
imp_manifest_to_json (ImpManifest *self)
{
  g_return_val_if_fail (IMP_IS_MANIFEST (self), NULL);

  return imp_json_parse (self->canonical, -1, IMP_MANIFEST_MAX_SIZE, NULL);
}

/**
 * imp_manifest_canonicalize:
 * @self: a manifest
 *
 * Gets the canonical text of the whole manifest, `manifestDigest` too.
 *
 * Returns: (transfer full): JSON
 */
char *
imp_manifest_canonicalize (ImpManifest *self)
{
  g_return_val_if_fail (IMP_IS_MANIFEST (self), NULL);

  return g_strdup (self->canonical);
}

/**
 * imp_manifest_compute_digest:
 * @self: a manifest
 *
 * Computes what `manifestDigest` should be: the SHA-384 of the canonical manifest without it.
 *
 * Returns: (transfer full): 96 hexadecimal digits
 */
char *
imp_manifest_compute_digest (ImpManifest *self)
{
  g_autoptr(JsonNode) root = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (IMP_IS_MANIFEST (self), NULL);

  root = imp_manifest_to_json (self);
  json_object_remove_member (json_node_get_object (root), IMP_MANIFEST_MANIFEST_DIGEST);
  text = imp_json_canonicalize (root);

  return imp_digest_hex (IMP_DIGEST_SHA384, text, strlen (text));
}

/**
 * imp_manifest_get_version:
 * @self: a manifest
 *
 * Returns: `versionId`, the name of the version, as [func@Imp.version_compare] orders them
 */
const char *
imp_manifest_get_version (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_VERSION_ID);
}

/**
 * imp_manifest_get_sequence:
 * @self: a manifest
 *
 * Gets the number by which devices tell the order of updates. A time counts as milliseconds since
 * 1970 UTC.
 *
 * Returns: the number, not negative
 */
gint64
imp_manifest_get_sequence (ImpManifest *self)
{
  g_return_val_if_fail (IMP_IS_MANIFEST (self), 0);

  return self->sequence;
}

/**
 * imp_manifest_get_vendor_id:
 * @self: a manifest
 *
 * Returns: (nullable): the vendor, if the manifest names one
 */
const char *
imp_manifest_get_vendor_id (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_VENDOR_ID);
}

/**
 * imp_manifest_get_class_id:
 * @self: a manifest
 *
 * Returns: `classId`, the class of devices that the update is for
 */
const char *
imp_manifest_get_class_id (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_CLASS_ID);
}

/**
 * imp_manifest_get_payload_format:
 * @self: a manifest
 *
 * Returns: `payloadFormat`, what the payload is, in the author's words
 */
const char *
imp_manifest_get_payload_format (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_PAYLOAD_FORMAT);
}

/**
 * imp_manifest_get_storage_location:
 * @self: a manifest
 *
 * Returns: `storageLocation`, where on the device the payload goes
 */
const char *
imp_manifest_get_storage_location (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_STORAGE_LOCATION);
}

/**
 * imp_manifest_get_payload_digest:
 * @self: a manifest
 *
 * Returns: `payloadDigest`, the SHA-384 of the payload in lower-case hex
 */
const char *
imp_manifest_get_payload_digest (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_PAYLOAD_DIGEST);
}

/**
 * imp_manifest_get_manifest_digest:
 * @self: a manifest
 *
 * Returns: `manifestDigest`, the SHA-384 of the canonical form without this field, in lower-case hex
 */
const char *
imp_manifest_get_manifest_digest (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_MANIFEST_DIGEST);
}

/**
 * imp_manifest_get_size:
 * @self: a manifest
 *
 * Returns: how large the payload is, in bytes
 */
guint64
imp_manifest_get_size (ImpManifest *self)
{
  g_return_val_if_fail (IMP_IS_MANIFEST (self), 0);

  return self->size;
}

/**
 * imp_manifest_get_dependencies:
 * @self: a manifest
 *
 * Returns: (transfer none) (array zero-terminated=1): the updates that must be there already, each a
 * version or `class:version`
 */
const char *const *
imp_manifest_get_dependencies (ImpManifest *self)
{
  g_return_val_if_fail (IMP_IS_MANIFEST (self), NULL);

  return (const char *const *) self->dependencies;
}

/**
 * imp_manifest_get_expiration_time:
 * @self: a manifest
 *
 * Returns: milliseconds since 1970 UTC, or -1 if the update does not expire
 */
gint64
imp_manifest_get_expiration_time (ImpManifest *self)
{
  g_return_val_if_fail (IMP_IS_MANIFEST (self), -1);

  return self->expiration;
}

/**
 * imp_manifest_get_precursor_digest:
 * @self: a manifest
 *
 * Returns: (nullable): SHA-384 of the image that this update is made for, if there is only one
 */
const char *
imp_manifest_get_precursor_digest (ImpManifest *self)
{
  return imp_manifest_get_string (self, IMP_MANIFEST_PRECURSOR_DIGEST);
}

/**
 * imp_manifest_get_sbom:
 * @self: a manifest
 *
 * Gets which software bill of materials belongs to the payload.
 *
 * Returns: (nullable): what names it, or `NULL` if there is none
 */
const ImpSbomReference *
imp_manifest_get_sbom (ImpManifest *self)
{
  g_return_val_if_fail (IMP_IS_MANIFEST (self), NULL);

  return self->sbom.cid != NULL ? &self->sbom : NULL;
}

/**
 * imp_manifest_get_string:
 * @self: a manifest
 * @key: a key
 *
 * Gets any field that was written as a string.
 *
 * Returns: (nullable): its text, or `NULL` if it is not there or is no string
 */
const char *
imp_manifest_get_string (ImpManifest *self,
                         const char  *key)
{
  JsonNode *member;

  g_return_val_if_fail (IMP_IS_MANIFEST (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  member = json_object_get_member (get_object (self), key);
  if (member == NULL || json_node_get_value_type (member) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (member);
}
