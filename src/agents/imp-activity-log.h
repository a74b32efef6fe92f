/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Who fetched what, and what devices say of it: kept in a file, the oldest go. */
#define IMP_TYPE_ACTIVITY_LOG (imp_activity_log_get_type ())
G_DECLARE_FINAL_TYPE (ImpActivityLog, imp_activity_log, IMP, ACTIVITY_LOG, GObject)

typedef enum
{
  IMP_ACTIVITY_FETCHES,
  IMP_ACTIVITY_REPORTS,
} ImpActivity;

ImpActivityLog *imp_activity_log_open        (const char           *path,
                                              guint                 keep,
                                              GError              **error);

void            imp_activity_log_add_async   (ImpActivityLog       *self,
                                              ImpActivity           activity,
                                              JsonObject           *record,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
guint64         imp_activity_log_add_finish  (ImpActivityLog       *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_activity_log_list_async  (ImpActivityLog       *self,
                                              ImpActivity           activity,
                                              guint64               before,
                                              guint                 limit,
                                              const char           *device,
                                              GCancellable         *cancellable,
                                              GAsyncReadyCallback   callback,
                                              gpointer              user_data);
JsonNode       *imp_activity_log_list_finish (ImpActivityLog       *self,
                                              GAsyncResult         *result,
                                              GError              **error);
void            imp_activity_log_count_async  (ImpActivityLog      *self,
                                               const char          *since,
                                               GCancellable        *cancellable,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
JsonNode       *imp_activity_log_count_finish (ImpActivityLog      *self,
                                               GAsyncResult        *result,
                                               GError             **error);

G_END_DECLS
