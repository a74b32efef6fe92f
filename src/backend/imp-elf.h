/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define IMP_ELF_MAX_SECTIONS 16384
#define IMP_ELF_MAX_NAMES    (4 * 1024 * 1024)  /* bytes of the table of names */

typedef struct
{
  char    *name;   /* (owned) printable */
  guint32  type;
  guint64  flags;
  guint64  size;
} ImpElfSection;

/* The section table of an ELF file. */
typedef struct
{
  guint      bits;        /* 32 or 64 */
  gboolean   big_endian;
  GPtrArray *sections;    /* (owned) (element-type ImpElfSection) in the table’s order, without its empty first one */
} ImpElf;

ImpElf *imp_elf_read             (GInputStream         *stream,
                                  guint64               size,
                                  GCancellable         *cancellable,
                                  GError              **error);
void    imp_elf_free             (ImpElf               *self);

char   *imp_elf_section_dup_type  (const ImpElfSection  *section);
char   *imp_elf_section_dup_flags (const ImpElfSection  *section);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpElf, imp_elf_free)

G_END_DECLS
