/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* A body with an update and its payload, read as it arrives. */
#define IMP_TYPE_UPLOAD (imp_upload_get_type ())
G_DECLARE_FINAL_TYPE (ImpUpload, imp_upload, IMP, UPLOAD, GObject)

/* A field that an agent takes beside the payload; a list of them ends with one that has no name. */
typedef struct
{
  const char *name;
  gsize       max_size;
  gboolean    required;
} ImpUploadField;

ImpUpload  *imp_upload_new               (ImpRequest            *request,
                                          const ImpUploadField  *fields,
                                          guint64                payload_limit);
void        imp_upload_start             (ImpUpload             *self);
void        imp_upload_stop              (ImpUpload             *self);

const char *imp_upload_get_field         (ImpUpload             *self,
                                          const char            *name);
ImpUpdate  *imp_upload_parse_update      (ImpUpload             *self,
                                          GError               **error);
guint64     imp_upload_get_payload_size  (ImpUpload             *self);

G_END_DECLS
