/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-manifest.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* Signs an update whose length is promised before its payload is known. */
typedef struct _ImpUpdateSigner ImpUpdateSigner;

ImpUpdateSigner *imp_update_signer_new           (ImpKey              *key,
                                                  ImpManifestBuilder  *builder);
void             imp_update_signer_free          (ImpUpdateSigner     *self);

gboolean         imp_update_signer_promise       (ImpUpdateSigner     *self,
                                                  guint64              size,
                                                  gsize               *length,
                                                  GError             **error);
gboolean         imp_update_signer_sign_manifest (ImpUpdateSigner     *self,
                                                  const char          *digest,
                                                  GError             **error);
gboolean         imp_update_signer_sign_payload  (ImpUpdateSigner     *self,
                                                  GError             **error);
GBytes          *imp_update_signer_print         (ImpUpdateSigner     *self,
                                                  GError             **error);

ImpUpdate       *imp_update_signer_get_update    (ImpUpdateSigner     *self);

G_END_DECLS
