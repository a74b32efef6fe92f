/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-remote-registrar.h"

#include "imp-error.h"
#include "imp-http.h"
#include "imp-json.h"
#include "imp-remote-registration.h"

/**
 * ImpRemoteRegistrar:
 *
 * Registers at a register agent, over HTTP.
 *
 * Challenges come from that agent too: it is the one that checks them, once, wherever an author
 * sends its petition.
 */
struct _ImpRemoteRegistrar
{
  GObject parent_instance;

  SoupSession *session;  /* (owned) */
  char *uri;             /* (owned) */
};

static void imp_remote_registrar_iface_init (ImpRegistrarInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ImpRemoteRegistrar, imp_remote_registrar, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (IMP_TYPE_REGISTRAR,
                                                      imp_remote_registrar_iface_init))

/* Turns an error of the network, or a reply that makes no sense, into
 * %IMP_ERROR_LEDGER_UNAVAILABLE; what the register agent itself said stays as it is.
 */
static void
explain (GError **error)
{
  g_autoptr(GError) cause = NULL;

  if (((*error)->domain == IMP_ERROR && (*error)->code != IMP_ERROR_BAD_REPLY) ||
      g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  cause = g_steal_pointer (error);
  g_set_error (error, IMP_ERROR, IMP_ERROR_LEDGER_UNAVAILABLE,
               "the register agent does not answer as it should: %s", cause->message);
}

static void
replied_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpRemoteRegistrar *self = g_task_get_source_object (task);
  const char *const *members = g_task_get_task_data (task);
  GError *error = NULL;
  JsonNode *node = imp_remote_registrar_read_finish (self, result, members, &error);

  if (node != NULL)
    g_task_return_pointer (task, node, (GDestroyNotify) json_node_unref);
  else
    g_task_return_error (task, error);
}

static void
token_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  GError *error = NULL;
  g_autoptr(JsonNode) node = imp_http_send_json_finish (SOUP_SESSION (object), result, &error);

  if (node != NULL && json_node_get_value_type (node) == G_TYPE_STRING)
    {
      g_task_return_pointer (task, json_node_dup_string (node), g_free);
      return;
    }

  if (node != NULL)
    g_set_error_literal (&error, IMP_ERROR, IMP_ERROR_BAD_REPLY,
                         "the register agent’s reply is no token");

  explain (&error);
  g_task_return_error (task, error);
}

static void
send_message (ImpRemoteRegistrar  *self,
              const char          *method,
              const char          *path,
              JsonNode            *body,
              GAsyncReadyCallback  callback,
              GTask               *task_owned)
{
  g_autoptr(GTask) task = task_owned;
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  g_autoptr(SoupMessage) message = imp_http_message_new (method, self->uri, path, &error);

  if (message == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (body != NULL)
    imp_http_set_json (message, body);

  imp_http_send_json_async (self->session, message, cancellable, callback,
                            g_steal_pointer (&task));
}

static void
imp_remote_registrar_create_challenge_async (ImpRegistrar        *registrar,
                                             GCancellable        *cancellable,
                                             GAsyncReadyCallback  callback,
                                             gpointer             user_data)
{
  static const char *const members[] = { "challenge", "agent", "expires", NULL };
  GTask *task = g_task_new (registrar, cancellable, callback, user_data);

  g_task_set_task_data (task, (gpointer) members, NULL);
  send_message (IMP_REMOTE_REGISTRAR (registrar), "POST", "/v1/challenges", NULL, replied_cb, task);
}

static void
imp_remote_registrar_register_author_async (ImpRegistrar        *registrar,
                                            const char          *message,
                                            const char          *signed_message,
                                            ImpKey              *author,
                                            GCancellable        *cancellable,
                                            GAsyncReadyCallback  callback,
                                            gpointer             user_data)
{
  g_autoptr(JsonNode) body = json_node_new (JSON_NODE_OBJECT);
  g_autoptr(JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "publicKey", imp_key_get_public_pem (author));
  json_object_set_string_member (object, "message", message);
  json_object_set_string_member (object, "signedMessage", signed_message);
  json_node_set_object (body, object);
  send_message (IMP_REMOTE_REGISTRAR (registrar), "POST", "/register/author", body, token_cb,
                g_task_new (registrar, cancellable, callback, user_data));
}

static void
imp_remote_registrar_find_author_async (ImpRegistrar        *registrar,
                                        const char          *fingerprint,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data)
{
  static const char *const members[] = { "fingerprint", "since", NULL };
  g_autofree char *escaped = g_uri_escape_string (fingerprint, NULL, FALSE);
  g_autofree char *path = g_strconcat ("/v1/authors/", escaped, NULL);
  GTask *task = g_task_new (registrar, cancellable, callback, user_data);

  g_task_set_task_data (task, (gpointer) members, NULL);
  send_message (IMP_REMOTE_REGISTRAR (registrar), "GET", path, NULL, replied_cb, task);
}

static ImpRegistration *
imp_remote_registrar_begin (ImpRegistrar *registrar,
                            const char   *request_id)
{
  return IMP_REGISTRATION (imp_remote_registration_new (IMP_REMOTE_REGISTRAR (registrar),
                                                        request_id));
}

static void
imp_remote_registrar_iface_init (ImpRegistrarInterface *iface)
{
  iface->create_challenge_async = imp_remote_registrar_create_challenge_async;
  iface->register_author_async = imp_remote_registrar_register_author_async;
  iface->find_author_async = imp_remote_registrar_find_author_async;
  iface->begin = imp_remote_registrar_begin;
}

static void
imp_remote_registrar_finalize (GObject *object)
{
  ImpRemoteRegistrar *self = IMP_REMOTE_REGISTRAR (object);

  g_object_unref (self->session);
  g_free (self->uri);

  G_OBJECT_CLASS (imp_remote_registrar_parent_class)->finalize (object);
}

static void
imp_remote_registrar_class_init (ImpRemoteRegistrarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_remote_registrar_finalize;
}

static void
imp_remote_registrar_init (ImpRemoteRegistrar *self)
{
  self->session = imp_http_session_new ();
}

/**
 * imp_remote_registrar_new:
 * @uri: a register agent
 *
 * Makes a registrar; nothing is asked of the agent yet.
 *
 * Returns: (transfer full): the registrar
 */
ImpRemoteRegistrar *
imp_remote_registrar_new (const char *uri)
{
  ImpRemoteRegistrar *self = g_object_new (IMP_TYPE_REMOTE_REGISTRAR, NULL);

  self->uri = g_strdup (uri);
  return self;
}

/**
 * imp_remote_registrar_get_session:
 * @self: a registrar
 *
 * Returns: (transfer none): the session in which it speaks to its register agent
 */
SoupSession *
imp_remote_registrar_get_session (ImpRemoteRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_REMOTE_REGISTRAR (self), NULL);

  return self->session;
}

/**
 * imp_remote_registrar_get_uri:
 * @self: a registrar
 *
 * Returns: the register agent's URI, lent by @self
 */
const char *
imp_remote_registrar_get_uri (ImpRemoteRegistrar *self)
{
  g_return_val_if_fail (IMP_IS_REMOTE_REGISTRAR (self), NULL);

  return self->uri;
}

static gboolean
check_members (JsonNode           *node,
               const char *const  *members,
               GError            **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the reply is not a JSON object");
      return FALSE;
    }

  for (guint i = 0; members[i] != NULL; i++)
    {
      if (imp_json_get_string (json_node_get_object (node), members[i], NULL) == NULL)
        {
          g_set_error (error, IMP_ERROR, IMP_ERROR_BAD_REPLY, "the reply has no text “%s”", members[i]);
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * imp_remote_registrar_read_finish:
 * @self: a registrar
 * @result: the result of sending a request with its session
 * @members: (array zero-terminated=1): the texts that the reply must have
 * @error: return location for an error
 *
 * Gets the register agent’s reply. An error of the network, or a reply that makes no sense, is
 * %IMP_ERROR_LEDGER_UNAVAILABLE; what the agent itself said stays as it is.
 *
 * Returns: (transfer full): an object
 */
JsonNode *
imp_remote_registrar_read_finish (ImpRemoteRegistrar  *self,
                                  GAsyncResult        *result,
                                  const char *const   *members,
                                  GError             **error)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (IMP_IS_REMOTE_REGISTRAR (self), NULL);

  node = imp_http_send_json_finish (self->session, result, &local_error);
  if (node != NULL && check_members (node, members, &local_error))
    return g_steal_pointer (&node);

  explain (&local_error);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return NULL;
}
