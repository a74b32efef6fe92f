/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-store.h"

/**
 * ImpStore:
 *
 * Where payloads live, by CID.
 *
 * The engines are the embedded store and an IPFS node; nothing of an engine shows through.
 *
 * A payload is *staged* in one pass: it is durable then, but may go. It is *kept* once the ledger has
 * recorded it; one whose registration was refused is *discarded*. Staging what is there already, or is
 * being staged by another, is no error: each stage is answered by one keep or discard, and discarding
 * does not take from others what they staged or kept. What a crash leaves staged is listed, so that the
 * owner of the ledger can decide.
 *
 * An engine's functions block and may be called from any thread; the asynchronous pairs are made of
 * them here. Their errors are %IMP_ERROR_STORE_UNAVAILABLE, %IMP_ERROR_CORRUPT, %IMP_ERROR_NOT_FOUND and
 * %IMP_ERROR_PAYLOAD_TOO_LARGE; a full disk is %G_IO_ERROR_NO_SPACE and leaves nothing behind.
 */
G_DEFINE_INTERFACE (ImpStore, imp_store, G_TYPE_OBJECT)

typedef struct
{
  GInputStream           *payload;  /* (owned) */
  const ImpUnixfsProfile *profile;  /* (nullable) */
  guint64                 limit;
} StageData;

static void
stage_data_free (StageData *data)
{
  g_object_unref (data->payload);
  g_free (data);
}

static void
imp_store_default_init (ImpStoreInterface *iface)
{
}

/* What was done is done even if the caller has cancelled since: told otherwise, it would never keep or
 * discard what it staged.
 */
static GTask *
new_task (ImpStore            *self,
          gpointer             tag,
          GCancellable        *cancellable,
          GAsyncReadyCallback  callback,
          gpointer             user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE);

  return task;
}

/* @cid: (nullable): what the function is about */
static void
run (ImpStore            *self,
     gpointer             tag,
     GTaskThreadFunc      func,
     ImpCid              *cid,
     GCancellable        *cancellable,
     GAsyncReadyCallback  callback,
     gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (IMP_IS_STORE (self));

  task = new_task (self, tag, cancellable, callback, user_data);
  if (cid != NULL)
    g_task_set_task_data (task, imp_cid_ref (cid), (GDestroyNotify) imp_cid_unref);
  g_task_run_in_thread (task, func);
}

static void
return_pointer (GTask          *task,
                gpointer        pointer,
                GDestroyNotify  free_func,
                GError         *error)
{
  if (pointer != NULL)
    g_task_return_pointer (task, pointer, free_func);
  else
    g_task_return_error (task, error);
}

static gpointer
stage_thread (gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  ImpStore *self = g_task_get_source_object (task);
  StageData *data = g_task_get_task_data (task);
  GError *error = NULL;
  ImpPayloadInfo *info = IMP_STORE_GET_IFACE (self)->stage (self, data->payload, data->profile, data->limit,
                                                            g_task_get_cancellable (task), &error);

  return_pointer (task, info, (GDestroyNotify) imp_payload_info_free, error);

  return NULL;
}

/**
 * imp_store_stage_async:
 * @self: a store
 * @payload: the bytes
 * @profile: (nullable): how they become a DAG, `NULL` for the way of the store
 * @limit: the most that is taken, 0 for no limit
 * @cancellable: (nullable): cancels it, which leaves nothing behind
 * @callback: called once
 * @user_data: data for @callback
 *
 * Reads @payload to its end in one pass and makes it durable.
 *
 * More than @limit bytes are %IMP_ERROR_PAYLOAD_TOO_LARGE.
 */
void
imp_store_stage_async (ImpStore               *self,
                       GInputStream           *payload,
                       const ImpUnixfsProfile *profile,
                       guint64                 limit,
                       GCancellable           *cancellable,
                       GAsyncReadyCallback     callback,
                       gpointer                user_data)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;
  GThread *thread;
  StageData *data;

  g_return_if_fail (IMP_IS_STORE (self));
  g_return_if_fail (G_IS_INPUT_STREAM (payload));

  data = g_new0 (StageData, 1);
  data->payload = g_object_ref (payload);
  data->profile = profile;
  data->limit = limit;

  task = new_task (self, imp_store_stage_async, cancellable, callback, user_data);
  g_task_set_task_data (task, data, (GDestroyNotify) stage_data_free);

  /* Not in GTask's pool: a few senders that dawdle would fill it, and hold up everything else. */
  thread = g_thread_try_new ("stage", stage_thread, g_object_ref (task), &error);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
    }
}

/**
 * imp_store_stage_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what was staged, or `NULL` with @error set
 */
ImpPayloadInfo *
imp_store_stage_finish (ImpStore      *self,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
keep_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  GError *error = NULL;

  if (IMP_STORE_GET_IFACE (source)->keep (source, data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * imp_store_keep_async:
 * @self: a store
 * @cid: what was staged
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Keeps a staged payload for good.
 */
void
imp_store_keep_async (ImpStore            *self,
                      ImpCid              *cid,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_return_if_fail (cid != NULL);

  run (self, imp_store_keep_async, keep_thread, cid, cancellable, callback, user_data);
}

/**
 * imp_store_keep_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the payload is kept, and durable; keeping what is kept already is no error
 */
gboolean
imp_store_keep_finish (ImpStore      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
discard_thread (GTask        *task,
                gpointer      source,
                gpointer      data,
                GCancellable *cancellable)
{
  GError *error = NULL;

  if (IMP_STORE_GET_IFACE (source)->discard (source, data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * imp_store_discard_async:
 * @self: a store
 * @cid: what was staged
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Takes one stage back; the payload goes with the last one, unless it is kept.
 */
void
imp_store_discard_async (ImpStore            *self,
                         ImpCid              *cid,
                         GCancellable        *cancellable,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_return_if_fail (cid != NULL);

  run (self, imp_store_discard_async, discard_thread, cid, cancellable, callback, user_data);
}

/**
 * imp_store_discard_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: whether the stage is taken back
 */
gboolean
imp_store_discard_finish (ImpStore      *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
list_staged_thread (GTask        *task,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  GError *error = NULL;
  GPtrArray *cids = IMP_STORE_GET_IFACE (source)->list_staged (source, cancellable, &error);

  return_pointer (task, cids, (GDestroyNotify) g_ptr_array_unref, error);
}

/**
 * imp_store_list_staged_async:
 * @self: a store
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Lists what was already staged when the store was opened, and is neither kept nor discarded since.
 */
void
imp_store_list_staged_async (ImpStore            *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  run (self, imp_store_list_staged_async, list_staged_thread, NULL, cancellable, callback, user_data);
}

/**
 * imp_store_list_staged_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type ImpCid) (nullable): the CIDs, or `NULL` with @error set
 */
GPtrArray *
imp_store_list_staged_finish (ImpStore      *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
get_info_thread (GTask        *task,
                 gpointer      source,
                 gpointer      data,
                 GCancellable *cancellable)
{
  GError *error = NULL;
  ImpPayloadInfo *info = imp_store_get_info (source, data, cancellable, &error);

  return_pointer (task, info, (GDestroyNotify) imp_payload_info_free, error);
}

/**
 * imp_store_get_info_async:
 * @self: a store
 * @cid: a payload
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks what is known of a payload; %IMP_ERROR_NOT_FOUND when it is not here.
 */
void
imp_store_get_info_async (ImpStore            *self,
                          ImpCid              *cid,
                          GCancellable        *cancellable,
                          GAsyncReadyCallback  callback,
                          gpointer             user_data)
{
  g_return_if_fail (cid != NULL);

  run (self, imp_store_get_info_async, get_info_thread, cid, cancellable, callback, user_data);
}

/**
 * imp_store_get_info_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): what is known, or `NULL` with @error set, %IMP_ERROR_NOT_FOUND
 * if the payload is not here
 */
ImpPayloadInfo *
imp_store_get_info_finish (ImpStore      *self,
                           GAsyncResult  *result,
                           GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
open_thread (GTask        *task,
             gpointer      source,
             gpointer      data,
             GCancellable *cancellable)
{
  GError *error = NULL;
  GInputStream *stream = imp_store_open (source, data, cancellable, &error);

  return_pointer (task, stream, g_object_unref, error);
}

/**
 * imp_store_open_async:
 * @self: a store
 * @cid: a payload
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Opens a payload for reading.
 *
 * The stream is seekable, and gives no byte of a block before the whole block is verified; one that is
 * not what the CID says is %IMP_ERROR_CORRUPT.
 */
void
imp_store_open_async (ImpStore            *self,
                      ImpCid              *cid,
                      GCancellable        *cancellable,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_return_if_fail (cid != NULL);

  run (self, imp_store_open_async, open_thread, cid, cancellable, callback, user_data);
}

/**
 * imp_store_open_finish:
 * @self: a store
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the stream, or `NULL` with @error set
 */
GInputStream *
imp_store_open_finish (ImpStore      *self,
                       GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
get_status_thread (GTask        *task,
                   gpointer      source,
                   gpointer      data,
                   GCancellable *cancellable)
{
  g_autofree ImpStoreStatus *status = g_new0 (ImpStoreStatus, 1);
  GError *error = NULL;

  if (IMP_STORE_GET_IFACE (source)->get_status (source, status, cancellable, &error))
    g_task_return_pointer (task, g_steal_pointer (&status), g_free);
  else
    g_task_return_error (task, error);
}

/**
 * imp_store_get_status_async:
 * @self: a store
 * @cancellable: (nullable): cancels it
 * @callback: called once
 * @user_data: data for @callback
 *
 * Asks how much is in the store, and how much more can be.
 */
void
imp_store_get_status_async (ImpStore            *self,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  run (self, imp_store_get_status_async, get_status_thread, NULL, cancellable, callback, user_data);
}

/**
 * imp_store_get_status_finish:
 * @self: a store
 * @result: what the callback was given
 * @status: (out caller-allocates): filled in if there is no error
 * @error: return location for an error
 *
 * Returns: whether the store could say
 */
gboolean
imp_store_get_status_finish (ImpStore        *self,
                             GAsyncResult    *result,
                             ImpStoreStatus  *status,
                             GError         **error)
{
  g_autofree ImpStoreStatus *answer = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (status != NULL, FALSE);

  answer = g_task_propagate_pointer (G_TASK (result), error);
  if (answer == NULL)
    return FALSE;

  *status = *answer;
  return TRUE;
}

/**
 * imp_store_get_info:
 * @self: a store
 * @cid: a payload
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * What [method@Imp.Store.get_info_async] does, blocking: for contracts, which run in the ledger's thread.
 *
 * Returns: (transfer full) (nullable): what is known of it, or `NULL` with @error set
 */
ImpPayloadInfo *
imp_store_get_info (ImpStore      *self,
                    const ImpCid  *cid,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_return_val_if_fail (IMP_IS_STORE (self), NULL);
  g_return_val_if_fail (cid != NULL, NULL);

  return IMP_STORE_GET_IFACE (self)->get_info (self, cid, cancellable, error);
}

/**
 * imp_store_open:
 * @self: a store
 * @cid: a payload
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * What [method@Imp.Store.open_async] does, blocking: for contracts, which run in the ledger's thread.
 *
 * Returns: (transfer full) (nullable): the bytes, or `NULL` with @error set
 */
GInputStream *
imp_store_open (ImpStore      *self,
                const ImpCid  *cid,
                GCancellable  *cancellable,
                GError       **error)
{
  g_return_val_if_fail (IMP_IS_STORE (self), NULL);
  g_return_val_if_fail (cid != NULL, NULL);

  return IMP_STORE_GET_IFACE (self)->open (self, cid, cancellable, error);
}
