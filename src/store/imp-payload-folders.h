/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-payload-writer.h"

G_BEGIN_DECLS

/* The folders that payloads are staged and kept in, as files of two kinds: bytes and index. */
typedef struct _ImpPayloadFolders ImpPayloadFolders;

typedef enum
{
  IMP_PAYLOAD_PLACE_NONE,
  IMP_PAYLOAD_PLACE_STAGED,
  IMP_PAYLOAD_PLACE_KEPT,
} ImpPayloadPlace;

/* The two files of a payload, open for reading. */
typedef struct
{
  int data_fd;   /* (owned) */
  int index_fd;  /* (owned) */
} ImpPayloadFiles;

#define IMP_PAYLOAD_FILES_INIT { -1, -1 }

/* Sets whether a staged file is of any use; FALSE when that cannot be told. */
typedef gboolean (*ImpPayloadCollectFunc) (const char  *file,
                                           gboolean    *useful,
                                           gpointer     user_data,
                                           GError     **error);

ImpPayloadFolders *imp_payload_folders_open         (const char              *directory,
                                                     GError                 **error);
void               imp_payload_folders_free         (ImpPayloadFolders       *self);
ImpPayloadPlace    imp_payload_folders_find         (ImpPayloadFolders       *self,
                                                     const char              *name);
guint64            imp_payload_folders_get_size     (ImpPayloadFolders       *self,
                                                     const char              *name);
ImpPayloadPlace    imp_payload_folders_open_files   (ImpPayloadFolders       *self,
                                                     const char              *name,
                                                     ImpPayloadFiles         *files,
                                                     GError                 **error);
void               imp_payload_files_clear          (ImpPayloadFiles         *files);
ImpPayloadWriter  *imp_payload_folders_new_writer   (ImpPayloadFolders       *self,
                                                     const ImpUnixfsProfile  *profile,
                                                     GError                 **error);
gboolean           imp_payload_folders_put          (ImpPayloadFolders       *self,
                                                     ImpPayloadWriter        *writer,
                                                     const char              *name,
                                                     GError                 **error);
gboolean           imp_payload_folders_keep         (ImpPayloadFolders       *self,
                                                     const char              *name,
                                                     GError                 **error);
void               imp_payload_folders_remove       (ImpPayloadFolders       *self,
                                                     const char              *name);
gboolean           imp_payload_folders_collect      (ImpPayloadFolders       *self,
                                                     ImpPayloadCollectFunc    func,
                                                     gpointer                 user_data,
                                                     GError                 **error);
gboolean           imp_payload_folders_count        (ImpPayloadFolders       *self,
                                                     guint64                 *n_payloads,
                                                     guint64                 *n_bytes,
                                                     GCancellable            *cancellable,
                                                     GError                 **error);
guint64            imp_payload_folders_get_free     (ImpPayloadFolders       *self);
gboolean           imp_payload_folders_try_to_write (ImpPayloadFolders       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImpPayloadFolders, imp_payload_folders_free)

G_END_DECLS
