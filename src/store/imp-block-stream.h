/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-payload-info.h"

G_BEGIN_DECLS

/* A payload's bytes, each block verified before any of it is given. */
#define IMP_TYPE_BLOCK_STREAM (imp_block_stream_get_type ())
G_DECLARE_FINAL_TYPE (ImpBlockStream, imp_block_stream, IMP, BLOCK_STREAM, GInputStream)

GInputStream *imp_block_stream_new (int                    data_fd,
                                    int                    index_fd,
                                    guint64                root,
                                    const ImpPayloadInfo  *info,
                                    GError               **error);

G_END_DECLS
