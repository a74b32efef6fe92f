/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-digest.h"

G_BEGIN_DECLS

/* A digest that is computed beside what else is done with the bytes. */
typedef struct _ImpDigestThread ImpDigestThread;

ImpDigestThread *imp_digest_thread_new        (ImpDigestType    type,
                                               gsize            buffer_size);
void             imp_digest_thread_free       (ImpDigestThread *self);

guint8          *imp_digest_thread_get_buffer (ImpDigestThread *self);
void             imp_digest_thread_push       (ImpDigestThread *self,
                                               gsize            size);
char            *imp_digest_thread_finish_hex (ImpDigestThread *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDigestThread, imp_digest_thread_free)

G_END_DECLS
