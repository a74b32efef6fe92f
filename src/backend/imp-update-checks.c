/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-update-checks.h"

#include <string.h>

#include "imp-error.h"
#include "imp-json.h"

/* Where createUpdate(token, manifest, authorSign, authorManifestSign, cid) has what. */
enum
{
  ARGUMENT_TOKEN,
  ARGUMENT_MANIFEST,
  ARGUMENT_AUTHOR_SIGN,
  ARGUMENT_MANIFEST_SIGN,
  ARGUMENT_CID,
  N_ARGUMENTS
};

/**
 * imp_update_check_manifest_digest:
 * @manifest: a manifest
 * @computed: (out): the SHA-384 of its canonical form, whatever it says
 * @error: return location for an error
 *
 * Returns: whether the manifest has the digest that it says
 */
gboolean
imp_update_check_manifest_digest (ImpManifest  *manifest,
                                  char        **computed,
                                  GError      **error)
{
  const char *said = imp_manifest_get_manifest_digest (manifest);

  *computed = imp_manifest_compute_digest (manifest);
  if (g_str_equal (*computed, said))
    return TRUE;

  return imp_error_set (error, IMP_ERROR_MANIFEST_NOT_VERIFIABLE,
                        "the manifest’s digest is %s, and it says %s", *computed, said);
}

static gboolean
refuse (GError     **error,
        const char  *what)
{
  return imp_error_set (error, IMP_ERROR_REFUSED,
                        "the ledger’s entry has another %s than the update that is shown", what);
}

static gboolean
same_manifest (const char  *text,
               ImpManifest *manifest)
{
  g_autoptr(JsonNode) node = imp_json_parse (text, -1, IMP_MANIFEST_MAX_SIZE, NULL);
  g_autofree char *logged = node != NULL ? imp_json_canonicalize (node) : NULL;
  g_autofree char *shown = imp_manifest_canonicalize (manifest);

  return g_strcmp0 (logged, shown) == 0;
}

static gboolean
compare_arguments (const ImpRegisteredUpdate  *self,
                   JsonArray                  *arguments,
                   GError                    **error)
{
  const char *values[N_ARGUMENTS];

  if (json_array_get_length (arguments) != N_ARGUMENTS)
    return refuse (error, "number of arguments");

  /* The transaction was read from this leaf, which has made sure that they are strings. */
  for (guint i = 0; i < N_ARGUMENTS; i++)
    values[i] = json_array_get_string_element (arguments, i);

  if (!same_manifest (values[ARGUMENT_MANIFEST], imp_update_get_manifest (self->update)))
    return refuse (error, "manifest");
  if (!g_str_equal (values[ARGUMENT_AUTHOR_SIGN], imp_update_get_author_sign (self->update)))
    return refuse (error, "signature of the firmware");
  if (!g_str_equal (values[ARGUMENT_MANIFEST_SIGN],
                    imp_update_get_author_manifest_sign (self->update)))
    return refuse (error, "signature of the manifest");
  if (!g_str_equal (values[ARGUMENT_CID], self->cid))
    return refuse (error, "CID");

  return TRUE;
}

/**
 * imp_update_check_leaf:
 * @self: an update
 * @error: return location for an error
 *
 * Inclusion proves a leaf; that the leaf registers this update, of this author, is another matter.
 *
 * Returns: whether it does; if not, %IMP_ERROR_REFUSED names what it has instead
 */
gboolean
imp_update_check_leaf (const ImpRegisteredUpdate  *self,
                       GError                    **error)
{
  ImpTransaction *transaction = self->transaction;
  ImpManifest *manifest = imp_update_get_manifest (self->update);
  g_autoptr(JsonNode) leaf = imp_json_parse (imp_transaction_get_leaf (transaction), -1,
                                             IMP_TRANSACTION_MAX_LEAF, error);
  JsonArray *arguments;

  if (leaf == NULL ||
      !(arguments = imp_json_get_array (json_node_get_object (leaf), "arguments", error)))
    return FALSE;

  if (!g_str_equal (imp_transaction_get_contract (transaction), "RegisterUpdate") ||
      !g_str_equal (imp_transaction_get_function (transaction), "createUpdate"))
    return refuse (error, "function");
  if (g_strcmp0 (imp_transaction_get_author (transaction),
                 imp_key_get_fingerprint (self->author)) != 0)
    return refuse (error, "author");
  if (g_strcmp0 (imp_transaction_get_class_id (transaction),
                 imp_manifest_get_class_id (manifest)) != 0 ||
      g_strcmp0 (imp_transaction_get_version (transaction),
                 imp_manifest_get_version (manifest)) != 0)
    return refuse (error, "class or version");

  return compare_arguments (self, arguments, error);
}

/**
 * imp_update_check_inclusion:
 * @self: an update
 * @head: (nullable): the checkpoint, if it could be read
 * @error: return location for an error
 *
 * Recomputes the root from the leaf and its path. Whether the log signed @head is another matter.
 *
 * Returns: whether the checkpoint covers the entry
 */
gboolean
imp_update_check_inclusion (const ImpRegisteredUpdate  *self,
                            ImpCheckpoint              *head,
                            GError                    **error)
{
  const char *leaf = imp_transaction_get_leaf (self->transaction);
  guint64 sequence = imp_transaction_get_sequence (self->transaction);
  ImpHash hash;

  if (head == NULL)
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "there is no checkpoint that it could be included in");
  if (self->size != imp_checkpoint_get_size (head))
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the proof is for %" G_GUINT64_FORMAT " entries, and the checkpoint for %"
                          G_GUINT64_FORMAT, self->size, imp_checkpoint_get_size (head));
  if (self->leaf != sequence)
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the proof is for entry %" G_GUINT64_FORMAT ", and the transaction is entry %"
                          G_GUINT64_FORMAT, self->leaf, sequence);

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);
  return imp_merkle_verify_inclusion (&hash, self->leaf, self->size, (ImpHash *) self->path->data,
                                      self->path->len, imp_checkpoint_get_root (head), error);
}
