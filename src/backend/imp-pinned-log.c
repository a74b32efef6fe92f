/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-pinned-log.h"

#include "imp-agent-client-private.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-note.h"
#include "imp-state-file.h"
#include "imp-time.h"

/* An agent signs a head at least every minute; one that is an hour old is frozen, by the log, by
 * whoever stands in between, or by a clock that was turned.
 */
#define MAX_AGE_MS (60 * 60 * 1000)
#define MAX_AHEAD_MS (5 * 60 * 1000)

/* Log keys are trusted on first use, for each connection: an agent that shows another log later is
 * refused. The file is named after the key, so that two connections to one log hold it to the same
 * heads: what one agent hides, the other has shown.
 */
static char *
build_path (const char *directory,
            const char *key,
            const char *ending)
{
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA256, key, strlen (key));
  g_autofree char *name = g_strconcat (digest, ending, NULL);

  return g_build_filename (directory, name, NULL);
}

/**
 * imp_pinned_log_free:
 * @self: (transfer full): a log, not `NULL`
 *
 * Frees what was read of a log. Its file stays.
 */
void
imp_pinned_log_free (ImpPinnedLog *self)
{
  g_free (self->directory);
  g_free (self->identity);
  g_free (self->key);
  g_free (self->origin);
  g_clear_object (&self->seen);
  g_free (self);
}

static gboolean
has_connection (JsonObject *object,
                const char *identity)
{
  JsonArray *connections = imp_json_get_array (object, "connections", NULL);

  for (guint i = 0; connections != NULL && i < json_array_get_length (connections); i++)
    {
      JsonNode *node = json_array_get_element (connections, i);

      if (json_node_get_value_type (node) == G_TYPE_STRING &&
          g_str_equal (json_node_get_string (node), identity))
        return TRUE;
    }

  return FALSE;
}

/* A file that cannot be read might be the one that pins this connection: going on without it would
 * forget what was seen.
 */
static gboolean
find_file (const char  *directory,
           const char  *identity,
           JsonObject **found,
           GError     **error)
{
  g_autoptr(GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  *found = NULL;
  while (*found == NULL && dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autoptr(JsonObject) object = NULL;

      if (!g_str_has_suffix (name, ".json"))
        continue;

      object = imp_state_file_read (path, error);
      if (object == NULL)
        {
          g_prefix_error (error, "what was seen of the ledger cannot be read: ");
          return FALSE;
        }
      if (has_connection (object, identity))
        *found = g_steal_pointer (&object);
    }

  return TRUE;
}

static gboolean
take_key (ImpPinnedLog  *self,
          const char    *key,
          GError       **error)
{
  g_autoptr(ImpKey) parsed = NULL;

  if (!imp_note_parse_verifier_key (key, &self->origin, &parsed, error))
    return FALSE;

  self->key = g_strdup (key);
  return TRUE;
}

/* It was verified when it was written, and is verified again: the file may have been changed. */
static gboolean
take_seen (ImpPinnedLog  *self,
           JsonObject    *object,
           GError       **error)
{
  const char *text;

  if (!json_object_has_member (object, "checkpoint"))
    return TRUE;

  return (text = imp_json_get_string (object, "checkpoint", error)) &&
         (self->seen = imp_checkpoint_new_from_text (text, -1, error)) &&
         imp_checkpoint_verify (self->seen, self->key, &self->seen_time, error);
}

static gboolean
read_file (ImpPinnedLog  *self,
           JsonObject    *object,
           GError       **error)
{
  const char *key = imp_json_get_string (object, "key", error);

  if (key != NULL && take_key (self, key, error) && take_seen (self, object, error))
    return TRUE;

  g_prefix_error (error, "what was seen of the ledger is damaged: ");
  return FALSE;
}

/* Through another connection the same log may have been seen already. */
static gboolean
pin (ImpPinnedLog  *self,
     const char    *key,
     GError       **error)
{
  g_autofree char *path = build_path (self->directory, key, ".json");
  g_autoptr(JsonObject) object = NULL;
  g_autoptr(GError) local_error = NULL;

  object = imp_state_file_read (path, &local_error);
  if (object != NULL)
    return read_file (self, object, error);

  if (!g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  self->pinned_now = TRUE;
  return take_key (self, key, error);
}

static char *
fetch_key (ImpAgentSync  *agent,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(JsonNode) reply = imp_agent_sync_get_json (agent, "/v1/ledger/key", cancellable, error);

  if (reply == NULL)
    return NULL;

  return g_strdup (imp_json_get_string (json_node_get_object (reply), "key", error));
}

/**
 * imp_pinned_log_open:
 * @directory: where this machine keeps what it has seen
 * @identity: of a connection
 * @agent: its retrieval agent
 * @cancellable: (nullable): cancels the request for the key of a log that is new
 * @error: return location for an error
 *
 * Finds what is known of the log behind a connection. Nothing is written yet.
 *
 * Returns: (transfer full) (nullable): the log
 */
ImpPinnedLog *
imp_pinned_log_open (const char    *directory,
                     const char    *identity,
                     ImpAgentSync  *agent,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(ImpPinnedLog) self = g_new0 (ImpPinnedLog, 1);
  g_autoptr(JsonObject) object = NULL;
  g_autofree char *key = NULL;

  self->directory = g_strdup (directory);
  self->identity = g_strdup (identity);
  self->seen_time = -1;

  if (!find_file (directory, identity, &object, error))
    return NULL;

  if (object != NULL)
    return read_file (self, object, error) ? g_steal_pointer (&self) : NULL;

  key = fetch_key (agent, cancellable, error);
  if (key == NULL || !pin (self, key, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Whether this machine has seen a log of this key. */
gboolean
imp_pinned_log_is_known (const char *directory,
                         const char *key)
{
  g_autofree char *path = build_path (directory, key, ".json");
  g_autoptr(JsonObject) object = imp_state_file_read (path, NULL);

  return object != NULL && g_strcmp0 (imp_json_get_string (object, "key", NULL), key) == 0;
}

/**
 * imp_pinned_log_check:
 * @self: a log
 * @head: a head that somebody says is of this log
 * @time: (out): when the log signed it, or -1
 * @error: return location for an error
 *
 * Verifies the signature with the pinned key.
 *
 * Returns: whether the log signed it
 */
gboolean
imp_pinned_log_check (ImpPinnedLog   *self,
                      ImpCheckpoint  *head,
                      gint64         *time,
                      GError        **error)
{
  return imp_checkpoint_verify (head, self->key, time, error);
}

/**
 * imp_pinned_log_check_age:
 * @time: when a head was signed
 * @error: return location for an error
 *
 * Tells a head that is news from one that is shown for ever.
 *
 * Returns: whether it is fresh, or does not say when it was signed
 */
gboolean
imp_pinned_log_check_age (gint64   time,
                          GError **error)
{
  gint64 age = imp_time_now () - time;

  if (time < 0 || (age <= MAX_AGE_MS && age >= -MAX_AHEAD_MS))
    return TRUE;

  if (age > 0)
    g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
                 "the newest checkpoint is %" G_GINT64_FORMAT " minutes old: the ledger or the agent "
                 "stands still, or this computer’s clock is ahead", age / 60000);
  else
    g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
                 "the checkpoint is signed %" G_GINT64_FORMAT " minutes in the future: this "
                 "computer’s clock is behind, or the ledger’s is ahead", -age / 60000);
  return FALSE;
}

static void
add_connections (JsonArray  *array,
                 JsonObject *object)
{
  JsonArray *old = object != NULL ? imp_json_get_array (object, "connections", NULL) : NULL;

  for (guint i = 0; old != NULL && i < json_array_get_length (old); i++)
    json_array_add_element (array, json_node_copy (json_array_get_element (old, i)));
}

static gboolean
save (ImpPinnedLog  *self,
      GError       **error)
{
  g_autofree char *path = build_path (self->directory, self->key, ".json");
  g_autoptr(JsonObject) old = imp_state_file_read (path, NULL);
  g_autoptr(JsonObject) object = json_object_new ();
  JsonArray *connections = json_array_new ();

  add_connections (connections, old);
  if (old == NULL || !has_connection (old, self->identity))
    json_array_add_string_element (connections, self->identity);

  json_object_set_string_member (object, "key", self->key);
  json_object_set_array_member (object, "connections", connections);
  json_object_set_string_member (object, "checkpoint", imp_checkpoint_get_text (self->seen));

  return imp_state_file_write (path, object, error);
}

/* Two heads that one key has signed and that cannot both be true are a proof that anyone can check. */
static void
keep_evidence (ImpPinnedLog  *self,
               ImpCheckpoint *head)
{
  g_autofree char *now = imp_time_format (imp_time_now ());
  g_autofree char *ending = g_strdup_printf ("-%s.fork", now);
  g_autofree char *path = build_path (self->directory, self->key, ending);
  g_autofree char *text = g_strconcat (imp_checkpoint_get_text (self->seen), "\n",
                                       imp_checkpoint_get_text (head), NULL);
  g_autoptr(GError) error = NULL;

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    g_warning ("the evidence is not kept: %s", error->message);
}

static gboolean
refuse_fork (ImpPinnedLog   *self,
             ImpCheckpoint  *head,
             const char     *why,
             GError        **error)
{
  keep_evidence (self, head);
  g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
               "the ledger contradicts itself: its head of %" G_GUINT64_FORMAT " entries does not "
               "fit the one of %" G_GUINT64_FORMAT " entries that this computer saw before (%s); "
               "both are kept as evidence",
               imp_checkpoint_get_size (head), imp_checkpoint_get_size (self->seen), why);
  return FALSE;
}

/* A log that was put back cannot prove what it no longer has; an agent that does not answer has
 * proven nothing either way.
 */
static gboolean
check_consistency (ImpPinnedLog   *self,
                   ImpAgentSync   *agent,
                   ImpCheckpoint  *head,
                   GCancellable   *cancellable,
                   GError        **error)
{
  ImpCheckpoint *older = self->seen;
  ImpCheckpoint *newer = head;
  g_autoptr(GError) local_error = NULL;

  if (imp_checkpoint_get_size (head) < imp_checkpoint_get_size (self->seen))
    {
      older = head;
      newer = self->seen;
    }

  if (imp_fetch_consistency (agent, imp_checkpoint_get_size (older), imp_checkpoint_get_root (older),
                             imp_checkpoint_get_size (newer), imp_checkpoint_get_root (newer),
                             cancellable, &local_error))
    return TRUE;

  if (g_error_matches (local_error, IMP_ERROR, IMP_ERROR_REFUSED))
    return refuse_fork (self, head, local_error->message, error);

  if (older == head && local_error->domain == IMP_ERROR)
    {
      g_set_error (error, IMP_ERROR, IMP_ERROR_REFUSED,
                   "the ledger has %" G_GUINT64_FORMAT " entries, fewer than the %" G_GUINT64_FORMAT
                   " that this computer saw before: an older copy was put back",
                   imp_checkpoint_get_size (head), imp_checkpoint_get_size (self->seen));
      return FALSE;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
remember (ImpPinnedLog   *self,
          ImpCheckpoint  *head,
          gint64          time,
          GError        **error)
{
  g_set_object (&self->seen, head);
  self->seen_time = time;

  return save (self, error);
}

/**
 * imp_pinned_log_hold:
 * @self: a log
 * @agent: the retrieval agent
 * @head: a head that the log has signed
 * @time: when it signed it, or -1
 * @cancellable: (nullable): cancels the request for a proof
 * @error: return location for an error
 *
 * Holds a head to what was seen before, and remembers it if it is newer.
 *
 * Two heads of one size with different roots, or of which the one does not begin with the other,
 * are kept as evidence.
 *
 * Returns: whether it fits; %IMP_ERROR_REFUSED if not
 */
gboolean
imp_pinned_log_hold (ImpPinnedLog   *self,
                     ImpAgentSync   *agent,
                     ImpCheckpoint  *head,
                     gint64          time,
                     GCancellable   *cancellable,
                     GError        **error)
{
  guint64 size = imp_checkpoint_get_size (head);

  if (self->seen == NULL)
    return remember (self, head, time, error);

  if (size == imp_checkpoint_get_size (self->seen))
    {
      if (memcmp (imp_checkpoint_get_root (head), imp_checkpoint_get_root (self->seen),
                  sizeof (ImpHash)) != 0)
        return refuse_fork (self, head, "the roots differ", error);
    }
  else if (!check_consistency (self, agent, head, cancellable, error))
    return FALSE;

  if (size > imp_checkpoint_get_size (self->seen) ||
      (size == imp_checkpoint_get_size (self->seen) && time > self->seen_time))
    return remember (self, head, time, error);

  return TRUE;
}

/**
 * imp_fetch_consistency:
 * @agent: the retrieval agent
 * @from: size of the older tree
 * @from_root: its root
 * @to: size of the newer tree
 * @to_root: its root
 * @cancellable: (nullable): cancels the request
 * @error: return location for an error
 *
 * Asks for a consistency proof and verifies it.
 *
 * Returns: whether the newer tree begins with the older one; %IMP_ERROR_REFUSED if it does not
 */
gboolean
imp_fetch_consistency (ImpAgentSync   *agent,
                       guint64         from,
                       const ImpHash  *from_root,
                       guint64         to,
                       const ImpHash  *to_root,
                       GCancellable   *cancellable,
                       GError        **error)
{
  g_autofree char *path = NULL;
  g_autoptr(JsonNode) reply = NULL;
  g_autoptr(GArray) hashes = NULL;
  g_autoptr(GError) local_error = NULL;
  JsonArray *array;

  if (from == 0 || from == to)
    return imp_merkle_verify_consistency (from, from_root, to, to_root, NULL, 0, error);

  path = g_strdup_printf ("/v1/ledger/consistency?from=%" G_GUINT64_FORMAT "&to=%" G_GUINT64_FORMAT,
                          from, to);
  reply = imp_agent_sync_get_json (agent, path, cancellable, &local_error);
  if (reply == NULL ||
      !(array = imp_json_get_array (json_node_get_object (reply), "path", &local_error)) ||
      !(hashes = imp_hashes_from_json (array, &local_error)))
    {
      /* That an agent refuses to answer is not yet a proof that does not fit. */
      if (local_error->domain == IMP_ERROR)
        local_error->code = IMP_ERROR_BAD_REPLY;
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  return imp_merkle_verify_consistency (from, from_root, to, to_root, (ImpHash *) hashes->data,
                                        hashes->len, error);
}

/**
 * imp_fetch_checkpoint:
 * @agent: the retrieval agent
 * @cancellable: (nullable): cancels the request
 * @error: return location for an error
 *
 * Asks for the newest checkpoint of the log, and waits for it. Its signatures are not verified here.
 *
 * Returns: (transfer full) (nullable): the checkpoint, or `NULL` with @error set
 */
ImpCheckpoint *
imp_fetch_checkpoint (ImpAgentSync  *agent,
                      GCancellable  *cancellable,
                      GError       **error)
{
  g_autofree char *text = imp_agent_sync_get_text (agent, "/v1/ledger/checkpoint", cancellable,
                                                   error);

  return text != NULL ? imp_checkpoint_new_from_text (text, -1, error) : NULL;
}
