/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-sender.h"

#include <libsoup/soup.h>

#include "imp-agent-client-private.h"
#include "imp-agent-sync.h"
#include "imp-error.h"
#include "imp-file-name.h"
#include "imp-http.h"
#include "imp-json.h"
#include "imp-multipart-stream.h"
#include "imp-payload-stream.h"
#include "imp-problem.h"
#include "imp-update-signer.h"

/* Below this it costs less to send a payload for nothing than to ask first. */
#define ASK_FIRST_SIZE (1024 * 1024)

/* The server has the whole payload to make durable before it says anything. */
#define IDLE_SECONDS 120

#define REPLY_KEPT (64 * 1024)

/**
 * ImpSender:
 *
 * One update on its way over the wire.
 *
 * The payload goes first and is hashed as it passes; what is signed over its digest goes after it,
 * in a part whose length was promised before. So the whole length is announced in the headers, where
 * a payload that is too large is refused before any of it is sent.
 *
 * imp_sender_run() blocks and belongs into a thread; imp_sender_get_progress() may be asked in any.
 */
struct _ImpSender
{
  char               *url;          /* (owned) of the author agent */
  char               *request_id;   /* (owned) */
  char               *public_pem;   /* (owned) */
  GFile              *file;         /* (owned) */
  ImpUpdateSigner    *signer;       /* (owned) */
  char               *expected;     /* (owned) (nullable) */
  GBytes             *sbom;         /* (owned) (nullable) */

  ImpPayloadStream   *payload;      /* (owned) (nullable) while it runs */
  gsize               promised;     /* length of the part “update” */
  gint64              began;
  GError             *refusal;      /* (owned) (nullable): why the stream was ended here */
  gboolean            failed_here;
  gboolean            was_refused;

  char               *reply;        /* (owned) (nullable) */
  JsonNode           *receipt;      /* (owned) (nullable) */

  GMutex              mutex;
  ImpSenderProgress   progress;
};

static double
ms_since (gint64 began)
{
  return (g_get_monotonic_time () - began) / 1000.0;
}

static void
note_time (ImpSender *self,
           double    *field,
           double     value)
{
  g_mutex_lock (&self->mutex);
  *field = value;
  g_mutex_unlock (&self->mutex);
}

static void
payload_passed_cb (guint64  done,
                   gpointer user_data)
{
  ImpSender *self = user_data;

  g_mutex_lock (&self->mutex);
  self->progress.sent = done;
  g_mutex_unlock (&self->mutex);
}

/* The payload has passed: its digest is known, and nothing is signed yet. */
static gboolean
check_digest (ImpSender   *self,
              const char  *digest,
              GError     **error)
{
  g_autofree char *name = NULL;

  if (self->expected == NULL || g_str_equal (self->expected, digest))
    return TRUE;

  name = imp_file_dup_name (self->file);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY,
               "“%s” has changed since it was chosen; nothing was signed", name);
  return FALSE;
}

static gboolean
sign_manifest (ImpSender   *self,
               const char  *digest,
               GError     **error)
{
  gint64 began = g_get_monotonic_time ();

  if (!imp_update_signer_sign_manifest (self->signer, digest, error))
    return FALSE;

  note_time (self, &self->progress.sign_manifest, ms_since (began));
  return TRUE;
}

static gboolean
sign_payload (ImpSender  *self,
              GError    **error)
{
  gint64 began = g_get_monotonic_time ();

  if (!imp_update_signer_sign_payload (self->signer, error))
    return FALSE;

  note_time (self, &self->progress.sign_payload, ms_since (began));
  return TRUE;
}

static GBytes *
make_update (ImpSender  *self,
             GError    **error)
{
  g_autofree char *digest = imp_payload_stream_finish (self->payload, error);

  if (digest == NULL || !check_digest (self, digest, error))
    return NULL;

  note_time (self, &self->progress.hash, ms_since (self->began));

  return sign_manifest (self, digest, error) && sign_payload (self, error)
           ? imp_update_signer_print (self->signer, error)
           : NULL;
}

static GBytes *
late_update_cb (gpointer   user_data,
                GError   **error)
{
  ImpSender *self = user_data;
  GBytes *bytes = make_update (self, &self->refusal);

  if (bytes == NULL)
    g_propagate_error (error, g_error_copy (self->refusal));
  return bytes;
}

static gboolean
open_payload (ImpSender     *self,
              GCancellable  *cancellable,
              GError       **error)
{
  ImpFirmwareFile *file = imp_firmware_file_open (self->file, cancellable, error);

  if (file == NULL)
    return FALSE;

  g_mutex_lock (&self->mutex);
  self->progress.total = imp_firmware_file_get_size (file);
  g_mutex_unlock (&self->mutex);
  self->payload = imp_payload_stream_new (file, payload_passed_cb, self);
  return TRUE;
}

static void
add_sbom (ImpSender          *self,
          ImpMultipartStream *body)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (self->sbom);

  imp_multipart_stream_add_stream (body, "sbom", "sbom", stream, g_bytes_get_size (self->sbom));
}

static ImpMultipartStream *
new_body (ImpSender *self)
{
  ImpMultipartStream *body = imp_multipart_stream_new ();

  imp_multipart_stream_add_stream (body, "payload", "payload", G_INPUT_STREAM (self->payload),
                                   self->progress.total);
  imp_multipart_stream_add_text (body, "publicKey", self->public_pem);
  if (self->sbom != NULL)
    add_sbom (self, body);
  imp_multipart_stream_add_late (body, "update", self->promised, late_update_cb, self, NULL);

  return body;
}

static void
wrote_body_cb (SoupMessage *message,
               ImpSender   *self)
{
  note_time (self, &self->progress.upload, ms_since (self->began));
}

static SoupMessage *
new_message (ImpSender  *self,
             GError    **error)
{
  g_autoptr(SoupMessage) message = imp_http_message_new ("POST", self->url, "/v1/updates", error);
  g_autoptr(ImpMultipartStream) body = NULL;
  g_autofree char *content_type = NULL;
  SoupMessageHeaders *headers;

  if (message == NULL)
    return NULL;

  body = new_body (self);
  content_type = imp_multipart_stream_dup_content_type (body);
  soup_message_set_request_body (message, content_type, G_INPUT_STREAM (body),
                                 imp_multipart_stream_get_length (body));

  headers = soup_message_get_request_headers (message);
  soup_message_headers_append (headers, "X-Request-Id", self->request_id);
  if (self->progress.total >= ASK_FIRST_SIZE)
    soup_message_headers_set_expectations (headers, SOUP_EXPECTATION_CONTINUE);
  g_signal_connect (message, "wrote-body", G_CALLBACK (wrote_body_cb), self);

  return g_steal_pointer (&message);
}

static gboolean
read_receipt (ImpSender   *self,
              const char  *text,
              gsize        size,
              GError     **error)
{
  g_autoptr(GError) local_error = NULL;

  self->receipt = imp_json_parse (text, size, IMP_REPLY_MAX_SIZE, &local_error);
  if (self->receipt != NULL && JSON_NODE_HOLDS_OBJECT (self->receipt))
    return TRUE;

  g_clear_pointer (&self->receipt, json_node_unref);
  g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the receipt cannot be read: %s",
               local_error != NULL ? local_error->message : "not a JSON object");
  return FALSE;
}

static gboolean
read_reply (ImpSender    *self,
            SoupMessage  *message,
            GBytes       *body,
            GError      **error)
{
  gsize size;
  const char *text = g_bytes_get_data (body, &size);

  self->reply = g_utf8_make_valid (text != NULL ? text : "", MIN (size, REPLY_KEPT));
  if (!imp_problem_check (message, body, error))
    {
      self->was_refused = TRUE;
      return FALSE;
    }

  return read_receipt (self, text != NULL ? text : "", size, error);
}

static gboolean
send_and_read (ImpSender     *self,
               GCancellable  *cancellable,
               GError       **error)
{
  g_autoptr(SoupSession) session = imp_http_session_new ();
  g_autoptr(SoupMessage) message = new_message (self, error);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GBytes) body = NULL;

  if (message == NULL)
    return FALSE;

  soup_session_set_timeout (session, IDLE_SECONDS);
  self->began = g_get_monotonic_time ();
  stream = soup_session_send (session, message, cancellable, error);

  return stream != NULL &&
         (body = imp_read_body (stream, IMP_REPLY_MAX_SIZE, cancellable, error)) &&
         read_reply (self, message, body, error);
}

/**
 * imp_sender_new:
 * @url: of the author agent
 * @request_id: what the agents call the registration in their events
 * @key: the author's key, with its private half, which is let go once it has signed
 * @file: the payload
 * @builder: (transfer full): the manifest, without what follows from the payload
 * @expected_digest: (nullable): the SHA-384 that the payload had when it was shown, in lower-case hex
 *
 * Makes a sender that has sent nothing yet.
 *
 * Returns: (transfer full): the sender
 */
ImpSender *
imp_sender_new (const char         *url,
                const char         *request_id,
                ImpKey             *key,
                GFile              *file,
                ImpManifestBuilder *builder,
                const char         *expected_digest)
{
  ImpSender *self = g_new0 (ImpSender, 1);

  self->url = g_strdup (url);
  self->request_id = g_strdup (request_id);
  self->signer = imp_update_signer_new (key, builder);
  self->public_pem = g_strdup (imp_key_get_public_pem (key));
  self->file = g_object_ref (file);
  self->expected = g_strdup (expected_digest);
  self->progress = (ImpSenderProgress) { 0, 0, -1, -1, -1, -1 };
  g_mutex_init (&self->mutex);

  return self;
}

/**
 * imp_sender_free:
 * @self: (transfer full): a sender that no thread runs any more
 *
 * Frees a sender and what came of it.
 */
void
imp_sender_free (ImpSender *self)
{
  g_free (self->url);
  g_free (self->request_id);
  imp_update_signer_free (self->signer);
  g_free (self->public_pem);
  g_object_unref (self->file);
  g_free (self->expected);
  g_clear_pointer (&self->sbom, g_bytes_unref);
  g_clear_object (&self->payload);
  g_clear_error (&self->refusal);
  g_free (self->reply);
  g_clear_pointer (&self->receipt, json_node_unref);
  g_mutex_clear (&self->mutex);
  g_free (self);
}

/**
 * imp_sender_set_sbom:
 * @self: a sender that has not run
 * @sbom: the bytes that the manifest’s “sbom” names
 *
 * Sends an SBOM, too.
 */
void
imp_sender_set_sbom (ImpSender *self,
                     GBytes    *sbom)
{
  self->sbom = g_bytes_ref (sbom);
}

/**
 * imp_sender_run:
 * @self: a sender that has not run
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Reads, hashes, signs and sends, and waits for the agent’s answer.
 *
 * Returns: whether the agent registered the update
 */
gboolean
imp_sender_run (ImpSender     *self,
                GCancellable  *cancellable,
                GError       **error)
{
  g_autoptr(GError) local_error = NULL;

  if (open_payload (self, cancellable, &local_error) &&
      imp_update_signer_promise (self->signer, self->progress.total, &self->promised, &local_error) &&
      send_and_read (self, cancellable, &local_error))
    return TRUE;

  /* What ended the stream here is the reason, not what the connection made of it. */
  self->failed_here = TRUE;
  if (self->refusal != NULL)
    g_propagate_error (error, g_error_copy (self->refusal));
  else if (self->payload != NULL && imp_payload_stream_get_error (self->payload) != NULL)
    g_propagate_error (error, g_error_copy (imp_payload_stream_get_error (self->payload)));
  else
    {
      self->failed_here = self->began == 0;
      if (!self->failed_here)
        imp_agent_explain_error ("author", self->url, &local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
    }
  return FALSE;
}

/**
 * imp_sender_failed_here:
 * @self: a sender that has failed
 *
 * Returns: whether the reason is the file or the key, and not the agent or the way to it
 */
gboolean
imp_sender_failed_here (ImpSender *self)
{
  return self->failed_here;
}

/**
 * imp_sender_get_progress:
 * @self: a sender
 * @progress: (out caller-allocates): how far it is
 *
 * Says how far the sending is, from whatever thread; times that are not known yet are -1.
 */
void
imp_sender_get_progress (ImpSender         *self,
                         ImpSenderProgress *progress)
{
  g_mutex_lock (&self->mutex);
  *progress = self->progress;
  g_mutex_unlock (&self->mutex);
}

/**
 * imp_sender_was_refused:
 * @self: an upload that has failed
 *
 * Returns: whether the agent said that it did not register the update
 */
gboolean
imp_sender_was_refused (ImpSender *self)
{
  return self->was_refused;
}

/**
 * imp_sender_get_update:
 * @self: a sender that has run
 *
 * Returns: (transfer none) (nullable): the signed update, if it came to that
 */
ImpUpdate *
imp_sender_get_update (ImpSender *self)
{
  return imp_update_signer_get_update (self->signer);
}

/**
 * imp_sender_get_reply:
 * @self: a sender that has run
 *
 * Returns: (nullable): what the agent answered, as it came
 */
const char *
imp_sender_get_reply (ImpSender *self)
{
  return self->reply;
}

/**
 * imp_sender_get_receipt:
 * @self: a sender that has run
 *
 * Returns: (transfer none) (nullable): the answer to an update that was registered
 */
JsonObject *
imp_sender_get_receipt (ImpSender *self)
{
  return self->receipt != NULL ? json_node_get_object (self->receipt) : NULL;
}
