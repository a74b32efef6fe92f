/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <sqlite3.h>

#include "imp-activity-log.h"

G_BEGIN_DECLS

/* The tables that the activity log is kept in. */
int       imp_activity_tables_prepare (sqlite3      *db);
gboolean  imp_activity_tables_purge   (sqlite3      *db,
                                       guint         keep);
gint64    imp_activity_table_add      (sqlite3      *db,
                                       ImpActivity   activity,
                                       JsonObject   *record,
                                       GError      **error);
JsonNode *imp_activity_table_list     (sqlite3      *db,
                                       ImpActivity   activity,
                                       guint64       before,
                                       guint         limit,
                                       const char   *device,
                                       GError      **error);
void      imp_activity_set_error      (sqlite3      *db,
                                       GError      **error);

G_END_DECLS
