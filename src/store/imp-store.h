/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-cid.h"

G_BEGIN_DECLS

/* Where payloads live, by CID. Engines: the embedded block store; an IPFS node (Kubo's RPC) later. Nothing of an engine shows through.
 *
 * A payload is staged in one pass (it is durable then, but may go), and kept once the ledger has recorded it; one whose registration was refused is
 * discarded. What a crash leaves staged is listed, so that the owner of the ledger can decide.
 *
 * An engine's functions block and may be called from any thread; the interface makes the asynchronous pairs of them. IMP_ERROR_STORE_UNAVAILABLE, _CORRUPT,
 * _NOT_FOUND, _PAYLOAD_TOO_LARGE; a full disk is G_IO_ERROR_NO_SPACE and leaves nothing behind.
 */
#define IMP_TYPE_STORE (imp_store_get_type ())
G_DECLARE_INTERFACE (ImpStore, imp_store, IMP, STORE, GObject)

typedef struct
{
  ImpCid  *cid;
  guint64  size;
  char    *sha384;  /* hex, of the bytes */
} ImpPayloadInfo;

ImpPayloadInfo *imp_payload_info_new  (ImpCid         *cid,
                                       guint64         size,
                                       const char     *sha384);
void            imp_payload_info_free (ImpPayloadInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPayloadInfo, imp_payload_info_free)

typedef struct
{
  const char *engine;    /* "embedded", "kubo" */
  guint64     payloads;
  guint64     bytes;     /* of payloads, each counted once */
  guint64     free;      /* bytes left, G_MAXUINT64 unknown */
} ImpStoreStatus;

struct _ImpStoreInterface
{
  GTypeInterface parent_iface;

  ImpPayloadInfo *(*stage)       (ImpStore *self, GInputStream *payload, guint64 limit, GCancellable *cancellable, GError **error);
  gboolean        (*keep)        (ImpStore *self, const ImpCid *cid, GCancellable *cancellable, GError **error);
  gboolean        (*discard)     (ImpStore *self, const ImpCid *cid, GCancellable *cancellable, GError **error);
  GPtrArray      *(*list_staged) (ImpStore *self, GCancellable *cancellable, GError **error);
  ImpPayloadInfo *(*get_info)    (ImpStore *self, const ImpCid *cid, GCancellable *cancellable, GError **error);
  GInputStream   *(*open)        (ImpStore *self, const ImpCid *cid, GCancellable *cancellable, GError **error);
  gboolean        (*get_status)  (ImpStore *self, ImpStoreStatus *status, GCancellable *cancellable, GError **error);
};

/* Reads @payload to its end, in one pass. More than @limit bytes (0: none): IMP_ERROR_PAYLOAD_TOO_LARGE. Staging what is there already, or is being staged by
 * another, is no error; each stage is answered by one keep or discard, and discarding does not take from others what they staged or kept.
 */
void            imp_store_stage_async        (ImpStore             *self,
                                              GInputStream         *payload,
                                              guint64               limit,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
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
/* ImpCid, of what was staged and neither kept nor discarded when the store was opened. */
void            imp_store_list_staged_async  (ImpStore             *self,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
GPtrArray      *imp_store_list_staged_finish (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
/* IMP_ERROR_NOT_FOUND when it is not here. */
void            imp_store_get_info_async     (ImpStore             *self,
                                              ImpCid               *cid,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
ImpPayloadInfo *imp_store_get_info_finish    (ImpStore             *self,
                                              GAsyncResult         *result,
                                              GError              **error);
/* The bytes, each block verified before any of it is given (IMP_ERROR_CORRUPT); seekable. */
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

/* For contracts, which run in the ledger's thread: blocking. */
ImpPayloadInfo *imp_store_get_info           (ImpStore             *self,
                                              const ImpCid         *cid,
                                              GCancellable         *cancellable,
                                              GError              **error);
GInputStream   *imp_store_open               (ImpStore             *self,
                                              const ImpCid         *cid,
                                              GCancellable         *cancellable,
                                              GError              **error);

G_END_DECLS
