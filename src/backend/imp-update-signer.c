/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-update-signer.h"

#include <string.h>

#include "imp-digest.h"
#include "imp-json.h"

/* An update goes after its payload in one body, but its length goes before both: JSON may end in white
 * space, which makes up for signatures and numbers of varying length.
 */
struct _ImpUpdateSigner
{
  ImpKey             *key;            /* (owned) (nullable): until it has signed */
  gsize               max_signature;
  ImpManifestBuilder *builder;        /* (owned) */
  gsize               promised;       /* bytes */

  ImpManifest        *manifest;       /* (owned) (nullable): once its digest is signed */
  char               *manifest_sign;  /* (owned) (nullable): likewise */
  ImpUpdate          *update;         /* (owned) (nullable): once the payload’s is, too */
};

/**
 * imp_update_signer_new:
 * @key: the author’s key, with its private half, which is let go once it has signed
 * @builder: (transfer full): the manifest, without what follows from the payload
 *
 * Returns: (transfer full): a signer that has signed nothing
 */
ImpUpdateSigner *
imp_update_signer_new (ImpKey             *key,
                       ImpManifestBuilder *builder)
{
  ImpUpdateSigner *self = g_new0 (ImpUpdateSigner, 1);

  self->key = g_object_ref (key);
  self->max_signature = imp_key_get_max_signature (key);
  self->builder = builder;

  return self;
}

/**
 * imp_update_signer_free:
 * @self: (transfer full): a signer
 *
 * Frees a signer and what it has signed.
 */
void
imp_update_signer_free (ImpUpdateSigner *self)
{
  g_clear_object (&self->key);
  imp_manifest_builder_free (self->builder);
  g_clear_object (&self->manifest);
  g_free (self->manifest_sign);
  g_clear_object (&self->update);
  g_free (self);
}

static ImpManifest *
build_manifest (ImpUpdateSigner  *self,
                const char       *digest,
                GError          **error)
{
  imp_manifest_builder_set_string (self->builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);

  return imp_manifest_builder_end (self->builder, error);
}

static char *
print_update (ImpUpdate *update)
{
  g_autoptr(JsonNode) node = imp_update_to_json (update);

  return imp_json_canonicalize (node);
}

/**
 * imp_update_signer_promise:
 * @self: a signer
 * @size: bytes of the payload
 * @length: (out): bytes that the update will have
 * @error: return location for an error
 *
 * Promises a length. With a digest of the right length in the place of the real one, all but the
 * signatures has the length that it will have.
 *
 * Returns: whether the manifest is complete
 */
gboolean
imp_update_signer_promise (ImpUpdateSigner  *self,
                           guint64           size,
                           gsize            *length,
                           GError          **error)
{
  g_autofree char *digest = g_strnfill (IMP_SHA384_HEX_LENGTH, '0');
  g_autofree char *signature = g_strnfill (self->max_signature, 'A');
  g_autoptr(ImpManifest) draft = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autofree char *text = NULL;

  imp_manifest_builder_set_int (self->builder, IMP_MANIFEST_SIZE, size);
  draft = build_manifest (self, digest, error);
  if (draft == NULL)
    return FALSE;

  update = imp_update_new (draft, signature, signature);
  text = print_update (update);
  *length = self->promised = strlen (text);
  return TRUE;
}

static char *
sign_digest (ImpUpdateSigner  *self,
             const char       *digest,
             GError          **error)
{
  return imp_key_sign (self->key, digest, strlen (digest), error);
}

/**
 * imp_update_signer_sign_manifest:
 * @self: a signer that has promised a length
 * @digest: SHA-384 of the payload, in lower-case hex
 * @error: return location for an error
 *
 * Completes the manifest, and signs its digest.
 *
 * Returns: whether it is signed
 */
gboolean
imp_update_signer_sign_manifest (ImpUpdateSigner  *self,
                                 const char       *digest,
                                 GError          **error)
{
  self->manifest = build_manifest (self, digest, error);
  if (self->manifest == NULL)
    return FALSE;

  self->manifest_sign = sign_digest (self, imp_manifest_get_manifest_digest (self->manifest), error);
  return self->manifest_sign != NULL;
}

/**
 * imp_update_signer_sign_payload:
 * @self: a signer that has signed the manifest
 * @error: return location for an error
 *
 * Signs the payload’s digest, and lets go of the key.
 *
 * Returns: whether it is signed
 */
gboolean
imp_update_signer_sign_payload (ImpUpdateSigner  *self,
                                GError          **error)
{
  g_autofree char *signature = sign_digest (self, imp_manifest_get_payload_digest (self->manifest), error);

  if (signature == NULL)
    return FALSE;

  /* Its memory is wiped with the last reference. */
  g_clear_object (&self->key);
  self->update = imp_update_new (self->manifest, signature, self->manifest_sign);
  return TRUE;
}

/**
 * imp_update_signer_print:
 * @self: a signer that has signed both
 * @error: return location for an error
 *
 * Writes the update down at the length that was promised.
 *
 * Returns: (transfer full) (nullable): JSON, or `NULL` if that does not suffice
 */
GBytes *
imp_update_signer_print (ImpUpdateSigner  *self,
                         GError          **error)
{
  g_autofree char *text = print_update (self->update);
  gsize length = strlen (text);
  char *padded;

  if (length > self->promised)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   "the update has %" G_GSIZE_FORMAT " bytes, more than the %" G_GSIZE_FORMAT
                   " that were announced", length, self->promised);
      return NULL;
    }

  padded = g_malloc (self->promised);
  memcpy (padded, text, length);
  memset (padded + length, ' ', self->promised - length);
  return g_bytes_new_take (padded, self->promised);
}

/**
 * imp_update_signer_get_update:
 * @self: a signer
 *
 * Returns: (transfer none) (nullable): the signed update, if it came to that
 */
ImpUpdate *
imp_update_signer_get_update (ImpUpdateSigner *self)
{
  return self->update;
}
