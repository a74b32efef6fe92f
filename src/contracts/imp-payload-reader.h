/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define IMP_TYPE_PAYLOAD_READER (imp_payload_reader_get_type ())
G_DECLARE_INTERFACE (ImpPayloadReader, imp_payload_reader, IMP, PAYLOAD_READER, GObject)

typedef enum
{
  IMP_PAYLOAD_RAW,     /* the bytes */
  IMP_PAYLOAD_BASE64,  /* their base64 text: what the reference signs of a file */
} ImpPayloadEncoding;

struct _ImpPayloadReaderInterface
{
  GTypeInterface parent_iface;

  gboolean (*get_digest) (ImpPayloadReader    *self,
                          const char          *cid,
                          ImpPayloadEncoding   encoding,
                          char               **digest,
                          guint64             *size,
                          GError             **error);
};

gboolean imp_payload_reader_get_digest (ImpPayloadReader    *self,
                                        const char          *cid,
                                        ImpPayloadEncoding   encoding,
                                        char               **digest,
                                        guint64             *size,
                                        GError             **error);

G_END_DECLS
