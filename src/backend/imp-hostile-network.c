/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-hostile-private.h"

#include <string.h>

#include "imp-agent-sync.h"
#include "imp-http.h"
#include "imp-problem.h"

#define PAYLOADS    "/v1/payloads/"
#define CONSISTENCY "/v1/ledger/consistency"
#define LATEST      "/latest"

/* Bytes around a change that are shown. */
#define EXCERPT 100
#define CONTEXT 24

/**
 * ImpHostileNetwork:
 *
 * A man in the middle, on a loopback port and in a thread of its own.
 *
 * It passes the device’s requests on to the retrieval agent, and the answers back: payloads piece by piece, whatever
 * their size, and everything but what its attack is about as it is.
 */

/**
 * imp_tamper_free:
 * @self: (transfer full): what was changed, not `NULL`
 *
 * Frees it and its texts.
 */
void
imp_tamper_free (ImpTamper *self)
{
  g_free (self->where);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

/**
 * imp_hostile_network_note:
 * @self: a network
 * @message: the request whose answer it is about
 * @before: (nullable): what came
 * @after: what went on
 *
 * Remembers what was done to an answer, for people to read.
 */
void
imp_hostile_network_note (ImpHostileNetwork *self,
                          SoupServerMessage *message,
                          const char        *before,
                          const char        *after)
{
  ImpTamper *tamper = g_new0 (ImpTamper, 1);

  tamper->where = g_strdup_printf ("%s %s", soup_server_message_get_method (message),
                                   g_uri_get_path (soup_server_message_get_uri (message)));
  tamper->before = g_strdup (before);
  tamper->after = g_strdup (after);
  g_ptr_array_add (self->tampers, tamper);
}

static char *
make_excerpt (const char *bytes,
              gsize       size,
              gsize       start)
{
  gsize length = MIN (size - MIN (start, size), EXCERPT);
  g_autofree char *text = g_strndup (bytes + MIN (start, size), length);
  g_autofree char *valid = NULL;

  for (char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_iscntrl (*p))
        *p = ' ';
    }
  valid = g_utf8_make_valid (text, -1);

  return g_strconcat (start > 0 ? "…" : "", valid, start + length < size ? "…" : "", NULL);
}

/**
 * imp_hostile_network_note_bytes:
 * @self: a network
 * @message: the request whose answer it is about
 * @before: what came
 * @before_size: bytes of it
 * @after: what went on
 * @after_size: bytes of it
 *
 * Remembers the bytes from a little before the first that differs.
 */
void
imp_hostile_network_note_bytes (ImpHostileNetwork *self,
                                SoupServerMessage *message,
                                const char        *before,
                                gsize              before_size,
                                const char        *after,
                                gsize              after_size)
{
  gsize same = 0;
  gsize start;
  g_autofree char *came = NULL;
  g_autofree char *went = NULL;

  while (same < MIN (before_size, after_size) && before[same] == after[same])
    same++;
  if (same == before_size && same == after_size)
    return;

  start = same > CONTEXT ? same - CONTEXT : 0;
  came = make_excerpt (before, before_size, start);
  went = make_excerpt (after, after_size, start);
  imp_hostile_network_note (self, message, came, went);
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

static SoupMessage *
make_request (ImpHostileNetwork *self,
              SoupServerMessage *message,
              const char        *path)
{
  g_autoptr(GBytes) body = NULL;
  SoupMessage *request = imp_http_message_new (soup_server_message_get_method (message),
                                               self->attacker->agent, path, NULL);

  if (request == NULL)
    return NULL;

  soup_message_headers_foreach (soup_server_message_get_request_headers (message), copy_header_cb,
                                soup_message_get_request_headers (request));
  soup_message_disable_feature (request, SOUP_TYPE_CONTENT_DECODER);
  body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  if (g_bytes_get_size (body) > 0)
    soup_message_set_request_body_from_bytes (request, NULL, body);

  return request;
}

/**
 * imp_hostile_network_forward:
 * @self: a network
 * @message: a device's request
 * @path: what to ask the agent for
 * @length: (out): of the answer's body, -1 if it does not say
 *
 * Asks the agent, and gives the answer the status and the headers of its answer; blocking.
 *
 * Returns: (transfer full) (nullable): the answer's body, `NULL` where the agent does not answer
 */
GInputStream *
imp_hostile_network_forward (ImpHostileNetwork *self,
                             SoupServerMessage *message,
                             const char        *path,
                             goffset           *length)
{
  g_autoptr(SoupMessage) request = make_request (self, message, path);
  g_autoptr(GInputStream) stream = NULL;
  SoupMessageHeaders *headers;

  if (request == NULL ||
      !(stream = soup_session_send (self->session, request, self->cancellable, NULL)))
    {
      soup_server_message_set_status (message, SOUP_STATUS_BAD_GATEWAY, NULL);
      return NULL;
    }

  headers = soup_message_get_response_headers (request);
  *length = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
              ? soup_message_headers_get_content_length (headers) : -1;
  soup_server_message_set_status (message, soup_message_get_status (request), NULL);
  soup_message_headers_foreach (headers, copy_header_cb, soup_server_message_get_response_headers (message));

  return g_steal_pointer (&stream);
}

/**
 * imp_hostile_network_cut:
 * @message: a request of the device
 *
 * Ends the device's connection in the middle of it, as an attacker does who can only cut.
 */
void
imp_hostile_network_cut (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

/* Everything else, which is proofs, keys and reports. */
static void
pass_other (ImpHostileNetwork *self,
            SoupServerMessage *message,
            const char        *path)
{
  static const char false_path[] =
    "{\"path\": [\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"]}";
  goffset length;
  g_autoptr(GInputStream) stream = imp_hostile_network_forward (self, message, path, &length);
  g_autoptr(GBytes) body = NULL;
  gsize size = 0;
  const char *bytes;

  if (stream == NULL ||
      !(body = imp_read_body (stream, IMP_REPLY_MAX_SIZE, self->cancellable, NULL)))
    return;

  bytes = g_bytes_get_data (body, &size);
  if (!self->attack->false_history || !g_str_has_prefix (path, CONSISTENCY))
    {
      soup_message_body_append_bytes (soup_server_message_get_response_body (message), body);
      return;
    }

  imp_hostile_network_note_bytes (self, message, bytes, size, false_path, strlen (false_path));
  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC,
                            false_path, strlen (false_path));
}

static void
request_cb (SoupServer        *server,
            SoupServerMessage *message,
            const char        *decoded,
            GHashTable        *query,
            gpointer           user_data)
{
  ImpHostileNetwork *self = user_data;
  GUri *uri = soup_server_message_get_uri (message);
  /* The encoded form: a class or a device may have any character in its name. */
  const char *path = g_uri_get_path (uri);
  const char *text = g_uri_get_query (uri);
  g_autofree char *whole = g_strconcat (path, text != NULL ? "?" : "", text, NULL);

  soup_server_message_set_status (message, SOUP_STATUS_BAD_GATEWAY, NULL);
  if (g_str_has_suffix (path, LATEST))
    imp_hostile_answer_pass (self, message, whole);
  else if (g_str_has_prefix (path, PAYLOADS))
    imp_hostile_payload_pass (self, message, whole);
  else
    pass_other (self, message, whole);
}

static gboolean
listen (ImpHostileNetwork  *self,
        GError            **error)
{
  GSList *uris;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, request_cb, self, NULL);
  if (!soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;

  uris = soup_server_get_uris (self->server);
  self->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  if (g_str_has_suffix (self->url, "/"))
    self->url[strlen (self->url) - 1] = '\0';

  return TRUE;
}

static gpointer
network_thread (gpointer user_data)
{
  ImpHostileNetwork *self = user_data;

  g_main_context_push_thread_default (self->context);
  self->session = imp_http_session_new ();
  g_main_loop_run (self->loop);

  soup_server_disconnect (self->server);
  soup_session_abort (self->session);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_clear_object (&self->attacker->session);
  g_clear_object (&self->session);
  g_clear_object (&self->server);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

/**
 * imp_hostile_network_new:
 * @attack: what it does
 * @attacker: (transfer full): with what
 * @error: return location for an error
 *
 * Listens on a loopback port of the system’s choosing.
 *
 * Returns: (transfer full) (nullable): the network
 */
ImpHostileNetwork *
imp_hostile_network_new (const ImpAttack  *attack,
                         ImpAttacker      *attacker,
                         GError          **error)
{
  g_autoptr(ImpHostileNetwork) self = g_new0 (ImpHostileNetwork, 1);
  gboolean listens;

  self->attack = attack;
  self->attacker = attacker;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->cancellable = g_cancellable_new ();
  attacker->cancellable = self->cancellable;
  self->tampers = g_ptr_array_new_with_free_func ((GDestroyNotify) imp_tamper_free);

  /* The server's sources belong to the context that is the default when it begins to listen. */
  g_main_context_push_thread_default (self->context);
  listens = listen (self, error);
  g_main_context_pop_thread_default (self->context);
  if (!listens)
    return NULL;

  self->thread = g_thread_new ("network", network_thread, self);
  return g_steal_pointer (&self);
}

/**
 * imp_hostile_network_get_url:
 * @self: a network
 *
 * Returns: where the device is told that its agent is; lent by @self
 */
const char *
imp_hostile_network_get_url (ImpHostileNetwork *self)
{
  return self->url;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);

  return G_SOURCE_REMOVE;
}

static void
join (ImpHostileNetwork *self)
{
  g_autoptr(GSource) source = NULL;

  if (self->thread == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  source = g_idle_source_new ();
  g_source_set_callback (source, quit_cb, self->loop, NULL);
  g_source_attach (source, self->context);
  g_thread_join (g_steal_pointer (&self->thread));
}

/**
 * imp_hostile_network_stop:
 * @self: a network
 *
 * Cuts all connections.
 *
 * Returns: (transfer none) (element-type ImpTamper): what it did
 */
GPtrArray *
imp_hostile_network_stop (ImpHostileNetwork *self)
{
  join (self);

  return self->tampers;
}

/**
 * imp_hostile_network_free:
 * @self: (transfer full): a network
 *
 * Breaks off what is under way, waits for the thread, and closes the port.
 */
void
imp_hostile_network_free (ImpHostileNetwork *self)
{
  join (self);
  g_clear_object (&self->server);
  g_clear_pointer (&self->attacker, imp_attacker_free);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_clear_object (&self->cancellable);
  g_ptr_array_unref (self->tampers);
  g_free (self->url);
  g_free (self);
}
