/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "imp-agent-client-private.h"
#include "imp-error.h"
#include "imp-payload-facts.h"
#include "imp-time.h"
#include "imp-update-checks.h"

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
  g_autofree char *computed = NULL;
  GError *error = NULL;

  imp_update_check_manifest_digest (self->manifest, &computed, &error);
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

static void
check_leaf (Examination *self)
{
  GError *error = NULL;

  imp_update_check_leaf (self->update, &error);
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
  GError *error = NULL;

  imp_update_check_inclusion (update, head, &error);
  decide (self, "inclusion", _("Inclusion in the ledger"),
          g_strdup_printf (ngettext ("Entry %" PRIu64 " of %" PRIu64 ", by a path of %u hash",
                                     "Entry %" PRIu64 " of %" PRIu64 ", by a path of %u hashes",
                                     update->path->len),
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

static gboolean
check_payload (Examination  *self,
               GError      **error)
{
  g_autofree char *escaped = g_uri_escape_string (self->update->cid, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/payloads/", escaped, NULL);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(ImpPayloadFacts) facts = NULL;
  g_autoptr(GError) local_error = NULL;

  if ((stream = imp_agent_sync_open (self->agent, path, NULL, self->cancellable, &local_error)) &&
      (facts = imp_payload_facts_read (stream, self->manifest, self->update->cid, NULL,
                                       self->cancellable, &local_error)) &&
      imp_payload_facts_check_cid (facts, self->update->cid, &local_error))
    imp_payload_facts_check_digest (facts, self->manifest, &local_error);

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

/**
 * imp_trust_fetch_update:
 * @agent: the retrieval agent
 * @transaction: the identity of a transaction
 * @cancellable: (nullable): cancels the request
 * @error: return location for an error
 *
 * Fetches what proves an update. Nothing of it is verified, but that it is what was asked for.
 *
 * Returns: (transfer full) (nullable): the update
 */
ImpRegisteredUpdate *
imp_trust_fetch_update (ImpAgentSync  *agent,
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
  g_autoptr(ImpRegisteredUpdate) update = imp_trust_fetch_update (agent, transaction, cancellable,
                                                                  error);
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
