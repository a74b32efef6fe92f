/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the header block of a part says. */
typedef struct
{
  char *name;
  char *file_name;     /* (nullable) */
  char *content_type;  /* (nullable) */
} ImpMultipartHeaders;

gboolean  imp_multipart_headers_parse (ImpMultipartHeaders  *self,
                                       const char           *block,
                                       gsize                 length,
                                       GError              **error);
void      imp_multipart_headers_clear (ImpMultipartHeaders  *self);

char     *imp_multipart_find_boundary (const char           *content_type,
                                       GError              **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImpMultipartHeaders, imp_multipart_headers_clear)

G_END_DECLS
