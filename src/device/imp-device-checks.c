/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-checks.h"

#include <glib/gi18n.h>
#include <string.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-text.h"
#include "imp-time.h"
#include "imp-version.h"

/* What RegisterUpdate · createUpdate is called with: token, manifest, two signatures, CID. */
#define N_ARGUMENTS        5
#define ARGUMENT_MANIFEST  1
#define ARGUMENT_CID       4

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError     **error,
        const char  *format,
        ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_REFUSED, message);

  return FALSE;
}

/**
 * imp_check_get_title:
 * @check: a check
 *
 * Returns: what people call it, to be translated
 */
const char *
imp_check_get_title (ImpCheck check)
{
  static const char *const titles[] = {
    [IMP_CHECK_FORMAT] = N_("Manifest and envelope are well-formed"),
    [IMP_CHECK_MANIFEST] = N_("Manifest is signed by the author"),
    [IMP_CHECK_TARGET] = N_("Made for this vendor and class"),
    [IMP_CHECK_NEWER] = N_("Newer than the installed version"),
    [IMP_CHECK_EXPIRY] = N_("Not expired"),
    [IMP_CHECK_DEPENDENCIES] = N_("Dependencies are installed"),
    [IMP_CHECK_SIZE] = N_("Size fits the slot"),
    [IMP_CHECK_PAYLOAD] = N_("Payload is signed by the author"),
    [IMP_CHECK_LOCATION] = N_("Storage location is inside the device"),
    [IMP_CHECK_LEDGER] = N_("Recorded in the ledger"),
  };

  g_return_val_if_fail (check >= IMP_CHECK_FORMAT && check <= IMP_CHECK_LEDGER, NULL);

  return titles[check];
}

static gboolean
check_target (const ImpDeviceState  *state,
              const ImpDeviceOffer  *offer,
              GError               **error)
{
  const char *vendor_id = imp_manifest_get_vendor_id (offer->manifest);
  const char *class_id = imp_manifest_get_class_id (offer->manifest);

  if (!g_str_equal (class_id, state->class_id))
    return refuse (error, "the update is for class “%s”, this device is of class “%s”", class_id, state->class_id);

  if (state->vendor_id == NULL || g_strcmp0 (vendor_id, state->vendor_id) == 0)
    return TRUE;

  return refuse (error, "the update is from vendor “%s”, this device is from “%s”",
                 vendor_id != NULL ? vendor_id : "", state->vendor_id);
}

static gboolean
check_newer (const ImpDeviceState  *state,
             const ImpDeviceOffer  *offer,
             GError               **error)
{
  gint64 sequence = imp_manifest_get_sequence (offer->manifest);
  const char *version = imp_manifest_get_version (offer->manifest);

  if (sequence <= state->sequence)
    return refuse (error, "sequence number %" G_GINT64_FORMAT " is not above the installed %" G_GINT64_FORMAT,
                   sequence, state->sequence);

  if (state->version == NULL || imp_version_compare (version, state->version) > 0)
    return TRUE;

  return refuse (error, "version “%s” is not newer than the installed “%s”", version, state->version);
}

/* A clock that was put back is not asked for less than the log has already shown. */
static gboolean
check_expiry (const ImpDeviceState  *state,
              const ImpDeviceOffer  *offer,
              gint64                 now,
              GError               **error)
{
  gint64 expiry = imp_manifest_get_expiration_time (offer->manifest);
  g_autofree char *text = NULL;

  if (expiry < 0 || MAX (now, state->checkpoint_time) < expiry)
    return TRUE;

  text = imp_time_format (expiry);
  return refuse (error, "the manifest expired at %s", text);
}

/* The version that is asked for, or a newer one. */
static gboolean
is_installed (const ImpDeviceState *state,
              const char           *dependency)
{
  const char *colon = strchr (dependency, ':');
  gsize length = colon != NULL ? colon - dependency : 0;

  if (colon == NULL)
    return state->version != NULL && imp_version_compare (state->version, dependency) >= 0;

  if (strlen (state->class_id) == length && memcmp (state->class_id, dependency, length) == 0)
    return state->version != NULL && imp_version_compare (state->version, colon + 1) >= 0;

  for (char **component = state->components; *component != NULL; component++)
    {
      if (strncmp (*component, dependency, length + 1) == 0 &&
          imp_version_compare (*component + length + 1, colon + 1) >= 0)
        return TRUE;
    }

  return FALSE;
}

/* RFC 9124's required image versions: an image that can be updated from some versions only. */
static gboolean
check_required_versions (const ImpDeviceState  *state,
                         const ImpDeviceOffer  *offer,
                         GError               **error)
{
  g_autoptr(JsonNode) node = imp_manifest_to_json (offer->manifest);
  JsonObject *object = json_node_get_object (node);
  g_autofree char *own = NULL;
  JsonArray *versions;

  if (!json_object_has_member (object, IMP_MANIFEST_REQUIRED_VERSIONS))
    return TRUE;

  own = g_strconcat (state->class_id, ":", state->version, NULL);
  versions = json_object_get_array_member (object, IMP_MANIFEST_REQUIRED_VERSIONS);
  for (guint i = 0; i < json_array_get_length (versions); i++)
    {
      const char *version = json_array_get_string_element (versions, i);

      if (g_strcmp0 (version, state->version) == 0 || g_str_equal (version, own))
        return TRUE;
    }

  return refuse (error, "the update cannot be installed over version “%s”",
                 state->version != NULL ? state->version : "");
}

static gboolean
check_dependencies (const ImpDeviceState  *state,
                    const ImpDeviceOffer  *offer,
                    GError               **error)
{
  const char *const *dependencies = imp_manifest_get_dependencies (offer->manifest);
  const char *precursor = imp_manifest_get_precursor_digest (offer->manifest);

  for (guint i = 0; dependencies[i] != NULL; i++)
    {
      if (!is_installed (state, dependencies[i]))
        return refuse (error, "“%s” is not installed, the update depends on it", dependencies[i]);
    }

  if (precursor != NULL && g_strcmp0 (precursor, state->digest) != 0)
    return refuse (error, "the update is made for another image than the installed one");

  return check_required_versions (state, offer, error);
}

static gboolean
check_size (const ImpDeviceState  *state,
            const ImpDeviceOffer  *offer,
            GError               **error)
{
  guint64 size = imp_manifest_get_size (offer->manifest);

  if (size <= state->slot_size)
    return TRUE;

  return refuse (error, "the payload has %" G_GUINT64_FORMAT " bytes, the slot has room for %" G_GUINT64_FORMAT,
                 size, state->slot_size);
}

/* A location is a path from the root of the device's own tree, however it begins. Whatever a resolver of
 * some kind could take for a way out of it is refused; to guess what was meant would be no protection.
 */
static gboolean
check_location (const ImpDeviceOffer  *offer,
                GError               **error)
{
  const char *location = imp_manifest_get_storage_location (offer->manifest);
  g_auto(GStrv) segments = g_strsplit (location, "/", -1);
  g_autofree char *excerpt = imp_text_excerpt (location, -1);

  if (strpbrk (location, "\\%~") != NULL || strstr (location, "://") != NULL)
    return refuse (error, "storage location “%s” is not a plain path", excerpt);

  for (char **segment = segments; *segment != NULL; segment++)
    {
      if (g_str_equal (*segment, ".."))
        return refuse (error, "storage location “%s” leads out of the device", excerpt);
    }

  return TRUE;
}

/**
 * imp_check_offer:
 * @check: one of those that can be decided from the offer and the state alone
 * @state: what the device knows
 * @offer: what it was offered
 * @now: the device's time
 * @error: return location for an [error@Imp.Error] that says what does not fit
 *
 * Does one check. That of the payload is about the author's signature here, the bytes come later.
 *
 * Returns: whether it is passed
 */
gboolean
imp_check_offer (ImpCheck                check,
                 const ImpDeviceState   *state,
                 const ImpDeviceOffer   *offer,
                 gint64                  now,
                 GError                **error)
{
  switch (check)
    {
    case IMP_CHECK_MANIFEST:
      return imp_update_verify_manifest (offer->update, state->author, error);
    case IMP_CHECK_TARGET:
      return check_target (state, offer, error);
    case IMP_CHECK_NEWER:
      return check_newer (state, offer, error);
    case IMP_CHECK_EXPIRY:
      return check_expiry (state, offer, now, error);
    case IMP_CHECK_DEPENDENCIES:
      return check_dependencies (state, offer, error);
    case IMP_CHECK_SIZE:
      return check_size (state, offer, error);
    case IMP_CHECK_PAYLOAD:
      return imp_update_verify_payload_sign (offer->update, state->author, error);
    case IMP_CHECK_LOCATION:
      return check_location (offer, error);
    case IMP_CHECK_FORMAT:
    case IMP_CHECK_LEDGER:
    default:
      g_return_val_if_reached (FALSE);
    }
}

/**
 * imp_check_checkpoint:
 * @state: what the device knows
 * @offer: what it was offered
 * @now: the device's time
 * @time: (out): when the log signed the checkpoint
 * @error: return location for an [error@Imp.Error]
 *
 * Checks that the offer's checkpoint is signed by the log, and fresh.
 *
 * Returns: whether it is
 */
gboolean
imp_check_checkpoint (const ImpDeviceState  *state,
                      const ImpDeviceOffer  *offer,
                      gint64                 now,
                      gint64                *time,
                      GError               **error)
{
  g_autofree char *text = NULL;

  if (!imp_checkpoint_verify (offer->checkpoint, state->log_key, time, error))
    return FALSE;

  if (*time < 0)
    return refuse (error, "the checkpoint does not say when it was signed");

  text = imp_time_format (*time);
  if (*time < state->checkpoint_time)
    return refuse (error, "the checkpoint of %s is older than the last one seen", text);
  if (*time < now - IMP_CHECKPOINT_MAX_AGE)
    return refuse (error, "the checkpoint of %s is stale", text);
  if (*time > now + IMP_CHECKPOINT_MAX_AGE)
    return refuse (error, "the checkpoint of %s is from the future: is the device’s clock right?", text);

  return TRUE;
}

/**
 * imp_check_consistency:
 * @last: the last checkpoint seen
 * @checkpoint: a new one, verified
 * @path: (element-type ImpHash): the proof
 * @error: return location for an [error@Imp.Error]
 *
 * Checks that the log has only grown.
 *
 * Returns: whether it has
 */
gboolean
imp_check_consistency (ImpCheckpoint  *last,
                       ImpCheckpoint  *checkpoint,
                       const GArray   *path,
                       GError        **error)
{
  if (imp_checkpoint_get_size (checkpoint) < imp_checkpoint_get_size (last))
    return refuse (error, "the ledger has %" G_GUINT64_FORMAT " transactions, it had %" G_GUINT64_FORMAT " before",
                   imp_checkpoint_get_size (checkpoint), imp_checkpoint_get_size (last));

  return imp_merkle_verify_consistency (imp_checkpoint_get_size (last), imp_checkpoint_get_root (last),
                                        imp_checkpoint_get_size (checkpoint), imp_checkpoint_get_root (checkpoint),
                                        (const ImpHash *) path->data, path->len, error);
}

static const char *
get_argument (JsonArray *arguments,
              guint      index)
{
  JsonNode *node = index < json_array_get_length (arguments) ? json_array_get_element (arguments, index) : NULL;

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
}

static gboolean
check_arguments (const ImpDeviceOffer  *offer,
                 JsonArray             *arguments,
                 GError               **error)
{
  g_autoptr(ImpManifest) recorded = NULL;
  g_autoptr(ImpCid) cid = NULL;
  g_autofree char *recorded_text = NULL;
  g_autofree char *text = NULL;

  if (json_array_get_length (arguments) != N_ARGUMENTS ||
      !(recorded = imp_manifest_new_from_text (get_argument (arguments, ARGUMENT_MANIFEST), -1, NULL)) ||
      !(cid = imp_cid_new_from_string (get_argument (arguments, ARGUMENT_CID), NULL)))
    return refuse (error, "the transaction does not register an update");

  recorded_text = imp_manifest_canonicalize (recorded);
  text = imp_manifest_canonicalize (offer->manifest);
  if (!g_str_equal (recorded_text, text))
    return refuse (error, "the transaction registers another manifest, of version “%s” for class “%s”",
                   imp_manifest_get_version (recorded), imp_manifest_get_class_id (recorded));

  if (!imp_cid_equal (cid, offer->cid))
    return refuse (error, "the transaction registers payload %s and not %s",
                   imp_cid_get_string (cid), imp_cid_get_string (offer->cid));

  return TRUE;
}

/* What the leaf is of, and not what the agent says that it is of. */
static gboolean
check_leaf (const ImpDeviceOffer  *offer,
            GError               **error)
{
  g_autoptr(JsonNode) leaf = NULL;
  JsonArray *arguments;

  if (!g_str_equal (imp_transaction_get_contract (offer->transaction), "RegisterUpdate") ||
      !g_str_equal (imp_transaction_get_function (offer->transaction), "createUpdate"))
    return refuse (error, "the transaction does not register an update");

  leaf = imp_json_parse (imp_transaction_get_leaf (offer->transaction), -1, IMP_TRANSACTION_MAX_LEAF, error);
  if (leaf == NULL ||
      !(arguments = imp_json_get_array (json_node_get_object (leaf), "arguments", error)))
    return FALSE;

  return check_arguments (offer, arguments, error);
}

/**
 * imp_check_inclusion:
 * @offer: an offer, with its checkpoint verified
 * @error: return location for an [error@Imp.Error]
 *
 * Checks that this very update is in the tree that the checkpoint is of.
 *
 * Returns: whether it is
 */
gboolean
imp_check_inclusion (const ImpDeviceOffer  *offer,
                     GError               **error)
{
  const char *leaf = imp_transaction_get_leaf (offer->transaction);
  ImpHash hash;

  if (offer->size != imp_checkpoint_get_size (offer->checkpoint))
    return refuse (error,
                   "the proof is of a tree of %" G_GUINT64_FORMAT " leaves, the checkpoint of %" G_GUINT64_FORMAT,
                   offer->size, imp_checkpoint_get_size (offer->checkpoint));

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);

  return imp_merkle_verify_inclusion (&hash, offer->leaf, offer->size,
                                      (const ImpHash *) offer->path->data, offer->path->len,
                                      imp_checkpoint_get_root (offer->checkpoint), error) &&
         check_leaf (offer, error);
}
