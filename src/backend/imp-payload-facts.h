/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-manifest.h"
#include "imp-progress.h"

G_BEGIN_DECLS

/* What was computed of a payload from its first byte to its last. */
typedef struct
{
  guint64  size;
  char    *sha384;         /* (owned) of its bytes */
  char    *base64_sha384;  /* (owned) of its base64 text, which is how the reference signs a file */
  char    *cid;            /* (owned) (nullable): the CID that was asked about, if it is the payload’s */
} ImpPayloadFacts;

ImpPayloadFacts *imp_payload_facts_read  (GInputStream           *stream,
                                          ImpManifest            *manifest,
                                          const char             *cid,
                                          ImpProgress            *progress,
                                          GCancellable           *cancellable,
                                          GError                **error);
void             imp_payload_facts_free  (ImpPayloadFacts        *self);

gboolean         imp_payload_facts_check_digest (const ImpPayloadFacts  *self,
                                                 ImpManifest            *manifest,
                                                 GError                **error);
gboolean         imp_payload_facts_check_cid    (const ImpPayloadFacts  *self,
                                                 const char             *cid,
                                                 GError                **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPayloadFacts, imp_payload_facts_free)

G_END_DECLS
