/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "imp-elf.h"
#include "imp-error.h"

/* Real files of several machines, held to what readelf(1) says of them; then spoiled ones. */

static const char *const files[] = {
  "/usr/bin/env",
  "/bin/sh",
  "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.elf",
  "/usr/lib/u-boot/maltael/uboot.elf",
  "/usr/lib/u-boot/malta64el/uboot.elf",
  "/usr/lib/u-boot/qemu-ppce500/uboot.elf",
  "/usr/lib/u-boot/qemu-riscv64/uboot.elf",
  "/usr/lib/u-boot/qemu-x86/uboot.elf",
  "/usr/lib/u-boot/qemu-x86_64/uboot.elf",
  "/usr/lib/u-boot/qemu_arm/uboot.elf",
  "/usr/lib/u-boot/qemu_arm64/uboot.elf",
};

static ImpElf *
read_bytes (const void  *data,
            gsize        size,
            GError     **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (data, size);
  g_autoptr(GInputStream) stream = g_memory_input_stream_new_from_bytes (bytes);

  return imp_elf_read (stream, size, NULL, error);
}

/* A line a section: name, type, size, flags. */
static char *
print_ours (const ImpElf *elf)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < elf->sections->len; i++)
    {
      const ImpElfSection *section = g_ptr_array_index (elf->sections, i);
      g_autofree char *type = imp_elf_section_dup_type (section);
      g_autofree char *flags = imp_elf_section_dup_flags (section);

      /* Types of one machine have names there and numbers here. */
      g_string_append_printf (text, "%s %s %06" G_GINT64_MODIFIER "x %s\n", section->name,
                              g_str_has_prefix (type, "0x") ? "?" : type, section->size, flags);
    }

  return g_string_free (text, FALSE);
}

static char *
print_theirs (const char *path)
{
  const char *argv[] = { "readelf", "--section-headers", "--wide", path, NULL };
  g_autoptr(GRegex) line = g_regex_new ("^ +\\[ *[1-9][0-9]*\\] (\\S*)\\s+(\\S.*?) +[0-9a-f]{8,16} [0-9a-f]+ "
                                        "([0-9a-f]+) [0-9a-f]+\\s+([A-Za-z]*) +\\d+ +\\d+ +\\d+$",
                                        G_REGEX_MULTILINE, 0, NULL);
  g_autoptr(GMatchInfo) match = NULL;
  g_autofree char *out = NULL;
  g_autoptr(GError) error = NULL;
  GString *text = g_string_new (NULL);

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                &out, NULL, NULL, &error);
  g_assert_no_error (error);

  for (g_regex_match (line, out, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);
      g_autofree char *type = g_match_info_fetch (match, 2);
      g_autofree char *size = g_match_info_fetch (match, 3);
      g_autofree char *flags = g_match_info_fetch (match, 4);

      /* Letters beyond these are of one machine or system. */
      for (char *p = flags; *p != '\0'; p++)
        {
          if (strchr ("WAXMSILOGTC", *p) == NULL)
            memmove (p, p + 1, strlen (p));
        }
      if (g_str_has_prefix (type, "ARM_") || g_str_has_prefix (type, "MIPS_") ||
          g_str_has_prefix (type, "RISCV_") || g_str_has_prefix (type, "X86_64_"))
        strcpy (type, "?");
      g_string_append_printf (text, "%s %s %s %s\n", name, type, size, flags);
    }

  return g_string_free (text, FALSE);
}

static void
test_readelf (gconstpointer data)
{
  g_autofree char *readelf = g_find_program_in_path ("readelf");
  g_autofree char *contents = NULL;
  g_autofree char *ours = NULL;
  g_autofree char *theirs = NULL;
  g_autoptr(ImpElf) elf = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;

  if (readelf == NULL || !g_file_get_contents (data, &contents, &size, NULL))
    {
      g_test_skip ("readelf or the file is not installed");
      return;
    }

  elf = read_bytes (contents, size, &error);
  g_assert_no_error (error);
  ours = print_ours (elf);
  theirs = print_theirs (data);
  g_assert_cmpuint (elf->sections->len, >, 3);
  g_assert_cmpstr (ours, ==, theirs);
  g_test_message ("%u bits, %s endian: %u sections", elf->bits, elf->big_endian ? "big" : "little",
                  elf->sections->len);
}

/* An ELF file of 64 bits, little-endian, with a section and its name. */
typedef struct
{
  guint8 header[64];
  guint8 sections[3][64];
  char   names[16];
} Small;

static void
put (guint8  *at,
     guint64  value,
     guint    size)
{
  for (guint i = 0; i < size; i++)
    at[i] = value >> (8 * i);
}

static void
make_small (Small *small)
{
  memset (small, 0, sizeof *small);
  memcpy (small->header, "\177ELF\002\001\001", 7);
  put (small->header + 40, offsetof (Small, sections), 8);
  put (small->header + 58, 64, 2);
  put (small->header + 60, 3, 2);
  put (small->header + 62, 2, 2);
  put (small->sections[1], 1, 4);
  put (small->sections[1] + 4, 8, 4);
  put (small->sections[1] + 8, 3, 8);
  put (small->sections[1] + 32, 4096, 8);
  put (small->sections[2] + 4, 3, 4);
  put (small->sections[2] + 24, offsetof (Small, names), 8);
  put (small->sections[2] + 32, sizeof small->names, 8);
  memcpy (small->names, "\0.bss", 6);
}

static void
test_small (void)
{
  g_autoptr(ImpElf) elf = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  Small small;

  make_small (&small);
  elf = read_bytes (&small, sizeof small, &error);
  g_assert_no_error (error);
  text = print_ours (elf);
  g_assert_cmpstr (text, ==, ".bss NOBITS 001000 WA\n STRTAB 000010 \n");
}

/* One number that is not what it should be, and what is said of it; NULL: it is still read. */
static const struct
{
  const char *name;
  gsize       offset;
  guint       size;
  guint64     value;
  const char *words;
} spoils[] = {
  { "class", 4, 1, 3, "class 3" },
  { "order", 5, 1, 0, "byte order 0" },
  { "table-beyond", 40, 8, 1 << 20, "section table" },
  { "table-far-beyond", 40, 8, G_MAXUINT64 - 10, "section table" },
  { "no-table", 40, 8, 0, NULL },
  { "entry-small", 58, 2, 40, "headers of 40 bytes" },
  { "entry-large", 58, 2, 60000, "headers of 60000 bytes" },
  { "too-many", 60, 2, 65000, "65000 sections" },
  { "more-than-there-are", 60, 2, 5000, "section table" },
  { "counted-in-first", 60, 2, 0, NULL },
  { "no-such-names", 62, 2, 9, NULL },
  { "names-in-first", 62, 2, 0xffff, NULL },
  { "names-beyond", offsetof (Small, sections) + 128 + 24, 8, 1 << 20, "section names" },
  { "names-wrap", offsetof (Small, sections) + 128 + 24, 8, G_MAXUINT64 - 4, "section names" },
  { "names-huge", offsetof (Small, sections) + 128 + 32, 8, G_MAXUINT64, "section names" },
  { "name-beyond", offsetof (Small, sections) + 64, 4, 0xffffffff, NULL },
  { "size-huge", offsetof (Small, sections) + 64 + 32, 8, G_MAXUINT64, NULL },
};

static void
test_spoiled (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (spoils); i++)
    {
      g_autoptr(ImpElf) elf = NULL;
      g_autoptr(GError) error = NULL;
      Small small;

      make_small (&small);
      put ((guint8 *) &small + spoils[i].offset, spoils[i].value, spoils[i].size);
      elf = read_bytes (&small, sizeof small, &error);
      g_test_message ("%s: %s", spoils[i].name, error != NULL ? error->message : "read");
      if (spoils[i].words == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_error (error, IMP_ERROR, IMP_ERROR_MALFORMED);
      g_assert_nonnull (strstr (error->message, spoils[i].words));
    }
}

/* Cut anywhere, it is no ELF file, or one that ends too early. */
static void
test_cut (void)
{
  Small small;

  make_small (&small);
  for (gsize size = 0; size < sizeof small; size++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (read_bytes (&small, size, &error));
      g_assert_error (error, IMP_ERROR, (size < 16 ? IMP_ERROR_NOT_FOUND : IMP_ERROR_MALFORMED));
    }
}

static void
test_bidi_name (void)
{
  g_autoptr(ImpElf) elf = NULL;
  Small small;

  make_small (&small);
  memcpy (small.names, "\0a\342\200\256b\033\377", 9);
  elf = read_bytes (&small, sizeof small, NULL);
  g_assert_cmpstr (((ImpElfSection *) g_ptr_array_index (elf->sections, 0))->name, ==,
                   "a\\u{202e}b\\u{1b}\357\277\275");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_strconcat ("/elf/readelf", files[i], NULL);

      g_test_add_data_func (path, files[i], test_readelf);
    }
  g_test_add_func ("/elf/small", test_small);
  g_test_add_func ("/elf/spoiled", test_spoiled);
  g_test_add_func ("/elf/cut", test_cut);
  g_test_add_func ("/elf/bidi-name", test_bidi_name);

  return g_test_run ();
}
