/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-client-private.h"

#include "imp-error.h"
#include "imp-json.h"

/* What the agent is asked to believe: that whoever holds the key answers this very challenge. */
static JsonNode *
make_petition (ImpKey      *key,
               JsonNode    *challenge,
               GError     **error)
{
  g_autoptr(JsonNode) message = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonObject) object = json_object_new ();
  g_autoptr(JsonObject) petition = json_object_new ();
  g_autofree char *text = NULL;
  g_autofree char *signature = NULL;
  JsonObject *asked = json_node_get_object (challenge);
  const char *nonce;
  const char *agent;
  JsonNode *node;

  if (!(nonce = imp_json_get_string (asked, "challenge", error)) ||
      !(agent = imp_json_get_string (asked, "agent", error)))
    return NULL;

  json_object_set_string_member (object, "agent", agent);
  json_object_set_string_member (object, "challenge", nonce);
  json_object_set_string_member (object, "fingerprint", imp_key_get_fingerprint (key));
  json_node_set_object (message, object);
  text = imp_json_canonicalize (message);
  signature = imp_key_sign_text (key, text, error);
  if (signature == NULL)
    return NULL;

  json_object_set_string_member (petition, "publicKey", imp_key_get_public_pem (key));
  json_object_set_string_member (petition, "message", text);
  json_object_set_string_member (petition, "signedMessage", signature);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, petition);
  return node;
}

static gpointer
read_challenge (JsonNode  *node,
                GError   **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_ref (node);

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the challenge is not an object");
  return NULL;
}

static void
status_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  ImpAgentClient *self = IMP_AGENT_CLIENT (object);
  g_autoptr(GTask) task = user_data;
  g_autofree ImpAuthorStatus *status = g_new0 (ImpAuthorStatus, 1);
  g_autoptr(GError) error = NULL;

  if (!imp_agent_client_get_author_finish (self, result, status, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, g_steal_pointer (&status), g_free);
}

static void
registered_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  ImpAgentClient *self = IMP_AGENT_CLIENT (object);
  g_autoptr(GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  ImpKey *key = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) reply = imp_agent_client_request_finish (self, result, &error);

  if (reply == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    imp_agent_client_get_author_async (self, imp_key_get_fingerprint (key),
                                       cancellable, status_cb, g_steal_pointer (&task));
}

static void
petition_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  ImpAgentClient *self = IMP_AGENT_CLIENT (object);
  g_autoptr(GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) petition = g_task_propagate_pointer (G_TASK (result), &error);

  if (petition == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    imp_agent_client_request_async (self, "author", "POST", "/register/author", petition, NULL,
                                    (GDestroyNotify) json_node_unref, cancellable, registered_cb,
                                    g_steal_pointer (&task));
}

typedef struct
{
  ImpKey   *key;        /* (owned) */
  JsonNode *challenge;  /* (owned) */
} Answering;

static void
answering_free (Answering *answering)
{
  g_object_unref (answering->key);
  json_node_unref (answering->challenge);
  g_free (answering);
}

/* The key of a token may wait for its PIN, or for a finger. */
static void
answer_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  Answering *answering = task_data;
  GError *error = NULL;
  JsonNode *petition = make_petition (answering->key, answering->challenge, &error);

  if (petition != NULL)
    g_task_return_pointer (task, petition, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
challenge_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  ImpAgentClient *self = IMP_AGENT_CLIENT (object);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GTask) thread_task = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) challenge = imp_agent_client_request_finish (self, result, &error);
  Answering *answering;

  if (challenge == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  answering = g_new0 (Answering, 1);
  answering->key = g_object_ref (g_task_get_task_data (task));
  answering->challenge = g_steal_pointer (&challenge);
  thread_task = g_task_new (self, g_task_get_cancellable (task), petition_cb, g_object_ref (task));
  g_task_set_source_tag (thread_task, challenge_cb);
  g_task_set_task_data (thread_task, answering, (GDestroyNotify) answering_free);
  g_task_run_in_thread (thread_task, answer_thread);
}

/**
 * imp_agent_client_register_author_async:
 * @self: a client
 * @key: the author’s key, with its private half
 * @cancellable: (nullable): cancels the registration
 * @callback: called once
 * @user_data: data for @callback
 *
 * Registers an author, or renews the registration: asks for a challenge, answers it with a
 * signature of @key, and reads what the agent knows of the author then.
 */
void
imp_agent_client_register_author_async (ImpAgentClient      *self,
                                        ImpKey              *key,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (IMP_IS_KEY (key) && imp_key_has_private (key));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_agent_client_register_author_async);
  g_task_set_task_data (task, g_object_ref (key), g_object_unref);
  imp_agent_client_request_async (self, "author", "POST", "/v1/challenges", NULL, read_challenge,
                                  (GDestroyNotify) json_node_unref, cancellable, challenge_cb,
                                  task);
}

/**
 * imp_agent_client_register_author_finish:
 * @self: a client
 * @result: what the callback was given
 * @status: (out) (optional): what the agent knows of the author now
 * @error: return location for an error
 *
 * Returns: whether the author is registered
 */
gboolean
imp_agent_client_register_author_finish (ImpAgentClient   *self,
                                         GAsyncResult     *result,
                                         ImpAuthorStatus  *status,
                                         GError          **error)
{
  g_autofree ImpAuthorStatus *found = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_pointer (G_TASK (result), error);
  if (found == NULL)
    return FALSE;

  if (status != NULL)
    *status = *found;
  return TRUE;
}
