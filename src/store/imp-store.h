/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-cid.h"
#include "imp-payload-info.h"
#include "imp-unixfs.h"

G_BEGIN_DECLS

/* Where payloads live, by CID. */
#define IMP_TYPE_STORE (imp_store_get_type ())
G_DECLARE_INTERFACE (ImpStore, imp_store, IMP, STORE, GObject)

typedef struct
{
  const char *engine;    /* "embedded", "kubo" */
  guint64     payloads;
  guint64     bytes;     /* of payloads, each counted once */
  guint64     free;      /* bytes left, G_MAXUINT64 unknown */
  const char *trouble;   /* (nullable) why nothing can be stored now; never freed */
} ImpStoreStatus;

struct _ImpStoreInterface
{
  GTypeInterface parent_iface;

  ImpPayloadInfo *(*stage)       (ImpStore                *self,
                                  GInputStream            *payload,
                                  const ImpUnixfsProfile  *profile,
                                  guint64                  limit,
                                  GCancellable            *cancellable,
                                  GError                 **error);
  gboolean        (*keep)        (ImpStore        *self,
                                  const ImpCid    *cid,
                                  GCancellable    *cancellable,
                                  GError         **error);
  gboolean        (*discard)     (ImpStore        *self,
                                  const ImpCid    *cid,
                                  GCancellable    *cancellable,
                                  GError         **error);
  GPtrArray      *(*list_staged) (ImpStore        *self,
                                  GCancellable    *cancellable,
                                  GError         **error);
  ImpPayloadInfo *(*get_info)    (ImpStore        *self,
                                  const ImpCid    *cid,
                                  GCancellable    *cancellable,
                                  GError         **error);
  GInputStream   *(*open)        (ImpStore        *self,
                                  const ImpCid    *cid,
                                  GCancellable    *cancellable,
                                  GError         **error);
  gboolean        (*get_status)  (ImpStore        *self,
                                  ImpStoreStatus  *status,
                                  GCancellable    *cancellable,
                                  GError         **error);
};

void            imp_store_stage_async        (ImpStore               *self,
                                              GInputStream           *payload,
                                              const ImpUnixfsProfile *profile,
                                              guint64                 limit,
                                              GCancellable           *cancellable,
                                              GAsyncReadyCallback     callback,
                                              gpointer                user_data);
ImpPayloadInfo *imp_store_stage_finish       (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_store_keep_async         (ImpStore             *self,
                                              ImpCid               *cid,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean        imp_store_keep_finish        (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_store_discard_async      (ImpStore             *self,
                                              ImpCid               *cid,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean        imp_store_discard_finish     (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_store_list_staged_async  (ImpStore             *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GPtrArray      *imp_store_list_staged_finish (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_store_get_info_async     (ImpStore             *self,
                                              ImpCid               *cid,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
ImpPayloadInfo *imp_store_get_info_finish    (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_store_open_async         (ImpStore             *self,
                                              ImpCid               *cid,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GInputStream   *imp_store_open_finish        (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_store_get_status_async   (ImpStore             *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
gboolean        imp_store_get_status_finish  (ImpStore             *self,
                                              GAsyncResult         *result,
                                              ImpStoreStatus       *status,
                                              GError              **error);

ImpPayloadInfo *imp_store_get_info           (ImpStore             *self,
                                              const ImpCid         *cid,
                                              GCancellable         *cancellable,
                                              GError              **error);
GInputStream   *imp_store_open               (ImpStore             *self,
                                              const ImpCid         *cid,
                                              GCancellable         *cancellable,
                                              GError              **error);

G_END_DECLS
