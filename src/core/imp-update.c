/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-update.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"

/**
 * ImpUpdate:
 *
 * A manifest with its author’s two signatures: one over the payload’s digest, one over the
 * manifest’s. It never changes.
 */
struct _ImpUpdate
{
  GObject parent_instance;

  ImpManifest *manifest;              /* (owned) */
  char        *author_sign;           /* base64 */
  char        *author_manifest_sign;  /* base64 */
};

G_DEFINE_FINAL_TYPE (ImpUpdate, imp_update, G_TYPE_OBJECT)

/* Characters; RSA with 16384 bits needs 2732. */
#define MAX_SIGNATURE 4096

static void
imp_update_finalize (GObject *object)
{
  ImpUpdate *self = IMP_UPDATE (object);

  g_clear_object (&self->manifest);
  g_free (self->author_sign);
  g_free (self->author_manifest_sign);

  G_OBJECT_CLASS (imp_update_parent_class)->finalize (object);
}

static void
imp_update_class_init (ImpUpdateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_update_finalize;
}

static void
imp_update_init (ImpUpdate *self)
{
}

/**
 * imp_update_new:
 * @manifest: a manifest
 * @author_sign: the author’s signature over its `payloadDigest`, base64
 * @author_manifest_sign: the author’s signature over its `manifestDigest`, base64
 *
 * Puts an update together, without looking at the signatures.
 *
 * Returns: (transfer full): the update
 */
ImpUpdate *
imp_update_new (ImpManifest *manifest,
                const char  *author_sign,
                const char  *author_manifest_sign)
{
  ImpUpdate *self;

  g_return_val_if_fail (IMP_IS_MANIFEST (manifest), NULL);
  g_return_val_if_fail (author_sign != NULL, NULL);
  g_return_val_if_fail (author_manifest_sign != NULL, NULL);

  self = g_object_new (IMP_TYPE_UPDATE, NULL);
  self->manifest = g_object_ref (manifest);
  self->author_sign = g_strdup (author_sign);
  self->author_manifest_sign = g_strdup (author_manifest_sign);

  return self;
}

static const char *
get_signature (JsonObject  *object,
               const char  *name,
               GError     **error)
{
  const char *signature = imp_json_get_string (object, name, error);

  if (signature == NULL)
    return NULL;

  if (strlen (signature) > MAX_SIGNATURE)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                   "“%s” is longer than %d characters", name, MAX_SIGNATURE);
      return NULL;
    }

  return signature;
}

/**
 * imp_update_new_from_json:
 * @node: an object with `manifest`, `authorSign` and `authorManifestSign`
 * @error: return location for an [error@Imp.Error]
 *
 * Reads an update, without looking at the signatures. Members of other names are the caller’s.
 *
 * Returns: (transfer full) (nullable): the update, or `NULL` with %IMP_ERROR_MALFORMED or
 *   %IMP_ERROR_INCORRECT_MANIFEST_FORMAT
 */
ImpUpdate *
imp_update_new_from_json (JsonNode  *node,
                          GError   **error)
{
  g_autoptr(ImpManifest) manifest = NULL;
  const char *author_sign, *author_manifest_sign;
  JsonObject *object;

  g_return_val_if_fail (node != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED,
                           "the update is not a JSON object");
      return NULL;
    }

  object = json_node_get_object (node);
  if (!imp_json_get_object (object, "manifest", error) ||
      !(author_sign = get_signature (object, "authorSign", error)) ||
      !(author_manifest_sign = get_signature (object, "authorManifestSign", error)) ||
      !(manifest = imp_manifest_new_from_json (json_object_get_member (object, "manifest"), error)))
    return NULL;

  return imp_update_new (manifest, author_sign, author_manifest_sign);
}

static char *
sign_hex (ImpKey      *author,
          const char  *digest,
          GError     **error)
{
  return imp_key_sign (author, digest, strlen (digest), error);
}

/**
 * imp_update_sign:
 * @manifest: a manifest
 * @author: the author’s private key
 * @error: return location for an error
 *
 * Signs both digests of a manifest.
 *
 * Returns: (transfer full) (nullable): the update, or `NULL` with @error set
 */
ImpUpdate *
imp_update_sign (ImpManifest  *manifest,
                 ImpKey       *author,
                 GError      **error)
{
  g_autofree char *author_sign = NULL;
  g_autofree char *author_manifest_sign = NULL;

  g_return_val_if_fail (IMP_IS_MANIFEST (manifest), NULL);
  g_return_val_if_fail (IMP_IS_KEY (author), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  author_sign = sign_hex (author, imp_manifest_get_payload_digest (manifest), error);
  if (author_sign == NULL)
    return NULL;

  author_manifest_sign = sign_hex (author, imp_manifest_get_manifest_digest (manifest), error);
  if (author_manifest_sign == NULL)
    return NULL;

  return imp_update_new (manifest, author_sign, author_manifest_sign);
}

/**
 * imp_update_to_json:
 * @self: an update
 *
 * Makes what is sent: `{manifest, authorSign, authorManifestSign}`.
 *
 * Returns: (transfer full): a tree
 */
JsonNode *
imp_update_to_json (ImpUpdate *self)
{
  JsonObject *object;
  JsonNode *node;

  g_return_val_if_fail (IMP_IS_UPDATE (self), NULL);

  object = json_object_new ();
  json_object_set_member (object, "manifest", imp_manifest_to_json (self->manifest));
  json_object_set_string_member (object, "authorSign", self->author_sign);
  json_object_set_string_member (object, "authorManifestSign", self->author_manifest_sign);

  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);

  return node;
}

/**
 * imp_update_get_manifest:
 * @self: an update
 *
 * Returns: (transfer none): the manifest
 */
ImpManifest *
imp_update_get_manifest (ImpUpdate *self)
{
  g_return_val_if_fail (IMP_IS_UPDATE (self), NULL);

  return self->manifest;
}

/**
 * imp_update_get_author_sign:
 * @self: an update
 *
 * Returns: the author's signature over the payload's digest, in base64
 */
const char *
imp_update_get_author_sign (ImpUpdate *self)
{
  g_return_val_if_fail (IMP_IS_UPDATE (self), NULL);

  return self->author_sign;
}

/**
 * imp_update_get_author_manifest_sign:
 * @self: an update
 *
 * Returns: the author's signature over the manifest's digest, in base64
 */
const char *
imp_update_get_author_manifest_sign (ImpUpdate *self)
{
  g_return_val_if_fail (IMP_IS_UPDATE (self), NULL);

  return self->author_manifest_sign;
}

static gboolean
verify_hex (ImpKey      *author,
            const char  *digest,
            const char  *signature,
            const char  *name,
            ImpError     code,
            GError     **error)
{
  g_autoptr(GError) key_error = NULL;

  if (imp_key_verify (author, digest, strlen (digest), signature, &key_error))
    return TRUE;

  g_set_error (error, IMP_ERROR, code, "“%s” is not the author’s: %s", name, key_error->message);

  return FALSE;
}

/**
 * imp_update_verify_manifest:
 * @self: an update
 * @author: the key that the author is known by
 * @error: return location for an [error@Imp.Error]
 *
 * Recomputes the manifest’s digest and checks the author’s signature over it.
 *
 * Returns: whether the manifest is the author’s, otherwise %IMP_ERROR_MANIFEST_NOT_VERIFIABLE
 */
gboolean
imp_update_verify_manifest (ImpUpdate  *self,
                            ImpKey     *author,
                            GError    **error)
{
  g_autofree char *digest = NULL;

  g_return_val_if_fail (IMP_IS_UPDATE (self), FALSE);
  g_return_val_if_fail (IMP_IS_KEY (author), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  digest = imp_manifest_compute_digest (self->manifest);
  if (!g_str_equal (digest, imp_manifest_get_manifest_digest (self->manifest)))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE,
                           "“manifestDigest” is not the digest of this manifest");
      return FALSE;
    }

  return verify_hex (author, digest, self->author_manifest_sign, "authorManifestSign",
                     IMP_ERROR_MANIFEST_NOT_VERIFIABLE, error);
}

/**
 * imp_update_verify_payload_sign:
 * @self: an update
 * @author: the key that the author is known by
 * @error: return location for an [error@Imp.Error]
 *
 * Checks the author’s signature over the payload’s digest as the manifest states it. Whether a
 * payload has that digest is for whoever has the payload.
 *
 * Returns: whether the digest is the author’s, otherwise %IMP_ERROR_PAYLOAD_NOT_VERIFIABLE
 */
gboolean
imp_update_verify_payload_sign (ImpUpdate  *self,
                                ImpKey     *author,
                                GError    **error)
{
  g_return_val_if_fail (IMP_IS_UPDATE (self), FALSE);
  g_return_val_if_fail (IMP_IS_KEY (author), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  return verify_hex (author, imp_manifest_get_payload_digest (self->manifest), self->author_sign,
                     "authorSign", IMP_ERROR_PAYLOAD_NOT_VERIFIABLE, error);
}
