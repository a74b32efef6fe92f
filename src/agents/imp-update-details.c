/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-update-details.h"

#include "imp-contracts.h"
#include "imp-error.h"
#include "imp-json.h"
#include "imp-manifest.h"

/* Of the arguments of createUpdate. */
enum
{
  ARGUMENT_MANIFEST = 1,
  ARGUMENT_AUTHOR_SIGN,
  ARGUMENT_AUTHOR_MANIFEST_SIGN,
  N_ARGUMENTS = 5,
};

#define MAX_LEAF_SIZE (8 * 1024 * 1024)

typedef struct
{
  ImpTransaction *transaction;  /* (owned) */
  ImpCheckpoint *checkpoint;    /* (owned) */
  JsonObject *details;          /* (owned) */
} Lookup;

static void
lookup_free (Lookup *lookup)
{
  g_clear_object (&lookup->transaction);
  g_clear_object (&lookup->checkpoint);
  json_object_unref (lookup->details);
  g_free (lookup);
}

static void
return_details (GTask *task)
{
  Lookup *lookup = g_task_get_task_data (task);

  g_task_return_pointer (task, json_node_init_object (json_node_alloc (), lookup->details),
                         (GDestroyNotify) json_node_unref);
}

/* A ledger that is no transparency log has no proofs; what it says is believed as it is. */
static gboolean
is_unsupported (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
}

static void
proof_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr(GArray) path = imp_ledger_prove_inclusion_finish (IMP_LEDGER (object), result, &error);
  JsonObject *inclusion;
  JsonArray *hashes;

  if (path == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  hashes = json_array_new ();
  for (guint i = 0; i < path->len; i++)
    {
      g_autofree char *hash = imp_hash_to_base64 (&g_array_index (path, ImpHash, i));

      json_array_add_string_element (hashes, hash);
    }

  inclusion = json_object_new ();
  json_object_set_int_member (inclusion, "size", imp_checkpoint_get_size (lookup->checkpoint));
  json_object_set_int_member (inclusion, "leaf",
                              imp_transaction_get_sequence (lookup->transaction));
  json_object_set_array_member (inclusion, "path", hashes);
  json_object_set_string_member (inclusion, "checkpoint",
                                 imp_checkpoint_get_text (lookup->checkpoint));
  json_object_set_object_member (lookup->details, "inclusion", inclusion);
  return_details (task);
}

static void
checkpoint_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  GError *error = NULL;

  lookup->checkpoint = imp_ledger_get_checkpoint_finish (IMP_LEDGER (object), result, &error);
  if (lookup->checkpoint == NULL && is_unsupported (error))
    {
      g_error_free (error);
      json_object_set_null_member (lookup->details, "inclusion");
      return_details (task);
      return;
    }
  if (lookup->checkpoint == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  imp_ledger_prove_inclusion_async (IMP_LEDGER (object),
                                    imp_transaction_get_sequence (lookup->transaction),
                                    imp_checkpoint_get_size (lookup->checkpoint),
                                    g_task_get_cancellable (task), proof_cb, g_object_ref (task));
}

static void
author_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  g_autofree char *text = NULL;
  g_autoptr(JsonNode) author = NULL;
  const char *pem;
  GError *error = NULL;

  if (!(text = imp_ledger_evaluate_finish (IMP_LEDGER (object), result, &error)) ||
      !(author = imp_json_parse (text, -1, MAX_LEAF_SIZE, &error)) ||
      !(pem = imp_json_get_string (json_node_get_object (author), "publicKey", &error)))
    {
      g_task_return_error (task, error);
      return;
    }

  json_object_set_string_member (lookup->details, "publicKey", pem);
  imp_ledger_get_checkpoint_async (IMP_LEDGER (object), g_task_get_cancellable (task),
                                   checkpoint_cb, g_object_ref (task));
}

static JsonObject *
read_update (JsonArray  *arguments,
             GError    **error)
{
  g_autoptr(JsonNode) manifest = NULL;
  JsonObject *update;

  manifest = imp_json_parse (json_array_get_string_element (arguments, ARGUMENT_MANIFEST), -1,
                             IMP_MANIFEST_MAX_SIZE, error);
  if (manifest == NULL)
    return NULL;

  update = json_object_new ();
  json_object_set_member (update, "manifest", g_steal_pointer (&manifest));
  json_object_set_string_member (update, "authorSign",
                                 json_array_get_string_element (arguments, ARGUMENT_AUTHOR_SIGN));
  json_object_set_string_member (update, "authorManifestSign",
                                 json_array_get_string_element (arguments,
                                                                ARGUMENT_AUTHOR_MANIFEST_SIGN));
  return update;
}

/* What the ledger recorded is shown from the bytes that it hashed, not from anything derived. */
static gboolean
read_leaf (Lookup   *lookup,
           GError  **error)
{
  ImpTransaction *transaction = lookup->transaction;
  g_autoptr(JsonNode) leaf = NULL;
  JsonArray *arguments;
  JsonObject *update;

  leaf = imp_json_parse (imp_transaction_get_leaf (transaction), -1, MAX_LEAF_SIZE, error);
  if (leaf == NULL ||
      !(arguments = imp_json_get_array (json_node_get_object (leaf), "arguments", error)))
    return FALSE;

  if (json_array_get_length (arguments) != N_ARGUMENTS)
    {
      g_set_error_literal (error, IMP_ERROR, IMP_ERROR_CORRUPT,
                           "the transaction has not the arguments of a registration");
      return FALSE;
    }

  if (!(update = read_update (arguments, error)))
    return FALSE;

  json_object_set_object_member (lookup->details, "update", update);
  json_object_set_member (lookup->details, "transaction",
                          imp_transaction_to_json (transaction, TRUE));
  json_object_set_string_member (lookup->details, "cid", imp_transaction_get_cid (transaction));
  return TRUE;
}

static gboolean
check_contract (ImpTransaction  *transaction,
                GError         **error)
{
  if (strcmp (imp_transaction_get_contract (transaction), IMP_CONTRACT_REGISTER_UPDATE) == 0 &&
      imp_transaction_get_author (transaction) != NULL &&
      imp_transaction_get_cid (transaction) != NULL)
    return TRUE;

  g_set_error_literal (error, IMP_ERROR, IMP_ERROR_NOT_FOUND,
                       "this transaction registers no update");
  return FALSE;
}

static void
transaction_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  const char *arguments[] = { NULL, NULL };
  GError *error = NULL;

  lookup->transaction = imp_ledger_get_transaction_finish (IMP_LEDGER (object), result, &error);
  if (lookup->transaction == NULL ||
      !check_contract (lookup->transaction, &error) ||
      !read_leaf (lookup, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  arguments[0] = imp_transaction_get_author (lookup->transaction);
  imp_ledger_evaluate_async (IMP_LEDGER (object), IMP_CONTRACT_RETRIEVE_UPDATE, "queryAuthor",
                             arguments, g_task_get_cancellable (task), author_cb,
                             g_object_ref (task));
}

/**
 * imp_update_details_async:
 * @ledger: a ledger
 * @transaction: the id of a transaction that registers an update
 * @cancellable: (nullable): a cancellable
 * @callback: called when all is there
 * @user_data: data for @callback
 *
 * Gathers the transaction, the update, its author's key and the proof that it is in the ledger.
 */
void
imp_update_details_async (ImpLedger           *ledger,
                          const char          *transaction,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  Lookup *lookup;

  g_return_if_fail (IMP_IS_LEDGER (ledger));

  lookup = g_new0 (Lookup, 1);
  lookup->details = json_object_new ();
  task = g_task_new (ledger, cancellable, callback, user_data);
  g_task_set_source_tag (task, imp_update_details_async);
  g_task_set_task_data (task, lookup, (GDestroyNotify) lookup_free);
  imp_ledger_get_transaction_async (ledger, transaction, cancellable, transaction_cb,
                                    g_steal_pointer (&task));
}

/**
 * imp_update_details_finish:
 * @ledger: a ledger
 * @result: the result
 * @error: return location for an error
 *
 * Gets what was gathered.
 *
 * Returns: (transfer full): `{transaction, update, publicKey, cid, inclusion}`
 */
JsonNode *
imp_update_details_finish (ImpLedger     *ledger,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, ledger), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
