/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-firmware-file.h"

G_BEGIN_DECLS

/* A firmware file as a stream that is hashed while it passes. */
#define IMP_TYPE_PAYLOAD_STREAM (imp_payload_stream_get_type ())
G_DECLARE_FINAL_TYPE (ImpPayloadStream, imp_payload_stream, IMP, PAYLOAD_STREAM, GInputStream)

/* Told in the reading thread, after each block. */
typedef void (*ImpPayloadFunc) (guint64 done, gpointer user_data);

ImpPayloadStream *imp_payload_stream_new    (ImpFirmwareFile   *file,
                                             ImpPayloadFunc     func,
                                             gpointer           user_data);
const GError     *imp_payload_stream_get_error (ImpPayloadStream *self);
char             *imp_payload_stream_finish (ImpPayloadStream  *self,
                                             GError           **error);

G_END_DECLS
