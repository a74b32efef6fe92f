/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a firmware file is. */
typedef struct
{
  guint64  size;
  char    *format;     /* (owned): for people, “ELF, RISC-V” */
  char    *format_id;  /* (owned): “elf”, a proposal for payloadFormat */
  char    *version;    /* (owned) (nullable): found inside */
  char    *sha384;     /* (owned): 96 hex */
} ImpFileInfo;

void         imp_file_info_free   (ImpFileInfo           *self);
void         imp_file_info_async  (GFile                 *file,
                                   GCancellable          *cancellable,
                                   GFileProgressCallback  progress,
                                   gpointer               progress_data,
                                   GAsyncReadyCallback    callback,
                                   gpointer               user_data);
ImpFileInfo *imp_file_info_finish (GAsyncResult          *result,
                                   GError               **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpFileInfo, imp_file_info_free)

G_END_DECLS
