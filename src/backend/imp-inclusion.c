/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-inclusion.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

#include "imp-agent-client-private.h"
#include "imp-digest.h"
#include "imp-error.h"
#include "imp-json.h"

typedef struct
{
  ImpAgentClient *client;       /* (owned) */
  ImpTransaction *transaction;  /* (owned) with its leaf */
  ImpTrustHead   *head;         /* (owned) (nullable) */
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *self = data;

  g_object_unref (self->client);
  g_object_unref (self->transaction);
  g_clear_pointer (&self->head, imp_trust_head_free);
  g_free (self);
}

/**
 * imp_inclusion_free:
 * @self: (transfer full): a proof that was followed, not `NULL`
 *
 * Frees its steps, and why it failed if it did.
 */
void
imp_inclusion_free (ImpInclusion *self)
{
  g_clear_pointer (&self->steps, g_array_unref);
  g_clear_error (&self->error);
  g_free (self);
}

/* A path that does not fit is shown as far as it goes, and is no failure to show it. */
static ImpInclusion *
compute (Fetch         *fetch,
         GArray        *path,
         const ImpHash *root)
{
  ImpInclusion *self = g_new0 (ImpInclusion, 1);
  const char *leaf = imp_transaction_get_leaf (fetch->transaction);

  self->leaf = imp_transaction_get_sequence (fetch->transaction);
  self->size = fetch->head->size;
  self->root = *root;
  imp_merkle_hash_leaf (leaf, strlen (leaf), &self->leaf_hash);
  imp_merkle_verify_inclusion (&self->leaf_hash, self->leaf, self->size, (ImpHash *) path->data,
                               path->len, root, &self->error);
  self->steps = imp_merkle_trace_inclusion (&self->leaf_hash, self->leaf, self->size,
                                            (ImpHash *) path->data, path->len);
  return self;
}

static ImpInclusion *
read_path (Fetch     *fetch,
           JsonNode  *node,
           GError   **error)
{
  JsonArray *array;
  ImpHash root;
  g_autoptr(GArray) path = NULL;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      imp_error_set (error, IMP_ERROR_BAD_REPLY, "the proof is not an object");
      return NULL;
    }

  if (!(array = imp_json_get_array (json_node_get_object (node), "path", error)) ||
      !(path = imp_hashes_from_json (array, error)) ||
      !imp_hash_from_base64 (fetch->head->root, &root, error))
    return NULL;

  return compute (fetch, path, &root);
}

static void
got_path_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonNode) node = NULL;
  ImpInclusion *inclusion = NULL;

  node = imp_agent_client_get_json_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (node != NULL)
    inclusion = read_path (g_task_get_task_data (task), node, &error);

  if (inclusion != NULL)
    g_task_return_pointer (task, inclusion, (GDestroyNotify) imp_inclusion_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
checked_head_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autofree char *path = NULL;
  g_autoptr(GError) error = NULL;

  fetch->head = imp_trust_check_head_finish (IMP_TRUST (object), result, &error);
  if (fetch->head == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  path = g_strdup_printf ("/v1/ledger/proof?leaf=%" G_GUINT64_FORMAT "&size=%" G_GUINT64_FORMAT,
                          imp_transaction_get_sequence (fetch->transaction), fetch->head->size);
  imp_agent_client_get_json_async (fetch->client, "retrieval", path, cancellable, got_path_cb,
                                   g_steal_pointer (&task));
}

/**
 * imp_inclusion_fetch_async:
 * @trust: what was seen of ledgers
 * @client: a client whose connection is open
 * @transaction: a transaction with its leaf
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Checks the newest checkpoint, asks for the path from a leaf to it, and computes every hash of
 * that path from the leaf's own bytes.
 */
void
imp_inclusion_fetch_async (ImpTrust            *trust,
                           ImpAgentClient      *client,
                           ImpTransaction      *transaction,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task = g_task_new (trust, cancellable, callback, user_data);
  Fetch *fetch;

  g_return_if_fail (IMP_IS_TRUST (trust));
  g_return_if_fail (IMP_IS_AGENT_CLIENT (client));
  g_return_if_fail (imp_transaction_get_leaf (transaction) != NULL);

  fetch = g_new0 (Fetch, 1);
  fetch->client = g_object_ref (client);
  fetch->transaction = g_object_ref (transaction);
  g_task_set_source_tag (task, imp_inclusion_fetch_async);
  g_task_set_task_data (task, fetch, fetch_free);
  imp_trust_check_head_async (trust, client, cancellable, checked_head_cb, task);
}

/**
 * imp_inclusion_fetch_finish:
 * @trust: what was seen of ledgers
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the path, fitting or not, or `NULL` where none could be had
 */
ImpInclusion *
imp_inclusion_fetch_finish (ImpTrust      *trust,
                            GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, trust), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
append_hash (GString       *text,
             const char    *format,
             const ImpHash *hash)
{
  g_autofree char *hex = imp_hex_encode (hash->bytes, IMP_HASH_SIZE);

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  g_string_append_printf (text, format, hex);
#pragma GCC diagnostic pop
  g_string_append_c (text, '\n');
}

/**
 * imp_inclusion_describe:
 * @self: a path
 *
 * Says the path in words, a hash a line.
 *
 * Returns: (transfer full): a text
 */
char *
imp_inclusion_describe (const ImpInclusion *self)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_string_append_printf (text, _("Leaf %" PRIu64 " of %" PRIu64), self->leaf, self->size);
  append_hash (text, _(" has the hash %s"), &self->leaf_hash);
  for (guint i = 0; i < self->steps->len; i++)
    {
      const ImpMerkleStep *step = &g_array_index (self->steps, ImpMerkleStep, i);

      append_hash (text, step->is_left ? _("with %s on its left") : _("with %s on its right"),
                   &step->sibling);
      append_hash (text, _("gives %s"), &step->hash);
    }
  append_hash (text, self->error == NULL ? _("which is the root that the checkpoint signs: %s")
                                         : _("which is not the root that the checkpoint signs: %s"),
               &self->root);

  return g_string_free (g_steal_pointer (&text), FALSE);
}
