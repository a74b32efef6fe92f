/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-rehearsal-private.h"

#include "imp-device-rehearsal.h"
#include "imp-error.h"
#include "imp-version.h"

/* The stage on which attacks are tried: a device, and what is known of the ledger. */

/**
 * imp_stage_new:
 * @client: the agents
 * @device: the device to attack
 * @cancellable: (nullable): cancels what is done on the stage
 *
 * Makes a stage on which nothing was looked at yet.
 *
 * Returns: (transfer full): the stage
 */
ImpStage *
imp_stage_new (ImpAgentClient *client,
               ImpDevice      *device,
               GCancellable   *cancellable)
{
  ImpStage *self = g_new0 (ImpStage, 1);

  self->client = g_object_ref (client);
  self->device = g_object_ref (device);
  self->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  self->expiry = -1;

  return self;
}

/**
 * imp_stage_free:
 * @self: (transfer full): a stage, not `NULL`
 *
 * Frees what was seen from the stage. The device stays as it is.
 */
void
imp_stage_free (ImpStage *self)
{
  g_clear_object (&self->client);
  g_clear_object (&self->device);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->versions, g_ptr_array_unref);
  g_clear_pointer (&self->updates, g_ptr_array_unref);
  g_free (self);
}

/**
 * imp_stage_get_retrieval:
 * @self: a stage
 *
 * Returns: (nullable): URL of the real retrieval agent, or `NULL` while the connection has none
 */
const char *
imp_stage_get_retrieval (ImpStage *self)
{
  return imp_connection_get_url (imp_agent_client_get_connection (self->client), "retrieval");
}

static const char *
get_version (ImpStage *self,
             guint     index)
{
  return index < self->versions->len ? imp_transaction_get_version (g_ptr_array_index (self->versions, index)) : NULL;
}

/**
 * imp_stage_has_newer:
 * @self: a stage that has looked at the ledger
 *
 * Returns: whether there is a version newer than what the device runs
 */
gboolean
imp_stage_has_newer (ImpStage *self)
{
  const char *installed = imp_device_get_version (self->device);
  const char *newest = get_version (self, 0);

  return newest != NULL && (installed == NULL || imp_version_compare (newest, installed) > 0);
}

static void
got_newest_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpStage *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpRegisteredUpdate) update =
    imp_agent_client_get_update_finish (IMP_AGENT_CLIENT (object), result, &error);

  if (update == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->expiry = imp_manifest_get_expiration_time (imp_update_get_manifest (update->update));
  g_task_return_boolean (task, TRUE);
}

static void
listed_updates_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpStage *self = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPage) page = imp_agent_client_list_updates_finish (IMP_AGENT_CLIENT (object), result, &error);

  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->updates = g_ptr_array_ref (page->items);
  if (self->versions->len == 0)
    g_task_return_boolean (task, TRUE);
  else
    imp_agent_client_get_update_async (IMP_AGENT_CLIENT (object),
                                       imp_transaction_get_id (g_ptr_array_index (self->versions, 0)),
                                       self->cancellable, got_newest_cb, g_steal_pointer (&task));
}

static ImpPageQuery
make_query (ImpStage   *self,
            const char *class_id)
{
  return (ImpPageQuery) {
    .limit = 1000,
    .author = imp_key_get_fingerprint (imp_device_get_author (self->device)),
    .class_id = class_id,
  };
}

static void
listed_versions_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpStage *self = g_task_get_task_data (task);
  const ImpPageQuery query = make_query (self, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPage) page = imp_agent_client_list_updates_finish (IMP_AGENT_CLIENT (object), result, &error);

  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  self->versions = g_ptr_array_ref (page->items);
  imp_agent_client_list_updates_async (IMP_AGENT_CLIENT (object), &query, self->cancellable,
                                       listed_updates_cb, g_steal_pointer (&task));
}

/**
 * imp_stage_look_async:
 * @self: a stage
 * @callback: called once
 * @user_data: data for @callback
 *
 * Looks at what is on the ledger.
 */
void
imp_stage_look_async (ImpStage            *self,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  const ImpPageQuery query = make_query (self, imp_device_get_class_id (self->device));
  GTask *task = g_task_new (self->device, self->cancellable, callback, user_data);

  g_task_set_source_tag (task, imp_stage_look_async);
  g_task_set_task_data (task, self, NULL);
  imp_agent_client_list_updates_async (self->client, &query, self->cancellable, listed_versions_cb, task);
}

/**
 * imp_stage_look_finish:
 * @self: a stage
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the ledger could be read
 */
gboolean
imp_stage_look_finish (ImpStage      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
updated_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autofree char *reason = NULL;
  g_autoptr(GError) error = NULL;
  ImpDeviceOutcome outcome;

  if (!imp_device_update_finish (IMP_DEVICE (object), result, &outcome, NULL, &reason, &error))
    g_task_return_error (task, g_steal_pointer (&error));
  else if (outcome == IMP_DEVICE_REFUSED)
    g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_REFUSED, "%s", reason);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * imp_stage_update_async:
 * @self: a stage
 * @callback: called once
 * @user_data: data for @callback
 *
 * Lets the device look for an update with nobody in the middle.
 */
void
imp_stage_update_async (ImpStage            *self,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  GTask *task = g_task_new (self->device, NULL, callback, user_data);

  g_task_set_source_tag (task, imp_stage_update_async);
  imp_device_update_async (self->device, imp_stage_get_retrieval (self), NULL, updated_cb, task);
}

/**
 * imp_stage_update_finish:
 * @self: a stage
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the device could look for an update
 */
gboolean
imp_stage_update_finish (ImpStage      *self,
                         GAsyncResult  *result,
                         GError       **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
