/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* SHA-384 over the base64 text of bytes that come in pieces: what the reference signs of a file. */
typedef struct _ImpBase64Digest ImpBase64Digest;

ImpBase64Digest *imp_base64_digest_new        (void);
void             imp_base64_digest_free       (ImpBase64Digest *self);
void             imp_base64_digest_update     (ImpBase64Digest *self,
                                               const guint8    *data,
                                               gsize            size);
char            *imp_base64_digest_finish_hex (ImpBase64Digest *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpBase64Digest, imp_base64_digest_free)

G_END_DECLS
