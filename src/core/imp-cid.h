/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  IMP_CODEC_RAW = 0x55,
  IMP_CODEC_DAG_PB = 0x70,
} ImpCodec;

/* A counted value that does not change. */
typedef struct _ImpCid ImpCid;
#define IMP_TYPE_CID (imp_cid_get_type ())
GType         imp_cid_get_type        (void);

ImpCid       *imp_cid_new             (guint         version,
                                       ImpCodec      codec,
                                       const guint8 *sha256);
ImpCid       *imp_cid_new_from_string (const char   *text,
                                       GError      **error);
ImpCid       *imp_cid_new_from_bytes  (const guint8 *bytes,
                                       gsize         size,
                                       GError      **error);
ImpCid       *imp_cid_ref             (ImpCid       *self);
void          imp_cid_unref           (ImpCid       *self);

guint         imp_cid_get_version     (const ImpCid *self);
ImpCodec      imp_cid_get_codec       (const ImpCid *self);
const guint8 *imp_cid_get_sha256      (const ImpCid *self);
const char   *imp_cid_get_string      (const ImpCid *self);
GBytes       *imp_cid_to_bytes        (const ImpCid *self);
gboolean      imp_cid_equal           (const ImpCid *a,
                                       const ImpCid *b);
guint         imp_cid_hash            (const ImpCid *self);
gboolean      imp_cid_verify          (const ImpCid *self,
                                       const void   *block,
                                       gsize         size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpCid, imp_cid_unref)

G_END_DECLS
