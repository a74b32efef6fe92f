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
typedef struct _ImpSender ImpSender;

/* How far it is; times in milliseconds, -1 until they are known. */
typedef struct
{
  guint64  sent;
  guint64  total;
  double   hash;
  double   sign_manifest;
  double   sign_payload;
  double   upload;         /* until the last byte was handed over */
} ImpSenderProgress;

ImpSender  *imp_sender_new          (const char         *url,
                                     const char         *request_id,
                                     ImpKey             *key,
                                     GFile              *file,
                                     ImpManifestBuilder *builder,
                                     const char         *expected_digest);
void        imp_sender_free         (ImpSender          *self);
void        imp_sender_set_sbom     (ImpSender          *self,
                                     GBytes             *sbom);

gboolean    imp_sender_run          (ImpSender          *self,
                                     GCancellable       *cancellable,
                                     GError            **error);
void        imp_sender_get_progress (ImpSender          *self,
                                     ImpSenderProgress  *progress);

gboolean    imp_sender_failed_here  (ImpSender          *self);
gboolean    imp_sender_was_refused  (ImpSender          *self);
ImpUpdate  *imp_sender_get_update   (ImpSender          *self);
const char *imp_sender_get_reply    (ImpSender          *self);
JsonObject *imp_sender_get_receipt  (ImpSender          *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpSender, imp_sender_free)

G_END_DECLS
