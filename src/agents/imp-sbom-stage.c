/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-sbom-stage.h"

#include "imp-digest.h"
#include "imp-error.h"

typedef struct
{
  char   *cid;    /* (owned) that the manifest says */
  ImpCid *found;  /* (owned) (nullable) that the store says */
} Staging;

static void
staging_free (Staging *staging)
{
  g_free (staging->cid);
  g_clear_pointer (&staging->found, imp_cid_unref);
  g_free (staging);
}

static void
discarded_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Staging *staging = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  /* The next start of the process finds it staged and tries again. */
  if (!imp_store_discard_finish (IMP_STORE (object), result, &error))
    g_warning ("A refused SBOM stays in the store until the next start: %s", error->message);

  g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                           "the SBOM has the CID %s in this store, the manifest’s sbom.cid is %s",
                           imp_cid_get_string (staging->found), staging->cid);
}

static void
staged_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GTask) task = user_data;
  Staging *staging = g_task_get_task_data (task);
  g_autoptr(ImpPayloadInfo) info = NULL;
  GError *error = NULL;

  info = imp_store_stage_finish (IMP_STORE (object), result, &error);
  if (info == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  staging->found = imp_cid_ref (info->cid);
  if (g_str_equal (imp_cid_get_string (info->cid), staging->cid))
    g_task_return_pointer (task, imp_cid_ref (info->cid), (GDestroyNotify) imp_cid_unref);
  else
    imp_store_discard_async (IMP_STORE (object), info->cid, NULL, discarded_cb,
                             g_steal_pointer (&task));
}

static gboolean
check_digest (const char  *expected,
              GBytes      *sbom,
              GError     **error)
{
  gsize size;
  const char *text = g_bytes_get_data (sbom, &size);
  g_autofree char *digest = imp_digest_hex (IMP_DIGEST_SHA384, text, size);

  if (g_str_equal (digest, expected))
    return TRUE;

  g_set_error (error, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
               "the SBOM has SHA-384 %s, the manifest’s sbom.digest is %s", digest, expected);
  return FALSE;
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
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (sbom);
  const ImpSbomReference *named = imp_manifest_get_sbom (manifest);
  Staging *staging = g_new0 (Staging, 1);
  GError *error = NULL;

  g_task_set_source_tag (task, imp_sbom_stage_async);
  g_task_set_task_data (task, staging, (GDestroyNotify) staging_free);
  if (named == NULL)
    g_task_return_new_error (task, IMP_ERROR, IMP_ERROR_PAYLOAD_NOT_VERIFIABLE,
                             "an SBOM was sent that the manifest does not name");
  else if (!check_digest (named->digest, sbom, &error))
    g_task_return_error (task, error);
  else
    {
      staging->cid = g_strdup (named->cid);
      imp_store_stage_async (store, stream, IMP_SBOM_MAX_SIZE, NULL, staged_cb,
                             g_steal_pointer (&task));
    }
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
