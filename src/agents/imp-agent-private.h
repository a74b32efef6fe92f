/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-agent.h"
#include "imp-listener.h"
#include "imp-router.h"
#include "imp-upload-slots.h"

G_BEGIN_DECLS

struct _ImpAgent
{
  GObject parent_instance;

  char *role;             /* (owned) */
  ImpLimits limits;
  SoupServer *server;     /* (owned) */
  ImpListener *listener;  /* (owned) */
  ImpRouter *router;      /* (owned) */
  ImpMetrics *metrics;    /* (owned) */
  ImpEventLog *events;    /* (owned) */
  GHashTable *requests;   /* (owned) (element-type ImpRequest), those that are not over */
  gint64 started;
  ImpUploadSlots *uploads; /* (owned) */
  gboolean draining;
  ImpStatusFunc status_func;
  gpointer status_data;
};

void imp_agent_answer            (ImpAgent           *self,
                                  SoupServerMessage  *message,
                                  const char         *path,
                                  GHashTable         *query);
void imp_agent_add_shared_routes (ImpAgent           *self);

G_END_DECLS
