/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-info.h"

/**
 * imp_payload_info_new:
 * @cid: what the payload is known by
 * @size: its bytes
 * @sha384: its digest in hex
 *
 * Returns: (transfer full): what is known of a payload
 */
ImpPayloadInfo *
imp_payload_info_new (ImpCid     *cid,
                      guint64     size,
                      const char *sha384)
{
  ImpPayloadInfo *self = g_new0 (ImpPayloadInfo, 1);

  self->cid = imp_cid_ref (cid);
  self->size = size;
  self->sha384 = g_strdup (sha384);

  return self;
}

/**
 * imp_payload_info_free:
 * @self: (transfer full): what is known of a payload, not `NULL`
 *
 * Frees it and what it holds; the payload stays.
 */
void
imp_payload_info_free (ImpPayloadInfo *self)
{
  imp_cid_unref (self->cid);
  g_free (self->sha384);
  g_free (self);
}
