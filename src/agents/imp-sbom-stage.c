/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-sbom-stage.h"

#include "imp-digest.h"
#include "imp-error.h"

typedef struct
{
  ImpStore               *store;    /* (owned) */
  GBytes                 *sbom;     /* (owned) */
  char                   *digest;   /* (owned) that the manifest says */
  char                   *cid;      /* (owned) that the manifest says */
  const ImpUnixfsProfile *profile;  /* by which the SBOM has that CID */
} Staging;

static void
staging_free (Staging *staging)
{
  g_object_unref (staging->store);
  g_bytes_unref (staging->sbom);
  g_free (staging->digest);
  g_free (staging->cid);
  g_free (staging);
}

static void
staged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(ImpPayloadInfo) info = NULL;
  GError *error = NULL;

  info = imp_store_stage_finish (IMP_STORE (object), result, &error);
  if (info != NULL)
    g_task_return_pointer (task, imp_cid_ref (info->cid), (GDestroyNotify) imp_cid_unref);
  else
    g_task_return_error (task, error);
}

static gboolean
check_digest (Staging  *staging,
              GError  **error)
{
  gsize size;
  const char *text = g_bytes_get_data (staging->sbom, &size);
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, text, size);

  if (g_str_equal (digest, staging->digest))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
               "the SBOM has SHA-384 %s, the manifest’s sbom.digest is %s", digest, staging->digest);
  return FALSE;
}

/* Its author named it before any store had it, and so by a profile that need not be that of this
 * store.
 */
static gboolean
check_cid (Staging  *staging,
           GError  **error)
{
  gsize size;
  const char *text = g_bytes_get_data (staging->sbom, &size);

  staging->profile = imp_unixfs_find_profile (staging->cid, text, size);
  if (staging->profile != NULL)
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
               "the SBOM does not have the CID %s, which the manifest’s sbom.cid is", staging->cid);
  return FALSE;
}

static void
check_thread (GTask        *task,
              gpointer      source_object,
              gpointer      task_data,
              GCancellable *cancellable)
{
  GError *error = NULL;

  if (check_digest (task_data, &error) && check_cid (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
checked_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Staging *staging = g_task_get_task_data (task);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (staging->sbom);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    imp_store_stage_async (staging->store, stream, staging->profile, IMP_SBOM_MAX_SIZE, NULL,
                           staged_cb, g_steal_pointer (&task));
  else
    g_task_return_error (task, error);
}

static Staging *
staging_new (ImpStore               *store,
             const ImpSbomReference *named,
             GBytes                 *sbom)
{
  Staging *staging = g_new0 (Staging, 1);

  staging->store = g_object_ref (store);
  staging->sbom = g_bytes_ref (sbom);
  staging->digest = g_strdup (named->digest);
  staging->cid = g_strdup (named->cid);
  return staging;
}

/**
 * imp_sbom_stage_async:
 * @store: where to
 * @manifest: what names it
 * @sbom: its bytes
 * @callback: called when it is staged
 * @user_data: data for @callback
 *
 * Stages an SBOM if it is the one that @manifest names, by digest and by CID.
 */
void
imp_sbom_stage_async (ImpStore            *store,
                      ImpManifest         *manifest,
                      GBytes              *sbom,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, callback, user_data);
  g_autoptr(GTask) check = NULL;
  const ImpSbomReference *named = imp_manifest_get_sbom (manifest);
  Staging *staging;

  g_task_set_source_tag (task, imp_sbom_stage_async);
  if (named == NULL)
    {
      g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                               "an SBOM was sent that the manifest does not name");
      return;
    }

  staging = staging_new (store, named, sbom);
  g_task_set_task_data (task, staging, (GDestroyNotify) staging_free);
  check = g_task_new (NULL, NULL, checked_cb, g_object_ref (task));
  g_task_set_source_tag (check, check_thread);
  g_task_set_task_data (check, staging, NULL);
  g_task_run_in_thread (check, check_thread);
}

/**
 * imp_sbom_stage_finish:
 * @result: the result
 * @error: return location for an error
 *
 * Gets how it went.
 *
 * Returns: (transfer full) (nullable): what is staged, and is to be kept or discarded
 */
ImpCid *
imp_sbom_stage_finish (GAsyncResult  *result,
                       GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
