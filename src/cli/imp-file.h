/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-key.h"
#include "imp-manifest-file.h"
#include "imp-update.h"

G_BEGIN_DECLS

/* Small files, “-” for standard input. */
GBytes      *imp_file_read            (const char  *path,
                                       gsize        max_size,
                                       GError     **error);
gboolean     imp_file_write           (const char  *path,
                                       const char  *text,
                                       gboolean     force,
                                       GError     **error);
gboolean     imp_file_check_absent    (const char  *path,
                                       gboolean     force,
                                       GError     **error);

char        *imp_file_name_canonicalize (char     *name);

ImpKey      *imp_file_read_public_key (const char  *path,
                                       GError     **error);
/* A manifest, or the one in an update; @update is NULL where the file is not one. */
ImpManifest *imp_file_read_manifest   (const char  *path,
                                       ImpUpdate  **update,
                                       GError     **error);

G_END_DECLS
