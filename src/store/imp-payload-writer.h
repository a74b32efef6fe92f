/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-payload-info.h"
#include "imp-unixfs.h"

G_BEGIN_DECLS

/* One pass over a payload, into two files of a directory. */
typedef struct _ImpPayloadWriter ImpPayloadWriter;

ImpPayloadWriter *imp_payload_writer_new        (int                      directory,
                                                 const ImpUnixfsProfile  *profile,
                                                 GError                 **error);
void              imp_payload_writer_free       (ImpPayloadWriter        *self);
ImpPayloadInfo   *imp_payload_writer_run        (ImpPayloadWriter        *self,
                                                 GInputStream            *payload,
                                                 guint64                  limit,
                                                 GCancellable            *cancellable,
                                                 GError                 **error);
gboolean          imp_payload_writer_move       (ImpPayloadWriter        *self,
                                                 int                      directory,
                                                 const char              *name,
                                                 GError                 **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPayloadWriter, imp_payload_writer_free)

G_END_DECLS
