/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-string-set.h"

#include <string.h>

#include "imp-digest.h"

/* A set that grows too large keeps every second string, as the digests decide, then every fourth, and
 * so on. Two files keep the same ones, so that what is told of those is true of both; a set that
 * stopped at its limit would call strings new that only came later in the other file.
 */

/**
 * imp_string_hash:
 * @text: (array length=length): a string, not ended by NUL
 * @length: its bytes
 * @hash: (out caller-allocates): the beginning of its SHA-256
 *
 * Makes what stands for a string, so that sets of them stay small.
 */
void
imp_string_hash (const char    *text,
                 gsize          length,
                 ImpStringHash *hash)
{
  guint8 digest[IMP_SHA256_SIZE];

  imp_digest_compute (IMP_DIGEST_SHA256, text, length, digest);
  memcpy (hash, digest, sizeof *hash);
}

/**
 * imp_string_hash_is_kept:
 * @hash: a hash
 * @bits: how many zeros it must end in
 *
 * Samples strings: the same ones are kept on both sides, whatever else is there.
 *
 * Returns: whether a set that thins out to @bits has it
 */
gboolean
imp_string_hash_is_kept (const ImpStringHash *hash,
                         guint                bits)
{
  return (hash->words[1] & ((G_GUINT64_CONSTANT (1) << bits) - 1)) == 0;
}

/**
 * imp_string_set_init:
 * @self: a set
 * @max: how many strings it holds at most, once it is sealed
 *
 * Makes the set empty; to be cleared after use.
 */
void
imp_string_set_init (ImpStringSet *self,
                     guint         max)
{
  self->hashes = g_array_new (FALSE, FALSE, sizeof (ImpStringHash));
  self->max = max;
  self->bits = 0;
}

/**
 * imp_string_set_clear:
 * @self: a set
 *
 * Frees what is in the set, not the structure.
 */
void
imp_string_set_clear (ImpStringSet *self)
{
  g_clear_pointer (&self->hashes, g_array_unref);
}

static int
compare_hashes (gconstpointer a,
                gconstpointer b)
{
  const ImpStringHash *left = a;
  const ImpStringHash *right = b;

  for (guint i = 0; i < G_N_ELEMENTS (left->words); i++)
    {
      if (left->words[i] != right->words[i])
        return left->words[i] < right->words[i] ? -1 : 1;
    }

  return 0;
}

static void
keep (ImpStringSet *self)
{
  guint n = 0;

  g_array_sort (self->hashes, compare_hashes);
  for (guint i = 0; i < self->hashes->len; i++)
    {
      ImpStringHash hash = g_array_index (self->hashes, ImpStringHash, i);

      if (!imp_string_hash_is_kept (&hash, self->bits))
        continue;
      if (n > 0 && compare_hashes (&hash, &g_array_index (self->hashes, ImpStringHash, n - 1)) == 0)
        continue;
      g_array_index (self->hashes, ImpStringHash, n++) = hash;
    }

  g_array_set_size (self->hashes, n);
}

/**
 * imp_string_set_add:
 * @self: a set
 * @hash: of a string
 *
 * Adds a string; one that is in it already counts again until the set is sealed. A set that grows too
 * large is thinned out.
 */
void
imp_string_set_add (ImpStringSet        *self,
                    const ImpStringHash *hash)
{
  if (!imp_string_hash_is_kept (hash, self->bits))
    return;

  g_array_append_vals (self->hashes, hash, 1);
  if (self->hashes->len >= 2 * self->max)
    imp_string_set_seal (self, self->bits);
}

/**
 * imp_string_set_seal:
 * @self: a set
 * @bits: how many zeros a hash must end in at least, to be kept
 *
 * Sorts the set, makes each string single, and leaves out strings until it is within its limit.
 */
void
imp_string_set_seal (ImpStringSet *self,
                     guint         bits)
{
  self->bits = MAX (self->bits, bits);
  keep (self);
  while (self->hashes->len > self->max)
    {
      self->bits++;
      keep (self);
    }
}

/**
 * imp_string_set_find:
 * @self: a set that is sealed
 * @hash: of a string
 * @index: (out) (optional): its place in the set
 *
 * Returns: whether the set has the string
 */
gboolean
imp_string_set_find (const ImpStringSet  *self,
                     const ImpStringHash *hash,
                     guint               *index)
{
  return g_array_binary_search (self->hashes, hash, compare_hashes, index);
}
