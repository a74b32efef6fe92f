/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define IMP_MULTIPART_MAX_BOUNDARY 70          /* bytes, RFC 2046 */
#define IMP_MULTIPART_MAX_HEADERS  (8 * 1024)  /* bytes of a part's header block */
#define IMP_MULTIPART_MAX_PARTS    16

typedef struct _ImpMultipartReader ImpMultipartReader;

/* What a reader tells, from inside imp_multipart_reader_feed(). */
typedef struct
{
  gboolean (*begin_part) (const char    *name,
                          const char    *file_name,
                          const char    *content_type,
                          gpointer       user_data,
                          GError       **error);
  gboolean (*part_data)  (const guint8  *data,
                          gsize          size,
                          gpointer       user_data,
                          GError       **error);
  gboolean (*end_part)   (gpointer       user_data,
                          GError       **error);
} ImpMultipartHandler;

ImpMultipartReader *imp_multipart_reader_new  (const char                *content_type,
                                               const ImpMultipartHandler *handler,
                                               gpointer                   user_data,
                                               GError                   **error);
void                imp_multipart_reader_free (ImpMultipartReader        *self);
gboolean            imp_multipart_reader_feed (ImpMultipartReader        *self,
                                               const guint8              *data,
                                               gsize                      size,
                                               GError                   **error);
gboolean            imp_multipart_reader_end  (ImpMultipartReader        *self,
                                               GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpMultipartReader, imp_multipart_reader_free)

G_END_DECLS
