/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "fuzz.h"

#include "imp-elf.h"
#include "imp-strings.h"

/* A payload that is looked into. */

static void
check_section (const ImpElfSection *section)
{
  g_autofree char *type = imp_elf_section_dup_type (section);
  g_autofree char *flags = imp_elf_section_dup_flags (section);

  g_assert_true (g_utf8_validate (section->name, -1, NULL));
  g_assert_true (*type != '\0' && flags != NULL);
}

static void
check_strings (GInputStream *stream,
               gsize         size)
{
  g_autoptr(GInputStream) empty = g_memory_input_stream_new ();
  g_autoptr(ImpStringsDiff) diff = imp_strings_compare (stream, empty, 8, NULL, NULL, NULL, NULL);

  g_assert_nonnull (diff);
  g_assert_cmpuint (diff->n_added, ==, 0);
  g_assert_cmpuint (diff->gone->len, ==, diff->n_gone);
  for (guint i = 0; i < diff->gone->len; i++)
    {
      ImpStringFound *string = g_ptr_array_index (diff->gone, i);

      g_assert_cmpuint (string->offset, <, size);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_data (data, size, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(ImpElf) elf = imp_elf_read (stream, size, NULL, &error);

  g_assert_true ((elf == NULL) == (error != NULL));
  for (guint i = 0; elf != NULL && i < elf->sections->len; i++)
    check_section (g_ptr_array_index (elf->sections, i));
  check_strings (stream, size);

  return 0;
}
