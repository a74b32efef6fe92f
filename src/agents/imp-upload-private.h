/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-multipart-reader.h"
#include "imp-pipe.h"
#include "imp-upload.h"

G_BEGIN_DECLS

#define IMP_UPLOAD_PAYLOAD   "payload"
#define IMP_UPLOAD_JSON_SIZE (16 * 1024 * 1024)

struct _ImpUpload
{
  GObject parent_instance;

  ImpRequest *request;             /* (owned) */
  const ImpUploadField *fields;
  guint64 payload_limit;
  ImpMultipartReader *reader;      /* (owned) (nullable) of a multipart body */
  GByteArray *json;                /* (owned) (nullable) a JSON body */
  GHashTable *values;              /* (owned) field -> GString (owned) */
  ImpPipe *payload;                /* (owned) (nullable) */
  GByteArray *block;               /* (owned) (nullable) of the payload, not pushed yet */
  GString *part;                   /* (nullable) of values: the field that is arriving */
  gsize part_limit;
  const char *part_name;
  guint64 payload_size;
  guint64 received;
  guint64 checked;
  guint progress_id;
  gboolean waited;                 /* for the reader of the payload, since the last check */
  gboolean stopped;
};

void     imp_upload_end                    (ImpUpload     *self,
                                            const GError  *error);
gboolean imp_upload_check_fields           (ImpUpload     *self,
                                            GError       **error);

void     imp_upload_begin_payload          (ImpUpload     *self);
gboolean imp_upload_write_payload          (ImpUpload     *self,
                                            const guint8  *data,
                                            gsize          size,
                                            GError       **error);
void     imp_upload_end_payload            (ImpUpload     *self);

void     imp_upload_parse_json             (ImpUpload     *self);
gboolean imp_upload_take_payload_of_update (ImpUpload     *self,
                                            GError       **error);

G_END_DECLS
