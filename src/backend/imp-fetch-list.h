/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "imp-fetch.h"

G_BEGIN_DECLS

#define IMP_FETCH_LIST_MAX 1000
#define IMP_FETCH_LIST_MINUTES 60

/* How many fetches began in a minute, by outcome. */
typedef struct
{
  gint64 minute;  /* since 1970 */
  guint  counts[IMP_FETCH_FAILED + 1];
} ImpFetchMinute;

/* The last fetches, newest first: a GListModel of ImpFetch that never grows beyond its bound. */
#define IMP_TYPE_FETCH_LIST (imp_fetch_list_get_type ())
G_DECLARE_FINAL_TYPE (ImpFetchList, imp_fetch_list, IMP, FETCH_LIST, GObject)

ImpFetchList         *imp_fetch_list_new        (void);

void                  imp_fetch_list_replace    (ImpFetchList *self,
                                                 GPtrArray    *fetches,
                                                 gboolean      complete);
void                  imp_fetch_list_put        (ImpFetchList *self,
                                                 ImpFetch     *fetch);
gboolean              imp_fetch_list_flush      (ImpFetchList *self);
gint64                imp_fetch_list_get_since  (ImpFetchList *self);
const ImpFetchMinute *imp_fetch_list_get_minute (ImpFetchList *self,
                                                 gint64        minute);

G_END_DECLS
