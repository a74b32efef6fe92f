/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define IMP_TYPE_MULTIPART_STREAM (imp_multipart_stream_get_type ())
G_DECLARE_FINAL_TYPE (ImpMultipartStream, imp_multipart_stream, IMP, MULTIPART_STREAM, GInputStream)

typedef GBytes *(*ImpMultipartLateFunc) (gpointer   user_data,
                                         GError   **error);

ImpMultipartStream *imp_multipart_stream_new              (void);
void                imp_multipart_stream_add_text         (ImpMultipartStream   *self,
                                                           const char           *name,
                                                           const char           *text);
void                imp_multipart_stream_add_stream       (ImpMultipartStream   *self,
                                                           const char           *name,
                                                           const char           *file_name,
                                                           GInputStream         *stream,
                                                           goffset               length);
void                imp_multipart_stream_add_late         (ImpMultipartStream   *self,
                                                           const char           *name,
                                                           gsize                 length,
                                                           ImpMultipartLateFunc  func,
                                                           gpointer              user_data,
                                                           GDestroyNotify        destroy);
char               *imp_multipart_stream_dup_content_type (ImpMultipartStream   *self);
goffset             imp_multipart_stream_get_length       (ImpMultipartStream   *self);

G_END_DECLS
