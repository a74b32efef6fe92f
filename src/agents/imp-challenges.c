/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-challenges.h"

#include <gnutls/crypto.h>
#include <json-glib/json-glib.h>

#include "imp-error.h"
#include "imp-json.h"

#define CHALLENGE_SIZE   32
#define MAX_OUTSTANDING  10000
#define MAX_MESSAGE_SIZE (64 * 1024)

/**
 * ImpChallenges:
 *
 * Nonces that an author signs to show that the private key is there now.
 *
 * Each is good once, for two minutes. They are kept in memory: one that was given out before a
 * restart is asked for again. There is no limit to how often one may be asked for, only to how many
 * are kept: who floods us shortens the time in which others must answer, and keeps nobody out.
 */
struct _ImpChallenges
{
  GObject parent_instance;

  char *agent;           /* (owned) */
  GQueue order;          /* (owned) (element-type utf8) challenges, oldest first */
  GHashTable *expiries;  /* (owned) those of order that were not used yet -> gint64 (owned) */
};

G_DEFINE_FINAL_TYPE (ImpChallenges, imp_challenges, G_TYPE_OBJECT)

static void
forget_oldest (ImpChallenges *self)
{
  g_autofree char *challenge = g_queue_pop_head (&self->order);

  g_hash_table_remove (self->expiries, challenge);
}

static void
forget_expired (ImpChallenges *self,
                gint64         now)
{
  const char *oldest;

  while ((oldest = g_queue_peek_head (&self->order)) != NULL)
    {
      const gint64 *expires = g_hash_table_lookup (self->expiries, oldest);

      if (expires != NULL && *expires > now)
        break;

      forget_oldest (self);
    }
}

static char *
encode_base64url (const guint8 *data,
                  gsize         size)
{
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  g_strdelimit (text, "=", '\0');
  return text;
}

/* A petition of the reference's kind is any text; only one of exactly our form is an answer to a
 * challenge.
 */
static JsonObject *
parse_answer (const char *message)
{
  g_autoptr(JsonNode) node = imp_json_parse (message, -1, MAX_MESSAGE_SIZE, NULL);
  JsonObject *object;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return NULL;

  object = json_node_get_object (node);
  if (json_object_get_size (object) != 3 ||
      imp_json_get_string (object, "agent", NULL) == NULL ||
      imp_json_get_string (object, "challenge", NULL) == NULL ||
      imp_json_get_string (object, "fingerprint", NULL) == NULL)
    return NULL;

  return json_object_ref (object);
}

static void
imp_challenges_finalize (GObject *object)
{
  ImpChallenges *self = IMP_CHALLENGES (object);

  g_free (self->agent);
  g_hash_table_unref (self->expiries);
  g_queue_clear_full (&self->order, g_free);

  G_OBJECT_CLASS (imp_challenges_parent_class)->finalize (object);
}

static void
imp_challenges_class_init (ImpChallengesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = imp_challenges_finalize;
}

static void
imp_challenges_init (ImpChallenges *self)
{
  g_queue_init (&self->order);
  self->expiries = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
}

/**
 * imp_challenges_new:
 * @agent: the name under which challenges are given out
 *
 * Makes an empty set.
 *
 * Returns: (transfer full): the challenges
 */
ImpChallenges *
imp_challenges_new (const char *agent)
{
  ImpChallenges *self;

  g_return_val_if_fail (agent != NULL, NULL);

  self = g_object_new (IMP_TYPE_CHALLENGES, NULL);
  self->agent = g_strdup (agent);
  return self;
}

/**
 * imp_challenges_get_agent:
 * @self: the challenges
 *
 * Returns: the name under which they are given out, which petitions repeat
 */
const char *
imp_challenges_get_agent (ImpChallenges *self)
{
  g_return_val_if_fail (IMP_IS_CHALLENGES (self), NULL);

  return self->agent;
}

/**
 * imp_challenges_create:
 * @self: challenges
 * @now: the time in ms
 * @expires: (out): until when it is good, in ms
 * @error: return location for an error
 *
 * Gives a challenge out.
 *
 * Returns: (transfer full): base64url of 32 random bytes
 */
char *
imp_challenges_create (ImpChallenges  *self,
                       gint64          now,
                       gint64         *expires,
                       GError        **error)
{
  guint8 bytes[CHALLENGE_SIZE];
  char *challenge;

  g_return_val_if_fail (IMP_IS_CHALLENGES (self), NULL);
  g_return_val_if_fail (expires != NULL, NULL);

  if (gnutls_rnd (GNUTLS_RND_NONCE, bytes, sizeof bytes) < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no random numbers");
      return NULL;
    }

  challenge = encode_base64url (bytes, sizeof bytes);
  *expires = now + IMP_CHALLENGE_LIFETIME;

  forget_expired (self, now);
  if (g_queue_get_length (&self->order) >= MAX_OUTSTANDING)
    forget_oldest (self);

  g_queue_push_tail (&self->order, g_strdup (challenge));
  g_hash_table_insert (self->expiries, g_queue_peek_tail (&self->order),
                       g_memdup2 (expires, sizeof *expires));
  return challenge;
}

/**
 * imp_challenges_check:
 * @self: challenges
 * @message: a petition's message
 * @fingerprint: whose key signed it
 * @now: the time in ms
 * @error: return location for an error
 *
 * If @message answers a challenge, checks that it is one of ours, for this agent and this key, and
 * uses it up. Any other message passes: the ledger takes each only once.
 *
 * Returns: whether @message may be put to the ledger
 */
gboolean
imp_challenges_check (ImpChallenges  *self,
                      const char     *message,
                      const char     *fingerprint,
                      gint64          now,
                      GError        **error)
{
  g_autoptr(JsonObject) answer = NULL;

  g_return_val_if_fail (IMP_IS_CHALLENGES (self), FALSE);

  if (!(answer = parse_answer (message)))
    return TRUE;

  if (strcmp (json_object_get_string_member (answer, "agent"), self->agent) != 0)
    g_set_error (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE,
                 "the challenge is for agent “%.255s”, this is “%s”",
                 json_object_get_string_member (answer, "agent"), self->agent);
  else if (strcmp (json_object_get_string_member (answer, "fingerprint"), fingerprint) != 0)
    g_set_error_literal (error, IMP_ERROR, IMP_ERROR_KEY_NOT_VERIFIABLE,
                         "the message names another key than the petition");
  else
    {
      const char *challenge = json_object_get_string_member (answer, "challenge");
      const gint64 *expires = g_hash_table_lookup (self->expiries, challenge);

      if (expires != NULL && *expires > now)
        return g_hash_table_remove (self->expiries, challenge);

      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_PETITION_REPLAYED,
                           "the challenge is not outstanding: it is good once, for two minutes");
    }

  return FALSE;
}
