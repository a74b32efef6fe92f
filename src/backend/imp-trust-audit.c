/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-trust-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "imp-error.h"
#include "imp-json.h"
#include "imp-merkle-range.h"
#include "imp-time.h"

#define PAGE 500

/* The whole log on its way past: only the tree’s right edge and the authors’ keys are kept. */
typedef struct
{
  ImpPinnedLog   *log;
  ImpAgentSync   *agent;
  GCancellable   *cancellable;
  ImpCheckpoint  *head;
  ImpMerkleRange  range;
  GHashTable     *authors;  /* (owned) fingerprint -> ImpKey */
  GArray         *page;     /* (owned) of ImpHash, the leaves of the page at hand */
  guint64         n_updates;
} Audit;

static void
audit_clear (Audit *self)
{
  g_clear_pointer (&self->authors, g_hash_table_unref);
  g_clear_pointer (&self->page, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Audit, audit_clear)

static gboolean
refuse (GError     **error,
        const char  *why)
{
  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_REFUSED, why);
  return FALSE;
}

static gboolean
get_arguments (ImpTransaction  *transaction,
               guint            n_wanted,
               const char     **values,
               JsonNode       **tree,
               GError         **error)
{
  JsonArray *array;

  *tree = imp_json_parse (imp_transaction_get_leaf (transaction), -1, IMP_TRANSACTION_MAX_LEAF, error);
  if (*tree == NULL ||
      !(array = imp_json_get_array (json_node_get_object (*tree), "arguments", error)))
    return FALSE;

  if (json_array_get_length (array) != n_wanted)
    return refuse (error, "it has another number of arguments than its function takes");

  for (guint i = 0; i < n_wanted; i++)
    values[i] = json_array_get_string_element (array, i);
  return TRUE;
}

/* createAuthor (message, signedMessage, publicKey) */
static gboolean
check_author (Audit           *self,
              ImpTransaction  *transaction,
              GError         **error)
{
  const char *arguments[3];
  g_autoptr(JsonNode) tree = NULL;
  g_autoptr(ImpKey) key = NULL;

  if (!get_arguments (transaction, G_N_ELEMENTS (arguments), arguments, &tree, error) ||
      !(key = imp_key_new_from_pem (arguments[2], -1, NULL, error)) ||
      !imp_key_verify_text (key, arguments[0], arguments[1], error))
    return FALSE;

  if (g_strcmp0 (imp_transaction_get_author (transaction), imp_key_get_fingerprint (key)) != 0)
    return refuse (error, "it registers another author than the one whose key it has");

  g_hash_table_insert (self->authors, g_strdup (imp_key_get_fingerprint (key)),
                       g_object_ref (key));
  return TRUE;
}

/* createUpdate (token, manifest, authorSign, authorManifestSign, cid) */
static gboolean
check_update (Audit           *self,
              ImpTransaction  *transaction,
              GError         **error)
{
  const char *arguments[5];
  const char *fingerprint = imp_transaction_get_author (transaction);
  ImpKey *author = fingerprint != NULL ? g_hash_table_lookup (self->authors, fingerprint) : NULL;
  g_autoptr(JsonNode) tree = NULL;
  g_autoptr(ImpManifest) manifest = NULL;
  g_autoptr(ImpUpdate) update = NULL;

  if (author == NULL)
    return refuse (error, "its author was not registered before it");

  if (!get_arguments (transaction, G_N_ELEMENTS (arguments), arguments, &tree, error) ||
      !(manifest = imp_manifest_new_from_text (arguments[1], -1, error)))
    return FALSE;

  if (g_strcmp0 (imp_manifest_get_class_id (manifest),
                 imp_transaction_get_class_id (transaction)) != 0 ||
      g_strcmp0 (imp_manifest_get_version (manifest),
                 imp_transaction_get_version (transaction)) != 0)
    return refuse (error, "it registers another class or version than its manifest has");

  update = imp_update_new (manifest, arguments[2], arguments[3]);
  self->n_updates++;
  return imp_update_verify_manifest (update, author, error) &&
         imp_update_verify_payload_sign (update, author, error);
}

static gboolean
check_leaf (Audit       *self,
            const char  *leaf,
            GError     **error)
{
  g_autoptr(ImpTransaction) transaction = NULL;
  const char *contract;
  const char *function;
  ImpHash hash;

  imp_merkle_hash_leaf (leaf, strlen (leaf), &hash);
  imp_merkle_range_append (&self->range, &hash);
  g_array_append_val (self->page, hash);

  transaction = imp_transaction_new_from_leaf (self->range.size - 1, leaf, error);
  if (transaction == NULL)
    return FALSE;

  contract = imp_transaction_get_contract (transaction);
  function = imp_transaction_get_function (transaction);
  if (g_str_equal (contract, "RegisterAuthor") && g_str_equal (function, "createAuthor"))
    return check_author (self, transaction, error);
  if (g_str_equal (contract, "RegisterUpdate") && g_str_equal (function, "createUpdate"))
    return check_update (self, transaction, error);

  return TRUE;
}

static JsonArray *
fetch_page (Audit      *self,
            JsonNode  **reply,
            GError    **error)
{
  guint64 left = imp_checkpoint_get_size (self->head) - self->range.size;
  g_autofree char *path = g_strdup_printf ("/v1/ledger/leaves?from=%" G_GUINT64_FORMAT "&limit=%u",
                                           self->range.size, (guint) MIN (left, PAGE));
  JsonArray *leaves;
  gint64 from;

  *reply = imp_agent_sync_get_json (self->agent, path, self->cancellable, error);
  if (*reply == NULL ||
      !(leaves = imp_json_get_array (json_node_get_object (*reply), "leaves", error)) ||
      !imp_json_get_int (json_node_get_object (*reply), "from", &from, error))
    return NULL;

  if (from < 0 || (guint64) from != self->range.size || json_array_get_length (leaves) == 0 ||
      json_array_get_length (leaves) > MIN (left, PAGE))
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                   "the agent does not show the entries from %" G_GUINT64_FORMAT " on that its "
                   "checkpoint counts", self->range.size);
      return NULL;
    }

  return leaves;
}

/* What is found wrong with an entry still has to be told from an entry that was never in the log, so
 * the first error is kept until the page is compared with the checkpoint.
 */
static gboolean
read_page (Audit       *self,
           JsonArray   *leaves,
           GError     **error)
{
  g_autoptr(GError) first = NULL;

  g_array_set_size (self->page, 0);
  for (guint i = 0; i < json_array_get_length (leaves); i++)
    {
      JsonNode *node = json_array_get_element (leaves, i);

      if (json_node_get_value_type (node) != G_TYPE_STRING)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                       "entry %" G_GUINT64_FORMAT " is not a string", self->range.size);
          return FALSE;
        }

      if (!check_leaf (self, json_node_get_string (node), first == NULL ? &first : NULL) &&
          first != NULL && !g_str_has_prefix (first->message, "entry "))
        g_prefix_error (&first, "entry %" G_GUINT64_FORMAT ": ", self->range.size - 1);
    }

  if (first == NULL)
    return TRUE;

  first->domain = IMP_ERROR;
  first->code = IMP_ERROR_REFUSED;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

static gboolean
fits (Audit                 *self,
      const ImpMerkleRange  *range,
      GError               **error)
{
  ImpHash root;

  imp_merkle_range_get_root (range, &root);

  return imp_fetch_consistency (self->agent, range->size, &root,
                                imp_checkpoint_get_size (self->head),
                                imp_checkpoint_get_root (self->head), self->cancellable, error);
}

static gboolean
name_entry (guint64   entry,
            GError  **error)
{
  g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
               "entry %" G_GUINT64_FORMAT " is not the one that the checkpoint covers: the ledger was "
               "changed there", entry);
  return FALSE;
}

/* Trees that fit are followed by trees that do not, from the changed entry on, so it is found by
 * halving; each try is one proof.
 */
static gboolean
find_break (Audit                 *self,
            const ImpMerkleRange  *before,
            GError               **error)
{
  guint good = 0;
  guint bad = self->page->len;

  while (bad - good > 1)
    {
      guint middle = good + (bad - good) / 2;
      ImpMerkleRange range = *before;
      g_autoptr(GError) local_error = NULL;

      for (guint i = 0; i < middle; i++)
        imp_merkle_range_append (&range, &g_array_index (self->page, ImpHash, i));

      if (fits (self, &range, &local_error))
        good = middle;
      else if (g_error_matches (local_error, IMP_ERROR, IMP_ERROR_REFUSED))
        bad = middle;
      else
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  return name_entry (before->size + bad - 1, error);
}

static gboolean
audit_page (Audit   *self,
            GError **error)
{
  ImpMerkleRange before = self->range;
  g_autoptr(JsonNode) reply = NULL;
  g_autoptr(GError) content = NULL;
  g_autoptr(GError) position = NULL;
  JsonArray *leaves = fetch_page (self, &reply, error);

  if (leaves == NULL)
    return FALSE;

  if (!read_page (self, leaves, &content) && content->code != IMP_ERROR_REFUSED)
    {
      g_propagate_error (error, g_steal_pointer (&content));
      return FALSE;
    }

  if (!fits (self, &self->range, &position))
    {
      if (g_error_matches (position, IMP_ERROR, IMP_ERROR_REFUSED))
        return find_break (self, &before, error);
      g_propagate_error (error, g_steal_pointer (&position));
      return FALSE;
    }

  if (content == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&content));
  return FALSE;
}

static char *
describe_result (Audit  *self,
                 gint64  time)
{
  g_autofree char *when = time >= 0 ? imp_time_format (time) : g_strdup (_("an unknown time"));

  return g_strdup_printf (_("All %" PRIu64 " entries of “%s” are in their place under the "
                            "checkpoint that its pinned key signed at %s, nothing that this computer "
                            "has seen before was changed, and every signature is good (updates: %" PRIu64
                            ", authors: %u)."),
                          imp_checkpoint_get_size (self->head), self->log->origin, when,
                          self->n_updates, g_hash_table_size (self->authors));
}

/**
 * imp_trust_audit:
 * @log: the log
 * @agent: the retrieval agent
 * @progress: told how many entries are done, of how many
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Reads the whole log from its first entry, computes its tree, and verifies every signature in it.
 *
 * Returns: (transfer full) (nullable): a sentence that says what was proven, or `NULL` with an error
 *   that names the entry where it breaks
 */
char *
imp_trust_audit (ImpPinnedLog  *log,
                 ImpAgentSync  *agent,
                 ImpProgress   *progress,
                 GCancellable  *cancellable,
                 GError       **error)
{
  g_autoptr(ImpCheckpoint) head = imp_fetch_checkpoint (agent, cancellable, error);
  g_auto(Audit) self = { log, agent, cancellable };
  guint64 size;
  gint64 time;

  if (head == NULL ||
      !imp_pinned_log_check (log, head, &time, error) ||
      !imp_pinned_log_check_age (time, error) ||
      !imp_pinned_log_hold (log, agent, head, time, cancellable, error))
    return NULL;

  self.head = head;
  self.authors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self.page = g_array_new (FALSE, FALSE, sizeof (ImpHash));
  size = imp_checkpoint_get_size (head);

  while (self.range.size < size)
    {
      if (!audit_page (&self, error))
        return NULL;
      imp_progress_report (progress, self.range.size, size);
    }

  return describe_result (&self, time);
}
