/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "imp-elf.h"

#include <string.h>

#include "imp-error.h"
#include "imp-text.h"

#define IDENT_SIZE 16
#define MAX_HEADER 64
#define MAX_ENTRY 256
#define MAX_NAME 255        /* characters */
#define MANY_SECTIONS 0     /* e_shnum: the count stands in the first section */
#define MANY_NAMES 0xffff   /* e_shstrndx: so does the index */

/* Where a header has what, by the width of its words (System V ABI, chapter 4). */
typedef struct
{
  guint word;           /* bytes of an offset or a size */
  guint header_size;
  guint table_offset;   /* of e_shoff; e_shentsize, e_shnum and e_shstrndx end the header */
  guint entry_size;
  guint offset;         /* of sh_offset; sh_flags stands at 8 and sh_size after sh_offset */
} Layout;

static const Layout layouts[] = { { 4, 52, 32, 40, 16 }, { 8, 64, 40, 64, 24 } };

typedef struct
{
  GInputStream  *stream;
  GCancellable  *cancellable;
  guint64        size;
  const Layout  *layout;
  gboolean       big_endian;
  guint64        table;    /* where the section table is */
  guint          entry;    /* bytes of an entry */
  guint64        n;        /* sections */
  guint64        names;    /* index of the table of names */
} Reader;

typedef struct
{
  guint32 name;
  guint32 type;
  guint64 flags;
  guint64 offset;
  guint64 size;
  guint32 link;
} Entry;

static void
section_free (gpointer data)
{
  ImpElfSection *section = data;

  g_free (section->name);
  g_free (section);
}

/**
 * imp_elf_free:
 * @self: (transfer full): what is known of an ELF file, not `NULL`
 *
 * Frees it and its sections.
 */
void
imp_elf_free (ImpElf *self)
{
  g_ptr_array_unref (self->sections);
  g_free (self);
}

static guint64
get_number (const Reader *self,
            const guint8 *p,
            guint         size)
{
  guint64 value = 0;

  for (guint i = 0; i < size; i++)
    value = value << 8 | p[self->big_endian ? i : size - 1 - i];

  return value;
}

/* Nothing is read, and no memory taken, for bytes that the file does not have. */
static gboolean
read_at (Reader      *self,
         guint64      offset,
         gpointer     buffer,
         gsize        size,
         const char  *what,
         GError     **error)
{
  gsize n_read;

  if (offset > self->size || size > self->size - offset)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the ELF file has %s at %" G_GUINT64_FORMAT ", beyond its end", what, offset);

  if (!g_seekable_seek (G_SEEKABLE (self->stream), offset, G_SEEK_SET, self->cancellable, error) ||
      !g_input_stream_read_all (self->stream, buffer, size, &n_read, self->cancellable, error))
    return FALSE;
  if (n_read < size)
    return imp_error_set (error, IMP_ERROR_MALFORMED, "the ELF file ends in the middle of %s", what);

  return TRUE;
}

static gboolean
read_ident (Reader  *self,
            guint8  *ident,
            GError **error)
{
  if (self->size < IDENT_SIZE ||
      !read_at (self, 0, ident, IDENT_SIZE, "its identification", NULL) ||
      memcmp (ident, "\177ELF", 4) != 0)
    return imp_error_set (error, IMP_ERROR_NOT_FOUND, "this is not an ELF file");

  if ((ident[4] != 1 && ident[4] != 2) || (ident[5] != 1 && ident[5] != 2))
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the ELF file is of class %u and byte order %u, which there are not", ident[4],
                          ident[5]);

  self->layout = &layouts[ident[4] - 1];
  self->big_endian = ident[5] == 2;
  return TRUE;
}

static void
parse_entry (const Reader *self,
             const guint8 *p,
             Entry        *entry)
{
  guint word = self->layout->word;
  const guint8 *offset = p + self->layout->offset;

  entry->name = get_number (self, p, 4);
  entry->type = get_number (self, p + 4, 4);
  entry->flags = get_number (self, p + 8, word);
  entry->offset = get_number (self, offset, word);
  entry->size = get_number (self, offset + word, word);
  entry->link = get_number (self, offset + 2 * word, 4);
}

static gboolean
read_entry (Reader   *self,
            guint64   index,
            Entry    *entry,
            GError  **error)
{
  guint8 bytes[MAX_HEADER];

  if (!read_at (self, self->table + index * self->entry, bytes, self->layout->entry_size,
                "its section table", error))
    return FALSE;

  parse_entry (self, bytes, entry);
  return TRUE;
}

/* More sections than its fields can count are counted in the first section. */
static gboolean
read_first (Reader  *self,
            GError **error)
{
  Entry first;

  if (self->n != MANY_SECTIONS && self->names != MANY_NAMES)
    return TRUE;
  if (!read_entry (self, 0, &first, error))
    return FALSE;

  if (self->n == MANY_SECTIONS)
    self->n = first.size;
  if (self->names == MANY_NAMES)
    self->names = first.link;
  return TRUE;
}

static gboolean
read_header (Reader  *self,
             GError **error)
{
  const Layout *layout = self->layout;
  guint8 header[MAX_HEADER];

  if (!read_at (self, 0, header, layout->header_size, "its header", error))
    return FALSE;

  self->table = get_number (self, header + layout->table_offset, layout->word);
  self->entry = get_number (self, header + layout->header_size - 6, 2);
  self->n = get_number (self, header + layout->header_size - 4, 2);
  self->names = get_number (self, header + layout->header_size - 2, 2);
  if (self->table == 0)
    {
      self->n = 0;
      return TRUE;
    }

  if (self->entry < layout->entry_size || self->entry > MAX_ENTRY)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the ELF file has section headers of %u bytes", self->entry);
  if (!read_first (self, error))
    return FALSE;
  if (self->n > IMP_ELF_MAX_SECTIONS)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the ELF file has %" G_GUINT64_FORMAT " sections, and at most %d are read",
                          self->n, IMP_ELF_MAX_SECTIONS);

  return TRUE;
}

/* A file without names still has sections. */
static gboolean
read_names (Reader  *self,
            GBytes **names,
            GError **error)
{
  g_autofree guint8 *bytes = NULL;
  Entry entry;

  *names = NULL;
  if (self->names == 0 || self->names >= self->n)
    return TRUE;
  if (!read_entry (self, self->names, &entry, error))
    return FALSE;
  if (entry.size > IMP_ELF_MAX_NAMES)
    return imp_error_set (error, IMP_ERROR_MALFORMED,
                          "the ELF file has %" G_GUINT64_FORMAT " bytes of section names, and at most %d "
                          "are read", entry.size, IMP_ELF_MAX_NAMES);

  bytes = g_malloc (entry.size + 1);
  if (!read_at (self, entry.offset, bytes, entry.size, "its section names", error))
    return FALSE;

  *names = g_bytes_new_take (g_steal_pointer (&bytes), entry.size);
  return TRUE;
}

static char *
dup_name (GBytes  *names,
          guint32  offset)
{
  gsize size = 0;
  const char *text = names != NULL ? g_bytes_get_data (names, &size) : NULL;

  if (offset >= size)
    return g_strdup ("");

  return imp_text_make_printable (text + offset, strnlen (text + offset, MIN (size - offset, 4 * MAX_NAME)),
                                  MAX_NAME);
}

static gboolean
read_sections (Reader  *self,
               ImpElf  *elf,
               GBytes  *names,
               GError **error)
{
  gsize size = self->n * self->entry;
  g_autofree guint8 *table = NULL;

  if (self->n == 0)
    return TRUE;

  /* IMP_ELF_MAX_SECTIONS entries of MAX_ENTRY bytes at most. */
  table = g_malloc (size);
  if (!read_at (self, self->table, table, size, "its section table", error))
    return FALSE;

  for (guint64 i = 1; i < self->n; i++)
    {
      ImpElfSection *section = g_new0 (ImpElfSection, 1);
      Entry entry;

      parse_entry (self, table + i * self->entry, &entry);
      section->name = dup_name (names, entry.name);
      section->type = entry.type;
      section->flags = entry.flags;
      section->size = entry.size;
      g_ptr_array_add (elf->sections, section);
    }

  return TRUE;
}

/**
 * imp_elf_read:
 * @stream: a file, which must be seekable
 * @size: its size
 * @cancellable: (nullable): cancels the reading
 * @error: return location for an error
 *
 * Reads the section table of an ELF file of either width and byte order. Blocks, and belongs into a
 * thread.
 *
 * Returns: (transfer full) (nullable): the table; `NULL` with %IMP_ERROR_NOT_FOUND if this is no ELF
 *   file, with %IMP_ERROR_MALFORMED if it is one whose table cannot be read
 */
ImpElf *
imp_elf_read (GInputStream  *stream,
              guint64        size,
              GCancellable  *cancellable,
              GError       **error)
{
  Reader reader = { stream, cancellable, size };
  g_autoptr(ImpElf) self = NULL;
  g_autoptr(GBytes) names = NULL;
  guint8 ident[IDENT_SIZE];

  g_return_val_if_fail (G_IS_SEEKABLE (stream), NULL);

  if (!read_ident (&reader, ident, error))
    return NULL;

  self = g_new0 (ImpElf, 1);
  self->bits = reader.layout->word * 8;
  self->big_endian = reader.big_endian;
  self->sections = g_ptr_array_new_with_free_func (section_free);
  if (!read_header (&reader, error) ||
      !read_names (&reader, &names, error) ||
      !read_sections (&reader, self, names, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* Names as readelf gives them. */
char *
imp_elf_section_dup_type (const ImpElfSection *section)
{
  static const char *const names[] = {
    "NULL", "PROGBITS", "SYMTAB", "STRTAB", "RELA", "HASH", "DYNAMIC", "NOTE", "NOBITS", "REL",
    "SHLIB", "DYNSYM", NULL, NULL, "INIT_ARRAY", "FINI_ARRAY", "PREINIT_ARRAY", "GROUP",
    "SYMTAB SECTION INDICES", "RELR",
  };
  static const struct
  {
    guint32     type;
    const char *name;
  } gnu[] = {
    { 0x6ffffff5, "GNU_ATTRIBUTES" }, { 0x6ffffff6, "GNU_HASH" }, { 0x6ffffffd, "VERDEF" },
    { 0x6ffffffe, "VERNEED" }, { 0x6fffffff, "VERSYM" },
  };

  if (section->type < G_N_ELEMENTS (names) && names[section->type] != NULL)
    return g_strdup (names[section->type]);
  for (guint i = 0; i < G_N_ELEMENTS (gnu); i++)
    {
      if (gnu[i].type == section->type)
        return g_strdup (gnu[i].name);
    }

  return g_strdup_printf ("0x%x", section->type);
}

/* Letters as readelf gives them, from the lowest bit. */
char *
imp_elf_section_dup_flags (const ImpElfSection *section)
{
  static const struct
  {
    guint64 bit;
    char    letter;
  } letters[] = {
    { 0x1, 'W' }, { 0x2, 'A' }, { 0x4, 'X' }, { 0x10, 'M' }, { 0x20, 'S' }, { 0x40, 'I' },
    { 0x80, 'L' }, { 0x100, 'O' }, { 0x200, 'G' }, { 0x400, 'T' }, { 0x800, 'C' },
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    {
      if ((section->flags & letters[i].bit) != 0)
        g_string_append_c (text, letters[i].letter);
    }

  return g_string_free (text, FALSE);
}
