/* SPDX-FileCopyrightText: 2026 The Imprimatur authors
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "imp-event-log.h"
#include "imp-metrics.h"
#include "imp-request.h"

G_BEGIN_DECLS

/* What all agents share: a server on one address, its routes, its limits, what it counts and what it tells. */
#define IMP_TYPE_AGENT (imp_agent_get_type ())
G_DECLARE_FINAL_TYPE (ImpAgent, imp_agent, IMP, AGENT, GObject)

typedef struct
{
  guint   idle_timeout;     /* s without a byte in either direction */
  guint   connections;
  guint   uploads;          /* at a time */
  guint64 payload_size;     /* bytes */
} ImpLimits;

extern const ImpLimits imp_limits_default;

typedef void (*ImpHandler) (ImpRequest *request,
                            gpointer    user_data);
/* Adds what an agent knows to the task's data, a JsonObject, and ends the task with a boolean. */
typedef void (*ImpStatusFunc) (GTask      *task,
                               gpointer    user_data);

typedef enum
{
  IMP_ROUTE_PLAIN = 0,
  IMP_ROUTE_REFERENCE = 1 << 0,  /* errors as the reference tells them */
  IMP_ROUTE_UPLOAD = 1 << 1,     /* the handler is called before the body is read */
} ImpRouteFlags;

/* A part of the path in braces matches any one part. */
typedef struct
{
  const char    *method;
  const char    *path;
  ImpRouteFlags  flags;
  gsize          body_limit;  /* of a body that is read whole; 0: none is expected */
  ImpHandler     handler;
} ImpRoute;

ImpAgent        *imp_agent_new           (const char       *role,
                                          const ImpLimits  *limits);

void             imp_agent_add_routes    (ImpAgent         *self,
                                          const ImpRoute   *routes,
                                          gsize             n_routes,
                                          gpointer          user_data);
void             imp_agent_set_status_func (ImpAgent       *self,
                                          ImpStatusFunc     func,
                                          gpointer          user_data);
gboolean         imp_agent_listen        (ImpAgent         *self,
                                          GSocketAddress   *address,
                                          GError          **error);
void             imp_agent_refuse_uploads (ImpAgent        *self);
guint            imp_agent_count_pending (ImpAgent         *self);
void             imp_agent_close         (ImpAgent         *self);

const ImpLimits *imp_agent_get_limits    (ImpAgent         *self);
char            *imp_agent_dup_uri       (ImpAgent         *self);
ImpMetrics      *imp_agent_get_metrics   (ImpAgent         *self);
ImpEventLog     *imp_agent_get_events    (ImpAgent         *self);
GPtrArray       *imp_agent_list_routes   (ImpAgent         *self);

G_END_DECLS
