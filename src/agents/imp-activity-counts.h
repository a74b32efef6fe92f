/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* What of the activity log is counted while it is written. */
int         imp_activity_counts_prepare (sqlite3     *db);
gboolean    imp_activity_counts_purge   (sqlite3     *db,
                                         guint        keep);
JsonObject *imp_activity_counts_read    (sqlite3     *db,
                                         const char  *since);

G_END_DECLS
