/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-lookup.h"

typedef struct
{
  gint64               sequence;
  ImpRegisteredUpdate *update;  /* (owned) (nullable) */
} Lookup;

static void
lookup_free (Lookup *lookup)
{
  g_clear_pointer (&lookup->update, imp_registered_update_free);
  g_free (lookup);
}

/* A version of this name may be somebody’s later try; the sequence number tells them apart. */
static void
update_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Lookup *lookup = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpRegisteredUpdate) update = NULL;

  update = imp_agent_client_get_update_finish (IMP_AGENT_CLIENT (object), result, &error);
  if (update == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  if (imp_manifest_get_sequence (imp_update_get_manifest (update->update)) == lookup->sequence)
    lookup->update = g_steal_pointer (&update);
  g_task_return_boolean (task, TRUE);
}

static void
list_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  ImpAgentClient *client = IMP_AGENT_CLIENT (object);
  g_autoptr(GTask) task = user_data;
  GCancellable *cancellable = g_task_get_cancellable (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPage) page = imp_agent_client_list_updates_finish (client, result, &error);
  const char *id;

  if (page == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (page->items->len == 0)
    g_task_return_boolean (task, TRUE);
  else
    {
      id = imp_transaction_get_id (g_ptr_array_index (page->items, 0));
      imp_agent_client_get_update_async (client, id, cancellable, update_cb, g_steal_pointer (&task));
    }
}

/**
 * imp_lookup_async:
 * @client: whom to ask
 * @author: fingerprint of the author
 * @class_id: the update’s class
 * @version: the update’s version
 * @sequence: the update’s sequence number
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks whether an update was registered after all.
 */
void
imp_lookup_async (ImpAgentClient      *client,
                  const char          *author,
                  const char          *class_id,
                  const char          *version,
                  gint64               sequence,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  const ImpPageQuery query = {
    .limit = 1, .author = author, .class_id = class_id, .version = version,
  };
  GTask *task = g_task_new (client, cancellable, callback, user_data);
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->sequence = sequence;
  g_task_set_source_tag (task, imp_lookup_async);
  g_task_set_task_data (task, lookup, (GDestroyNotify) lookup_free);
  imp_agent_client_list_updates_async (client, &query, cancellable, list_cb, task);
}

/**
 * imp_lookup_finish:
 * @client: whom was asked
 * @result: what the callback was given
 * @update: (out) (nullable): the update, `NULL` if the ledger does not have it
 * @error: return location for an error
 *
 * Returns: whether the question was answered
 */
gboolean
imp_lookup_finish (ImpAgentClient       *client,
                   GAsyncResult         *result,
                   ImpRegisteredUpdate **update,
                   GError              **error)
{
  Lookup *lookup = g_task_get_task_data (G_TASK (result));

  g_return_val_if_fail (g_task_is_valid (result, client), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;

  *update = g_steal_pointer (&lookup->update);
  return TRUE;
}
