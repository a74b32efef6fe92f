/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "imp-agent-client-private.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-payload-check.h"
#include "imp-time.h"

#define BLOCK_SIZE (256 * 1024)

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

/* One update under examination, and what came of it so far. */
typedef struct
{
  ImpPinnedLog        *log;
  ImpAgentSync        *agent;
  GCancellable        *cancellable;
  ImpRegisteredUpdate *update;    /* (owned) */
  ImpManifest         *manifest;  /* of update */
  GPtrArray           *verdicts;  /* (owned) (element-type ImpVerdict) */
} Examination;

/* Takes @error, or @fact if there is none. */
static void
decide (Examination *self,
        const char  *id,
        const char  *title,
        char        *fact,
        GError      *error)
{
  ImpVerdict *verdict = g_new0 (ImpVerdict, 1);

  verdict->id = id;
  verdict->title = title;
  verdict->passed = error == NULL;
  verdict->detail = error != NULL ? g_strdup (error->message) : g_strdup (fact);
  g_ptr_array_add (self->verdicts, verdict);

  g_free (fact);
  g_clear_error (&error);
}

static void
check_manifest_digest (Examination *self)
{
  g_autofree char *computed = imp_manifest_compute_digest (self->manifest);
  const char *said = imp_manifest_get_manifest_digest (self->manifest);
  GError *error = NULL;

  if (!g_str_equal (computed, said))
    error = g_error_new (IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE,
                         "the manifest’s digest is %s, and it says %s", computed, said);
  decide (self, "manifest-digest", _("Manifest digest"),
          g_strdup_printf (_("SHA-384 %s, recomputed here"), computed), error);
}

static char *
describe_author (Examination *self)
{
  return g_strdup_printf (_("Made with the %s key %.16s…"),
                          imp_key_get_algorithm (self->update->author),
                          imp_key_get_fingerprint (self->update->author));
}

static void
check_signatures (Examination *self)
{
  GError *error = NULL;

  imp_update_verify_manifest (self->update->update, self->update->author, &error);
  decide (self, "manifest-signature", _("Signature of the manifest"), describe_author (self), error);

  error = NULL;
  imp_update_verify_payload_sign (self->update->update, self->update->author, &error);
  decide (self, "payload-signature", _("Signature of the firmware"), describe_author (self), error);
}

static gboolean
refuse (GError     **error,
        const char  *what)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
               "the ledger’s entry has another %s than the update that the agent shows", what);
  return FALSE;
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
compare_arguments (Examination  *self,
                   JsonArray    *arguments,
                   GError      **error)
{
  const char *values[N_ARGUMENTS];

  if (json_array_get_length (arguments) != N_ARGUMENTS)
    return refuse (error, "number of arguments");

  /* The transaction was read from this leaf, which has made sure that they are strings. */
  for (guint i = 0; i < N_ARGUMENTS; i++)
    values[i] = json_array_get_string_element (arguments, i);

  if (!same_manifest (values[ARGUMENT_MANIFEST], self->manifest))
    return refuse (error, "manifest");
  if (!g_str_equal (values[ARGUMENT_AUTHOR_SIGN],
                    imp_update_get_author_sign (self->update->update)))
    return refuse (error, "signature of the firmware");
  if (!g_str_equal (values[ARGUMENT_MANIFEST_SIGN],
                    imp_update_get_author_manifest_sign (self->update->update)))
    return refuse (error, "signature of the manifest");
  if (!g_str_equal (values[ARGUMENT_CID], self->update->cid))
    return refuse (error, "CID");

  return TRUE;
}

/* Inclusion proves a leaf; that the leaf is this update is another matter. */
static gboolean
compare_with_leaf (Examination  *self,
                   GError      **error)
{
  ImpTransaction *transaction = self->update->transaction;
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
                 imp_key_get_fingerprint (self->update->author)) != 0)
    return refuse (error, "author");
  if (g_strcmp0 (imp_transaction_get_class_id (transaction),
                 imp_manifest_get_class_id (self->manifest)) != 0 ||
      g_strcmp0 (imp_transaction_get_version (transaction),
                 imp_manifest_get_version (self->manifest)) != 0)
    return refuse (error, "class or version");

  return compare_arguments (self, arguments, error);
}

static void
check_leaf (Examination *self)
{
  GError *error = NULL;

  compare_with_leaf (self, &error);
  decide (self, "leaf", _("Ledger entry"),
          g_strdup_printf (_("Entry %" PRIu64 " registers exactly this update"),
                           self->update->leaf), error);
}

static char *
describe_time (gint64 time)
{
  g_autofree char *text = time >= 0 ? imp_time_format (time) : NULL;

  return text != NULL ? g_strdup_printf (_("Signed with the ledger’s pinned key at %s"), text)
                      : g_strdup (_("Signed with the ledger’s pinned key; it does not say when"));
}

static void
check_inclusion (Examination   *self,
                 ImpCheckpoint *head)
{
  ImpRegisteredUpdate *update = self->update;
  const char *leaf = imp_transaction_get_leaf (update->transaction);
  GError *error = NULL;
  ImpHash hash;

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);
  if (head == NULL)
    error = g_error_new_literal (IMP_ERROR, IMP_ERROR_REFUSED,
                                 "there is no checkpoint that it could be included in");
  else if (update->size != imp_checkpoint_get_size (head))
    error = g_error_new (IMP_ERROR, IMP_ERROR_REFUSED,
                         "the proof is for %" G_GUINT64_FORMAT " entries, and the checkpoint for %"
                         G_GUINT64_FORMAT, update->size, imp_checkpoint_get_size (head));
  else if (update->leaf != imp_transaction_get_sequence (update->transaction))
    error = g_error_new (IMP_ERROR, IMP_ERROR_REFUSED,
                         "the proof is for entry %" G_GUINT64_FORMAT ", and the transaction is entry %"
                         G_GUINT64_FORMAT, update->leaf,
                         imp_transaction_get_sequence (update->transaction));
  else
    imp_merkle_verify_inclusion (&hash, update->leaf, update->size, (ImpHash *) update->path->data,
                                 update->path->len, imp_checkpoint_get_root (head), &error);

  decide (self, "inclusion", _("Inclusion in the ledger"),
          g_strdup_printf (_("Entry %" PRIu64 " of %" PRIu64 ", by a path of %u hashes"),
                           update->leaf, update->size, update->path->len), error);
}

/* Network trouble here means that nothing was proven, which is for the whole examination to say. */
static gboolean
check_consistency (Examination    *self,
                   ImpCheckpoint  *head,
                   gint64          time,
                   GError        **error)
{
  guint64 seen = self->log->seen != NULL ? imp_checkpoint_get_size (self->log->seen) : 0;
  gboolean first = self->log->seen == NULL;
  g_autoptr(GError) local_error = NULL;
  char *fact;

  imp_pinned_log_hold (self->log, self->agent, head, time, self->cancellable, &local_error);
  if (local_error != NULL && local_error->domain != IMP_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  fact = first ? g_strdup (_("First seen by this computer now, and pinned"))
               : g_strdup_printf (_("Fits the %" PRIu64 " entries that this computer has seen"),
                                  seen);
  decide (self, "consistency", _("Consistency with what was seen before"), fact,
          g_steal_pointer (&local_error));
  return TRUE;
}

static gboolean
check_ledger (Examination  *self,
              GError      **error)
{
  g_autoptr(ImpCheckpoint) head = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 time = -1;
  gboolean is_good;

  head = imp_checkpoint_new_from_text (self->update->checkpoint, -1, &local_error);
  is_good = head != NULL && imp_pinned_log_check (self->log, head, &time, &local_error);
  if (is_good)
    imp_pinned_log_check_age (time, &local_error);
  decide (self, "checkpoint", _("Signature of the ledger’s checkpoint"), describe_time (time),
          g_steal_pointer (&local_error));

  check_inclusion (self, head);
  if (is_good)
    return check_consistency (self, head, time, error);

  decide (self, "consistency", _("Consistency with what was seen before"), NULL,
          g_error_new_literal (IMP_ERROR, IMP_ERROR_REFUSED,
                               "a checkpoint that the ledger has not signed says nothing"));
  return TRUE;
}

/* The reference signs a file by the digest of its base64 text; that is made on the way. */
typedef struct
{
  ImpPayloadCheck *check;    /* (owned) */
  ImpDigest       *base64;   /* (owned) */
  int              state;
  int              save;
  char            *text;     /* (owned) a block in base64 */
} PayloadReading;

static void
payload_reading_clear (PayloadReading *reading)
{
  g_clear_pointer (&reading->check, imp_payload_check_free);
  g_clear_pointer (&reading->base64, imp_digest_free);
  g_free (reading->text);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (PayloadReading, payload_reading_clear)

static gboolean
read_payload (Examination     *self,
              PayloadReading  *reading,
              GInputStream    *stream,
              GError         **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  guint64 size = imp_manifest_get_size (self->manifest);
  guint64 done = 0;
  gssize n_read;

  while ((n_read = g_input_stream_read (stream, block, BLOCK_SIZE, self->cancellable, error)) > 0)
    {
      gsize length;

      done += n_read;
      if (done > size)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                       "the firmware is longer than the %" G_GUINT64_FORMAT
                       " bytes of its manifest", size);
          return FALSE;
        }

      if (!imp_payload_check_write (reading->check, block, n_read, error))
        return FALSE;
      length = g_base64_encode_step (block, n_read, FALSE, reading->text, &reading->state,
                                     &reading->save);
      imp_digest_update (reading->base64, reading->text, length);
    }

  if (n_read == 0 && done < size)
    g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                 "the firmware ends after %" G_GUINT64_FORMAT " of the %" G_GUINT64_FORMAT
                 " bytes of its manifest", done, size);
  return n_read == 0 && done == size;
}

static gboolean
compare_payload (Examination     *self,
                 PayloadReading  *reading,
                 GError         **error)
{
  const char *wanted = imp_manifest_get_payload_digest (self->manifest);
  g_autofree char *raw = NULL;
  g_autofree char *encoded = NULL;
  gsize length;

  if (!imp_payload_check_end (reading->check, &raw, error))
    return FALSE;

  length = g_base64_encode_close (FALSE, reading->text, &reading->state, &reading->save);
  imp_digest_update (reading->base64, reading->text, length);
  encoded = imp_digest_finish_hex (reading->base64);
  if (g_str_equal (raw, wanted) || g_str_equal (encoded, wanted))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
               "the firmware’s SHA-384 is %s, and its manifest says %s", raw, wanted);
  return FALSE;
}

static gboolean
check_payload (Examination  *self,
               GError      **error)
{
  g_auto(PayloadReading) reading = { NULL };
  g_autofree char *escaped = g_uri_escape_string (self->update->cid, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/payloads/", escaped, NULL);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GError) local_error = NULL;

  reading.base64 = imp_digest_new (IMP_DIGEST_SHA384);
  reading.text = g_malloc ((BLOCK_SIZE / 3 + 1) * 4 + 4);

  if ((reading.check = imp_payload_check_new (self->update->cid, &local_error)) != NULL &&
      (stream = imp_agent_sync_open (self->agent, path, NULL, self->cancellable, &local_error)) &&
      read_payload (self, &reading, stream, &local_error))
    compare_payload (self, &reading, &local_error);

  if (local_error != NULL && local_error->domain != IMP_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  decide (self, "payload", _("Firmware"),
          g_strdup_printf (_("All %" PRIu64 " bytes fetched; SHA-384 and CID recomputed here"),
                           imp_manifest_get_size (self->manifest)),
          g_steal_pointer (&local_error));
  return TRUE;
}

static ImpRegisteredUpdate *
fetch_update (ImpAgentSync  *agent,
              const char    *transaction,
              GCancellable  *cancellable,
              GError       **error)
{
  g_autofree char *escaped = g_uri_escape_string (transaction, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/updates/", escaped, NULL);
  g_autoptr(JsonNode) reply = imp_agent_sync_get_json (agent, path, cancellable, error);
  g_autoptr(ImpRegisteredUpdate) update = NULL;

  if (reply == NULL || !(update = imp_registered_update_new_from_json (reply, error)))
    return NULL;

  if (!g_str_equal (imp_transaction_get_id (update->transaction), transaction))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                   "the agent shows another transaction than the one that was asked for");
      return NULL;
    }

  return g_steal_pointer (&update);
}

/**
 * imp_trust_verify_update:
 * @log: the log
 * @agent: the retrieval agent
 * @transaction: the identity of the transaction that registered the update
 * @with_payload: whether to fetch the firmware too
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Recomputes all that can be recomputed of a registered update.
 *
 * Returns: (transfer full) (nullable) (element-type ImpVerdict): the verdicts, passed or not, or
 *   `NULL` if the agent could not be asked
 */
GPtrArray *
imp_trust_verify_update (ImpPinnedLog  *log,
                         ImpAgentSync  *agent,
                         const char    *transaction,
                         gboolean       with_payload,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_autoptr(ImpRegisteredUpdate) update = fetch_update (agent, transaction, cancellable, error);
  g_autoptr(GPtrArray) verdicts = NULL;
  Examination self = { log, agent, cancellable };

  if (update == NULL)
    return NULL;

  verdicts = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_verdict_free);
  self.update = update;
  self.manifest = imp_update_get_manifest (update->update);
  self.verdicts = verdicts;

  check_manifest_digest (&self);
  check_signatures (&self);
  check_leaf (&self);
  if (!check_ledger (&self, error) || (with_payload && !check_payload (&self, error)))
    return NULL;

  return g_steal_pointer (&verdicts);
}
