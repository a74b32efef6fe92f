/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "imp-comparison-private.h"

#define GETTEXT_PACKAGE IMP_GETTEXT_PACKAGE
#include <glib/gi18n-lib.h>
#include <inttypes.h>

#include "imp-elf.h"
#include "imp-error.h"
#include "imp-firmware-file.h"
#include "imp-firmware-format.h"
#include "imp-strings.h"

#define HEAD_SIZE (4 * 1024)

/* One payload that is looked into. */
typedef struct
{
  ImpComparisonSide *side;
  ImpFirmwareFile   *file;  /* (owned) */
  GInputStream      *stream;
  ImpElf            *elf;   /* (owned) (nullable) */
} Content;

static void
content_clear (Content *self)
{
  g_clear_pointer (&self->file, imp_firmware_file_free);
  g_clear_pointer (&self->elf, imp_elf_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Content, content_clear)

static gboolean
detect_format (Content       *self,
               GCancellable  *cancellable,
               GError       **error)
{
  guint8 head[HEAD_SIZE];
  gsize size;

  if (!g_input_stream_read_all (self->stream, head, sizeof head, &size, cancellable, error))
    return FALSE;

  g_free (self->side->format);
  self->side->format = NULL;
  imp_firmware_format_detect (head, size, &self->side->format);
  return TRUE;
}

/* A table that cannot be read is no reason not to compare the strings. */
static gboolean
read_elf (ImpComparison  *comparison,
          Content        *self,
          GCancellable   *cancellable,
          GError        **error)
{
  g_autoptr(GError) local_error = NULL;

  self->elf = imp_elf_read (self->stream, imp_firmware_file_get_size (self->file), cancellable,
                            &local_error);
  if (self->elf != NULL || g_error_matches (local_error, IMP_ERROR, IMP_ERROR_NOT_FOUND))
    return TRUE;

  if (local_error->domain != IMP_ERROR)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  imp_comparison_take_note (comparison,
                            /* Translators: a version, and what is wrong with it. */
                            g_strdup_printf (_("%s: %s"), imp_manifest_get_version (self->side->manifest),
                                             local_error->message));
  return TRUE;
}

static gboolean
open_content (ImpComparison  *comparison,
              Content        *self,
              GFile          *file,
              GCancellable   *cancellable,
              GError        **error)
{
  self->file = imp_firmware_file_open (file, cancellable, error);
  if (self->file == NULL)
    return FALSE;

  self->stream = imp_firmware_file_get_stream (self->file);
  return detect_format (self, cancellable, error) && read_elf (comparison, self, cancellable, error);
}

static char *
describe_section (const ImpElfSection *section)
{
  g_autofree char *type = imp_elf_section_dup_type (section);
  g_autofree char *flags = imp_elf_section_dup_flags (section);

  return *flags != '\0' ? g_strdup_printf ("%s %s", type, flags) : g_steal_pointer (&type);
}

static ImpChange
compare_sections (const ImpElfSection *a,
                  const ImpElfSection *b)
{
  if (a == NULL)
    return IMP_CHANGE_ADDED;
  if (b == NULL)
    return IMP_CHANGE_GONE;
  if (a->size != b->size)
    return a->size < b->size ? IMP_CHANGE_GROWN : IMP_CHANGE_SHRUNK;

  return a->type == b->type && a->flags == b->flags ? IMP_CHANGE_SAME : IMP_CHANGE_CHANGED;
}

static char *
describe_both (const ImpElfSection *a,
               const ImpElfSection *b)
{
  g_autofree char *first = describe_section (a != NULL ? a : b);
  g_autofree char *second = describe_section (b != NULL ? b : a);

  return g_str_equal (first, second) ? g_steal_pointer (&first)
                                     : g_strdup_printf ("%s → %s", first, second);
}

static void
add_section (ImpComparison       *comparison,
             const ImpElfSection *a,
             const ImpElfSection *b)
{
  g_autofree char *detail = describe_both (a, b);
  g_autofree char *size_a = a != NULL ? g_strdup_printf ("%" PRIu64, a->size) : NULL;
  g_autofree char *size_b = b != NULL ? g_strdup_printf ("%" PRIu64, b->size) : NULL;
  g_autoptr(ImpDifference) difference = NULL;

  difference = imp_difference_new (compare_sections (a, b), a != NULL ? a->name : b->name, detail,
                                   size_a, size_b);
  g_list_store_append (comparison->sections, difference);
}

/* Object files have many sections of one name: the first is compared with the first. */
static char *
make_key (GHashTable          *counts,
          const ImpElfSection *section)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, section->name));

  g_hash_table_insert (counts, section->name, GUINT_TO_POINTER (n + 1));
  return g_strdup_printf ("%u %s", n, section->name);
}

static GHashTable *
index_sections (GPtrArray *sections)
{
  GHashTable *index = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < sections->len; i++)
    {
      ImpElfSection *section = g_ptr_array_index (sections, i);

      g_hash_table_insert (index, make_key (counts, section), section);
    }

  return index;
}

static void
add_sections (ImpComparison *comparison,
              const ImpElf  *a,
              const ImpElf  *b)
{
  g_autoptr(GHashTable) left = index_sections (b->sections);
  g_autoptr(GHashTable) counts_a = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) counts_b = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < a->sections->len; i++)
    {
      const ImpElfSection *section = g_ptr_array_index (a->sections, i);
      g_autofree char *key = make_key (counts_a, section);

      add_section (comparison, section, g_hash_table_lookup (left, key));
      g_hash_table_remove (left, key);
    }

  for (guint i = 0; i < b->sections->len; i++)
    {
      const ImpElfSection *section = g_ptr_array_index (b->sections, i);
      g_autofree char *key = make_key (counts_b, section);

      if (g_hash_table_contains (left, key))
        add_section (comparison, NULL, section);
    }
}

static void
add_strings (ImpComparison *comparison,
             GPtrArray     *found,
             ImpChange      change)
{
  for (guint i = 0; i < found->len; i++)
    {
      const ImpStringFound *string = g_ptr_array_index (found, i);
      g_autofree char *offset = g_strdup_printf ("0x%" PRIx64, string->offset);
      g_autoptr(ImpDifference) difference = NULL;

      difference = imp_difference_new (change, string->text, offset,
                                       change == IMP_CHANGE_GONE ? string->text : NULL,
                                       change == IMP_CHANGE_ADDED ? string->text : NULL);
      g_list_store_append (comparison->strings, difference);
    }
}

static void
note_limits (ImpComparison        *comparison,
             const ImpStringsDiff *diff)
{
  if (diff->share > 1)
    imp_comparison_take_note (comparison,
                              g_strdup_printf (_("There are too many strings to compare all: one of every %u "
                                                 "was, chosen by its digest."), diff->share));
  if (diff->n_added > diff->added->len || diff->n_gone > diff->gone->len)
    imp_comparison_take_note (comparison,
                              g_strdup_printf (_("Only the first %d strings are listed of those added, and of "
                                                 "those gone."), IMP_STRINGS_MAX_LIST));
}

static gboolean
compare_strings (ImpComparison  *comparison,
                 Content        *a,
                 Content        *b,
                 GCancellable   *cancellable,
                 GError        **error)
{
  g_autoptr(ImpStringsDiff) diff = NULL;

  diff = imp_strings_compare (a->stream, b->stream, IMP_STRINGS_MAX_SET, NULL, NULL, cancellable, error);
  if (diff == NULL)
    return FALSE;

  add_strings (comparison, diff->gone, IMP_CHANGE_GONE);
  add_strings (comparison, diff->added, IMP_CHANGE_ADDED);
  comparison->n_gone = diff->n_gone;
  comparison->n_added = diff->n_added;
  comparison->share = diff->share;
  note_limits (comparison, diff);
  return TRUE;
}

/**
 * imp_comparison_add_contents:
 * @self: a comparison that is being made
 * @a: the payload of the first version, verified
 * @b: the payload of the second
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Compares what is in the payloads.
 *
 * Returns: whether they could be read
 */
gboolean
imp_comparison_add_contents (ImpComparison  *self,
                             GFile          *a,
                             GFile          *b,
                             GCancellable   *cancellable,
                             GError        **error)
{
  g_auto(Content) first = { &self->sides[0] };
  g_auto(Content) second = { &self->sides[1] };

  if (!open_content (self, &first, a, cancellable, error) ||
      !open_content (self, &second, b, cancellable, error))
    return FALSE;

  if (first.elf != NULL && second.elf != NULL)
    add_sections (self, first.elf, second.elf);
  else if (first.elf != NULL || second.elf != NULL)
    imp_comparison_take_note (self, g_strdup (_("Only one of the two is an ELF file that can be read: there "
                                                "are no sections to compare.")));

  return compare_strings (self, &first, &second, cancellable, error);
}
