/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Removes a folder and what is in it; a link is removed, never followed. */
gboolean imp_remove_tree (const char  *path,
                          GError     **error);

G_END_DECLS
