/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a firmware file is, from its first bytes and its size: "ELF, RISC-V", "Intel HEX", "UF2", "ESP32 image", "raw binary"…, and a version that was found inside. */
typedef struct
{
  guint64  size;
  char    *format;      /* for people */
  char    *format_id;   /* proposed payloadFormat: "elf", "ihex", "uf2", "bin" */
  char    *version;     /* (nullable) */
  char    *sha384;
} ImpFileInfo;

void         imp_file_info_free   (ImpFileInfo           *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpFileInfo, imp_file_info_free)

/* Reads the file once: size, SHA-384, format. A directory, an unreadable file, one that changes meanwhile: said so. */
void         imp_file_info_async  (GFile                 *file,
                                   GCancellable          *cancellable,
                                   GFileProgressCallback  progress,
                                   gpointer               progress_data,
                                   GAsyncReadyCallback    callback,
                                   gpointer               user_data);
ImpFileInfo *imp_file_info_finish (GAsyncResult          *result,
                                   GError               **error);

G_END_DECLS
