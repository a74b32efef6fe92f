/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-attacker.h"

#include <string.h>

#include "imp-agent-sync.h"
#include "imp-error.h"
#include "imp-http.h"
#include "imp-json.h"
#include "imp-problem.h"

/**
 * imp_attacker_new:
 * @agent: URL of the retrieval agent that the device believes it speaks to
 * @error: return location for an error
 *
 * Makes somebody who has keys of their own, made here, and none that the device trusts. Blocks as long
 * as that takes.
 *
 * Returns: (transfer full) (nullable): the attacker, or `NULL` with @error set
 */
ImpAttacker *
imp_attacker_new (const char  *agent,
                  GError     **error)
{
  g_autoptr(ImpAttacker) self = g_new0 (ImpAttacker, 1);
  gsize length = strlen (agent);

  while (length > 0 && agent[length - 1] == '/')
    length--;
  self->agent = g_strndup (agent, length);

  if (!(self->author_key = imp_key_generate (IMP_KEY_EC_P256, error)) ||
      !(self->log_key = imp_key_generate (IMP_KEY_ED25519, error)))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * imp_attacker_free:
 * @self: (transfer full): an attacker, not `NULL`
 *
 * Frees an attacker, whose keys were nowhere else.
 */
void
imp_attacker_free (ImpAttacker *self)
{
  g_clear_object (&self->author_key);
  g_clear_object (&self->log_key);
  g_clear_object (&self->session);
  g_free (self->other);
  g_free (self->old_head);
  g_free (self->agent);
  g_free (self);
}

/**
 * imp_attacker_ask:
 * @self: an attacker
 * @path: a path, with its query
 * @error: return location for an error
 *
 * Asks the agent for what anybody may ask it for; blocking.
 *
 * Returns: (transfer full) (nullable): the answer
 */
JsonObject *
imp_attacker_ask (ImpAttacker  *self,
                  const char   *path,
                  GError      **error)
{
  g_autoptr(SoupMessage) message = imp_http_message_new ("GET", self->agent, path, error);
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autoptr(JsonNode) node = NULL;

  if (self->session == NULL)
    self->session = imp_http_session_new ();

  if (message == NULL ||
      !(stream = soup_session_send (self->session, message, self->cancellable, error)) ||
      !(body = imp_read_body (stream, IMP_REPLY_MAX_SIZE, self->cancellable, error)) ||
      !imp_problem_check (message, body, error) ||
      !(node = imp_json_parse (g_bytes_get_data (body, NULL), g_bytes_get_size (body), IMP_REPLY_MAX_SIZE, error)))
    return NULL;

  if (JSON_NODE_HOLDS_OBJECT (node))
    return json_node_dup_object (node);

  imp_error_set (error, IMP_ERROR_BAD_REPLY, "the answer is not a JSON object");
  return NULL;
}

/**
 * imp_attacker_fill:
 * @bytes: where to
 * @offset: from which byte on
 * @size: how many
 *
 * Writes firmware that nobody wants on a device, of any size.
 */
void
imp_attacker_fill (guint8  *bytes,
                   guint64  offset,
                   gsize    size)
{
  static const char text[] = "THIS FIRMWARE IS THE ATTACKER'S. ";

  for (gsize i = 0; i < size; i++)
    bytes[i] = text[(offset + i) % (sizeof text - 1)];
}
