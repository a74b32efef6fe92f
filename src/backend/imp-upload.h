/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "imp-key.h"
#include "imp-manifest.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* One update on its way over the wire, in a thread. */
typedef struct _ImpUpload ImpUpload;

/* How far it is; times in milliseconds, -1 until they are known. */
typedef struct
{
  guint64  sent;
  guint64  total;
  double   hash;
  double   sign_manifest;
  double   sign_payload;
  double   upload;         /* until the last byte was handed over */
} ImpUploadProgress;

ImpUpload  *imp_upload_new          (const char         *url,
                                     const char         *request_id,
                                     ImpKey             *key,
                                     GFile              *file,
                                     ImpManifestBuilder *builder,
                                     const char         *expected_digest);
void        imp_upload_free         (ImpUpload          *self);

gboolean    imp_upload_run          (ImpUpload          *self,
                                     GCancellable       *cancellable,
                                     GError            **error);
void        imp_upload_get_progress (ImpUpload          *self,
                                     ImpUploadProgress  *progress);

gboolean    imp_upload_failed_here  (ImpUpload          *self);
ImpUpdate  *imp_upload_get_update   (ImpUpload          *self);
const char *imp_upload_get_reply    (ImpUpload          *self);
JsonObject *imp_upload_get_receipt  (ImpUpload          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpUpload, imp_upload_free)

G_END_DECLS
