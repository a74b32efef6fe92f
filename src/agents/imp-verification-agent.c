/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-verification-agent.h"

#include "imp-base64-digest.h"
#include "imp-device-id.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-petition.h"
#include "imp-upload.h"

#define DEVICE_ID_SIZE (128 * 1024)
#define BUFFER_SIZE    (256 * 1024)

/**
 * ImpVerificationAgent:
 *
 * Verifies an update for a device that cannot do it itself.
 *
 * The payload is not kept: a thread computes, while it arrives, both digests that an author may have
 * signed, since which one it was is known only from an update that may come after it.
 */
struct _ImpVerificationAgent
{
  GObject parent_instance;

  ImpAgent *agent;  /* (owned) */
};

G_DEFINE_FINAL_TYPE (ImpVerificationAgent, imp_verification_agent, G_TYPE_OBJECT)

typedef struct
{
  guint64 size;
  char *raw;
  char *base64;
} Digests;

static void
digests_free (Digests *digests)
{
  g_free (digests->raw);
  g_free (digests->base64);
  g_free (digests);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Digests, digests_free)

/* One verification: it ends when both the body is whole and the digests are there. */
typedef struct
{
  ImpRequest *request;  /* (owned) */
  ImpUpload *upload;    /* (owned) */
  Digests *digests;     /* (owned) (nullable) */
  GError *error;        /* (owned) (nullable) */
  gboolean hashing;
  gboolean done;
} Verification;

static const ImpUploadField fields[] = {
  { "deviceID", DEVICE_ID_SIZE, TRUE },
  { "update", IMP_MANIFEST_MAX_SIZE, TRUE },
  { NULL },
};

static void
verification_free (Verification *verification)
{
  g_signal_handlers_disconnect_by_data (verification->upload, verification);
  g_object_unref (verification->request);
  g_object_unref (verification->upload);
  g_clear_pointer (&verification->digests, digests_free);
  g_clear_error (&verification->error);
  g_free (verification);
}

static gboolean
check_payload (const Digests  *digests,
               ImpManifest    *manifest,
               GError        **error)
{
  const char *expected = imp_manifest_get_payload_digest (manifest);

  if (digests->size != imp_manifest_get_size (manifest))
    g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                 "the payload has %" G_GUINT64_FORMAT " bytes, the manifest says %" G_GUINT64_FORMAT,
                 digests->size, imp_manifest_get_size (manifest));
  else if (strcmp (digests->raw, expected) != 0 && strcmp (digests->base64, expected) != 0)
    g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                 "the payload has not the digest that the manifest says");
  else
    return TRUE;

  return FALSE;
}

static gboolean
check_class (ImpManifest        *manifest,
             const ImpDeviceId  *id,
             GError            **error)
{
  if (strcmp (imp_manifest_get_class_id (manifest), id->class_id) == 0)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_MANIFEST_NOT_VERIFIABLE,
               "the update is for class “%s”, the device is of class “%s”",
               imp_manifest_get_class_id (manifest), id->class_id);
  return FALSE;
}

static ImpDeviceId *
parse_device_id (ImpUpload  *upload,
                 GError    **error)
{
  g_autoptr(JsonNode) node = imp_json_parse (imp_upload_get_field (upload, "deviceID"), -1,
                                             DEVICE_ID_SIZE, error);

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return imp_device_id_from_json (json_node_get_object (node), error);

  if (node != NULL)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_MALFORMED, "“deviceID” is not a JSON object");
  return NULL;
}

static gboolean
verify (Verification  *verification,
        GError       **error)
{
  g_autoptr(ImpDeviceId) id = parse_device_id (verification->upload, error);
  g_autoptr(ImpUpdate) update = NULL;
  g_autoptr(ImpKey) author = NULL;
  ImpManifest *manifest;

  if (id == NULL ||
      !(author = imp_author_key_parse (id->public_key, error)) ||
      !(update = imp_upload_parse_update (verification->upload, error)))
    return FALSE;

  manifest = imp_update_get_manifest (update);
  return check_class (manifest, id, error) &&
         imp_update_verify_manifest (update, author, error) &&
         check_payload (verification->digests, manifest, error) &&
         imp_update_verify_payload_sign (update, author, error);
}

static void
conclude (Verification *verification)
{
  g_autoptr(GError) error = g_steal_pointer (&verification->error);

  if (error == NULL)
    verify (verification, &error);

  if (error != NULL)
    imp_request_reply_error (verification->request, error);
  else
    imp_request_reply (verification->request, SOUP_STATUS_OK, "application/json", "true", -1);

  verification_free (verification);
}

static gpointer
hash_thread (gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  GInputStream *payload = g_task_get_source_object (task);
  g_autoptr(Digests) digests = g_new0 (Digests, 1);
  g_autoptr(ImpDigest) raw = imp_digest_new (IMP_DIGEST_SHA384);
  g_autoptr(ImpBase64Digest) base64 = imp_base64_digest_new ();
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  GError *error = NULL;
  gssize size;

  while ((size = g_input_stream_read (payload, buffer, BUFFER_SIZE, NULL, &error)) > 0)
    {
      digests->size += size;
      imp_digest_update (raw, buffer, size);
      imp_base64_digest_update (base64, buffer, size);
    }

  if (size < 0)
    {
      g_task_return_error (task, error);
      return NULL;
    }

  digests->raw = imp_digest_finish_hex (raw);
  digests->base64 = imp_base64_digest_finish_hex (base64);
  g_task_return_pointer (task, g_steal_pointer (&digests), (GDestroyNotify) digests_free);
  return NULL;
}

static void
hashed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Verification *verification = user_data;
  g_autoptr(GError) error = NULL;

  verification->hashing = FALSE;
  verification->digests = g_task_propagate_pointer (G_TASK (result), &error);
  if (error != NULL && verification->error == NULL)
    verification->error = g_steal_pointer (&error);

  if (verification->done)
    conclude (verification);
}

static void
payload_begun_cb (ImpUpload    *upload,
                  GInputStream *payload,
                  Verification *verification)
{
  g_autoptr(GTask) task = g_task_new (payload, NULL, hashed_cb, verification);
  g_autoptr(GError) error = NULL;
  GThread *thread;

  verification->hashing = TRUE;
  g_task_set_source_tag (task, payload_begun_cb);

  /* Not in GTask's pool: a few senders that dawdle would fill it, and hold up everything else. */
  thread = g_thread_try_new ("verify", hash_thread, g_object_ref (task), &error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }

  g_object_unref (task);
  g_task_return_error (task, g_steal_pointer (&error));
}

static void
done_cb (ImpUpload    *upload,
         const GError *error,
         Verification *verification)
{
  verification->done = TRUE;
  if (error != NULL)
    {
      /* The thread only hears that its stream has ended early; this is why. */
      g_clear_error (&verification->error);
      verification->error = g_error_copy (error);
    }

  if (!verification->hashing)
    conclude (verification);
}

static void
handle_verify (ImpRequest *request,
               gpointer    user_data)
{
  ImpVerificationAgent *self = IMP_VERIFICATION_AGENT (user_data);
  Verification *verification = g_new0 (Verification, 1);

  verification->request = g_object_ref (request);
  verification->upload = imp_upload_new (request, fields,
                                         imp_agent_get_limits (self->agent)->payload_size);
  g_signal_connect (verification->upload, "payload-begun", G_CALLBACK (payload_begun_cb),
                    verification);
  g_signal_connect (verification->upload, "done", G_CALLBACK (done_cb), verification);
  imp_upload_start (verification->upload);
}

static const ImpRoute routes[] = {
  { "POST", "/verify", IMP_ROUTE_REFERENCE | IMP_ROUTE_UPLOAD, 0, handle_verify },
};

static void
imp_verification_agent_finalize (GObject *object)
{
  g_clear_object (&IMP_VERIFICATION_AGENT (object)->agent);

  G_OBJECT_CLASS (imp_verification_agent_parent_class)->finalize (object);
}

static void
imp_verification_agent_class_init (ImpVerificationAgentClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_verification_agent_finalize;
}

static void
imp_verification_agent_init (ImpVerificationAgent *self)
{
}

/**
 * imp_verification_agent_new:
 * @limits: what it puts up with
 *
 * Makes a verification agent, which does not listen yet.
 *
 * Returns: (transfer full): the agent
 */
ImpVerificationAgent *
imp_verification_agent_new (const ImpLimits *limits)
{
  ImpVerificationAgent *self = g_object_new (IMP_TYPE_VERIFICATION_AGENT, NULL);

  self->agent = imp_agent_new ("verification", limits);
  imp_agent_add_routes (self->agent, routes, G_N_ELEMENTS (routes), self);
  return self;
}

/**
 * imp_verification_agent_get_agent:
 * @self: a verification agent
 *
 * Returns: (transfer none): the server that it answers through, which is started and stopped
 */
ImpAgent *
imp_verification_agent_get_agent (ImpVerificationAgent *self)
{
  g_return_val_if_fail (IMP_IS_VERIFICATION_AGENT (self), NULL);

  return self->agent;
}
