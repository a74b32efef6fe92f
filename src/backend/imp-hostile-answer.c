/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-hostile-private.h"

#include <string.h>

#include "imp-agent-sync.h"
#include "imp-json.h"
#include "imp-problem.h"

#define DEPTH 100000

/* The answer to the request for the newest version, and what becomes of it on its way. */

static const char none_exists[] =
  "{\"type\": \"about:blank\", \"title\": \"Not Found\", \"status\": 404, \"code\": \"ERR_UPDATE_NON_EXISTENT\", "
  "\"detail\": \"nothing is registered for this class\"}";
static const char web_page[] =
  "<!DOCTYPE html><html><body>Welcome! Please accept our terms to use this network.</body></html>";

static void
answer_text (SoupServerMessage *message,
             guint              status,
             const char        *type,
             const char        *text,
             gsize              size)
{
  soup_message_headers_clear (soup_server_message_get_response_headers (message));
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, type, SOUP_MEMORY_COPY, text, size);
}

/* Of the manifest that goes on: what is done to the payload may depend on it. */
static void
look_at_size (ImpHostileNetwork *self,
              JsonObject        *offer)
{
  JsonObject *update = imp_json_get_object (offer, "update", NULL);
  JsonObject *manifest = update != NULL ? imp_json_get_object (update, "manifest", NULL) : NULL;
  JsonNode *size = manifest != NULL ? json_object_get_member (manifest, "size") : NULL;

  if (size == NULL || !JSON_NODE_HOLDS_VALUE (size))
    return;

  self->size = json_node_get_value_type (size) == G_TYPE_STRING
                 ? g_ascii_strtoull (json_node_get_string (size), NULL, 10)
                 : (guint64) MAX (json_node_get_int (size), 0);
}

static char *
change_offer (ImpHostileNetwork *self,
              JsonNode          *node)
{
  g_autoptr(GError) error = NULL;

  if (self->attack->offer != NULL &&
      !self->attack->offer (self->attacker, json_node_get_object (node), &error))
    g_debug ("%s: %s", self->attack->id, error->message);

  return json_to_string (node, FALSE);
}

static void
pass_offer (ImpHostileNetwork *self,
            SoupServerMessage *message,
            GBytes            *body)
{
  gsize size;
  const char *bytes = g_bytes_get_data (body, &size);
  g_autoptr(JsonNode) node = imp_json_parse (bytes != NULL ? bytes : "", size, IMP_REPLY_MAX_SIZE, NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  if (self->attack->answer == IMP_ANSWER_OTHER && self->attacker->other != NULL)
    {
      after = g_strdup (self->attacker->other);
      imp_hostile_network_note_bytes (self, message, bytes, size, after, strlen (after));
    }
  else if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    {
      look_at_size (self, json_node_get_object (node));
      before = json_to_string (node, FALSE);
      after = change_offer (self, node);
      imp_hostile_network_note_bytes (self, message, before, strlen (before), after, strlen (after));
    }
  else
    after = g_strndup (bytes, size);

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_COPY, after, strlen (after));
}

static void
pass_answer (ImpHostileNetwork *self,
             SoupServerMessage *message,
             const char        *path)
{
  goffset length;
  g_autoptr(GInputStream) stream = imp_hostile_network_forward (self, message, path, &length);
  g_autoptr(GBytes) body = stream != NULL ? imp_read_body (stream, IMP_REPLY_MAX_SIZE, self->cancellable, NULL)
                                          : NULL;

  if (body != NULL)
    pass_offer (self, message, body);
}

static void
go_on_cb (SoupServerMessage *message,
          gpointer           user_data)
{
  static const char more[64 * 1024] = { ' ', };

  soup_message_body_append (soup_server_message_get_response_body (message), SOUP_MEMORY_STATIC, more, sizeof more);
  soup_server_message_unpause (message);
}

static void
answer_hugely (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  SoupMessageBody *body = soup_server_message_get_response_body (message);

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  soup_message_body_append (body, SOUP_MEMORY_STATIC, "{\"update\": \"", 12);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (go_on_cb), NULL);
}

/**
 * imp_hostile_answer_pass:
 * @self: a network
 * @message: a device's request for the newest version
 * @path: its path
 *
 * Answers it, with what the agent says or otherwise.
 */
void
imp_hostile_answer_pass (ImpHostileNetwork *self,
                         SoupServerMessage *message,
                         const char        *path)
{
  g_autofree char *brackets = NULL;

  switch (self->attack->answer)
    {
    case IMP_ANSWER_PASSES:
    case IMP_ANSWER_OTHER:
      pass_answer (self, message, path);
      break;

    case IMP_ANSWER_NONE_EXISTS:
      answer_text (message, SOUP_STATUS_NOT_FOUND, "application/problem+json", none_exists, strlen (none_exists));
      imp_hostile_network_note (self, message, NULL, none_exists);
      break;

    case IMP_ANSWER_DROPPED:
      imp_hostile_network_note (self, message, NULL, "the connection is closed");
      imp_hostile_network_cut (message);
      break;

    case IMP_ANSWER_WITHHELD:
      imp_hostile_network_note (self, message, NULL, "no answer");
      soup_server_message_pause (message);
      break;

    case IMP_ANSWER_HUGE:
      imp_hostile_network_note (self, message, NULL, "{\"update\": \"0000000000000000000000000000000000000000…");
      answer_hugely (message);
      break;

    case IMP_ANSWER_NOT_JSON:
      answer_text (message, SOUP_STATUS_OK, "text/html", web_page, strlen (web_page));
      imp_hostile_network_note (self, message, NULL, web_page);
      break;

    case IMP_ANSWER_NESTED:
      brackets = g_strnfill (DEPTH, '[');
      answer_text (message, SOUP_STATUS_OK, "application/json", brackets, DEPTH);
      imp_hostile_network_note (self, message, NULL, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[…");
      break;

    default:
      g_assert_not_reached ();
    }
}
