/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-sbom-download.h"

#include "imp-download.h"
#include "imp-error.h"

typedef struct
{
  ImpRequest *request;  /* (owned) */
  ImpCid     *cid;      /* (owned) */
  char       *etag;     /* (owned) */
  guint64     size;
} Download;

static void
download_free (Download *download)
{
  g_object_unref (download->request);
  imp_cid_unref (download->cid);
  g_free (download->etag);
  g_free (download);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Download, download_free)

/* No device fetches it, so it does not count as a fetch. */
static void
sent_cb (ImpDownloadOutcome outcome,
         guint64            bytes,
         gpointer           user_data)
{
}

static void
opened_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Download) download = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) stream = imp_store_open_finish (IMP_STORE (object), result, &error);

  if (stream != NULL)
    imp_download_start (download->request, stream, download->size, download->etag, sent_cb, NULL);
  else
    imp_request_reply_error (download->request, error);
}

static void
info_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(Download) download = user_data;
  GCancellable *cancellable = imp_request_get_cancellable (download->request);
  ImpCid *cid = download->cid;
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpPayloadInfo) info = imp_store_get_info_finish (IMP_STORE (object), result, &error);

  /* What is staged may yet be refused. */
  if (info != NULL && info->staged)
    g_set_error_literal (&error, IMP_ERROR, IMP_ERROR_NOT_FOUND, "not registered yet");
  if (error != NULL)
    {
      g_prefix_error (&error, "no registered update has this payload: ");
      imp_request_reply_error (download->request, error);
      return;
    }

  download->size = info->size;
  if (soup_server_message_get_method (imp_request_get_message (download->request)) ==
      SOUP_METHOD_HEAD)
    imp_download_reply_head (download->request, info->size, download->etag);
  else
    imp_store_open_async (IMP_STORE (object), cid, cancellable, opened_cb,
                          g_steal_pointer (&download));
}

/**
 * imp_sbom_download:
 * @store: where it lives
 * @request: a request that has not been answered
 * @cid: what is asked for, which is no registered update's payload
 *
 * Sends a registered SBOM, or 404.
 */
void
imp_sbom_download (ImpStore   *store,
                   ImpRequest *request,
                   ImpCid     *cid)
{
  Download *download = g_new0 (Download, 1);

  download->request = g_object_ref (request);
  download->cid = imp_cid_ref (cid);
  download->etag = g_strdup_printf ("\"%s\"", imp_cid_get_string (cid));
  imp_store_get_info_async (store, cid, imp_request_get_cancellable (request), info_cb, download);
}
