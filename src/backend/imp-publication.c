/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-publication-private.h"

#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-lookup.h"
#include "imp-thread.h"
#include "imp-time.h"

#define POLL_MS 40

/* A token that ends sooner is renewed first: a large payload takes its time. */
#define TOKEN_MARGIN_MS (5 * 60 * 1000)

/**
 * ImpPublication:
 *
 * One update on its way from a file to the ledger.
 *
 * The file is read once: as it passes it is hashed and sent, and at its end it is signed. Where the
 * digest is known already, from a form that showed it, a file that has changed since is refused
 * before anything is signed.
 *
 * The signal “changed” says that some step moved on.
 */
G_DEFINE_FINAL_TYPE (ImpPublication, imp_publication, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
emit_changed (ImpPublication *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
take_progress (ImpPublication *self)
{
  ImpSenderProgress progress;

  imp_sender_get_progress (self->upload, &progress);
  if (memcmp (&progress, &self->progress, sizeof progress) == 0)
    return;

  self->progress = progress;
  imp_step_track_follow_sender (&self->track, &self->progress);
  emit_changed (self);
}

static gboolean
poll_cb (gpointer user_data)
{
  take_progress (user_data);

  return G_SOURCE_CONTINUE;
}

/* What the agent says of our request while it works on it. It may say so before its reply, after
 * it, or never; the reply has the last word.
 */
static void
event_cb (ImpAgentClient *client,
          const char     *name,
          JsonObject     *data,
          ImpPublication *self)
{
  if (g_str_equal (name, "registration") &&
      g_strcmp0 (imp_json_get_string (data, "request", NULL), self->id) == 0 &&
      imp_step_track_follow_event (&self->track, data))
    emit_changed (self);
}

static gboolean
take_receipt (ImpPublication  *self,
              JsonObject      *receipt,
              GError         **error)
{
  const char *transaction;
  const char *cid;
  gint64 sequence;

  if (!(transaction = imp_json_get_string (receipt, "transaction", error)) ||
      !(cid = imp_json_get_string (receipt, "cid", error)) ||
      !imp_json_get_int (receipt, "sequence", &sequence, error))
    {
      (*error)->code = IMP_ERROR_BAD_REPLY;
      g_prefix_error (error, "the agent’s receipt is incomplete: ");
      return FALSE;
    }

  self->transaction = g_strdup (transaction);
  self->cid = g_strdup (cid);
  self->sequence = sequence;
  imp_step_track_take_times (&self->track, receipt);
  return TRUE;
}

/* Which step it was that failed: what was refused says it, or how far it had got. */
static ImpStep
find_failed_step (ImpPublication *self,
                  const GError   *error)
{
  if (imp_error_get_code (error) != NULL)
    {
      switch (error->code)
        {
        case IMP_ERROR_PAYLOAD_TOO_LARGE:
          return IMP_STEP_UPLOAD;
        case IMP_ERROR_STORE_UNAVAILABLE:
          return IMP_STEP_STORE;
        case IMP_ERROR_LEDGER_UNAVAILABLE:
          return IMP_STEP_RECORD;
        default:
          return self->draft != NULL ? IMP_STEP_VERIFY : IMP_STEP_HASH;
        }
    }

  if (self->upload != NULL && imp_sender_failed_here (self->upload))
    {
      if (self->progress.hash < 0)
        return IMP_STEP_HASH;
      return self->progress.sign_manifest < 0 ? IMP_STEP_SIGN_MANIFEST : IMP_STEP_SIGN_PAYLOAD;
    }

  for (guint i = IMP_STEP_VERIFY; i < IMP_N_STEPS; i++)
    {
      if (self->track.states[i] == IMP_STEP_RUNNING)
        return i;
    }

  return IMP_STEP_UPLOAD;
}

static void
stop_following (ImpPublication *self)
{
  g_clear_handle_id (&self->poll_id, g_source_remove);
  g_clear_signal_handler (&self->event_id, self->client);
  g_clear_object (&self->key);
}

static void
fail (GTask  *task,
      GError *error)
{
  ImpPublication *self = g_task_get_source_object (task);
  ImpStep failed = find_failed_step (self, error);

  imp_step_track_fail (&self->track, failed);
  stop_following (self);
  emit_changed (self);
  g_task_return_error (task, error);
}

static void
succeed (GTask *task)
{
  ImpPublication *self = g_task_get_source_object (task);

  stop_following (self);
  imp_step_track_end (&self->track);
  emit_changed (self);
  g_task_return_boolean (task, TRUE);
}

static void
looked_up_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpPublication *self = g_task_get_source_object (task);
  GError *error = g_steal_pointer ((GError **) g_task_get_task_data (task));
  g_autoptr(ImpRegisteredUpdate) update = NULL;

  if (imp_lookup_finish (IMP_AGENT_CLIENT (object), result, &update, NULL) && update != NULL)
    {
      g_error_free (error);
      self->transaction = g_strdup (imp_transaction_get_id (update->transaction));
      self->sequence = imp_transaction_get_sequence (update->transaction);
      self->cid = g_strdup (update->cid);
      succeed (task);
      return;
    }

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_prefix_error (&error, "everything was sent already, and the agent may still register it: ");
  else
    g_prefix_error (&error, "everything was sent, but no good answer came, and the ledger does not "
                            "show the update (yet): ");
  fail (task, error);
}

static void
free_error_slot (gpointer data)
{
  GError **slot = data;

  g_clear_error (slot);
  g_free (slot);
}

/* Whoever has sent the last byte and gets no answer, or one that cannot be read, does not know
 * whether the update is on the ledger; the ledger does.
 */
static void
look_up (GTask  *task,
         GError *error)
{
  ImpPublication *self = g_task_get_source_object (task);
  GError **slot = g_new0 (GError *, 1);

  *slot = error;
  g_task_set_task_data (task, slot, free_error_slot);
  imp_lookup_async (self->client, self->author, imp_manifest_get_class_id (self->draft),
                    imp_manifest_get_version (self->draft),
                    imp_manifest_get_sequence (self->draft), NULL, looked_up_cb,
                    g_object_ref (task));
}

static void
uploaded_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  ImpPublication *self = IMP_PUBLICATION (object);
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  gboolean done = g_task_propagate_boolean (G_TASK (result), &error);

  take_progress (self);

  if (done && take_receipt (self, imp_sender_get_receipt (self->upload), &error))
    succeed (task);
  else if (self->progress.upload >= 0 && !imp_sender_was_refused (self->upload))
    look_up (task, error);
  else
    fail (task, error);
}

static void
upload_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  GError *error = NULL;

  imp_thread_give_way ();  /* and what the pool does in this thread later: nobody draws in one */
  if (imp_sender_run (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
start_upload (GTask *task)
{
  ImpPublication *self = g_task_get_source_object (task);
  ImpConnection *connection = imp_agent_client_get_connection (self->client);
  const char *url = imp_connection_get_url (connection, "author");
  g_autoptr(GTask) thread_task = NULL;

  if (url == NULL)
    {
      fail (task, g_error_new (G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                               "the connection “%s” has no author agent",
                               imp_connection_get_name (connection)));
      return;
    }

  self->upload = imp_sender_new (url, self->id, self->key, self->file,
                                 g_steal_pointer (&self->builder), self->expected);
  if (self->sbom != NULL)
    imp_sender_set_sbom (self->upload, self->sbom);
  g_clear_object (&self->key);
  self->poll_id = g_timeout_add (POLL_MS, poll_cb, self);
  imp_step_track_follow_sender (&self->track, &self->progress);
  emit_changed (self);

  thread_task = g_task_new (self, g_task_get_cancellable (task), uploaded_cb, g_object_ref (task));
  g_task_set_source_tag (thread_task, start_upload);
  g_task_set_check_cancellable (thread_task, FALSE);
  g_task_set_task_data (thread_task, self->upload, NULL);
  g_task_run_in_thread (thread_task, upload_thread);
}

static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;

  if (imp_agent_client_register_author_finish (IMP_AGENT_CLIENT (object), result, NULL, &error))
    start_upload (task);
  else
    fail (task, error);
}

static void
author_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpAgentClient *client = IMP_AGENT_CLIENT (object);
  g_autoptr(GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  ImpPublication *self = g_task_get_source_object (task);
  ImpAuthorStatus status;
  GError *error = NULL;

  if (!imp_agent_client_get_author_finish (client, result, &status, &error))
    fail (task, error);
  else if (status.registered && status.token_expires > imp_time_now () + TOKEN_MARGIN_MS)
    start_upload (task);
  else
    imp_agent_client_register_author_async (client, self->key, cancellable, registered_cb,
                                            g_steal_pointer (&task));
}

static void
imp_publication_finalize (GObject *object)
{
  ImpPublication *self = IMP_PUBLICATION (object);

  stop_following (self);
  g_free (self->id);
  g_clear_object (&self->client);
  g_free (self->author);
  g_clear_object (&self->file);
  g_clear_pointer (&self->builder, imp_manifest_builder_free);
  g_free (self->expected);
  g_clear_pointer (&self->sbom, g_bytes_unref);
  g_clear_object (&self->draft);
  g_clear_error (&self->draft_error);
  g_clear_pointer (&self->upload, imp_sender_free);
  g_free (self->transaction);
  g_free (self->cid);

  G_OBJECT_CLASS (imp_publication_parent_class)->finalize (object);
}

static void
imp_publication_class_init (ImpPublicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_publication_finalize;

  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
imp_publication_init (ImpPublication *self)
{
  self->id = g_uuid_string_random ();
  self->progress = (ImpSenderProgress) { 0, 0, -1, -1, -1, -1 };
  imp_step_track_init (&self->track);
}

/* Whatever is wrong with the manifest is known before the file is even opened. */
static void
build_draft (ImpPublication *self)
{
  g_autofree char *digest = g_strnfill (IMP_SHA384_HEX_LENGTH, '0');

  imp_manifest_builder_set_string (self->builder, IMP_MANIFEST_PAYLOAD_DIGEST, digest);
  imp_manifest_builder_set_int (self->builder, IMP_MANIFEST_SIZE, 0);
  self->draft = imp_manifest_builder_end (self->builder, &self->draft_error);
}

/**
 * imp_publication_new:
 * @client: where to publish
 * @key: the author’s key, with its private half; it is let go as soon as it has signed
 * @file: the firmware
 * @builder: (transfer full): a manifest but for payloadDigest, size and manifestDigest, which are
 *   computed; what is wrong with it fails the run before anything is sent
 * @expected_digest: (nullable): the SHA-384 that the person saw
 *
 * Prepares a publication.
 *
 * Returns: (transfer full): a publication, to be run once
 */
ImpPublication *
imp_publication_new (ImpAgentClient     *client,
                     ImpKey             *key,
                     GFile              *file,
                     ImpManifestBuilder *builder,
                     const char         *expected_digest)
{
  ImpPublication *self;

  g_return_val_if_fail (IMP_IS_AGENT_CLIENT (client), NULL);
  g_return_val_if_fail (IMP_IS_KEY (key) && imp_key_has_private (key), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);
  g_return_val_if_fail (builder != NULL, NULL);

  self = g_object_new (IMP_TYPE_PUBLICATION, NULL);
  self->client = g_object_ref (client);
  self->key = g_object_ref (key);
  self->author = g_strdup (imp_key_get_fingerprint (key));
  self->file = g_object_ref (file);
  self->builder = builder;
  self->expected = g_strdup (expected_digest);
  build_draft (self);

  return self;
}

/**
 * imp_publication_set_sbom:
 * @self: a publication that has not run
 * @sbom: the bytes that the manifest’s “sbom” names
 *
 * Sends an SBOM with the update, so that whoever reviews it can fetch it from the same agents.
 */
void
imp_publication_set_sbom (ImpPublication *self,
                          GBytes         *sbom)
{
  g_return_if_fail (IMP_IS_PUBLICATION (self));
  g_return_if_fail (self->sbom == NULL);

  self->sbom = g_bytes_ref (sbom);
}

/**
 * imp_publication_run_async:
 * @self: a publication that has not run
 * @cancellable: (nullable): cancels it, until the ledger has the update
 * @callback: called once
 * @user_data: data for @callback
 *
 * Publishes: registers the author where the agent holds no good token, then sends the update.
 *
 * If the connection breaks after the last byte, the ledger is asked whether it has the update;
 * it is only an error if it has not.
 */
void
imp_publication_run_async (ImpPublication      *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_PUBLICATION (self));
  g_return_if_fail (self->builder != NULL && self->key != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_publication_run_async);
  g_task_set_check_cancellable (task, FALSE);

  if (self->draft == NULL)
    {
      fail (task, g_error_copy (self->draft_error));
      return;
    }

  self->event_id = g_signal_connect (self->client, "event", G_CALLBACK (event_cb), self);
  imp_agent_client_follow (self->client);
  imp_agent_client_get_author_async (self->client, self->author, cancellable, author_cb,
                                     g_steal_pointer (&task));
}

/**
 * imp_publication_run_finish:
 * @self: a publication
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the ledger has the update
 */
gboolean
imp_publication_run_finish (ImpPublication  *self,
                            GAsyncResult    *result,
                            GError         **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
