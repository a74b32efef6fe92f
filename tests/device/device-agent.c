/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "device-agent.h"

#include <stdlib.h>
#include <string.h>

#include "imp-time.h"

#define ORIGIN "log.example"

static void
registered_free (Registered *registered)
{
  g_object_unref (registered->update);
  g_bytes_unref (registered->payload);
  g_free (registered->cid);
  g_free (registered);
}

static gboolean
read_leaf (guint     level,
           guint64   index,
           ImpHash  *hash,
           gpointer  user_data,
           GError  **error)
{
  Agent *agent = user_data;

  if (level > 0)
    {
      ImpHash left, right;

      read_leaf (level - 1, 2 * index, &left, agent, NULL);
      read_leaf (level - 1, 2 * index + 1, &right, agent, NULL);
      imp_merkle_hash_node (&left, &right, hash);
    }
  else
    {
      const char *leaf = g_ptr_array_index (agent->leaves, index);

      imp_merkle_hash_leaf (leaf, strlen (leaf), hash);
    }

  return TRUE;
}

static guint
get_tree_size (Agent *agent)
{
  return agent->tree_size != 0 ? agent->tree_size : agent->leaves->len;
}

static char *
make_checkpoint (Agent *agent)
{
  g_autoptr(ImpCheckpoint) checkpoint = NULL;
  g_autoptr(GError) error = NULL;
  ImpHash root;

  imp_merkle_compute_root (get_tree_size (agent), read_leaf, agent, &root, NULL);
  checkpoint = imp_checkpoint_new_signed (ORIGIN, get_tree_size (agent), &root,
                                          agent->forger != NULL ? agent->forger : agent->log_key,
                                          imp_time_now () - agent->age, &error);
  g_assert_no_error (error);

  return g_strdup (imp_checkpoint_get_text (checkpoint));
}

static JsonArray *
path_to_json (GArray *path)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < path->len; i++)
    {
      g_autofree char *text = imp_hash_to_base64 (&g_array_index (path, ImpHash, i));

      json_array_add_string_element (array, text);
    }

  return array;
}

static JsonObject *
make_inclusion (Agent      *agent,
                Registered *registered)
{
  g_autoptr(GArray) path = NULL;
  g_autofree char *checkpoint = make_checkpoint (agent);
  JsonObject *object = json_object_new ();

  path = registered->leaf < get_tree_size (agent) ?
         imp_merkle_prove_inclusion (registered->leaf, get_tree_size (agent), read_leaf, agent, NULL) :
         g_array_new (FALSE, FALSE, sizeof (ImpHash));
  json_object_set_int_member (object, "size", get_tree_size (agent));
  json_object_set_int_member (object, "leaf", registered->leaf);
  json_object_set_array_member (object, "path", path_to_json (path));
  json_object_set_string_member (object, "checkpoint", checkpoint);

  return object;
}

static JsonObject *
make_offer (Agent *agent)
{
  Registered *registered = g_ptr_array_index (agent->updates, agent->updates->len - 1);
  JsonObject *transaction = json_object_new ();
  JsonObject *object = json_object_new ();

  json_object_set_int_member (transaction, "sequence", registered->leaf);
  json_object_set_string_member (transaction, "leaf", g_ptr_array_index (agent->leaves, registered->leaf));
  json_object_set_object_member (object, "transaction", transaction);
  json_object_set_member (object, "update", imp_update_to_json (registered->update));
  json_object_set_string_member (object, "cid", registered->cid);
  json_object_set_object_member (object, "inclusion", make_inclusion (agent, registered));

  if (agent->twist != NULL)
    agent->twist (object, agent);

  return object;
}

static void
answer_json (SoupServerMessage *message,
             guint              status,
             JsonObject        *object)
{
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  char *text;

  json_node_take_object (node, object);
  text = json_to_string (node, FALSE);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text, strlen (text));
}

static void
answer_problem (SoupServerMessage *message,
                guint              status,
                const char        *code)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "type", "about:blank");
  json_object_set_int_member (object, "status", status);
  json_object_set_string_member (object, "code", code);
  json_object_set_string_member (object, "detail", "no");
  answer_json (message, status, object);
}

static void
answer_latest (Agent             *agent,
               SoupServerMessage *message)
{
  static const char garbage[] = "<html>\001 not JSON";

  switch (agent->answer)
    {
    case ANSWER_WELL:
      if (agent->updates->len > 0)
        answer_json (message, SOUP_STATUS_OK, make_offer (agent));
      else
        answer_problem (message, SOUP_STATUS_NOT_FOUND, "ERR_UPDATE_NON_EXISTENT");
      break;

    case ANSWER_NOTHING:
      soup_server_message_pause (message);
      break;

    case ANSWER_GARBAGE:
      soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
      soup_server_message_set_response (message, "text/html", SOUP_MEMORY_STATIC, garbage, strlen (garbage));
      break;

    case ANSWER_NONE_EXISTS:
      answer_problem (message, SOUP_STATUS_NOT_FOUND, "ERR_UPDATE_NON_EXISTENT");
      break;

    case ANSWER_UNAVAILABLE:
      answer_problem (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "ERR_LEDGER_UNAVAILABLE");
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
answer_consistency (Agent             *agent,
                    SoupServerMessage *message,
                    GHashTable        *query)
{
  guint64 from = g_ascii_strtoull (g_hash_table_lookup (query, "from"), NULL, 10);
  guint64 to = g_ascii_strtoull (g_hash_table_lookup (query, "to"), NULL, 10);
  g_autoptr(GArray) path = imp_merkle_prove_consistency (from, to, read_leaf, agent, NULL);
  JsonObject *object = json_object_new ();

  g_assert_nonnull (path);
  json_object_set_array_member (object, "path", path_to_json (path));
  answer_json (message, SOUP_STATUS_OK, object);
}

static void
answer_key (Agent             *agent,
            SoupServerMessage *message)
{
  g_autofree char *key = imp_note_verifier_key (ORIGIN, agent->log_key);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "key", key);
  answer_json (message, SOUP_STATUS_OK, object);
}

static void
cut_cb (SoupServerMessage *message,
        guint              size,
        gpointer           user_data)
{
  g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
}

static void
go_on_cb (SoupServerMessage *message,
          gpointer           user_data)
{
  static const char zeros[65536];

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC, zeros, sizeof zeros);
  soup_server_message_unpause (message);
}

typedef struct
{
  SoupServerMessage *message;  /* (owned) */
  gboolean           ended;
} Drip;

static void
ended_cb (SoupServerMessage *message,
          gpointer           user_data)
{
  Drip *drip = user_data;

  drip->ended = TRUE;
}

static gboolean
drip_cb (gpointer user_data)
{
  Drip *drip = user_data;

  if (drip->ended)
    return G_SOURCE_REMOVE;

  soup_message_body_append (soup_server_message_get_response_body (drip->message), SOUP_MEMORY_STATIC, "x", 1);
  soup_server_message_unpause (drip->message);
  return G_SOURCE_CONTINUE;
}

static void
drip_free (Drip *drip)
{
  g_signal_handlers_disconnect_by_data (drip->message, drip);
  g_object_unref (drip->message);
  g_free (drip);
}

static void
start_dripping (SoupServerMessage *message)
{
  Drip *drip = g_new0 (Drip, 1);

  drip->message = g_object_ref (message);
  g_signal_connect (message, "finished", G_CALLBACK (ended_cb), drip);
  g_signal_connect (message, "disconnected", G_CALLBACK (ended_cb), drip);
  g_timeout_add_full (G_PRIORITY_DEFAULT, 20, drip_cb, drip, (GDestroyNotify) drip_free);
}

static void
answer_payload (Agent             *agent,
                SoupServerMessage *message)
{
  Registered *registered = g_ptr_array_index (agent->updates, agent->updates->len - 1);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  gsize size = g_bytes_get_size (registered->payload);

  agent->n_payloads++;
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);

  switch (agent->mode)
    {
    case PAYLOAD_WHOLE:
      if (size > 0)
        soup_message_body_append_bytes (body, registered->payload);
      break;

    case PAYLOAD_CUT:
      {
        g_autoptr(GBytes) half = g_bytes_new_from_bytes (registered->payload, 0, size / 2);

        soup_message_headers_set_encoding (headers, SOUP_ENCODING_CONTENT_LENGTH);
        soup_message_headers_set_content_length (headers, size);
        soup_message_body_append_bytes (body, half);
        g_signal_connect (message, "wrote-body-data", G_CALLBACK (cut_cb), NULL);
      }
      break;

    case PAYLOAD_ENDLESS:
      soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
      soup_message_body_set_accumulate (body, FALSE);
      soup_message_body_append_bytes (body, registered->payload);
      g_signal_connect (message, "wrote-chunk", G_CALLBACK (go_on_cb), NULL);
      break;

    case PAYLOAD_DRIPPING:
      soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
      soup_message_body_append (body, SOUP_MEMORY_STATIC, "x", 1);
      start_dripping (message);
      break;

    case PAYLOAD_MISSING:
      answer_problem (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "ERR_STORE_UNAVAILABLE");
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
take_report (Agent             *agent,
             SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr(JsonNode) node = json_from_string (body->data, NULL);
  JsonObject *object = json_node_get_object (node);
  JsonObject *reply = json_object_new ();

  g_ptr_array_add (agent->reports,
                   g_strdup_printf ("%s %s %" G_GINT64_FORMAT,
                                    json_object_get_string_member (object, "version"),
                                    json_object_get_string_member (object, "outcome"),
                                    json_object_get_int_member_with_default (object, "check", 0)));
  json_object_set_int_member (reply, "id", agent->reports->len);
  answer_json (message, SOUP_STATUS_CREATED, reply);
}

static void
agent_cb (SoupServer        *server,
          SoupServerMessage *message,
          const char        *path,
          GHashTable        *query,
          gpointer           user_data)
{
  Agent *agent = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  g_assert_cmpstr (soup_message_headers_get_one (headers, "X-Device-Id"), ==, "device one");

  if (g_str_equal (path, "/v1/devices/device one/latest"))
    answer_latest (agent, message);
  else if (g_str_has_prefix (path, "/v1/payloads/"))
    answer_payload (agent, message);
  else if (g_str_equal (path, "/v1/ledger/consistency"))
    answer_consistency (agent, message, query);
  else if (g_str_equal (path, "/v1/ledger/key"))
    answer_key (agent, message);
  else if (g_str_equal (path, "/v1/devices/device one/reports"))
    take_report (agent, message);
  else
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
}

void
agent_start (Agent *agent)
{
  g_autoptr(GError) error = NULL;
  GSList *uris;

  agent->log_key = imp_key_generate (IMP_KEY_ED25519, &error);
  g_assert_no_error (error);
  agent->leaves = g_ptr_array_new_with_free_func (g_free);
  agent->updates = g_ptr_array_new_with_free_func ((GDestroyNotify) registered_free);
  agent->reports = g_ptr_array_new_with_free_func (g_free);

  agent->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (agent->server, NULL, agent_cb, agent, NULL);
  soup_server_listen_local (agent->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);

  uris = soup_server_get_uris (agent->server);
  agent->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

void
agent_stop (Agent *agent)
{
  soup_server_disconnect (agent->server);
  g_clear_object (&agent->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;

  g_clear_object (&agent->log_key);
  g_clear_object (&agent->forger);
  g_clear_pointer (&agent->leaves, g_ptr_array_unref);
  g_clear_pointer (&agent->updates, g_ptr_array_unref);
  g_clear_pointer (&agent->reports, g_ptr_array_unref);
  g_clear_pointer (&agent->url, g_free);
}
