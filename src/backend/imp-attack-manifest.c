/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-attacker.h"

#include <string.h>

#include "imp-cid.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-update.h"

#define N_DEPENDENCIES 10000
#define OWN_SIZE       (64 * 1024)
#define BLOCK_SIZE     (64 * 1024)

/* What an attacker makes of a manifest and its signatures on the way to a device. */

static JsonObject *
get_update (JsonObject  *offer,
            GError     **error)
{
  return imp_json_get_object (offer, "update", error);
}

static JsonObject *
get_manifest (JsonObject  *offer,
              GError     **error)
{
  JsonObject *update = get_update (offer, error);

  return update != NULL ? imp_json_get_object (update, "manifest", error) : NULL;
}

static ImpManifest *
read_manifest (JsonObject  *offer,
               GError     **error)
{
  JsonObject *update = get_update (offer, error);

  return update != NULL && get_manifest (offer, error) != NULL
           ? imp_manifest_new_from_json (json_object_get_member (update, "manifest"), error) : NULL;
}

/* Takes over @builder. The digest is made to fit; the signature cannot be, without the author’s key. */
static gboolean
replace_manifest (JsonObject          *offer,
                  ImpManifestBuilder  *builder,
                  GError             **error)
{
  g_autoptr(ImpManifestBuilder) owned = builder;
  g_autoptr(ImpManifest) manifest = imp_manifest_builder_end (builder, error);

  if (manifest == NULL)
    return FALSE;

  json_object_set_member (get_update (offer, NULL), "manifest", imp_manifest_to_json (manifest));
  return TRUE;
}

static gboolean
change_string (JsonObject  *offer,
               const char  *key,
               const char  *value,
               GError     **error)
{
  g_autoptr(ImpManifest) manifest = read_manifest (offer, error);
  ImpManifestBuilder *builder;

  if (manifest == NULL)
    return FALSE;

  builder = imp_manifest_builder_new_from (manifest);
  imp_manifest_builder_set_string (builder, key, value);

  return replace_manifest (offer, builder, error);
}

IMP_OFFER_FUNC (flip_manifest)
{
  JsonObject *manifest = get_manifest (offer, error);
  const char *format;
  g_autofree char *flipped = NULL;

  if (manifest == NULL ||
      !(format = imp_json_get_string (manifest, IMP_MANIFEST_PAYLOAD_FORMAT, error)))
    return FALSE;

  flipped = g_strdup (*format != '\0' ? format : "bin");
  flipped[0] ^= 0x01;
  json_object_set_string_member (manifest, IMP_MANIFEST_PAYLOAD_FORMAT, flipped);

  return TRUE;
}

IMP_OFFER_FUNC (sign_as_another)
{
  JsonObject *manifest = get_manifest (offer, error);
  const char *digest;
  g_autofree char *signature = NULL;

  if (manifest == NULL ||
      !(digest = imp_json_get_string (manifest, IMP_MANIFEST_MANIFEST_DIGEST, error)) ||
      !(signature = imp_key_sign_text (attacker->author_key, digest, error)))
    return FALSE;

  json_object_set_string_member (get_update (offer, NULL), "authorManifestSign", signature);
  return TRUE;
}

/* Both digests of the firmware at once: that which is signed, and that which the address is made of. */
static void
digest_own (guint64   size,
            char    **sha384,
            ImpCid  **cid)
{
  g_autoptr(ImpDigest) signed_digest = imp_digest_new (IMP_DIGEST_SHA384);
  g_autoptr(ImpDigest) address_digest = imp_digest_new (IMP_DIGEST_SHA256);
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  guint8 sha256[IMP_SHA256_SIZE];

  for (guint64 offset = 0; offset < size; offset += BLOCK_SIZE)
    {
      gsize n = MIN (size - offset, BLOCK_SIZE);

      imp_attacker_fill (block, offset, n);
      imp_digest_update (signed_digest, block, n);
      imp_digest_update (address_digest, block, n);
    }

  *sha384 = imp_digest_finish_hex (signed_digest);
  imp_digest_finish (address_digest, sha256);
  *cid = imp_cid_new (1, IMP_CODEC_RAW, sha256);
}

IMP_OFFER_FUNC (publish_own)
{
  g_autoptr(ImpManifest) genuine = read_manifest (offer, error);
  g_autoptr(ImpManifestBuilder) builder = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(ImpCid) cid = NULL;
  g_autofree char *digest = NULL;

  if (genuine == NULL)
    return FALSE;

  attacker->own_size = OWN_SIZE;
  digest_own (attacker->own_size, &digest, &cid);
  builder = imp_manifest_builder_new_from (genuine);
  imp_manifest_builder_set_string (builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (builder, IMP_MANIFEST_SIZE, attacker->own_size);
  if (!(manifest = imp_manifest_builder_end (builder, error)) ||
      !(update = imp_update_sign (manifest, attacker->author_key, error)))
    return FALSE;

  json_object_set_member (offer, "update", imp_update_to_json (update));
  json_object_set_string_member (offer, "cid", imp_cid_get_string (cid));
  return TRUE;
}

IMP_OFFER_FUNC (swap_cid)
{
  g_autoptr(ImpManifest) manifest = read_manifest (offer, error);
  g_autoptr(ImpCid) cid = NULL;
  g_autofree char *digest = NULL;

  if (manifest == NULL)
    return FALSE;

  attacker->own_size = imp_manifest_get_size (manifest);
  digest_own (attacker->own_size, &digest, &cid);
  json_object_set_string_member (offer, "cid", imp_cid_get_string (cid));

  return TRUE;
}

IMP_OFFER_FUNC (unsign)
{
  JsonObject *update = get_update (offer, error);

  if (update == NULL)
    return FALSE;

  json_object_set_string_member (update, "authorSign", "");
  json_object_set_string_member (update, "authorManifestSign", "");
  return TRUE;
}

IMP_OFFER_FUNC (truncate_signature)
{
  JsonObject *update = get_update (offer, error);
  const char *signature;
  g_autofree char *half = NULL;

  if (update == NULL ||
      !(signature = imp_json_get_string (update, "authorManifestSign", error)))
    return FALSE;

  half = g_strndup (signature, strlen (signature) / 8 * 4);
  json_object_set_string_member (update, "authorManifestSign", half);
  return TRUE;
}

IMP_OFFER_FUNC (change_format)
{
  return change_string (offer, IMP_MANIFEST_PAYLOAD_FORMAT, "shell-script", error);
}

IMP_OFFER_FUNC (change_location)
{
  return change_string (offer, IMP_MANIFEST_STORAGE_LOCATION, "../../boot/loader.bin", error);
}

IMP_OFFER_FUNC (fast_forward)
{
  return change_string (offer, IMP_MANIFEST_SEQUENCE, "9223372036854775807", error);
}

IMP_OFFER_FUNC (pile_up_dependencies)
{
  JsonObject *manifest = get_manifest (offer, error);
  JsonArray *dependencies;

  if (manifest == NULL)
    return FALSE;

  dependencies = json_array_sized_new (N_DEPENDENCIES);
  for (guint i = 0; i < N_DEPENDENCIES; i++)
    {
      g_autofree char *dependency = g_strdup_printf ("Radio_%u:1.0.0", i);

      json_array_add_string_element (dependencies, dependency);
    }
  json_object_set_array_member (manifest, IMP_MANIFEST_DEPENDENCIES, dependencies);

  return TRUE;
}
