/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-update.h"

G_BEGIN_DECLS

/* Manifests in files, as the window and the command line exchange them. */
#define IMP_MANIFEST_FILE_MAX_SIZE (2 * IMP_MANIFEST_MAX_SIZE)  /* a signed update, laid out in lines */

ImpManifest *imp_manifest_file_parse        (const char           *text,
                                             gsize                 size,
                                             ImpUpdate           **update,
                                             GError              **error);
char        *imp_manifest_file_print        (JsonNode             *node);

void         imp_manifest_file_read_async   (GFile                *file,
                                             GCancellable         *cancellable,
                                             GAsyncReadyCallback   callback,
                                             gpointer              user_data);
ImpManifest *imp_manifest_file_read_finish  (GAsyncResult         *result,
                                             GError              **error);

G_END_DECLS
