/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-cid.h"

G_BEGIN_DECLS

/* What is known of a payload without reading it. */
typedef struct
{
  ImpCid  *cid;     /* (owned) */
  guint64  size;
  char    *sha384;  /* (owned) hex, of the bytes */
  gboolean staged;  /* not kept yet */
} ImpPayloadInfo;

ImpPayloadInfo *imp_payload_info_new  (ImpCid         *cid,
                                       guint64         size,
                                       const char     *sha384);
void            imp_payload_info_free (ImpPayloadInfo *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPayloadInfo, imp_payload_info_free)

G_END_DECLS
