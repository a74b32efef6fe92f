/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-hostile-network.h"

#include <libsoup/soup.h>
#include <string.h>

#define PAYLOADS "/v1/payloads/"
#define LATEST "/latest"

/**
 * ImpHostileNetwork:
 *
 * A man in the middle on a loopback port.
 *
 * It passes requests on to the retrieval agent and its answers back, whole, so it is for payloads
 * that fit in memory: those of a demonstration.
 */
struct _ImpHostileNetwork
{
  GObject parent_instance;

  SoupServer  *server;     /* (owned) */
  SoupSession *session;    /* (owned) */
  char        *agent;      /* (owned) without a slash at its end */
  char        *url;        /* (owned) */

  gboolean     flip_byte;
  char        *replayed;   /* (owned) (nullable) a transaction */
};

G_DEFINE_FINAL_TYPE (ImpHostileNetwork, imp_hostile_network, G_TYPE_OBJECT)

/* One request on its way to the agent and back. */
typedef struct
{
  ImpHostileNetwork *network;  /* (owned) */
  SoupServerMessage *message;  /* (owned) */
  gboolean           payload;
} Passage;

static void
passage_free (Passage *passage)
{
  g_clear_object (&passage->network);
  g_clear_object (&passage->message);
  g_free (passage);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Passage, passage_free)

static GBytes *
flip_a_byte (GBytes *body)
{
  gsize size = g_bytes_get_size (body);
  guint8 *changed = g_memdup2 (g_bytes_get_data (body, NULL), size);

  if (size > 0)
    changed[size / 2] ^= 0x01;

  return g_bytes_new_take (changed, size);
}

static void
copy_header_cb (const char *name,
                const char *value,
                gpointer    user_data)
{
  /* How a body is framed is each connection's own matter. */
  if (g_ascii_strcasecmp (name, "Content-Length") != 0 &&
      g_ascii_strcasecmp (name, "Transfer-Encoding") != 0 &&
      g_ascii_strcasecmp (name, "Connection") != 0 &&
      g_ascii_strcasecmp (name, "Host") != 0)
    soup_message_headers_append (user_data, name, value);
}

static void
answer_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  SoupSession *session = SOUP_SESSION (object);
  SoupMessage *reply = soup_session_get_async_result_message (session, result);
  g_autoptr(Passage) passage = user_data;
  g_autoptr(GBytes) body = soup_session_send_and_read_finish (session, result, NULL);

  if (body == NULL)
    soup_server_message_set_status (passage->message, SOUP_STATUS_BAD_GATEWAY, NULL);
  else
    {
      g_autoptr(GBytes) passed_on = passage->payload && passage->network->flip_byte
                                      ? flip_a_byte (body) : g_bytes_ref (body);

      soup_server_message_set_status (passage->message, soup_message_get_status (reply), NULL);
      soup_message_headers_foreach (soup_message_get_response_headers (reply), copy_header_cb,
                                    soup_server_message_get_response_headers (passage->message));
      soup_message_body_append_bytes (soup_server_message_get_response_body (passage->message),
                                      passed_on);
      soup_message_body_complete (soup_server_message_get_response_body (passage->message));
    }

  soup_server_message_unpause (passage->message);
}

static SoupMessage *
make_request (ImpHostileNetwork *self,
              SoupServerMessage *message,
              const char        *path)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  const char *method = soup_server_message_get_method (message);
  g_autofree char *url = NULL;
  g_autoptr(GBytes) body = NULL;
  SoupMessage *request;

  if (self->replayed != NULL && g_str_has_suffix (path, LATEST))
    {
      url = g_strdup_printf ("%s/v1/updates/%s", self->agent, self->replayed);
      return soup_message_new (SOUP_METHOD_GET, url);
    }

  url = g_strconcat (self->agent, path, query != NULL ? "?" : "", query, NULL);
  request = soup_message_new (method, url);
  if (request == NULL)
    return NULL;

  soup_message_headers_foreach (soup_server_message_get_request_headers (message), copy_header_cb,
                                soup_message_get_request_headers (request));
  body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  if (g_bytes_get_size (body) > 0)
    soup_message_set_request_body_from_bytes (request, NULL, body);

  return request;
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  ImpHostileNetwork *self = user_data;
  /* The encoded form: a class or a device may have any character in its name. */
  const char *encoded = g_uri_get_path (soup_server_message_get_uri (message));
  g_autoptr(SoupMessage) request = make_request (self, message, encoded);
  Passage *passage;

  if (request == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_BAD_REQUEST, NULL);
      return;
    }

  passage = g_new0 (Passage, 1);
  passage->network = g_object_ref (self);
  passage->message = g_object_ref (message);
  passage->payload = g_str_has_prefix (encoded, PAYLOADS);

  soup_server_message_pause (message);
  soup_session_send_and_read_async (self->session, request, G_PRIORITY_DEFAULT, NULL,
                                    answer_cb, passage);
}

static void
imp_hostile_network_finalize (GObject *object)
{
  ImpHostileNetwork *self = IMP_HOSTILE_NETWORK (object);

  soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_clear_object (&self->session);
  g_free (self->agent);
  g_free (self->url);
  g_free (self->replayed);

  G_OBJECT_CLASS (imp_hostile_network_parent_class)->finalize (object);
}

static void
imp_hostile_network_class_init (ImpHostileNetworkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_hostile_network_finalize;
}

static void
imp_hostile_network_init (ImpHostileNetwork *self)
{
  self->server = soup_server_new (NULL, NULL);
  self->session = soup_session_new ();
}

/**
 * imp_hostile_network_new:
 * @agent: the address of the agent behind it
 * @error: return location for an error
 *
 * Listens on a loopback port of the system’s choosing, and passes everything on as it is.
 *
 * Returns: (transfer full) (nullable): the network
 */
ImpHostileNetwork *
imp_hostile_network_new (const char  *agent,
                         GError     **error)
{
  g_autoptr(ImpHostileNetwork) self = g_object_new (IMP_TYPE_HOSTILE_NETWORK, NULL);
  g_autofree char *url = NULL;
  GSList *uris;

  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return NULL;

  uris = soup_server_get_uris (self->server);
  url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  self->agent = g_strdup (agent);
  self->url = g_steal_pointer (&url);
  for (char **text = (char *[]) { self->agent, self->url, NULL }; *text != NULL; text++)
    {
      if (g_str_has_suffix (*text, "/"))
        (*text)[strlen (*text) - 1] = '\0';
    }

  return g_steal_pointer (&self);
}

const char *
imp_hostile_network_get_url (ImpHostileNetwork *self)
{
  g_return_val_if_fail (IMP_IS_HOSTILE_NETWORK (self), NULL);

  return self->url;
}

void
imp_hostile_network_flip_byte (ImpHostileNetwork *self)
{
  g_return_if_fail (IMP_IS_HOSTILE_NETWORK (self));

  self->flip_byte = TRUE;
}

void
imp_hostile_network_replay (ImpHostileNetwork *self,
                            const char        *transaction)
{
  g_return_if_fail (IMP_IS_HOSTILE_NETWORK (self));
  g_return_if_fail (transaction != NULL);

  g_free (self->replayed);
  self->replayed = g_strdup (transaction);
}
