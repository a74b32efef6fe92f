/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-path-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "imp-cid.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"
#include "imp-update-checks.h"

static void
examination_clear (ImpTrustExamination *self)
{
  g_clear_pointer (&self->update, imp_registered_update_free);
  g_clear_pointer (&self->facts, imp_payload_facts_free);
  g_clear_error (&self->unread);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImpTrustExamination, examination_clear)

/* Where the entry cannot be read, its own step says so. */
static gboolean
check_logged_author (ImpTrustExamination  *self,
                     GError              **error)
{
  const char *fingerprint = imp_key_get_fingerprint (self->update->author);
  const char *logged;

  if (self->update->transaction == NULL)
    return TRUE;

  logged = imp_transaction_get_author (self->update->transaction);
  if (g_strcmp0 (logged, fingerprint) == 0)
    return TRUE;

  return imp_error_set (error, IMP_ERROR_REFUSED,
                        "the key is that of author %s, and the ledger’s entry is of %s", fingerprint,
                        logged != NULL ? logged : "no author");
}

/* Base64 and PEM can be written in several ways, and only one of them can be the one that was saved. */
static gboolean
check_key (ImpTrustExamination  *self,
           GError      **error)
{
  ImpKey *key = imp_key_new_from_pem (imp_examination_get_text (self, "publicKey"), -1, NULL, error);

  self->update->author = key;
  if (key == NULL)
    return FALSE;
  if (!g_str_equal (imp_key_get_public_pem (key), imp_examination_get_text (self, "publicKey")))
    return imp_examination_refuse (error, "the key is not a public key in its canonical PEM form");
  if (self->author != NULL && !g_str_equal (imp_key_get_fingerprint (key), self->author))
    return imp_error_set (error, IMP_ERROR_REFUSED,
                          "the key is that of author %s, and not of %s, who is trusted",
                          imp_key_get_fingerprint (key), self->author);

  return check_logged_author (self, error);
}

static void
examine_key (ImpTrustExamination *self)
{
  ImpTrustStep *step = imp_trust_step_begin (self->steps, "key", _("Author’s key"));
  char *found = NULL;
  GError *error = NULL;

  imp_examination_give (self, step, "publicKey", _("Public key"));
  if (check_key (self, &error))
    found = g_strdup_printf (self->author != NULL
                               /* Translators: %s is an algorithm, such as RSA-2048. */
                               ? _("%s key of the author whom you trust and the ledger’s entry names")
                               : _("%s key of the author whom the ledger’s entry names"),
                             imp_key_get_algorithm (self->update->author));
  if (self->update->author != NULL)
    imp_trust_step_add_computed (step, "fingerprint", _("Fingerprint"),
                                 g_strdup (imp_key_get_fingerprint (self->update->author)));
  if (self->author == NULL)
    imp_trust_step_add_unproven (step, g_strdup (_("Nothing here says whose key this is: compare its fingerprint with "
                                                   "one that its author gave you.")));

  imp_trust_step_end (step, found, error);
}

static gboolean
check_manifest (ImpTrustExamination   *self,
                ImpTrustStep  *step,
                GError       **error)
{
  g_autofree char *computed = NULL;
  gboolean is_right;

  self->update->update = imp_update_new_from_json (self->root, error);
  if (self->update->update == NULL)
    return FALSE;

  is_right = imp_update_check_manifest_digest (imp_update_get_manifest (self->update->update),
                                               &computed, error);
  imp_trust_step_add_computed (step, "manifestDigest", _("SHA-384 of the manifest"),
                               g_steal_pointer (&computed));
  if (!is_right)
    return FALSE;
  if (self->update->author == NULL)
    return imp_examination_refuse (error, "without the author’s key its signature cannot be verified");

  return imp_update_verify_manifest (self->update->update, self->update->author, error);
}

static void
examine_manifest (ImpTrustExamination *self)
{
  ImpTrustStep *step = imp_trust_step_begin (self->steps, "manifest", _("Manifest"));
  GError *error = NULL;

  imp_trust_step_add_given (step, "manifest", _("Manifest"),
                            imp_json_canonicalize (json_object_get_member (self->object, "manifest")));
  imp_examination_give (self, step, "authorManifestSign", _("Signature of the manifest"));
  check_manifest (self, step, &error);

  imp_trust_step_end (step, g_strdup (_("It has the digest that it says, and the author signed that digest")),
                      error);
}

/* What is wrong with the payload itself is for the steps; that it cannot be read is no verdict. */
static gboolean
read_payload (ImpTrustExamination  *self,
              GError      **error)
{
  if (self->payload == NULL || self->update->update == NULL)
    return TRUE;

  self->facts = imp_payload_facts_read (self->payload,
                                        imp_update_get_manifest (self->update->update),
                                        imp_examination_get_text (self, "cid"), self->progress, self->cancellable,
                                        &self->unread);
  if (self->facts != NULL || self->unread->domain == IMP_ERROR)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&self->unread));
  return FALSE;
}

static gboolean
fail_unread (ImpTrustExamination  *self,
             GError      **error)
{
  if (self->unread != NULL)
    g_propagate_error (error, g_error_copy (self->unread));
  else
    imp_examination_refuse (error, "without its manifest the firmware cannot be compared with anything");

  return FALSE;
}

static gboolean
check_digest (ImpTrustExamination   *self,
              ImpTrustStep  *step,
              GError       **error)
{
  ImpUpdate *update = self->update->update;
  ImpManifest *manifest;

  if (update == NULL || self->update->author == NULL)
    return imp_examination_refuse (error, "without key and manifest the signature of the firmware cannot be verified");

  manifest = imp_update_get_manifest (update);
  imp_trust_step_add_given (step, "payloadDigest", _("Payload digest"),
                            g_strdup (imp_manifest_get_payload_digest (manifest)));
  if (self->facts != NULL)
    imp_trust_step_add_computed (step, "payloadDigest", _("SHA-384 of the payload"),
                                 g_strdup (self->facts->sha384));
  if (!imp_update_verify_payload_sign (update, self->update->author, error))
    return FALSE;
  if (self->payload == NULL)
    return TRUE;

  return self->facts != NULL ? imp_payload_facts_check_digest (self->facts, manifest, error)
                             : fail_unread (self, error);
}

static void
examine_digest (ImpTrustExamination *self)
{
  ImpTrustStep *step = imp_trust_step_begin (self->steps, "digest", _("Payload digest"));
  GError *error = NULL;

  check_digest (self, step, &error);
  imp_examination_give (self, step, "authorSign", _("Signature of the firmware"));
  if (self->payload == NULL)
    imp_trust_step_add_unproven (step, g_strdup (_("The payload is not here: its SHA-384 was not "
                                                   "recomputed.")));

  imp_trust_step_end (step, g_strdup (self->payload != NULL
                         ? _("The payload has this digest, and the author signed it")
                         : _("The author signed this digest")), error);
}

static gboolean
check_cid (ImpTrustExamination   *self,
           ImpTrustStep  *step,
           GError       **error)
{
  const char *text = imp_examination_get_text (self, "cid");
  g_autoptr(ImpCid) cid = imp_cid_new_from_string (text, error);
  const char *logged;

  if (cid == NULL)
    return FALSE;

  imp_trust_step_add_computed (step, "sha256", _("SHA-256 in the CID"),
                               imp_hex_encode (imp_cid_get_sha256 (cid), IMP_SHA256_SIZE));
  if (!g_str_equal (imp_cid_get_string (cid), text))
    return imp_examination_refuse (error, "the CID is not in its canonical form");

  logged = self->update->transaction != NULL ? imp_transaction_get_cid (self->update->transaction)
                                             : NULL;
  if (g_strcmp0 (logged, text) != 0)
    return imp_error_set (error, IMP_ERROR_REFUSED, "the ledger’s entry has %s",
                          logged != NULL ? logged : "no CID");
  if (self->payload == NULL)
    return TRUE;

  return self->facts != NULL ? imp_payload_facts_check_cid (self->facts, text, error)
                             : fail_unread (self, error);
}

static void
examine_cid (ImpTrustExamination *self)
{
  ImpTrustStep *step = imp_trust_step_begin (self->steps, "cid", _("CID"));
  GError *error = NULL;

  imp_examination_give (self, step, "cid", _("CID"));
  check_cid (self, step, &error);
  if (self->payload == NULL)
    imp_trust_step_add_unproven (step, g_strdup (_("The payload is not here: its CID was not "
                                                   "recomputed.")));

  imp_trust_step_end (step, g_strdup (self->payload != NULL
                         ? _("The payload has this CID, and the ledger’s entry names it")
                         : _("The ledger’s entry names it")), error);
}

/* Key and CID are held against it, so it is read before its own step comes. */
static void
read_transaction (ImpTrustExamination  *self,
                  GError      **error)
{
  gint64 sequence = json_object_get_int_member (self->object, "sequence");

  if (sequence < 0)
    imp_error_set (error, IMP_ERROR_MALFORMED, "“sequence” is negative");
  else
    self->update->transaction = imp_transaction_new_from_leaf (sequence, imp_examination_get_text (self, "leaf"),
                                                               error);
}

static char *
describe_transaction (ImpTransaction *transaction)
{
  g_autofree char *time = imp_time_format (imp_transaction_get_time (transaction));

  return g_strdup_printf (_("Entry %" PRIu64 " registered exactly this update at %s"),
                          imp_transaction_get_sequence (transaction), time);
}

static void
add_leaf_hash (ImpTrustStep   *step,
               ImpTransaction *transaction)
{
  const char *leaf = imp_transaction_get_leaf (transaction);
  ImpHash hash;

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);
  imp_trust_step_add_computed (step, "transaction", _("Transaction"),
                               g_strdup (imp_transaction_get_id (transaction)));
  imp_trust_step_add_computed (step, "leafHash", _("Hash of the leaf"), imp_hash_to_base64 (&hash));
}

static void
examine_transaction (ImpTrustExamination *self,
                     GError      *error)
{
  ImpTrustStep *step = imp_trust_step_begin (self->steps, "transaction", _("Transaction"));
  ImpTransaction *transaction = self->update->transaction;
  char *found = NULL;

  imp_examination_give (self, step, "leaf", _("Leaf"));
  if (transaction != NULL)
    {
      add_leaf_hash (step, transaction);
      found = describe_transaction (transaction);
      if (self->update->update == NULL || self->update->author == NULL)
        imp_examination_refuse (&error, "without key and manifest it cannot be compared with anything");
      else
        imp_update_check_leaf (self->update, &error);
    }

  imp_trust_step_end (step, found, error);
}

/**
 * imp_trust_path_verify:
 * @self: a path
 * @log_key: (nullable): the verifier key of the log that is trusted
 * @author: (nullable): the fingerprint of the author who is trusted
 * @payload: (nullable): the firmware
 * @progress: (nullable): told how many bytes of @payload have been read
 * @cancellable: (nullable): cancels the reading of @payload
 * @error: return location for an error
 *
 * Recomputes every step from the bytes of the path, and of nothing else. Blocks while it reads
 * @payload.
 *
 * Returns: (transfer full) (nullable) (element-type ImpTrustStep): all steps, passed or not; `NULL`
 *   only if @payload could not be read
 */
GPtrArray *
imp_trust_path_verify (ImpTrustPath  *self,
                       const char    *log_key,
                       const char    *author,
                       GInputStream  *payload,
                       ImpProgress   *progress,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_auto(ImpTrustExamination) examination = { NULL };
  GError *leaf_error = NULL;

  g_return_val_if_fail (IMP_IS_TRUST_PATH (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  examination.root = imp_trust_path_get_root (self);
  examination.object = json_node_get_object (examination.root);
  examination.log_key = log_key;
  examination.author = author;
  examination.payload = payload;
  examination.progress = progress;
  examination.cancellable = cancellable;
  examination.update = g_new0 (ImpRegisteredUpdate, 1);
  examination.update->cid = g_strdup (imp_examination_get_text (&examination, "cid"));
  examination.steps = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_trust_step_free);

  read_transaction (&examination, &leaf_error);
  examine_key (&examination);
  examine_manifest (&examination);
  if (!read_payload (&examination, error))
    return NULL;
  examine_digest (&examination);
  examine_cid (&examination);
  examine_transaction (&examination, leaf_error);
  imp_examine_checkpoint (&examination);

  return g_steal_pointer (&examination.steps);
}
