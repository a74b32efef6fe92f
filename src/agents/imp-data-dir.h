/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A data directory that this process alone uses. */
#define IMP_TYPE_DATA_DIR (imp_data_dir_get_type ())
G_DECLARE_FINAL_TYPE (ImpDataDir, imp_data_dir, IMP, DATA_DIR, GObject)

ImpDataDir *imp_data_dir_open      (const char  *path,
                                    GError     **error);

char       *imp_data_dir_build     (ImpDataDir  *self,
                                    const char  *name);
gboolean    imp_data_dir_announce  (ImpDataDir  *self,
                                    const char  *agents,
                                    GError     **error);

G_END_DECLS
