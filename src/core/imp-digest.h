/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define IMP_SHA384_SIZE        48
#define IMP_SHA384_HEX_LENGTH  96
#define IMP_SHA256_SIZE        32

typedef enum
{
  IMP_DIGEST_SHA256,
  IMP_DIGEST_SHA384,
} ImpDigestType;

/* A digest that is being computed. */
typedef struct _ImpDigest ImpDigest;

ImpDigest *imp_digest_new        (ImpDigestType  type);
void       imp_digest_free       (ImpDigest     *self);

void       imp_digest_update     (ImpDigest     *self,
                                  const void    *data,
                                  gsize          size);
void       imp_digest_finish     (ImpDigest     *self,
                                  guint8        *bytes);
char      *imp_digest_finish_hex (ImpDigest     *self);

void       imp_digest_compute    (ImpDigestType  type,
                                  const void    *data,
                                  gsize          size,
                                  guint8        *bytes);
char      *imp_digest_hex        (ImpDigestType  type,
                                  const void    *data,
                                  gsize          size);

gboolean   imp_digest_is_hex     (const char    *text,
                                  gsize          length);
char      *imp_hex_encode        (const guint8  *bytes,
                                  gsize          size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpDigest, imp_digest_free)

G_END_DECLS
