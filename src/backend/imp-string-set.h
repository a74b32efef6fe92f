/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The first half of a string's SHA-256: nobody can make two that are equal. */
typedef struct
{
  guint64 words[2];
} ImpStringHash;

/* Which strings a file has, in bounded memory. */
typedef struct
{
  GArray *hashes;  /* (owned) of ImpStringHash; sorted once it is sealed */
  guint   max;     /* hashes that are kept */
  guint   bits;    /* only hashes that end in so many zeros are kept */
} ImpStringSet;

void     imp_string_hash         (const char           *text,
                                  gsize                 length,
                                  ImpStringHash        *hash);
gboolean imp_string_hash_is_kept (const ImpStringHash  *hash,
                                  guint                 bits);

void     imp_string_set_init     (ImpStringSet         *self,
                                  guint                 max);
void     imp_string_set_clear    (ImpStringSet         *self);
void     imp_string_set_add      (ImpStringSet         *self,
                                  const ImpStringHash  *hash);
void     imp_string_set_seal     (ImpStringSet         *self,
                                  guint                 bits);
gboolean imp_string_set_find     (const ImpStringSet   *self,
                                  const ImpStringHash  *hash,
                                  guint                *index);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ImpStringSet, imp_string_set_clear)

G_END_DECLS
