/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-payload-reader.h"

/**
 * ImpPayloadReader:
 *
 * How the RegisterUpdate contract looks at a payload: by its CID, never by its bytes.
 *
 * The embedded store answers with the digests that it computed while it wrote the blocks; the
 * chaincode of a Fabric peer reads the blocks from its own IPFS node and computes them.
 */
G_DEFINE_INTERFACE (ImpPayloadReader, imp_payload_reader, G_TYPE_OBJECT)

static void
imp_payload_reader_default_init (ImpPayloadReaderInterface *iface)
{
}

/**
 * imp_payload_reader_get_digest:
 * @self: a payload reader
 * @cid: names the payload
 * @encoding: what to digest
 * @digest: (out): SHA-384 in hexadecimal
 * @size: (out): the payload's bytes, whatever the encoding
 * @error: return location for an error
 *
 * Gets the digest of a payload. Blocks, and may be called from any thread.
 *
 * Returns: whether the payload is there; %IMP_ERROR_NOT_FOUND says that it is not
 */
gboolean
imp_payload_reader_get_digest (ImpPayloadReader    *self,
                               const char          *cid,
                               ImpPayloadEncoding   encoding,
                               char               **digest,
                               guint64             *size,
                               GError             **error)
{
  g_return_val_if_fail (IMP_IS_PAYLOAD_READER (self), FALSE);
  g_return_val_if_fail (cid != NULL, FALSE);
  g_return_val_if_fail (digest != NULL, FALSE);
  g_return_val_if_fail (size != NULL, FALSE);

  return IMP_PAYLOAD_READER_GET_IFACE (self)->get_digest (self, cid, encoding, digest, size, error);
}
