/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-attacker.h"

#include <string.h>

#include "imp-checkpoint.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-time.h"

#define HUGE_HEAD 100000

/* What an attacker makes of the proof that an update is in the ledger. */

static JsonObject *
get_inclusion (JsonObject  *offer,
               GError     **error)
{
  return imp_json_get_object (offer, "inclusion", error);
}

static const char *
get_head (JsonObject  *offer,
          GError     **error)
{
  JsonObject *inclusion = get_inclusion (offer, error);

  return inclusion != NULL ? imp_json_get_string (inclusion, "checkpoint", error) : NULL;
}

static const char *
get_leaf (JsonObject  *offer,
          GError     **error)
{
  JsonObject *transaction = imp_json_get_object (offer, "transaction", error);

  return transaction != NULL ? imp_json_get_string (transaction, "leaf", error) : NULL;
}

static void
set_head (JsonObject *offer,
          const char *head)
{
  json_object_set_string_member (get_inclusion (offer, NULL), "checkpoint", head);
}

/* Takes over @path. */
static void
set_proof (JsonObject *offer,
           gint64      leaf,
           gint64      size,
           JsonArray  *path)
{
  JsonObject *inclusion = get_inclusion (offer, NULL);

  json_object_set_int_member (inclusion, "leaf", leaf);
  json_object_set_int_member (inclusion, "size", size);
  json_object_set_array_member (inclusion, "path", path);
}

static gboolean
add_to_number (JsonObject  *offer,
               const char  *name,
               gint64       added,
               gint64       factor,
               GError     **error)
{
  JsonObject *inclusion = get_inclusion (offer, error);
  gint64 number;

  if (inclusion == NULL ||
      !imp_json_get_int (inclusion, name, &number, error))
    return FALSE;

  json_object_set_int_member (inclusion, name, number * factor + added);
  return TRUE;
}

/* A line of the head is replaced; the signatures stay what they are. */
static gboolean
replace_line (JsonObject  *offer,
              guint        line,
              const char  *text,
              GError     **error)
{
  const char *head = get_head (offer, error);
  g_auto(GStrv) lines = NULL;
  g_autofree char *changed = NULL;

  if (head == NULL)
    return FALSE;

  lines = g_strsplit (head, "\n", -1);
  if (g_strv_length (lines) <= line)
    return imp_error_set (error, IMP_ERROR_BAD_REPLY, "the checkpoint has no line %u", line + 1);

  g_free (lines[line]);
  lines[line] = g_strdup (text);
  changed = g_strjoinv ("\n", lines);
  set_head (offer, changed);

  return TRUE;
}

IMP_OFFER_FUNC (forge_ledger)
{
  const char *head = get_head (offer, error);
  const char *leaf = get_leaf (offer, error);
  g_autoptr(ImpCheckpoint) genuine = NULL;
  g_autoptr(ImpCheckpoint) forged = NULL;
  ImpHash root;

  if (head == NULL || leaf == NULL ||
      !(genuine = imp_checkpoint_new_from_text (head, -1, error)))
    return FALSE;

  imp_merkle_hash_leaf (leaf, strlen (leaf), &root);
  forged = imp_checkpoint_new_signed (imp_checkpoint_get_origin (genuine), 1, &root, attacker->log_key,
                                      imp_time_now (), error);
  if (forged == NULL)
    return FALSE;

  set_proof (offer, 0, 1, json_array_new ());
  set_head (offer, imp_checkpoint_get_text (forged));
  return TRUE;
}

IMP_OFFER_FUNC (split_view)
{
  g_autofree char *root = NULL;
  ImpHash hash;

  imp_merkle_hash_leaf ("another ledger", 14, &hash);
  root = imp_hash_to_base64 (&hash);

  return replace_line (offer, 2, root, error);
}

IMP_OFFER_FUNC (turn_back_head)
{
  if (get_head (offer, error) == NULL)
    return FALSE;

  set_head (offer, attacker->old_head);
  return TRUE;
}

static JsonArray *
get_path (JsonObject  *offer,
          GError     **error)
{
  JsonObject *inclusion = get_inclusion (offer, error);

  return inclusion != NULL ? imp_json_get_array (inclusion, "path", error) : NULL;
}

static char *
flip_hash (JsonNode  *node,
           GError   **error)
{
  const char *text = json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node) : "";
  ImpHash hash;

  if (!imp_hash_from_base64 (text, &hash, error))
    return NULL;

  hash.bytes[0] ^= 0x01;
  return imp_hash_to_base64 (&hash);
}

IMP_OFFER_FUNC (flip_proof)
{
  JsonArray *path = get_path (offer, error);
  g_autofree char *flipped = NULL;
  JsonArray *changed;

  if (path == NULL)
    return FALSE;

  if (json_array_get_length (path) == 0)
    return imp_error_set (error, IMP_ERROR_NOT_FOUND, "the proof has no hash");

  flipped = flip_hash (json_array_get_element (path, 0), error);
  if (flipped == NULL)
    return FALSE;

  changed = json_array_new ();
  json_array_add_string_element (changed, flipped);
  for (guint i = 1; i < json_array_get_length (path); i++)
    json_array_add_element (changed, json_array_dup_element (path, i));
  json_object_set_array_member (get_inclusion (offer, NULL), "path", changed);

  return TRUE;
}

IMP_OFFER_FUNC (shift_leaf)
{
  return add_to_number (offer, "leaf", 1, 1, error);
}

IMP_OFFER_FUNC (double_size)
{
  return add_to_number (offer, "size", 0, 2, error);
}

IMP_OFFER_FUNC (empty_proof)
{
  if (get_path (offer, error) == NULL)
    return FALSE;

  json_object_set_array_member (get_inclusion (offer, NULL), "path", json_array_new ());
  return TRUE;
}

IMP_OFFER_FUNC (extend_proof)
{
  JsonArray *path = get_path (offer, error);
  g_autofree char *text = NULL;
  ImpHash hash;

  if (path == NULL)
    return FALSE;

  imp_merkle_hash_leaf ("one more", 8, &hash);
  text = imp_hash_to_base64 (&hash);
  json_array_add_string_element (path, text);
  return TRUE;
}

/* The ledger’s first line is always there, and registers an author. */
IMP_OFFER_FUNC (prove_another)
{
  JsonObject *inclusion = get_inclusion (offer, error);
  g_autoptr(JsonObject) leaves = NULL;
  g_autoptr(JsonObject) proof = NULL;
  g_autofree char *path = NULL;
  JsonArray *texts, *hashes;
  gint64 size;

  if (inclusion == NULL ||
      !imp_json_get_int (inclusion, "size", &size, error))
    return FALSE;

  path = g_strdup_printf ("/v1/ledger/proof?leaf=0&size=%" G_GINT64_FORMAT, size);
  if (!(leaves = imp_attacker_ask (attacker, "/v1/ledger/leaves?from=0&limit=1", error)) ||
      !(texts = imp_json_get_array (leaves, "leaves", error)) ||
      !(proof = imp_attacker_ask (attacker, path, error)) ||
      !(hashes = imp_json_get_array (proof, "path", error)))
    return FALSE;

  set_proof (offer, 0, size, json_array_ref (hashes));
  json_object_set_member (imp_json_get_object (offer, "transaction", NULL), "leaf",
                          json_array_dup_element (texts, 0));
  return TRUE;
}

/* Which of the two signatures has the time nobody can tell by its length in characters but us: it is the longer. */
IMP_OFFER_FUNC (strip_time)
{
  const char *head = get_head (offer, error);
  g_auto(GStrv) lines = NULL;
  g_autoptr(GString) changed = g_string_new (NULL);
  gsize longest = 0;

  if (head == NULL)
    return FALSE;

  lines = g_strsplit (head, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    longest = MAX (longest, strlen (*line));
  for (char **line = lines; *line != NULL; line++)
    {
      if (strlen (*line) < longest)
        g_string_append_printf (changed, "%s%s", *line, line[1] != NULL ? "\n" : "");
    }
  set_head (offer, changed->str);

  return TRUE;
}

IMP_OFFER_FUNC (rename_log)
{
  return replace_line (offer, 0, "ledger.attacker.example", error);
}

IMP_OFFER_FUNC (break_lines)
{
  const char *head = get_head (offer, error);
  g_autoptr(GString) changed = g_string_new (head);

  if (head == NULL)
    return FALSE;

  g_string_replace (changed, "\n", "\r\n", 0);
  set_head (offer, changed->str);
  return TRUE;
}

IMP_OFFER_FUNC (inflate_head)
{
  const char *head = get_head (offer, error);
  g_autofree char *padding = g_strnfill (HUGE_HEAD, 'A');
  g_autofree char *changed = g_strconcat (padding, "\n", head, NULL);

  if (head == NULL)
    return FALSE;

  set_head (offer, changed);
  return TRUE;
}

IMP_OFFER_FUNC (unsign_head)
{
  const char *head = get_head (offer, error);
  const char *border = head != NULL ? strstr (head, "\n\n") : NULL;
  g_autofree char *changed = NULL;

  if (border == NULL)
    return head != NULL && imp_error_set (error, IMP_ERROR_BAD_REPLY, "the checkpoint has no signatures");

  changed = g_strndup (head, border + 2 - head);
  set_head (offer, changed);
  return TRUE;
}
