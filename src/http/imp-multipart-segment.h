/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-multipart-stream.h"

G_BEGIN_DECLS

/* A run of bytes of a multipart body. */
typedef struct _ImpMultipartSegment ImpMultipartSegment;

ImpMultipartSegment  *imp_multipart_segment_new_text     (char                  *text);
ImpMultipartSegment  *imp_multipart_segment_new_stream   (GInputStream          *stream,
                                                          goffset                length);
ImpMultipartSegment  *imp_multipart_segment_new_late     (gsize                  length,
                                                          ImpMultipartLateFunc   func,
                                                          gpointer               user_data,
                                                          GDestroyNotify         destroy);
void                  imp_multipart_segment_free         (ImpMultipartSegment   *self);
goffset               imp_multipart_segment_get_length   (ImpMultipartSegment   *self);
gboolean              imp_multipart_segment_has_ended    (ImpMultipartSegment   *self);
GPollableInputStream *imp_multipart_segment_get_pollable (ImpMultipartSegment   *self);
gboolean              imp_multipart_segment_needs_thread (ImpMultipartSegment   *self);
gssize                imp_multipart_segment_read         (ImpMultipartSegment   *self,
                                                          guint8                *buffer,
                                                          gsize                  count,
                                                          gboolean               blocking,
                                                          GCancellable          *cancellable,
                                                          GError               **error);
gboolean              imp_multipart_segment_close        (ImpMultipartSegment   *self,
                                                          GCancellable          *cancellable,
                                                          GError               **error);

G_END_DECLS
