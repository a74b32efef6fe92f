/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* multipart/form-data (RFC 7578), read as it arrives, in any chunking, holding no more than a boundary and one header block.
 * Limits: boundary 70 bytes (RFC 2046), a part's headers 8 KiB, parts 16. The callbacks run inside imp_multipart_reader_feed.
 */
typedef struct _ImpMultipartReader ImpMultipartReader;

typedef struct
{
  /* @file_name is NULL for an ordinary field. Refuse a part by returning FALSE with an error. */
  gboolean (*begin_part) (const char *name, const char *file_name, const char *content_type, gpointer user_data, GError **error);
  gboolean (*part_data)  (const guint8 *data, gsize size, gpointer user_data, GError **error);
  gboolean (*end_part)   (gpointer user_data, GError **error);
} ImpMultipartHandler;

/* @content_type: the header whole. IMP_ERROR_MALFORMED names what is wrong: not multipart, no boundary, too long… */
ImpMultipartReader *imp_multipart_reader_new  (const char                *content_type,
                                               const ImpMultipartHandler *handler,
                                               gpointer                   user_data,
                                               GError                   **error);
void                imp_multipart_reader_free (ImpMultipartReader        *self);
gboolean            imp_multipart_reader_feed (ImpMultipartReader        *self,
                                               const guint8              *data,
                                               gsize                      size,
                                               GError                   **error);
/* The body is over: a missing closing boundary is IMP_ERROR_MALFORMED ("truncated"). */
gboolean            imp_multipart_reader_end  (ImpMultipartReader        *self,
                                               GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpMultipartReader, imp_multipart_reader_free)

G_END_DECLS
