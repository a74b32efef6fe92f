/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-strings.h"

#include "imp-string-set.h"

#define BLOCK_SIZE (256 * 1024)

/* What to do with each string as the file passes. */
typedef struct _Pass Pass;
typedef void (*StringFunc) (Pass *pass, const char *text, gsize length, guint64 offset);

struct _Pass
{
  GInputStream           *stream;
  StringFunc              func;
  char                    run[IMP_STRINGS_MAX_LENGTH];
  gsize                   length;
  guint64                 offset;    /* in the file */
  guint64                 before;    /* bytes of earlier passes */
  ImpStringsProgressFunc  progress;  /* (nullable) */
  gpointer                user_data;

  ImpStringSet           *own;       /* of this file */
  const ImpStringSet     *other;     /* (nullable) of the other one */
  guint8                 *seen;      /* (nullable) a bit a string of own */
  GPtrArray              *found;     /* (nullable) */
};

static void
found_free (gpointer data)
{
  ImpStringFound *found = data;

  g_free (found->text);
  g_free (found);
}

/**
 * imp_strings_diff_free:
 * @self: (transfer full): a comparison, not `NULL`
 *
 * Frees it and the strings that were found.
 */
void
imp_strings_diff_free (ImpStringsDiff *self)
{
  g_clear_pointer (&self->gone, g_ptr_array_unref);
  g_clear_pointer (&self->added, g_ptr_array_unref);
  g_free (self);
}

static void
end_run (Pass *self)
{
  if (self->length >= IMP_STRINGS_MIN_LENGTH)
    self->func (self, self->run, self->length, self->offset - self->length);
  self->length = 0;
}

static void
take_byte (Pass   *self,
           guint8  byte)
{
  gboolean printable = (byte >= 0x20 && byte < 0x7f) || byte == '\t';

  if (!printable || self->length == sizeof self->run)
    end_run (self);
  if (printable)
    self->run[self->length++] = byte;
  self->offset++;
}

/* Streams are read from their beginning, as often as there is something to be learned of them. */
static gboolean
run_pass (Pass          *self,
          GCancellable  *cancellable,
          GError       **error)
{
  g_autofree guint8 *block = g_malloc (BLOCK_SIZE);
  gssize n_read;

  self->length = 0;
  self->offset = 0;
  if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
      !g_seekable_seek (G_SEEKABLE (self->stream), 0, G_SEEK_SET, cancellable, error))
    return FALSE;

  while ((n_read = g_input_stream_read (self->stream, block, BLOCK_SIZE, cancellable, error)) > 0)
    {
      for (gssize i = 0; i < n_read; i++)
        take_byte (self, block[i]);
      if (self->progress != NULL)
        self->progress (self->before + self->offset, self->user_data);
    }

  end_run (self);
  return n_read == 0;
}

static void
learn (Pass       *self,
       const char *text,
       gsize       length,
       guint64     offset)
{
  ImpStringHash hash;

  imp_string_hash (text, length, &hash);
  imp_string_set_add (self->own, &hash);
}

static gboolean
is_first (Pass                *self,
          const ImpStringHash *hash)
{
  guint8 bit;
  guint index;

  if (!imp_string_set_find (self->own, hash, &index))
    return FALSE;

  bit = 1 << index % 8;
  if ((self->seen[index / 8] & bit) != 0)
    return FALSE;

  self->seen[index / 8] |= bit;
  return TRUE;
}

static void
collect (Pass       *self,
         const char *text,
         gsize       length,
         guint64     offset)
{
  ImpStringFound *found;
  ImpStringHash hash;

  if (self->found->len == IMP_STRINGS_MAX_LIST)
    return;

  imp_string_hash (text, length, &hash);
  if (!imp_string_hash_is_kept (&hash, self->own->bits) ||
      imp_string_set_find (self->other, &hash, NULL) || !is_first (self, &hash))
    return;

  found = g_new (ImpStringFound, 1);
  found->text = g_strndup (text, length);
  found->offset = offset;
  g_ptr_array_add (self->found, found);
}

static guint64
count_missing (const ImpStringSet *in,
               const ImpStringSet *from)
{
  guint64 n = 0;

  for (guint i = 0; i < from->hashes->len; i++)
    n += !imp_string_set_find (in, &g_array_index (from->hashes, ImpStringHash, i), NULL);

  return n;
}

static GPtrArray *
collect_all (Pass                *pass,
             const ImpStringSet  *other,
             GCancellable        *cancellable,
             GError             **error)
{
  g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func (found_free);
  g_autofree guint8 *seen = g_malloc0 (pass->own->hashes->len / 8 + 1);

  pass->func = collect;
  pass->other = other;
  pass->seen = seen;
  pass->found = found;

  return run_pass (pass, cancellable, error) ? g_steal_pointer (&found) : NULL;
}

/* The same strings must be left out of both. */
static void
seal (ImpStringSet *a,
      ImpStringSet *b)
{
  imp_string_set_seal (a, 0);
  imp_string_set_seal (b, a->bits);
  imp_string_set_seal (a, b->bits);
}

/**
 * imp_strings_compare:
 * @a: a file, which must be seekable
 * @b: another
 * @max_set: how many strings of each are compared at most, such as %IMP_STRINGS_MAX_SET
 * @progress: (nullable): told how many bytes have been read; each file is read twice
 * @user_data: data for @progress
 * @cancellable: (nullable): cancels the reading
 * @error: return location for an error
 *
 * Finds the printable strings that only one of two files has, in memory that does not depend on their
 * size. Blocks, and belongs into a thread.
 *
 * Returns: (transfer full) (nullable): the strings
 */
ImpStringsDiff *
imp_strings_compare (GInputStream            *a,
                     GInputStream            *b,
                     guint                    max_set,
                     ImpStringsProgressFunc   progress,
                     gpointer                 user_data,
                     GCancellable            *cancellable,
                     GError                 **error)
{
  g_autoptr(ImpStringsDiff) self = g_new0 (ImpStringsDiff, 1);
  g_auto(ImpStringSet) set_a = { NULL };
  g_auto(ImpStringSet) set_b = { NULL };
  Pass first = { .stream = a, .func = learn, .progress = progress, .user_data = user_data, .own = &set_a };
  Pass second = { .stream = b, .func = learn, .progress = progress, .user_data = user_data, .own = &set_b };

  g_return_val_if_fail (G_IS_SEEKABLE (a) && G_IS_SEEKABLE (b), NULL);
  g_return_val_if_fail (max_set > 0, NULL);

  imp_string_set_init (&set_a, max_set);
  imp_string_set_init (&set_b, max_set);
  if (!run_pass (&first, cancellable, error))
    return NULL;
  second.before = first.offset;
  if (!run_pass (&second, cancellable, error))
    return NULL;
  seal (&set_a, &set_b);

  first.before = second.before + second.offset;
  if (!(self->gone = collect_all (&first, &set_b, cancellable, error)))
    return NULL;
  second.before = first.before + first.offset;
  if (!(self->added = collect_all (&second, &set_a, cancellable, error)))
    return NULL;

  self->n_gone = count_missing (&set_b, &set_a);
  self->n_added = count_missing (&set_a, &set_b);
  self->share = 1u << set_a.bits;
  return g_steal_pointer (&self);
}
