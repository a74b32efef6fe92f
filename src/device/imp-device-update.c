/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-device-update.h"

#include <string.h>

#include "imp-device-checks.h"
#include "imp-digest-thread.h"
#include "imp-error.h"
#include "imp-time.h"

#define BUFFER_SIZE (256 * 1024)

/* One round of an update, in its own thread.
 *
 * The checks fail in the order of the protocol, but not all are made in it: what can be refused before
 * the download is not downloaded. So 9 and 10, and the author's signature of 8, are decided before the
 * bytes that 7 and 8 wait for; those that pass are told of in order once the bytes are there.
 */
typedef struct
{
  ImpDeviceFolder            *folder;
  const ImpDeviceUpdateFuncs *funcs;
  gpointer                    user_data;
  GCancellable               *cancellable;

  ImpDeviceAgent             *agent;   /* (owned) */
  ImpDeviceState             *state;   /* (owned) */
  ImpDeviceOffer             *offer;   /* (owned) (nullable) */
  ImpCheck                    failed;  /* 0: none */
} Update;

static void
update_clear (Update *self)
{
  g_clear_pointer (&self->agent, imp_device_agent_free);
  g_clear_pointer (&self->state, imp_device_state_free);
  g_clear_pointer (&self->offer, imp_device_offer_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Update, update_clear)

void
imp_device_result_free (ImpDeviceResult *self)
{
  g_free (self->reason);
  g_clear_pointer (&self->state, imp_device_state_free);
  g_free (self);
}

static void
tell_passed (Update   *self,
             ImpCheck  check)
{
  self->funcs->check (check, TRUE, NULL, self->user_data);
}

/* A check is failed by what the agent has sent. Where the network, the disk or the agent itself fails,
 * nothing is decided.
 */
static gboolean
is_refusal (const GError *error)
{
  return error->domain == IMP_ERROR &&
         error->code != IMP_ERROR_CORRUPT &&
         error->code != IMP_ERROR_STORE_UNAVAILABLE &&
         error->code != IMP_ERROR_LEDGER_UNAVAILABLE;
}

static gboolean
settle (Update       *self,
        ImpCheck      check,
        gboolean      passed,
        const GError *error)
{
  if (!passed && is_refusal (error))
    self->failed = check;

  return passed;
}

static gboolean
check_quietly (Update    *self,
               ImpCheck   check,
               GError   **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean passed = imp_check_offer (check, self->state, self->offer, imp_time_now (), &local_error);

  settle (self, check, passed, local_error);
  if (!passed)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return passed;
}

static gboolean
check_aloud (Update    *self,
             ImpCheck   check,
             GError   **error)
{
  if (!check_quietly (self, check, error))
    return FALSE;

  tell_passed (self, check);
  return TRUE;
}

static gboolean
ask (Update  *self,
     GError **error)
{
  g_autoptr(JsonNode) reply = NULL;
  g_autoptr(GError) local_error = NULL;

  self->funcs->state ("asking", self->user_data);
  reply = imp_device_agent_ask_latest (self->agent, imp_key_get_public_pem (self->state->author),
                                       self->state->class_id, error);
  if (reply == NULL)
    return FALSE;

  self->offer = imp_device_offer_parse (reply, &local_error);
  if (!settle (self, IMP_CHECK_FORMAT, self->offer != NULL, local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  tell_passed (self, IMP_CHECK_FORMAT);
  return TRUE;
}

static gboolean
pin_log_key (Update  *self,
             GError **error)
{
  if (self->state->log_key == NULL)
    self->state->log_key = imp_device_agent_get_log_key (self->agent, error);

  return self->state->log_key != NULL;
}

static gboolean
check_consistency (Update  *self,
                   GError **error)
{
  g_autoptr(ImpCheckpoint) last = NULL;
  g_autoptr(GArray) path = NULL;
  guint64 from, to = imp_checkpoint_get_size (self->offer->checkpoint);

  if (self->state->checkpoint == NULL)
    return TRUE;

  last = imp_checkpoint_new_from_text (self->state->checkpoint, -1, error);
  if (last == NULL)
    return FALSE;

  from = imp_checkpoint_get_size (last);
  path = from > 0 && from < to ? imp_device_agent_get_consistency (self->agent, from, to, error) :
         g_array_new (FALSE, FALSE, sizeof (ImpHash));

  return path != NULL && imp_check_consistency (last, self->offer->checkpoint, path, error);
}

static gboolean
verify_ledger (Update  *self,
               gint64  *time,
               GError **error)
{
  return pin_log_key (self, error) &&
         imp_check_checkpoint (self->state, self->offer, imp_time_now (), time, error) &&
         check_consistency (self, error) &&
         imp_check_inclusion (self->offer, error);
}

/* The checkpoint is remembered even if the update fails later: the agent cannot take it back. */
static gboolean
check_ledger (Update  *self,
              GError **error)
{
  g_autoptr(GError) local_error = NULL;
  gboolean pinned = self->state->log_key != NULL;
  const char *checkpoint = imp_checkpoint_get_text (self->offer->checkpoint);
  gint64 time = -1;
  gboolean verified = verify_ledger (self, &time, &local_error);

  if (!settle (self, IMP_CHECK_LEDGER, verified, local_error))
    {
      if (!pinned)
        g_clear_pointer (&self->state->log_key, g_free);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  if (g_strcmp0 (checkpoint, self->state->checkpoint) == 0)
    return TRUE;

  g_free (self->state->checkpoint);
  self->state->checkpoint = g_strdup (checkpoint);
  self->state->checkpoint_time = time;

  return imp_device_state_save (self->state, self->folder, error);
}

static gboolean
refuse_size (Update      *self,
             GError     **error,
             const char  *what,
             guint64      actual)
{
  self->failed = IMP_CHECK_SIZE;
  g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
               "the payload %s %" G_GUINT64_FORMAT " bytes, the manifest says %" G_GUINT64_FORMAT,
               what, actual, imp_manifest_get_size (self->offer->manifest));
  return FALSE;
}

static gboolean
is_cut (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT) ||
         g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED);
}

static gboolean
fill (Update         *self,
      ImpDeviceBody  *body,
      guint8         *buffer,
      guint64         done,
      gsize          *n,
      GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  if (imp_device_body_fill (body, buffer, BUFFER_SIZE, n, &local_error))
    return TRUE;

  if (is_cut (local_error))
    return refuse_size (self, error, "ended after", done + *n);

  g_propagate_prefixed_error (error, g_steal_pointer (&local_error),
                              "payload, after %" G_GUINT64_FORMAT " bytes: ", done);
  return FALSE;
}

/* Bytes are written and hashed at once. Never is more written than the manifest says, and that fits. */
static gboolean
copy_payload (Update           *self,
              ImpDeviceBody    *body,
              ImpDigestThread  *sha384,
              ImpSlotWriter    *slot,
              GError          **error)
{
  guint64 size = imp_manifest_get_size (self->offer->manifest);
  guint64 done = 0;
  gsize n;

  do
    {
      guint8 *buffer = imp_digest_thread_get_buffer (sha384);

      if (!fill (self, body, buffer, done, &n, error))
        return FALSE;
      if (n > size - done)
        return refuse_size (self, error, "goes on after", size);

      imp_digest_thread_push (sha384, n);
      if (n > 0 && !imp_slot_writer_write (slot, buffer, n, error))
        return FALSE;

      done += n;
      self->funcs->progress (size > 0 ? (double) done / size : 1.0, self->user_data);
    }
  while (n == BUFFER_SIZE);

  return done == size || refuse_size (self, error, "ended after", done);
}

/* The digest of the bytes, or of their base64 text as the reference signs files. */
static gboolean
check_digest (Update         *self,
              ImpSlotWriter  *slot,
              const char     *raw,
              GError        **error)
{
  const char *expected = imp_manifest_get_payload_digest (self->offer->manifest);
  g_autofree char *base64 = NULL;

  if (g_str_equal (raw, expected))
    return TRUE;

  base64 = imp_slot_writer_digest_base64 (slot, self->cancellable, error);
  if (base64 == NULL)
    return FALSE;

  if (g_str_equal (base64, expected))
    return TRUE;

  self->failed = IMP_CHECK_PAYLOAD;
  g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
               "the payload’s digest is %.16s…, the manifest says %.16s…", raw, expected);
  return FALSE;
}

/* The old state stays on disk until the new one replaces it in one step. */
static gboolean
swap (Update      *self,
      const char  *digest,
      GError     **error)
{
  ImpDeviceState *state = self->state;
  ImpManifest *manifest = self->offer->manifest;

  g_free (state->version);
  g_free (state->digest);
  state->version = g_strdup (imp_manifest_get_version (manifest));
  state->digest = g_strdup (digest);
  state->sequence = imp_manifest_get_sequence (manifest);
  state->size = imp_manifest_get_size (manifest);
  state->running_slot = imp_device_state_get_idle (state);

  return imp_device_state_save (state, self->folder, error);
}

static ImpDeviceBody *
open_payload (Update  *self,
              GError **error)
{
  g_autoptr(ImpDeviceBody) body = NULL;
  goffset length;

  self->funcs->state ("downloading", self->user_data);
  body = imp_device_agent_get_payload (self->agent, imp_cid_get_string (self->offer->cid), error);
  if (body == NULL)
    return NULL;

  length = imp_device_body_get_length (body);
  if (length >= 0 && (guint64) length != imp_manifest_get_size (self->offer->manifest))
    {
      refuse_size (self, error, "is announced with", length);
      return NULL;
    }

  return g_steal_pointer (&body);
}

static gboolean
install (Update  *self,
         GError **error)
{
  g_autoptr(ImpDeviceBody) body = NULL;
  g_autoptr(ImpSlotWriter) slot = NULL;
  g_autoptr(ImpDigestThread) sha384 = NULL;
  g_autofree char *digest = NULL;

  body = open_payload (self, error);
  if (body == NULL)
    return FALSE;

  slot = imp_slot_writer_new (self->folder, imp_device_state_get_idle (self->state), error);
  if (slot == NULL)
    return FALSE;

  sha384 = imp_digest_thread_new (IMP_DIGEST_SHA384, BUFFER_SIZE);
  if (!copy_payload (self, body, sha384, slot, error))
    return FALSE;
  tell_passed (self, IMP_CHECK_SIZE);

  /* The slot is synced while the digest catches up. */
  self->funcs->state ("installing", self->user_data);
  if (!imp_slot_writer_finish (slot, error))
    return FALSE;

  digest = imp_digest_thread_finish_hex (sha384);
  if (!check_digest (self, slot, digest, error) ||
      g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  tell_passed (self, IMP_CHECK_PAYLOAD);
  tell_passed (self, IMP_CHECK_LOCATION);
  tell_passed (self, IMP_CHECK_LEDGER);

  /* From here on the state decides which slot runs; the new one must not go, whatever fails. */
  imp_slot_writer_keep (slot);
  return swap (self, digest, error);
}

/* That nothing is newer has to be as well-founded as an update: else an agent could keep a device on an
 * old version for ever.
 */
static gboolean
confirm_current (Update  *self,
                 GError **error)
{
  if (!check_aloud (self, IMP_CHECK_MANIFEST, error) ||
      !check_aloud (self, IMP_CHECK_TARGET, error) ||
      !check_ledger (self, error))
    return FALSE;

  tell_passed (self, IMP_CHECK_LEDGER);
  return TRUE;
}

static gboolean
update (Update           *self,
        ImpDeviceOutcome *outcome,
        GError          **error)
{
  if (!ask (self, error))
    return FALSE;

  *outcome = IMP_DEVICE_CURRENT;
  if (g_strcmp0 (imp_manifest_get_version (self->offer->manifest), self->state->version) == 0)
    return confirm_current (self, error);

  *outcome = IMP_DEVICE_INSTALLED;
  return check_aloud (self, IMP_CHECK_MANIFEST, error) &&
         check_aloud (self, IMP_CHECK_TARGET, error) &&
         check_aloud (self, IMP_CHECK_NEWER, error) &&
         check_aloud (self, IMP_CHECK_EXPIRY, error) &&
         check_aloud (self, IMP_CHECK_DEPENDENCIES, error) &&
         check_quietly (self, IMP_CHECK_SIZE, error) &&
         check_quietly (self, IMP_CHECK_PAYLOAD, error) &&
         check_quietly (self, IMP_CHECK_LOCATION, error) &&
         check_ledger (self, error) &&
         install (self, error);
}

static JsonNode *
make_report (Update                *self,
             const ImpDeviceResult *result)
{
  static const char *const outcomes[] = {
    [IMP_DEVICE_INSTALLED] = "installed",
    [IMP_DEVICE_CURRENT] = "current",
    [IMP_DEVICE_REFUSED] = "refused",
  };
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  const char *version = self->offer != NULL ? imp_manifest_get_version (self->offer->manifest) : self->state->version;

  json_object_set_string_member (object, "class", self->state->class_id);
  json_object_set_string_member (object, "version", version != NULL ? version : "");
  json_object_set_string_member (object, "outcome", outcomes[result->outcome]);
  if (result->outcome == IMP_DEVICE_REFUSED)
    {
      json_object_set_int_member (object, "check", result->check);
      json_object_set_string_member (object, "reason", result->reason);
    }

  json_node_take_object (node, object);
  return node;
}

/* An agent that does not want to know changes nothing of what was done. */
static void
report (Update                *self,
        const ImpDeviceResult *result)
{
  g_autoptr(JsonNode) node = make_report (self, result);
  g_autoptr(GError) error = NULL;

  if (!imp_device_agent_report (self->agent, node, &error))
    {
      g_autofree char *line = g_strdup_printf ("report: %s", error->message);

      self->funcs->trace (line, self->user_data);
    }
}

/* Whether it has come to an end: without one, there is only the error. */
static gboolean
conclude (Update           *self,
          gboolean          done,
          const GError     *error,
          ImpDeviceResult  *result)
{
  if (done)
    return TRUE;

  if (self->offer == NULL && g_error_matches (error, IMP_ERROR, IMP_ERROR_UPDATE_NON_EXISTENT))
    {
      result->outcome = IMP_DEVICE_CURRENT;

      /* What the ledger has shown once it cannot have lost. */
      if (self->state->checkpoint != NULL)
        self->failed = IMP_CHECK_LEDGER;
    }
  else if (self->failed == 0)
    return FALSE;

  if (self->failed != 0)
    {
      result->outcome = IMP_DEVICE_REFUSED;
      result->check = self->failed;
      result->reason = g_strdup (error->message);
      self->funcs->check (self->failed, FALSE, error->message, self->user_data);
    }

  return TRUE;
}

static ImpDeviceResult *
run (Update  *self,
     GError **error)
{
  g_autoptr(ImpDeviceResult) result = g_new0 (ImpDeviceResult, 1);
  g_autoptr(GError) local_error = NULL;
  gboolean done = update (self, &result->outcome, &local_error);

  if (!conclude (self, done, local_error, result))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  report (self, result);
  result->state = g_steal_pointer (&self->state);

  return g_steal_pointer (&result);
}

/**
 * imp_device_update_run:
 * @folder: the device's folder
 * @retrieval: URL of an agent
 * @pace: how patient the device is
 * @funcs: what is told meanwhile
 * @user_data: data for @funcs
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Does one round of an update; blocking.
 *
 * Returns: (transfer full) (nullable): how it ended, or `NULL` with @error set when the agent could not be asked
 */
ImpDeviceResult *
imp_device_update_run (ImpDeviceFolder             *folder,
                       const char                  *retrieval,
                       const ImpDevicePace         *pace,
                       const ImpDeviceUpdateFuncs  *funcs,
                       gpointer                     user_data,
                       GCancellable                *cancellable,
                       GError                     **error)
{
  g_auto(Update) self = { folder, funcs, user_data, cancellable, };
  ImpDeviceResult *result;

  if (!imp_device_folder_lock (folder, error))
    return NULL;

  /* Another process may have updated it since it was opened here. */
  self.state = imp_device_state_load (folder, error);
  if (self.state == NULL)
    {
      imp_device_folder_unlock (folder);
      return NULL;
    }

  self.agent = imp_device_agent_new (retrieval, self.state->id, pace, cancellable, funcs->trace, user_data);
  result = run (&self, error);
  imp_device_folder_unlock (folder);

  return result;
}
