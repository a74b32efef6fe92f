/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-request.h"

G_BEGIN_DECLS

#define IMP_EVENT_LOG_SIZE 1000

/* The last events of an agent, and everyone who listens. */
#define IMP_TYPE_EVENT_LOG (imp_event_log_get_type ())
G_DECLARE_FINAL_TYPE (ImpEventLog, imp_event_log, IMP, EVENT_LOG, GObject)

ImpEventLog *imp_event_log_new    (void);

void         imp_event_log_append (ImpEventLog *self,
                                   const char  *name,
                                   JsonNode    *data);
void         imp_event_log_serve  (ImpEventLog *self,
                                   ImpRequest  *request);
guint        imp_event_log_count_listeners (ImpEventLog *self);

G_END_DECLS
