/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A JSON object in a file of its own, 0600, replaced in one step. */
gboolean    imp_state_file_write (const char  *path,
                                  JsonObject  *object,
                                  GError     **error);
JsonObject *imp_state_file_read  (const char  *path,
                                  GError     **error);
gboolean    imp_state_make_dir   (const char  *path,
                                  GError     **error);

G_END_DECLS
