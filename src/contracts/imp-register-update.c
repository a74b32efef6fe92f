/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-contract-private.h"

#include "imp-cid.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"
#include "imp-token.h"
#include "imp-transaction.h"
#include "imp-update.h"
#include "imp-version.h"

static gboolean
check_expiry (ImpManifest  *manifest,
              gint64        now,
              GError      **error)
{
  gint64 expiry = imp_manifest_get_expiration_time (manifest);
  g_autofree char *text = NULL;

  if (expiry < 0 || now < expiry)
    return TRUE;

  text = imp_time_format (expiry);
  return imp_error_set (error, IMP_ERROR_MANIFEST_EXPIRED, "the manifest expired at %s", text);
}

static gboolean
check_cid (const char  *text,
           GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(ImpCid) cid = imp_cid_new_from_string (text, &local_error);

  if (cid == NULL)
    return imp_error_set (error, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                          "cid: %s", local_error->message);

  /* One payload, one name: look-ups by CID compare text. */
  if (!g_str_equal (imp_cid_get_string (cid), text))
    return imp_error_set (error, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                          "cid “%s” is to be written “%s”", text, imp_cid_get_string (cid));

  return TRUE;
}

static gboolean
read_payload (ImpPayloadReader    *payloads,
              const char          *cid,
              ImpPayloadEncoding   encoding,
              char               **digest,
              guint64             *size,
              GError             **error)
{
  g_autoptr(GError) local_error = NULL;

  if (imp_payload_reader_get_digest (payloads, cid, encoding, digest, size, &local_error))
    return TRUE;

  if (g_error_matches (local_error, IMP_ERROR, IMP_ERROR_NOT_FOUND))
    g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                 "payload “%s” is not in the store", cid);
  else
    g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
check_size (ImpManifest  *manifest,
            guint64       size,
            GError      **error)
{
  if (imp_manifest_get_size (manifest) == size)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                        "the payload has %" G_GUINT64_FORMAT " bytes, the manifest’s size says %" G_GUINT64_FORMAT,
                        size, imp_manifest_get_size (manifest));
}

/* The reference signs a file by its base64 text: raw first, then that. */
static gboolean
check_digest (ImpManifest       *manifest,
              ImpPayloadReader  *payloads,
              const char        *cid,
              const char        *raw,
              GError           **error)
{
  const char *expected = imp_manifest_get_payload_digest (manifest);
  g_autofree char *base64 = NULL;
  guint64 size;

  if (g_str_equal (raw, expected))
    return TRUE;

  if (!read_payload (payloads, cid, IMP_PAYLOAD_BASE64, &base64, &size, error))
    return FALSE;

  if (g_str_equal (base64, expected))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                        "payload “%s” has SHA-384 %s, the manifest’s payloadDigest is %s",
                        cid, raw, expected);
}

static gboolean
check_payload (const ImpContractContext  *context,
               ImpUpdate                 *update,
               ImpKey                    *author,
               const char                *cid,
               GError                   **error)
{
  ImpManifest *manifest = imp_update_get_manifest (update);
  g_autofree char *raw = NULL;
  guint64 size;

  if (context->payloads == NULL)
    return imp_error_set (error, IMP_ERROR_STORE_UNAVAILABLE,
                          "there is no payload store to verify the payload with");

  return check_cid (cid, error) &&
         read_payload (context->payloads, cid, IMP_PAYLOAD_RAW, &raw, &size, error) &&
         check_digest (manifest, context->payloads, cid, raw, error) &&
         imp_update_verify_payload_sign (update, author, error) &&
         check_size (manifest, size, error);
}

static gboolean
check_new (ImpWorldState  *state,
           const char     *key,
           ImpManifest    *manifest,
           GError        **error)
{
  g_autofree char *value = NULL;

  if (!imp_world_state_get (state, key, &value, error))
    return FALSE;

  if (value == NULL)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_UPDATE_ALREADY_EXISTS,
                        "version “%s” of class “%s” is registered already",
                        imp_manifest_get_version (manifest), imp_manifest_get_class_id (manifest));
}

static gboolean
check_newer (const char   *version,
             gint64        sequence,
             ImpManifest  *manifest,
             GError      **error)
{
  const char *class_id = imp_manifest_get_class_id (manifest);

  if (imp_manifest_get_sequence (manifest) <= sequence)
    return imp_error_set (error, IMP_ERROR_SEQUENCE_NOT_MONOTONIC,
                          "monotonicSequenceNumber %" G_GINT64_FORMAT " is not above %" G_GINT64_FORMAT
                          ", which is registered for class “%s”",
                          imp_manifest_get_sequence (manifest), sequence, class_id);

  if (imp_version_compare (imp_manifest_get_version (manifest), version) <= 0)
    return imp_error_set (error, IMP_ERROR_VERSION_NOT_NEWER,
                          "version “%s” is not newer than “%s”, which is registered for class “%s”",
                          imp_manifest_get_version (manifest), version, class_id);

  return TRUE;
}

static gboolean
check_latest (ImpWorldState  *state,
              const char     *key,
              ImpManifest    *manifest,
              GError        **error)
{
  g_autoptr(JsonObject) latest = NULL;
  const char *version;
  const char *sequence;
  gint64 number;

  if (!imp_contract_get_state (state, key, &latest, error))
    return FALSE;

  if (latest == NULL)
    return TRUE;

  if (!(version = imp_json_get_string (latest, "version", error)) ||
      !(sequence = imp_json_get_string (latest, "sequence", error)) ||
      !g_ascii_string_to_signed (sequence, 10, 0, G_MAXINT64, &number, error))
    {
      g_prefix_error (error, "state “%s”: ", key);
      return FALSE;
    }

  return check_newer (version, number, manifest, error);
}

static char *
print_update (ImpUpdate     *update,
              ImpWorldState *state,
              const char    *cid)
{
  g_autoptr(JsonNode) node = imp_update_to_json (update);
  g_autofree char *time = imp_time_format (imp_world_state_get_time (state));
  JsonObject *object = json_node_get_object (node);

  json_object_set_string_member (object, "cid", cid);
  json_object_set_string_member (object, "time", time);
  json_object_set_string_member (object, "transaction", imp_world_state_get_transaction (state));

  return imp_json_canonicalize (node);
}

/* A sequence number may be larger than JSON numbers hold exactly, so it is kept as digits. */
static char *
print_latest (ImpManifest *manifest,
              const char  *cid)
{
  g_autofree char *sequence = g_strdup_printf ("%" G_GINT64_FORMAT,
                                               imp_manifest_get_sequence (manifest));
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "cid", cid);
  json_object_set_string_member (object, "sequence", sequence);
  json_object_set_string_member (object, "version", imp_manifest_get_version (manifest));

  return imp_contract_print (object);
}

static char *
print_result (ImpKey      *author,
              ImpManifest *manifest,
              const char  *cid)
{
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "author", imp_key_get_fingerprint (author));
  json_object_set_string_member (object, "cid", cid);
  json_object_set_string_member (object, "class", imp_manifest_get_class_id (manifest));
  json_object_set_string_member (object, "version", imp_manifest_get_version (manifest));

  return imp_contract_print (object);
}

static char *
keep_update (ImpWorldState  *state,
             ImpUpdate      *update,
             ImpKey         *author,
             const char     *cid,
             GError        **error)
{
  ImpManifest *manifest = imp_update_get_manifest (update);
  const char *fingerprint = imp_key_get_fingerprint (author);
  const char *class_id = imp_manifest_get_class_id (manifest);
  g_autofree char *update_key = imp_state_key (IMP_STATE_UPDATE, fingerprint, class_id,
                                               imp_manifest_get_version (manifest), NULL);
  g_autofree char *latest_key = imp_state_key (IMP_STATE_LATEST, fingerprint, class_id, NULL);
  g_autofree char *update_value = print_update (update, state, cid);
  g_autofree char *latest_value = print_latest (manifest, cid);

  if (!check_new (state, update_key, manifest, error) ||
      !check_latest (state, latest_key, manifest, error) ||
      !imp_world_state_put (state, update_key, update_value, error) ||
      !imp_world_state_put (state, latest_key, latest_value, error))
    return NULL;

  return print_result (author, manifest, cid);
}

/* createUpdate (token, manifest, authorSign, authorManifestSign, cid). The order of the checks is
 * part of the contract: every peer gives the same refusal.
 */
char *
imp_register_update_create_update (const ImpContractContext  *context,
                                   const char *const         *arguments,
                                   GError                   **error)
{
  gint64 now = imp_world_state_get_time (context->state);
  const char *cid = arguments[4];
  g_autoptr(ImpKey) author = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) update = NULL;

  if (!(author = imp_token_verify (arguments[0], context->token_key, now, error)) ||
      !(manifest = imp_manifest_new_from_text (arguments[1], -1, error)))
    return NULL;

  update = imp_update_new (manifest, arguments[2], arguments[3]);
  if (!imp_update_verify_manifest (update, author, error) ||
      !check_expiry (manifest, now, error) ||
      !check_payload (context, update, author, cid, error))
    return NULL;

  return keep_update (context->state, update, author, cid, error);
}
