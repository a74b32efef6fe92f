/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-agent-client-private.h"

#include "imp-error.h"

/* The calls that are one request and one reply. */

static char *
build_path (const char *base,
            const char *part)
{
  g_autofree char *escaped = g_uri_escape_string (part, NULL, FALSE);

  return g_strconcat (base, escaped, NULL);
}

static gpointer
take_object (JsonNode  *node,
             GError   **error)
{
  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_dup_object (node);

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the reply is not a JSON object");
  return NULL;
}

/**
 * imp_agent_client_get_status_async:
 * @self: a client
 * @role: which agent
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks an agent what it is and how it is.
 */
void
imp_agent_client_get_status_async (ImpAgentClient      *self,
                                   const char          *role,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (role != NULL);

  imp_agent_client_request_async (self, role, "GET", "/v1/status", NULL, take_object,
                                  (GDestroyNotify) json_object_unref, cancellable, callback,
                                  user_data);
}

/**
 * imp_agent_client_get_status_finish:
 * @self: a client
 * @result: what the callback was given
 * @latency: (out) (optional): how long the answer took, in milliseconds
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what the agent says
 */
JsonObject *
imp_agent_client_get_status_finish (ImpAgentClient  *self,
                                    GAsyncResult    *result,
                                    double          *latency,
                                    GError         **error)
{
  if (latency != NULL)
    *latency = imp_agent_client_get_latency (result);

  return imp_agent_client_request_finish (self, result, error);
}

static gpointer
read_author (JsonNode  *node,
             GError   **error)
{
  g_autofree ImpAuthorStatus *status = g_new0 (ImpAuthorStatus, 1);

  return imp_author_status_read (status, node, error) ? g_steal_pointer (&status) : NULL;
}

/**
 * imp_agent_client_get_author_async:
 * @self: a client
 * @fingerprint: whose public key, in lower-case hex
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks the author agent whether it knows an author, and until when its token is good.
 */
void
imp_agent_client_get_author_async (ImpAgentClient      *self,
                                   const char          *fingerprint,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (fingerprint != NULL);

  path = build_path ("/v1/authors/", fingerprint);
  imp_agent_client_request_async (self, "author", "GET", path, NULL, read_author, g_free,
                                  cancellable, callback, user_data);
}

/**
 * imp_agent_client_get_author_finish:
 * @self: a client
 * @result: what the callback was given
 * @status: (out): whether the author is registered; that it is not is no error
 * @error: return location for an error
 *
 * Returns: whether the agent could be asked
 */
gboolean
imp_agent_client_get_author_finish (ImpAgentClient   *self,
                                    GAsyncResult     *result,
                                    ImpAuthorStatus  *status,
                                    GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree ImpAuthorStatus *found = imp_agent_client_request_finish (self, result, &local_error);

  if (found != NULL)
    {
      *status = *found;
      return TRUE;
    }

  if (local_error->domain == IMP_ERROR &&
      imp_agent_client_get_last_status (result) == SOUP_STATUS_NOT_FOUND)
    {
      *status = (ImpAuthorStatus) { FALSE, -1, -1 };
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gpointer
read_transaction (JsonNode  *node,
                  GError   **error)
{
  return imp_transaction_new_from_json (node, error);
}

/**
 * imp_agent_client_get_transaction_async:
 * @self: a client
 * @id: the identity of a transaction
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks the retrieval agent for one line of the ledger.
 */
void
imp_agent_client_get_transaction_async (ImpAgentClient      *self,
                                        const char          *id,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (id != NULL);

  path = build_path ("/v1/ledger/", id);
  imp_agent_client_request_async (self, "retrieval", "GET", path, NULL, read_transaction,
                                  g_object_unref, cancellable, callback, user_data);
}

/**
 * imp_agent_client_get_transaction_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the transaction, which is not proven yet, or `NULL` with @error
 * set
 */
ImpTransaction *
imp_agent_client_get_transaction_finish (ImpAgentClient  *self,
                                         GAsyncResult    *result,
                                         GError         **error)
{
  return imp_agent_client_request_finish (self, result, error);
}

static gpointer
read_update (JsonNode  *node,
             GError   **error)
{
  return imp_registered_update_new_from_json (node, error);
}

/**
 * imp_agent_client_get_update_async:
 * @self: a client
 * @transaction: the identity of the transaction that registered it
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks for an update with what proves it. Nothing of it is verified yet, see [class@Imp.Trust].
 */
void
imp_agent_client_get_update_async (ImpAgentClient      *self,
                                   const char          *transaction,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (transaction != NULL);

  path = build_path ("/v1/updates/", transaction);
  imp_agent_client_request_async (self, "retrieval", "GET", path, NULL, read_update,
                                  (GDestroyNotify) imp_registered_update_free, cancellable,
                                  callback, user_data);
}

/**
 * imp_agent_client_get_update_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the update with its proofs, or `NULL` with @error set
 */
ImpRegisteredUpdate *
imp_agent_client_get_update_finish (ImpAgentClient  *self,
                                    GAsyncResult    *result,
                                    GError         **error)
{
  return imp_agent_client_request_finish (self, result, error);
}

/**
 * imp_agent_client_get_json_async:
 * @self: a client
 * @role: which agent
 * @path: a path, with its query
 * @cancellable: (nullable): cancels the request
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks for any JSON that has no call of its own.
 */
void
imp_agent_client_get_json_async (ImpAgentClient      *self,
                                 const char          *role,
                                 const char          *path,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (IMP_IS_AGENT_CLIENT (self));
  g_return_if_fail (role != NULL);
  g_return_if_fail (path != NULL);

  imp_agent_client_request_async (self, role, "GET", path, NULL, NULL,
                                  (GDestroyNotify) json_node_unref, cancellable, callback,
                                  user_data);
}

/**
 * imp_agent_client_get_json_finish:
 * @self: a client
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the reply, or `NULL` with @error set
 */
JsonNode *
imp_agent_client_get_json_finish (ImpAgentClient  *self,
                                  GAsyncResult    *result,
                                  GError         **error)
{
  return imp_agent_client_request_finish (self, result, error);
}
